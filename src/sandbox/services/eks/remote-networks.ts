import type { RemoteNetworkConfigRequest, RemoteNetworkConfigResponse } from "@aws-sdk/client-eks";
import type { SubnetRecord } from "../ec2/internal.ts";
import { contains, overlaps, parseCidr } from "../ec2/ipv4.ts";
import { type About, invalidParameter } from "./errors.ts";
import type { ClusterRecord, RemoteNetworks } from "./state.ts";

const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * The networks of hybrid nodes that a request asks for. Throws InvalidParameterException unless they are private, apart from
 * each other, from the subnets and from the services, and the cluster is one that hybrid nodes can join.
 */
export function checkedRemoteNetworks(
  wanted: RemoteNetworkConfigRequest | undefined,
  cluster: Pick<ClusterRecord, "authenticationMode" | "ipFamily" | "serviceCidr">,
  subnets: readonly SubnetRecord[],
  about: About,
): RemoteNetworks {
  const nodes = cidrsOf(wanted?.remoteNodeNetworks, about);
  const pods = cidrsOf(wanted?.remotePodNetworks, about);
  if (nodes.length === 0) {
    if (pods.length > 0)
      throw invalidParameter("remotePodNetworks cannot be specified without remoteNodeNetworks", about);
    return { nodes, pods };
  }
  if (cluster.ipFamily !== "ipv4") throw invalidParameter("Remote networks need ipFamily ipv4", about);
  if (cluster.authenticationMode === "CONFIG_MAP") {
    throw invalidParameter("Remote networks need the authentication mode API or API_AND_CONFIG_MAP", about);
  }
  const taken = [cluster.serviceCidr, ...subnets.map((subnet) => subnet.CidrBlock)];
  for (const [index, cidr] of [...nodes, ...pods].entries()) {
    if (!privateBlocks.some((outer) => inside(cidr, outer))) {
      throw invalidParameter(`Remote network ${cidr} must be within ${privateBlocks.join(", ")}`, about);
    }
    const other = [...taken, ...[...nodes, ...pods].slice(0, index)].find((each) => touch(each, cidr));
    if (other !== undefined) throw invalidParameter(`Remote network ${cidr} overlaps with ${other}`, about);
  }
  return { nodes, pods };
}

function cidrsOf(networks: readonly { readonly cidrs?: readonly string[] | undefined }[] = [], about: About): string[] {
  if (networks.length > 1) throw invalidParameter("Only one remote network of a kind can be specified", about);
  const cidrs = networks.flatMap((network) => network.cidrs ?? []);
  if (cidrs.length > 15) throw invalidParameter("You can specify at most 15 CIDRs in a remote network", about);
  return cidrs;
}

function inside(cidr: string, outer: string): boolean {
  const [one, other] = [parseCidr(cidr), parseCidr(outer)];
  return one !== undefined && other !== undefined && contains(other, one);
}

function touch(one: string, other: string): boolean {
  const [a, b] = [parseCidr(one), parseCidr(other)];
  return a !== undefined && b !== undefined && overlaps(a, b);
}

export function remoteNetworksView({ nodes, pods }: RemoteNetworks): RemoteNetworkConfigResponse | undefined {
  if (nodes.length === 0) return undefined;
  return {
    remoteNodeNetworks: [{ cidrs: nodes }],
    ...(pods.length > 0 ? { remotePodNetworks: [{ cidrs: pods }] } : {}),
  };
}
