import type { Tags } from "../aws/tags.ts";
import { defaultNatGateway, defaultVpcCidr } from "../config/default-values.ts";
import { isPrivate } from "../config/endpoint-services.ts";
import type { Visibility } from "../config/given-network.ts";
import { isLocalCluster } from "../config/outposts.ts";
import type { Handle } from "../engine/graph.ts";
import { type VpcZones, zonesTag, zonesText } from "../facts/types.ts";
import { egressOnlyInternetGateway } from "../resources/ec2/egress-only-internet-gateway.ts";
import { elasticIp } from "../resources/ec2/elastic-ip.ts";
import { type InternetGatewayAttrs, internetGateway } from "../resources/ec2/internet-gateway.ts";
import { natGateway, type NatGatewayAttrs } from "../resources/ec2/nat-gateway.ts";
import { type RouteTableAttrs, routeTable } from "../resources/ec2/route-table.ts";
import { subnet, type SubnetAttrs, type SubnetSpec } from "../resources/ec2/subnet.ts";
import { vpc, type VpcAttrs, type VpcSpec } from "../resources/ec2/vpc.ts";
import { splitCidr, type ZoneBlocks } from "./cidr.ts";
import { isOnPrivateSubnets } from "./control-plane-subnets.ts";
import { loadBalancerRole, type Network, type NetworkSubnet } from "./network.ts";
import { isIpv6, type Scope } from "./scope.ts";
import { addGatewayAttachment, remoteRoutes } from "./remote-gateway.ts";
import { chooseZones, isNamed, isOutsideRegion } from "./zones.ts";

/** A subnet of ours, not yet routed. */
interface OwnSubnet {
  readonly zone: string;
  readonly visibility: Visibility;
  readonly subnet: Handle<SubnetAttrs>;
}

/**
 * The cluster's own VPC: a public and a private subnet in each zone, one public route table, one private table a zone. That of a
 * private cluster has only what is private, in the same blocks.
 */
export function addOwnNetwork(scope: Scope): Network {
  const zones = chooseZones(scope.config, scope.facts);
  const { cidr = defaultVpcCidr } = scope.full.vpc;
  const theVpc = scope.graph.add(vpc, {
    id: "vpc",
    name: `${scope.name}/vpc`,
    spec: { cidr, ...vpcIpv6(scope), tags: scope.tags("vpc", { [zonesTag]: zonesText(zones) }) },
    deps: {},
  });
  const gateway = isPrivate(scope.config) ? undefined : addInternetGateway(scope, theVpc);
  // A Local Zone or Outpost that the file no longer names keeps its blocks, and has no subnets.
  const blocks = splitCidr(cidr, zones).filter(
    ({ zone }) => !isOutsideRegion(zone, scope.facts) || isNamed(zone, scope.config),
  );
  const made = blocks.flatMap((block) => [
    ...(gateway && hasPublicSubnet(scope, block.zone) ? [addSubnet(scope, theVpc, "public", block)] : []),
    addSubnet(scope, theVpc, "private", block),
  ]);
  const publicSubnets = made.filter((one) => one.visibility === "public");
  const privateSubnets = made.filter((one) => one.visibility === "private");
  const inPublic = gateway ? addPublicRoutes(scope, theVpc, publicSubnets, gateway) : [];
  const natGateways = gateway ? addNatGateways(scope, publicSubnets, gateway) : [];
  const egress = gateway && isIpv6(scope) ? [addEgressOnlyGateway(scope, theVpc)] : [];
  const attachment = addGatewayAttachment(
    scope,
    theVpc,
    // EC2 attaches no transit gateway to a subnet outside of the region; what is there has its routes all the same.
    privateSubnets.filter(({ zone }) => !isOutsideRegion(zone, scope.facts)),
  );
  const subnets = [
    ...inPublic,
    ...privateSubnets.map((one, index) =>
      routed(
        one,
        addPrivateRoutes(scope, theVpc, one, { nat: natGateways[index] ?? natGateways[0], egress, attachment }),
      ),
    ),
  ];
  const ofControlPlane = subnets.filter(
    (one) => !isByNameOnly(scope, one.zone, zones) && (one.visibility === "private" || !isOnPrivateSubnets(scope)),
  );
  return {
    vpc: theVpc,
    given: false,
    cidrs: [cidr],
    subnets: subnets.map((one) => ({
      ...one,
      ...(isByNameOnly(scope, one.zone, zones) && { names: [one.zone], byNameOnly: true as const }),
    })),
    controlPlane: ofControlPlane.map((one) => one.subnet),
  };
}

/**
 * Neither the control plane nor nodegroups that name no zone are in one that came later: they would have to be replaced. Nor
 * are they in a Local Zone or on an Outpost, where EKS places nothing but local clusters.
 */
function isByNameOnly({ config, facts }: Scope, zone: string, { added }: VpcZones): boolean {
  return added.includes(zone) || (isOutsideRegion(zone, facts) && !isLocalCluster(config));
}

/** There is none on an Outpost; that of a local cluster is in the Outpost's zone, for the NAT gateway, which Outposts have none of. */
function hasPublicSubnet({ config, facts }: Scope, zone: string): boolean {
  return facts.outposts[zone] === undefined || isLocalCluster(config);
}

function addInternetGateway(scope: Scope, theVpc: Handle<VpcAttrs>): Handle<InternetGatewayAttrs> {
  return scope.graph.add(internetGateway, {
    id: "internet-gateway",
    name: `${scope.name}/internet-gateway`,
    spec: { tags: scope.tags("internet-gateway") },
    deps: { vpc: theVpc },
  });
}

