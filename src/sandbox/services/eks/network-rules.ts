import type { KubernetesNetworkConfigRequest, VpcConfigRequest } from "@aws-sdk/client-eks";
import { AwsError } from "../../aws-error.ts";
import { securityGroupOf, subnetOf, type SubnetRecord, zonesOf } from "../ec2/internal.ts";
import { type Block, contains, overlaps, parseCidr } from "../ec2/ipv4.ts";
import { formatIpv6Cidr } from "../ec2/ipv6.ts";
import { type About, invalidParameter } from "./errors.ts";
import type { Place } from "./place.ts";
import type { ClusterRecord, VpcConfig } from "./state.ts";

/**
 * The subnets of a control plane: all there, in one VPC, in two zones at least, each of which can host a control plane.
 * Throws InvalidParameterException or UnsupportedAvailabilityZoneException.
 */
export function controlPlaneSubnets(place: Place, ids: readonly string[], clusterName: string): SubnetRecord[] {
  const about = { clusterName };
  const subnets = existingSubnets(place, ids, about);
  if (new Set(subnets.map((subnet) => subnet.VpcId)).size > 1) {
    throw invalidParameter("Subnets specified must belong to the same VPC", about);
  }
  if (new Set(subnets.map((subnet) => subnet.AvailabilityZone)).size < 2) {
    throw invalidParameter("Subnets specified must be in at least two different AZs", about);
  }
  const { zonesWithoutControlPlane: closed } = place.world.state.scenario;
  const valid = zonesOf(place.region).filter(
    ({ controlPlane, name, id }) => controlPlane && !closed.includes(name) && !closed.includes(id),
  );
  const unsupported = subnets.find((subnet) => valid.every((zone) => zone.name !== subnet.AvailabilityZone));
  if (unsupported) {
    const validZones = valid.map((zone) => zone.name);
    throw new AwsError(
      "UnsupportedAvailabilityZoneException",
      `Cannot create cluster '${clusterName}' because ${unsupported.AvailabilityZone}, the targeted availability zone, ` +
        "does not currently have sufficient capacity to support the cluster. " +
        `Retry and choose from these availability zones: ${validZones.join(", ")}`,
      { members: { clusterName, validZones } },
    );
  }
  return subnets;
}

/** Throws InvalidParameterException for a subnet that is not there. */
export function existingSubnets(place: Place, ids: readonly string[], about: About): SubnetRecord[] {
  return [...new Set(ids)].map((id) => {
    const subnet = subnetOf(place.world, place.region, id);
    if (!subnet) throw invalidParameter(`The subnet ID '${id}' does not exist`, about);
    return subnet;
  });
}

/** Throws InvalidParameterException unless they are all there and in the VPC. */
export function checkSecurityGroups(place: Place, ids: readonly string[], vpcId: string, about: About): void {
  if (ids.length > 5) throw invalidParameter("You can specify at most 5 security groups", about);
  for (const id of ids) {
    const group = securityGroupOf(place.world, place.region, id);
    if (!group) throw invalidParameter(`The security group '${id}' does not exist`, about);
    if (group.VpcId !== vpcId) {
      throw invalidParameter(`Security group '${id}' and the subnets must belong to the same VPC ${vpcId}`, about);
    }
  }
}

export type EndpointAccess = Pick<VpcConfig, "endpointPublicAccess" | "endpointPrivateAccess" | "publicAccessCidrs">;

export const defaultEndpointAccess: EndpointAccess = {
  endpointPublicAccess: true,
  endpointPrivateAccess: false,
  publicAccessCidrs: ["0.0.0.0/0"],
};

/** What a request makes of an endpoint. Throws InvalidParameterException for one that nobody could reach. */
export function endpointAccess(before: EndpointAccess, wanted: VpcConfigRequest, about: About): EndpointAccess {
  const access = {
    endpointPublicAccess: wanted.endpointPublicAccess ?? before.endpointPublicAccess,
    endpointPrivateAccess: wanted.endpointPrivateAccess ?? before.endpointPrivateAccess,
    publicAccessCidrs: publicCidrs(wanted.publicAccessCidrs, about) ?? before.publicAccessCidrs,
  };
  if (!access.endpointPublicAccess && !access.endpointPrivateAccess) {
    throw invalidParameter("Private and public endpoint access cannot be false.", about);
  }
  return access;
}

