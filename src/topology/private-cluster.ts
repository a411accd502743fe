import { endpointServices, gatewayService, isPrivate } from "../config/endpoint-services.ts";
import { isLocalCluster } from "../config/outposts.ts";
import type { Handle } from "../engine/graph.ts";
import { InputError } from "../errors.ts";
import type { EndpointService } from "../facts/types.ts";
import { routeTable } from "../resources/ec2/route-table.ts";
import { type VpcEndpointAttrs, vpcEndpoint } from "../resources/ec2/vpc-endpoint.ts";
import { cluster, type ClusterAttrs } from "../resources/eks/cluster.ts";
import type { Network, NetworkSubnet } from "./network.ts";
import type { Scope } from "./scope.ts";
import { addRule, addSecurityGroup, tcp } from "./security-groups.ts";

/**
 * The network with VPC endpoints in its private subnets, by which a private cluster reaches AWS. A service that somebody else
 * has made an endpoint for is reached by that one.
 *
 * @throws InputError for a service that the region has no endpoints for.
 */
export function withEndpoints(scope: Scope, network: Network): Network {
  const services = wantedServices(scope);
  if (services.length === 0) return network;
  const subnets = network.subnets.filter(({ visibility }) => visibility === "private");
  const interfaces = services.filter(([label, { name }]) => label !== gatewayService && !isAnswered(scope, name));
  const group = interfaces.length > 0 ? [addEndpointGroup(scope, network)] : [];
  const byInterfaces = interfaces.map(([label, service]) =>
    addEndpoint(scope, network, label, service, {
      subnets: oneAZone(
        subnets.filter(({ zone }) => service.zones.includes(scope.facts.outposts[zone]?.zone ?? zone)),
      ).map((one) => one.subnet),
      securityGroups: group,
      routeTables: [],
    }),
  );
  // In a cluster that has run with a NAT gateway nodes lose that way only when they have this one.
  const tables = network.given ? [] : subnets.map(({ routeTable: table }) => table);
  for (const table of tables) scope.graph.last(routeTable, table, "route", { after: byInterfaces });
  const byRoutes = services.flatMap(([label, service]) => {
    const routeTables = label === gatewayService ? unroutedTables(scope, subnets, service.name) : [];
    const placed = { subnets: [], securityGroups: [], routeTables };
    return routeTables.length > 0 ? [addEndpoint(scope, network, label, service, placed)] : [];
  });
  const added = [...byInterfaces, ...byRoutes];
  return {
    ...network,
    subnets: network.subnets.map((one) =>
      one.visibility === "private" ? { ...one, routes: [...one.routes, ...added] } : one,
    ),
  };
}

function wantedServices(scope: Scope): readonly (readonly [label: string, service: EndpointService])[] {
  const { facts, region, full } = scope;
  const labels = endpointServices(full);
  const missing = labels.filter((label) => facts.endpointServices[label] === undefined);
  if (missing.length > 0) {
    throw new InputError(`privateCluster: ${region} has no VPC endpoints for ${missing.join(", ")}`, {
      hint: "take them out of additionalEndpointServices, or make another way and set privateCluster.skipEndpointCreation",
    });
  }
  return labels.flatMap((label) => {
    const service = facts.endpointServices[label];
    return service ? [[label, service] as const] : [];
  });
}

interface Placed {
  readonly subnets: readonly Handle<{ readonly id: string }>[];
  readonly securityGroups: readonly Handle<{ readonly id: string }>[];
  readonly routeTables: readonly Handle<{ readonly id: string }>[];
}

function addEndpoint(
  scope: Scope,
  network: Network,
  label: string,
  { name: serviceName }: EndpointService,
  placed: Placed,
): Handle<VpcEndpointAttrs> {
  const id = `vpc-endpoint/${label}`;
  return scope.graph.add(vpcEndpoint, {
    id,
    name: `${scope.name}/${id}`,
    spec: {
      serviceName,
      type: label === gatewayService ? "Gateway" : "Interface",
      ...(network.given ? { inGivenVpc: true } : {}),
      tags: scope.tags(id),
    },
    deps: { vpc: network.vpc, ...placed },
  });
}

/** Whoever is in the VPC reaches the endpoints. */
function addEndpointGroup(scope: Scope, network: Network): Handle<{ readonly id: string }> {
  const group = addSecurityGroup(scope, network, "vpc-endpoints", "VPC endpoints");
  for (const cidrIpv4 of network.cidrs) {
    const label = `vpc-endpoints/${cidrIpv4}`;
    addRule(scope, label, { ...tcp(443), cidrIpv4, description: `VPC endpoints from ${cidrIpv4}` }, group);
  }
  return group;
}

/** Whether an endpoint of somebody else answers for a service in a given VPC: then no other one can. */
function isAnswered({ facts }: Scope, serviceName: string): boolean {
  return facts.network?.endpoints.some((one) => one.serviceName === serviceName && one.privateDns) ?? false;
}

/** The route tables of the subnets, each once, without those that an endpoint of somebody else has a route in. */
function unroutedTables(
  { facts }: Scope,
  subnets: readonly NetworkSubnet[],
  serviceName: string,
): readonly Handle<{ readonly id: string }>[] {
  const others = (facts.network?.endpoints ?? []).filter((one) => one.serviceName === serviceName);
  const routed = new Set(others.flatMap(({ routeTableIds }) => routeTableIds.map((id) => `given/${id}`)));
  const tables = new Map(subnets.map(({ routeTable }) => [routeTable.id, routeTable]));
  return [...tables.values()].filter(({ id }) => !routed.has(id));
}

function oneAZone(subnets: readonly NetworkSubnet[]): readonly NetworkSubnet[] {
  return [...new Map(subnets.toReversed().map((one) => [one.zone, one])).values()].toReversed();
}

/**
 * Where something in Kubernetes is to be made from here, a private cluster (that is no local one) is born with its public endpoint, which is closed as
 * the last step; otherwise it never has one.
 *
 * @param all what else is made.
 */
export function closePublicEndpointLast(
  { graph, config }: Scope,
  theCluster: Handle<ClusterAttrs>,
  all: readonly Handle<unknown>[],
): void {
  const isReached = [...graph.nodes.values()].some(
    (node) => node.source === "managed" && node.kind.name.startsWith("kube."),
  );
  if (!isPrivate(config) || isLocalCluster(config) || !isReached) return;
  graph.last(cluster, theCluster, "endpoint", { after: all, initially: { endpointPublicAccess: true } });
}
