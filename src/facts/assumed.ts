import { partitionOf } from "../aws/partition.ts";
import { namedSubnets, isSubnetId, subnetUsers } from "../config/given-network.ts";
import { givenInstanceProfiles } from "../config/instance-profiles.ts";
import { isLocalCluster, outpostId, outpostsOf } from "../config/outposts.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { Needs, NetworkNeeds } from "./needs.ts";
import { type Facts, type GivenNetwork, type GivenSubnet, templateKey } from "./types.ts";

/**
 * Facts where AWS is not asked: enough to tell which resources a file means and what they are called, not how AWS would
 * make them. What the file names exists; of the rest there is one of each.
 *
 * @param config with its defaults filled in.
 */
export function assumedFacts(config: ClusterConfig, needs: Needs, account: string): Facts {
  const { region } = needs;
  const partition = partitionOf(region);
  const groups = [...(config.nodeGroups ?? []), ...(config.managedNodeGroups ?? [])];
  const zones = [
    ...(config.availabilityZones ?? []),
    ...groups.flatMap((group) => group.availabilityZones ?? group.subnets ?? []),
    ...["a", "b", "c"].map((letter) => `${region}${letter}`),
  ];
  const localZones = (config.localZones ?? []).map((name) => ({ name, group: name, optedIn: true }));
  const version = /^\d/u.test(needs.version ?? "") ? (needs.version ?? "") : "1.0";
  return {
    caller: { account, arn: `arn:${partition}:iam::${account}:root`, partition },
    region,
    clusterVersions: [{ version, default: true, status: "" }],
    zones: [...new Set(zones)].map((name) => ({ name, id: name })),
    localZones,
    outposts: Object.fromEntries(
      needs.outposts.map((arn) => {
        const outpost = { arn, zone: `${region}a`, instanceTypes: needs.instanceTypes };
        return [outpostId(arn), outpost];
      }),
    ),
    ...(needs.network && { network: assumedNetwork(config, needs.network, [...new Set(zones)]) }),
    endpointServices: Object.fromEntries(
      needs.endpointServices.map((service) => [service, { name: `com.amazonaws.${region}.${service}`, zones }]),
    ),
    instanceTypes: Object.fromEntries(
      needs.instanceTypes.map((name) => [
        name,
        {
          name,
          architecture: "x86_64",
          accelerator: "none",
          efaInterfaces: 1,
          zones: [...zones, ...localZones.map((zone) => zone.name), ...needs.outposts.map(outpostId)],
        },
      ]),
    ),
    images: Object.fromEntries(
      needs.images.map((id) => [
        id,
        { architecture: "x86_64", state: "available", rootDevice: "/dev/xvda", rootSize: 0 },
      ]),
    ),
    selectedTypes: Object.fromEntries(
      needs.selectors.map(({ nodegroup }) => [nodegroup, { fits: needs.instanceTypes.slice(0, 1) }]),
    ),
    launchTemplates: Object.fromEntries(
      needs.launchTemplates.map((need) => [
        templateKey(need),
        { version: Number(need.version ?? 1), ownImage: false, userData: false, instanceProfile: false },
      ]),
    ),
    instanceProfileRoles: Object.fromEntries(
      [...givenInstanceProfiles(config)].map(([arn, role = `arn:${partition}:iam::${account}:role/*`]) => [arn, role]),
    ),
    addons: Object.fromEntries(
      (config.addons ?? []).map(({ name, version: wanted = "v1" }) => [
        name,
        {
          versions: [{ version: wanted, default: true }],
          // Which policies AWS recommends for an add-on, only AWS knows: one of its own.
          podIdentity: needs.podIdentity.includes(name)
            ? [{ serviceAccount: name, policyArns: [`arn:${partition}:iam::aws:policy/*`] }]
            : [],
        },
      ]),
    ),
  };
}

/** A network that is as the file has it, and as a cluster needs it. */
function assumedNetwork(config: ClusterConfig, needs: NetworkNeeds, zones: readonly string[]): GivenNetwork {
  const vpcId = needs.vpcId ?? "vpc-0";
  const cidr = config.vpc?.cidr ?? "0.0.0.0/0";
  const [outpostArn] = outpostsOf(config);
  const assumed = (one: Partial<GivenSubnet> & Pick<GivenSubnet, "id" | "wayOut">, index: number): GivenSubnet => ({
    vpcId,
    cidr,
    zone: zones[index % zones.length] ?? "",
    freeAddresses: Infinity,
    mapPublicIp: one.wayOut === "internet-gateway",
    routeTableId: "rtb-0",
    ownRouteTable: true,
    ipv6: true,
    assignsIpv6: true,
    tags: {},
    ...(isLocalCluster(config) && outpostArn !== undefined ? { outpostArn } : {}),
    ...one,
  });
  const named = namedSubnets(config).map((one, index) =>
    assumed(
      {
        id: one.id ?? `subnet-${index}`,
        wayOut: one.visibility === "public" ? "internet-gateway" : "nat-gateway",
        ...(one.cidr === undefined ? {} : { cidr: one.cidr }),
        ...(one.az === undefined && !zones.includes(one.key) ? {} : { zone: one.az ?? one.key }),
      },
      index,
    ),
  );
  const known = new Set(named.map(({ id }) => id));
  const others = subnetUsers(config).flatMap(({ subnets, visibility, isOnOutpost }) =>
    subnets
      .filter((name) => isSubnetId(name) && !known.has(name))
      .map((id, index) =>
        assumed(
          {
            id,
            wayOut: visibility === "private" ? "nat-gateway" : "internet-gateway",
            ...(isOnOutpost && outpostArn !== undefined ? { outpostArn } : {}),
          },
          index,
        ),
      ),
  );
  const ofControlPlane = (config.vpc?.controlPlaneSubnetIDs ?? [])
    .filter((id) => ![...named, ...others].some((one) => one.id === id))
    .map((id, index) => assumed({ id, wayOut: "nat-gateway" }, index));
  return {
    vpc: { id: vpcId, cidrs: [cidr], dnsSupport: true, dnsHostnames: true },
    subnets: [...named, ...others, ...ofControlPlane],
    securityGroups: Object.fromEntries(needs.securityGroupIds.map((id) => [id, vpcId])),
    endpoints: [],
  };
}
