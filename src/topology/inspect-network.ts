import { endpointServices } from "../config/endpoint-services.ts";
import { outpostOf } from "../config/outposts.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { Chosen, Facts, GivenNetwork, GivenSubnet } from "../facts/types.ts";
import { ofControlPlane } from "./control-plane-subnets.ts";
import type { FoundSubnet } from "./given-subnets.ts";
import { loadBalancerRole } from "./network.ts";

/** What EKS needs free in a subnet of the control plane (EKS user guide, subnet requirements). */
const freeForControlPlane = 6;

/** All that speaks against a given network, as far as AWS can tell it. */
export function inspect(
  config: ClusterConfig,
  facts: Facts,
  network: GivenNetwork,
  subnets: readonly FoundSubnet[],
): readonly string[] {
  return [
    ...inspectVpc(config, network),
    ...inspectSubnets(config, facts, subnets),
    ...inspectEndpoints(config, subnets),
    ...inspectControlPlane(config, facts, network, subnets),
    ...inspectSecurityGroups(config, network),
  ];
}

/** All that speaks against subnets that are not ours, for what is placed into them. */
export function inspectSubnets(
  config: ClusterConfig,
  facts: Facts,
  subnets: readonly FoundSubnet[],
): readonly string[] {
  return [
    ...subnets.flatMap(inspectRoutes),
    ...inspectIpv6(config, subnets),
    ...inspectNodegroups(config, facts, subnets),
  ];
}

function inspectVpc({ vpc: wanted }: ClusterConfig, { vpc }: GivenNetwork): readonly string[] {
  if (vpc === undefined) {
    return [wanted?.id === undefined ? "none of the subnets exists" : `vpc.id: ${wanted.id} does not exist`];
  }
  const findings: string[] = [];
  if (wanted?.cidr !== undefined && !vpc.cidrs.includes(wanted.cidr)) {
    findings.push(`vpc.cidr: ${vpc.id} has the blocks ${vpc.cidrs.join(", ")}, and not ${wanted.cidr}`);
  }
  const off = [
    ...(vpc.dnsSupport ? [] : ["enableDnsSupport"]),
    ...(vpc.dnsHostnames ? [] : ["enableDnsHostnames"]),
  ].join(" and ");
  if (off !== "") findings.push(`${vpc.id}: ${off} must be on, or nodes do not find the control plane`);
  return findings;
}

/** Routes alone tell a public subnet from a private one. */
function inspectRoutes({ label, visibility, subnet }: FoundSubnet): readonly string[] {
  const isPublic = subnet.wayOut === "internet-gateway";
  if (visibility === "public" && !isPublic) {
    return [`${label}: is no public subnet, since ${subnet.routeTableId} has no route to an internet gateway`];
  }
  if (visibility === "private" && isPublic) {
    return [`${label}: is no private subnet, since ${subnet.routeTableId} has a route to an internet gateway`];
  }
  return [];
}

/** The route to S3 goes into the tables of the private subnets, and not into one that others share. */
function inspectEndpoints(config: ClusterConfig, subnets: readonly FoundSubnet[]): readonly string[] {
  if (endpointServices(config).length === 0) return [];
  return subnets
    .filter(({ visibility, subnet }) => visibility === "private" && !subnet.ownRouteTable)
    .map(
      ({ label, subnet }) =>
        `${label}: has the main route table ${subnet.routeTableId}, and needs one of its own, for the endpoint of S3 ` +
        "(or set privateCluster.skipEndpointCreation)",
    );
}

function inspectControlPlane(
  config: ClusterConfig,
  facts: Facts,
  { vpc, subnets: all }: GivenNetwork,
  subnets: readonly FoundSubnet[],
): readonly string[] {
  if (vpc === undefined) return [];
  const chosen = ofControlPlane(config, facts, subnets);
  const { outpost } = config;
  if (outpost)
    return chosen.length > 0
      ? []
      : [`none of the subnets of the control plane is on ${outpost.controlPlaneOutpostARN}`];
  // What has its interfaces already has its addresses, too.
  if (facts.cluster) return inspectMove(facts.cluster, all, chosen);
  const zones = [...new Set(chosen.map(({ subnet }) => subnet.zone))];
  const findings = chosen
    .filter(({ subnet }) => subnet.freeAddresses < freeForControlPlane)
    .map(
      ({ label, subnet }) =>
        `${label}: has ${subnet.freeAddresses} free addresses, and the control plane needs ${freeForControlPlane}`,
    );
  if (zones.length >= 2) return findings;
  const where = zones.length === 0 ? "no zone that can host a control plane" : `one zone only, ${zones.join(", ")}`;
  return [...findings, `the subnets of the control plane are in ${where}: EKS wants them in two`];
}