const reserved = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8"];

function publicCidrs(cidrs: readonly string[] | undefined, about: About): string[] | undefined {
  if (!cidrs || cidrs.length === 0) return undefined;
  if (cidrs.length > 40) throw invalidParameter("You can specify at most 40 public access CIDRs", about);
  for (const text of cidrs) {
    const cidr = parseCidr(text);
    if (!cidr) throw invalidParameter(`Invalid publicAccessCidrs value: ${text} is not a valid CIDR block`, about);
    if (reserved.some((each) => inside(cidr, each))) {
      throw invalidParameter(`The following CIDRs are not allowed in publicAccessCidrs: [${text}]`, about);
    }
  }
  return [...new Set(cidrs)];
}

function inside(block: Block, outer: string): boolean {
  const parsed = parseCidr(outer);
  return parsed !== undefined && contains(parsed, block);
}

const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

type ServiceNetwork = Pick<ClusterRecord, "ipFamily" | "serviceCidr">;

/** The family and the block of the Kubernetes services. Throws InvalidParameterException for what cannot be. */
export function serviceNetwork(
  place: Place,
  wanted: KubernetesNetworkConfigRequest = {},
  subnets: readonly SubnetRecord[],
  about: About,
): ServiceNetwork {
  const { ipFamily = "ipv4", serviceIpv4Cidr } = wanted;
  if (ipFamily === "ipv4") return { ipFamily, serviceCidr: ipv4ServiceCidr(serviceIpv4Cidr, subnets, about) };
  if (serviceIpv4Cidr !== undefined) {
    throw invalidParameter("serviceIpv4Cidr cannot be specified for a cluster with ipFamily ipv6", about);
  }
  const without = subnets.filter((subnet) => subnet.ipv6Blocks.length === 0).map((subnet) => subnet.SubnetId);
  if (without.length > 0) {
    throw invalidParameter(`Subnets [${without.join(", ")}] must have an IPv6 CIDR block for ipFamily ipv6`, about);
  }
  return { ipFamily: "ipv6", serviceCidr: uniqueLocalBlock(place) };
}

/** EKS chooses a block out of fc00::/7 (KubernetesNetworkConfigResponse of the EKS API). */
function uniqueLocalBlock({ world }: Place): string {
  const digits = world.hex(10).match(/..../g) ?? [];
  return formatIpv6Cidr({ base: BigInt(`0xfd00${digits.join("")}`) << 80n, bits: 108 });
}

/**
 * The wanted block, or whichever of EKS's two does not overlap the VPC's subnets. Throws InvalidParameterException unless
 * it is private, between /24 and /12, and apart from the subnets.
 */
function ipv4ServiceCidr(wanted: string | undefined, subnets: readonly SubnetRecord[], about: About): string {
  const taken = subnets.map((subnet) => parseCidr(subnet.CidrBlock)).filter((block) => block !== undefined);
  if (wanted === undefined) {
    return taken.some((block) => inside(block, "10.0.0.0/8")) ? "172.20.0.0/16" : "10.100.0.0/16";
  }
  const block = parseCidr(wanted);
  if (!block || block.bits < 12 || block.bits > 24 || !privateBlocks.some((outer) => inside(block, outer))) {
    throw invalidParameter(
      `Invalid serviceIpv4Cidr ${wanted}: it must be within ${privateBlocks.join(", ")}, and between /24 and /12`,
      about,
    );
  }
  if (taken.some((each) => overlaps(each, block))) {
    throw invalidParameter(`serviceIpv4Cidr ${wanted} overlaps with the CIDR blocks of the VPC`, about);
  }
  return wanted;
}
