import type { Handle } from "../engine/graph.ts";
import { zonesTag } from "../facts/types.ts";
import { elasticIp } from "../resources/ec2/elastic-ip.ts";
import { internetGateway } from "../resources/ec2/internet-gateway.ts";
import { natGateway, type NatGatewayAttrs } from "../resources/ec2/nat-gateway.ts";
import { routeTable } from "../resources/ec2/route-table.ts";
import { subnet, type SubnetAttrs } from "../resources/ec2/subnet.ts";
import { vpc, type VpcAttrs } from "../resources/ec2/vpc.ts";
import { splitCidr, type ZoneBlocks } from "./cidr.ts";
import type { Network, NetworkSubnet, Visibility } from "./network.ts";
import type { Scope } from "./scope.ts";
import { chooseZones } from "./zones.ts";

/** A subnet of ours, not yet routed. */
interface OwnSubnet {
  readonly zone: string;
  readonly visibility: Visibility;
  readonly subnet: Handle<SubnetAttrs>;
}

/** The cluster's own VPC: a public and a private subnet in each zone, one public route table, one private table a zone. */
export function addOwnNetwork(scope: Scope): Network {
  const zones = chooseZones(scope.config, scope.facts);
  const { cidr } = scope.full.vpc;
  const theVpc = scope.graph.add(vpc, {
    id: "vpc",
    name: `${scope.name}/vpc`,
    spec: { cidr, tags: scope.tags("vpc", { [zonesTag]: zones.join(" ") }) },
    deps: {},
  });
  const gateway = scope.graph.add(internetGateway, {
    id: "internet-gateway",
    name: `${scope.name}/internet-gateway`,
    spec: { tags: scope.tags("internet-gateway") },
    deps: { vpc: theVpc },
  });
  const blocks = splitCidr(cidr, zones);
  const made = blocks.flatMap((block) => [
    addSubnet(scope, theVpc, "public", block),
    addSubnet(scope, theVpc, "private", block),
  ]);
  const publicSubnets = made.filter((one) => one.visibility === "public");
  const privateSubnets = made.filter((one) => one.visibility === "private");
  const publicRoutes = scope.graph.add(routeTable, {
    id: "route-table/public",
    name: `${scope.name}/route-table/public`,
    spec: { tags: scope.tags("route-table/public") },
    deps: {
      vpc: theVpc,
      subnets: publicSubnets.map((one) => one.subnet),
      internetGateways: [gateway],
      natGateways: [],
    },
  });
  const natGateways = addNatGateways(scope, publicSubnets, gateway);
  const subnets = [
    ...publicSubnets.map((one) => routed(one, publicRoutes)),
    ...privateSubnets.map((one, index) =>
      routed(one, addPrivateRoutes(scope, theVpc, one, natGateways[index] ?? natGateways[0])),
    ),
  ];
  return { vpc: theVpc, cidrs: [cidr], subnets, controlPlane: subnets.map((one) => one.subnet) };
}

const loadBalancerRole = { public: "kubernetes.io/role/elb", private: "kubernetes.io/role/internal-elb" } as const;

function addSubnet(scope: Scope, theVpc: Handle<VpcAttrs>, visibility: Visibility, block: ZoneBlocks): OwnSubnet {
  const { zone } = block;
  const label = `subnet/${visibility}/${zone}`;
  const hostnameType = scope.config.vpc?.hostnameType;
  const added = scope.graph.add(subnet, {
    id: label,
    name: `${scope.name}/${label}`,
    spec: {
      cidr: block[visibility],
      zone,
      public: visibility === "public",
      ...(hostnameType === undefined ? {} : { hostnameType }),
      tags: scope.tags(label, { [loadBalancerRole[visibility]]: "1" }),
    },
    deps: { vpc: theVpc },
  });
  return { zone, visibility, subnet: added };
}

/** One for all zones, one a zone, or none. */
function addNatGateways(
  scope: Scope,
  publicSubnets: readonly OwnSubnet[],
  gateway: Handle<unknown>,
): readonly Handle<NatGatewayAttrs>[] {
  const count = { Single: 1, HighlyAvailable: publicSubnets.length, Disable: 0 }[scope.full.vpc.nat.gateway];
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

function addPrivateRoutes(
  scope: Scope,
  theVpc: Handle<VpcAttrs>,
  one: OwnSubnet,
  nat: Handle<NatGatewayAttrs> | undefined,
): Handle<unknown> {
  const label = `route-table/private/${one.zone}`;
  return scope.graph.add(routeTable, {
    id: label,
    name: `${scope.name}/${label}`,
    spec: { tags: scope.tags(label) },
    deps: { vpc: theVpc, subnets: [one.subnet], internetGateways: [], natGateways: nat ? [nat] : [] },
  });
}

/** In the cluster's own VPC a subnet is called after its zone. */
function routed(one: OwnSubnet, routes: Handle<unknown>): NetworkSubnet {
  return { ...one, names: [one.zone], routes: [routes] };
}
