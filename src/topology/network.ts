import type { Handle } from "../engine/graph.ts";
import { zonesTag } from "../facts/types.ts";
import { elasticIp } from "../resources/ec2/elastic-ip.ts";
import { internetGateway } from "../resources/ec2/internet-gateway.ts";
import { natGateway, type NatGatewayAttrs } from "../resources/ec2/nat-gateway.ts";
import { routeTable, type RouteTableAttrs } from "../resources/ec2/route-table.ts";
import { subnet, type SubnetAttrs } from "../resources/ec2/subnet.ts";
import { vpc, type VpcAttrs } from "../resources/ec2/vpc.ts";
import { splitCidr } from "./cidr.ts";
import type { Scope } from "./scope.ts";

export interface ZoneNetwork {
  readonly zone: string;
  readonly publicSubnet: Handle<SubnetAttrs>;
  readonly privateSubnet: Handle<SubnetAttrs>;
  readonly privateRoutes: Handle<RouteTableAttrs>;
}

export interface Network {
  /** The VPC's IPv4 block. */
  readonly cidr: string;
  readonly vpc: Handle<VpcAttrs>;
  readonly publicRoutes: Handle<RouteTableAttrs>;
  /** In the order of the zones' CIDR blocks. */
  readonly zones: readonly ZoneNetwork[];
}

/** The cluster's own VPC: a public and a private subnet in each zone, one public route table, one private table a zone. */
export function addNetwork(scope: Scope, zones: readonly string[]): Network {
  const { graph, full } = scope;
  const cidr = full.vpc.cidr;
  const theVpc = graph.add(vpc, {
    id: "vpc",
    name: `${scope.name}/vpc`,
    spec: { cidr, tags: scope.tags("vpc", { [zonesTag]: zones.join(" ") }) },
    deps: {},
  });
  const gateway = graph.add(internetGateway, {
    id: "internet-gateway",
    name: `${scope.name}/internet-gateway`,
    spec: { tags: scope.tags("internet-gateway") },
    deps: { vpc: theVpc },
  });

  const subnets = splitCidr(cidr, zones).map((block) => {
    const add = (visibility: "public" | "private"): Handle<SubnetAttrs> => {
      const label = `subnet/${visibility}/${block.zone}`;
      const role = visibility === "public" ? "kubernetes.io/role/elb" : "kubernetes.io/role/internal-elb";
      const hostnameType = scope.config.vpc?.hostnameType;
      return graph.add(subnet, {
        id: label,
        name: `${scope.name}/${label}`,
        spec: {
          cidr: block[visibility],
          zone: block.zone,
          public: visibility === "public",
          ...(hostnameType === undefined ? {} : { hostnameType }),
          tags: scope.tags(label, { [role]: "1" }),
        },
        deps: { vpc: theVpc },
      });
    };
    return { zone: block.zone, publicSubnet: add("public"), privateSubnet: add("private") };
  });

  const publicRoutes = graph.add(routeTable, {
    id: "route-table/public",
    name: `${scope.name}/route-table/public`,
    spec: { tags: scope.tags("route-table/public") },
    deps: {
      vpc: theVpc,
      subnets: subnets.map((zone) => zone.publicSubnet),
      internetGateways: [gateway],
      natGateways: [],
    },
  });

  const natGateways = subnets.slice(0, natGatewayCount[full.vpc.nat.gateway](zones)).map(({ zone, publicSubnet }) => {
    const address = graph.add(elasticIp, {
      id: `elastic-ip/${zone}`,
      name: `${scope.name}/elastic-ip/${zone}`,
      spec: { tags: scope.tags(`elastic-ip/${zone}`) },
      deps: {},
    });
    return graph.add(natGateway, {
      id: `nat-gateway/${zone}`,
      name: `${scope.name}/nat-gateway/${zone}`,
      spec: { tags: scope.tags(`nat-gateway/${zone}`) },
      deps: { subnet: publicSubnet, address },
      // EC2 refuses a NAT gateway in a VPC without an attached internet gateway.
      after: [{ on: gateway, until: "ready" }],
    });
  });

  const withRoutes = subnets.map((zone, index) => {
    const label = `route-table/private/${zone.zone}`;
    const nat: Handle<NatGatewayAttrs> | undefined = natGateways[index] ?? natGateways[0];
    const privateRoutes = graph.add(routeTable, {
      id: label,
      name: `${scope.name}/${label}`,
      spec: { tags: scope.tags(label) },
      deps: { vpc: theVpc, subnets: [zone.privateSubnet], internetGateways: [], natGateways: nat ? [nat] : [] },
    });
    return { ...zone, privateRoutes };
  });
  return { cidr, vpc: theVpc, publicRoutes, zones: withRoutes };
}

/** How many NAT gateways each mode has: one for all zones, one a zone, none. */
const natGatewayCount = {
  Single: () => 1,
  HighlyAvailable: (zones: readonly string[]) => zones.length,
  Disable: () => 0,
} as const;