function addPublicRoutes(
  scope: Scope,
  theVpc: Handle<VpcAttrs>,
  subnets: readonly OwnSubnet[],
  gateway: Handle<InternetGatewayAttrs>,
): readonly NetworkSubnet[] {
  const routes = scope.graph.add(routeTable, {
    id: "route-table/public",
    name: `${scope.name}/route-table/public`,
    spec: { tags: scope.tags("route-table/public") },
    deps: {
      vpc: theVpc,
      subnets: subnets.map((one) => one.subnet),
      ipv4: [gateway],
      ipv6: isIpv6(scope) ? [gateway] : [],
    },
  });
  return subnets.map((one) => routed(one, routes));
}

/** An IPv6 cluster needs a block; an IPv4 cluster's VPC has one beside when the file asks for it. */
function vpcIpv6(scope: Scope): Pick<VpcSpec, "ipv6"> {
  const { autoAllocateIPv6, ipv6Cidr: cidr, ipv6Pool: pool } = scope.config.vpc ?? {};
  if (cidr !== undefined && pool !== undefined) return { ipv6: { pool, cidr } };
  if (isIpv6(scope) || autoAllocateIPv6 === true) return { ipv6: "amazon" };
  return autoAllocateIPv6 === false ? { ipv6: false } : {};
}

/** DNS64 stays off: nodes and pods reach IPv4 by the addresses that they have of it (EKS best practices, IPv6). */
function subnetIpv6(scope: Scope, block: number): Pick<SubnetSpec, "ipv6"> {
  return vpcIpv6(scope).ipv6 ? { ipv6: { block, assign: isIpv6(scope) } } : {};
}

function addEgressOnlyGateway(scope: Scope, theVpc: Handle<VpcAttrs>): Handle<{ readonly id: string }> {
  return scope.graph.add(egressOnlyInternetGateway, {
    id: "egress-only-internet-gateway",
    name: `${scope.name}/egress-only-internet-gateway`,
    spec: { tags: scope.tags("egress-only-internet-gateway") },
    deps: { vpc: theVpc },
  });
}

function addSubnet(
  scope: Scope,
  theVpc: Handle<VpcAttrs>,
  visibility: Visibility,
  { zone, ...blocks }: ZoneBlocks,
): OwnSubnet {
  const { cidr, ipv6 } = blocks[visibility];
  const label = `subnet/${visibility}/${zone}`;
  const hostnameType = scope.config.vpc?.hostnameType;
  const outpost = scope.facts.outposts[zone];
  const added = scope.graph.add(subnet, {
    id: label,
    name: `${scope.name}/${label}`,
    spec: {
      cidr,
      zone: outpost?.zone ?? zone,
      ...(outpost && visibility === "private" ? { outpostArn: outpost.arn } : {}),
      public: visibility === "public",
      ...subnetIpv6(scope, ipv6),
      ...(hostnameType === undefined ? {} : { hostnameType }),
      tags: scope.tags(label, isOutsideRegion(zone, scope.facts) ? {} : foundBy(scope, visibility)),
    },
    deps: { vpc: theVpc },
  });
  return { zone, visibility, subnet: added };
}

/** Of zones of the region alone: a load balancer cannot span those and others. */
function foundBy({ discovery }: Scope, visibility: Visibility): Tags {
  return { [loadBalancerRole[visibility]]: "1", ...(visibility === "private" ? discovery : {}) };
}

/** One for all zones, one a zone, or none. */
function addNatGateways(
  scope: Scope,
  publicSubnets: readonly OwnSubnet[],
  gateway: Handle<unknown>,
): readonly Handle<NatGatewayAttrs>[] {
  const mode = scope.full.vpc.nat?.gateway ?? defaultNatGateway;
  const count = { Single: 1, HighlyAvailable: publicSubnets.length, Disable: 0 }[mode];
  return publicSubnets.slice(0, count).map((one) => {
    const address = scope.graph.add(elasticIp, {
      id: `elastic-ip/${one.zone}`,
      name: `${scope.name}/elastic-ip/${one.zone}`,
      spec: { tags: scope.tags(`elastic-ip/${one.zone}`) },
      deps: {},
    });
    return scope.graph.add(natGateway, {
      id: `nat-gateway/${one.zone}`,
      name: `${scope.name}/nat-gateway/${one.zone}`,
      spec: { tags: scope.tags(`nat-gateway/${one.zone}`) },
      deps: { subnet: one.subnet, address },
      // EC2 refuses a NAT gateway in a VPC without an attached internet gateway.
      after: [{ on: gateway, until: "ready" }],
    });
  });
}

interface WaysOut {
  readonly nat: Handle<NatGatewayAttrs> | undefined;
  readonly egress: readonly Handle<{ readonly id: string }>[];
  readonly attachment: Handle<unknown> | undefined;
}

function addPrivateRoutes(
  scope: Scope,
  theVpc: Handle<VpcAttrs>,
  one: OwnSubnet,
  { nat, egress, attachment }: WaysOut,
): Handle<RouteTableAttrs> {
  const label = `route-table/private/${one.zone}`;
  return scope.graph.add(routeTable, {
    id: label,
    name: `${scope.name}/${label}`,
    spec: { ...remoteRoutes(scope), tags: scope.tags(label) },
    deps: { vpc: theVpc, subnets: [one.subnet], ipv4: nat ? [nat] : [], ipv6: egress },
    // EC2 takes no route to a gateway that the VPC is not attached to.
    after: attachment ? [{ on: attachment, until: "ready" }] : [],
  });
}

function routed(one: OwnSubnet, table: Handle<RouteTableAttrs>): NetworkSubnet {
  return { ...one, names: [], routeTable: table, routes: [table] };
}