/** Pods of an IPv6 cluster have addresses of their nodes' subnets, and EKS gives the control plane such ones. */
function inspectIpv6({ kubernetesNetworkConfig }: ClusterConfig, subnets: readonly FoundSubnet[]): readonly string[] {
  if (kubernetesNetworkConfig?.ipFamily !== "IPv6") return [];
  return subnets.flatMap(({ label, subnet }) => {
    if (!subnet.ipv6) return [`${label}: has no IPv6 block, and an IPv6 cluster needs one`];
    return subnet.assignsIpv6
      ? []
      : [`${label}: gives interfaces no IPv6 address (turn AssignIpv6AddressOnCreation on)`];
  });
}

/** A control plane stays in the zones that it was made in (EKS user guide, subnet requirements). */
function inspectMove(
  { subnetIds }: Chosen,
  all: readonly GivenSubnet[],
  chosen: readonly FoundSubnet[],
): readonly string[] {
  const now = all.filter((one) => subnetIds.includes(one.id));
  const [from, to] = [now, chosen.map(({ subnet }) => subnet)].map((each) =>
    [...new Set(each.map(({ zone }) => zone))].toSorted().join(", "),
  );
  if (now.length < subnetIds.length || from === to) return [];
  return [
    `the control plane stays in the zones that it was made in, ${from}; the file has it in ${to} ` +
      "(name its subnets in vpc.controlPlaneSubnetIDs; nodes may be in others)",
  ];
}

function inspectNodegroups(config: ClusterConfig, facts: Facts, subnets: readonly FoundSubnet[]): readonly string[] {
  return [...(config.nodeGroups ?? []), ...(config.managedNodeGroups ?? [])].flatMap((group) => {
    const kind = group.privateNetworking === true ? "private" : "public";
    const named = group.subnets ?? group.availabilityZones;
    const chosen = subnets.filter(({ visibility, names, subnet, byNameOnly }) => {
      if (named === undefined || named.length === 0) return visibility === kind && byNameOnly !== true;
      return named.some((name) => names.includes(name) || (subnet.zone === name && visibility === kind));
    });
    const wanted = group.desiredCapacity ?? group.minSize ?? 0;
    const free = chosen.reduce((sum, { subnet }) => sum + subnet.freeAddresses, 0);
    const short =
      facts.cluster === undefined && chosen.length > 0 && free < wanted
        ? [`nodegroup ${group.name}: its subnets have ${free} free addresses for ${wanted} nodes`]
        : [];
    const unaddressed = chosen
      .filter(({ subnet }) => subnet.wayOut === "internet-gateway" && !subnet.mapPublicIp)
      .map(
        ({ label }) =>
          `${label}: gives instances no public address, without which nodes of ${group.name} have no way out ` +
          "(turn MapPublicIpOnLaunch on, or use privateNetworking)",
      );
    const outpost = outpostOf(group, config);
    const elsewhere = chosen
      .filter(({ subnet }) => subnet.outpostArn !== outpost)
      .map(
        ({ label, subnet }) =>
          `${label}: is ${placeOf(subnet.outpostArn)}, and nodes of ${group.name} are to be ${placeOf(outpost)}`,
      );
    return [...short, ...unaddressed, ...elsewhere];
  });
}

function placeOf(outpost: string | undefined): string {
  return outpost === undefined ? "in the region" : `on ${outpost}`;
}

function inspectSecurityGroups({ vpc: wanted }: ClusterConfig, network: GivenNetwork): readonly string[] {
  const named = [
    ...(wanted?.controlPlaneSecurityGroupIDs ?? []).map((id) => ["controlPlaneSecurityGroupIDs", id] as const),
    ["securityGroup", wanted?.securityGroup] as const,
    ["sharedNodeSecurityGroup", wanted?.sharedNodeSecurityGroup] as const,
  ];
  return named.flatMap(([key, id]) => {
    if (id === undefined) return [];
    const home = network.securityGroups[id];
    if (home === undefined) return [`vpc.${key}: ${id} does not exist`];
    return network.vpc === undefined || home === network.vpc.id
      ? []
      : [`vpc.${key}: ${id} is in ${home}, not in ${network.vpc.id}`];
  });
}

/** What is worth knowing of a given network, and no obstacle. */
export function remarksOn(config: ClusterConfig, subnets: readonly FoundSubnet[]): readonly string[] {
  const remarks = subnets
    .filter(
      ({ subnet, visibility, byNameOnly }) => byNameOnly !== true && !(loadBalancerRole[visibility] in subnet.tags),
    )
    .map(
      ({ label, visibility }) =>
        `${label} has no tag ${loadBalancerRole[visibility]}=1, by which load balancers find their subnets`,
    );
  for (const { label, subnet } of subnets) {
    if (subnet.wayOut !== "nowhere" || endpointServices(config).length > 0) continue;
    remarks.push(`${label} has no default route: nodes in it need VPC endpoints`);
  }
  const mode = config.vpc?.nat?.gateway;
  if (mode !== undefined && mode !== "Disable") {
    remarks.push(`vpc.nat.gateway: ${mode} means nothing in a given VPC, whose routes are left as they are`);
  }
  return remarks;
}
