import type { RouteState } from "@aws-sdk/client-ec2";
import { ec2Of, type Place } from "./place.ts";
import type { AssociationRecord, RouteRecord, RouteTableRecord } from "./state.ts";

/** The table that subnets of a VPC use while they have none of their own. */
export function mainRouteTableOf(place: Place, vpcId: string): RouteTableRecord | undefined {
  return tablesOf(place).find(
    (table) => table.VpcId === vpcId && table.associations.some((each) => each.subnetId === null),
  );
}

/** The table that a subnet is explicitly associated with, and the association. */
export function associationOf(
  place: Place,
  matches: (association: AssociationRecord) => boolean,
): { table: RouteTableRecord; association: AssociationRecord } | undefined {
  for (const table of tablesOf(place)) {
    const association = table.associations.find(matches);
    if (association) return { table, association };
  }
  return undefined;
}

function tablesOf(place: Place): RouteTableRecord[] {
  return Object.values(ec2Of(place).routeTables);
}

/** Whether a route's destination is a block of IPv6 addresses. */
export function isIpv6(destination: string): boolean {
  return destination.includes(":");
}

/** Whether a transit gateway takes a VPC's traffic. */
export function isAttached(place: Place, transitGatewayId: string, vpcId: string): boolean {
  return Object.values(ec2Of(place).transitGatewayAttachments).some(
    (each) =>
      each.TransitGatewayId === transitGatewayId &&
      each.VpcId === vpcId &&
      ["available", "modifying"].includes(each.State),
  );
}

/** Whether a virtual private gateway takes a VPC's traffic. */
export function hasVpnGateway(place: Place, vpcId: string, vpnGatewayId: string): boolean {
  const attachment = ec2Of(place).vpnGateways[vpnGatewayId]?.attachment;
  return attachment?.VpcId === vpcId && attachment.State === "attached";
}

/** A route whose target is gone leads nowhere: `blackhole`. */
export function routeState(route: RouteRecord, table: RouteTableRecord, place: Place): RouteState {
  const { vpcEndpoints, internetGateways, egressOnlyInternetGateways, natGateways, networkInterfaces } = ec2Of(place);
  const { GatewayId, NatGatewayId, EgressOnlyInternetGatewayId, TransitGatewayId, NetworkInterfaceId } = route.target;
  const alive =
    GatewayId === "local" ||
    (GatewayId !== undefined && vpcEndpoints[GatewayId] !== undefined) ||
    (GatewayId !== undefined && internetGateways[GatewayId]?.attachedTo === table.VpcId) ||
    (GatewayId !== undefined && hasVpnGateway(place, table.VpcId, GatewayId)) ||
    (NatGatewayId !== undefined && ["pending", "available"].includes(natGateways[NatGatewayId]?.State ?? "gone")) ||
    (EgressOnlyInternetGatewayId !== undefined &&
      egressOnlyInternetGateways[EgressOnlyInternetGatewayId]?.VpcId === table.VpcId) ||
    (TransitGatewayId !== undefined && isAttached(place, TransitGatewayId, table.VpcId)) ||
    (NetworkInterfaceId !== undefined && networkInterfaces[NetworkInterfaceId] !== undefined);
  return alive ? "active" : "blackhole";
}

/**
 * Where a subnet's traffic to the internet goes, by its own table or the main one of its VPC. A NAT gateway that is not
 * available yet takes none.
 */
export function routeOf(place: Place, subnetId: string): "internet-gateway" | "nat-gateway" | "none" {
  const subnet = ec2Of(place).subnets[subnetId];
  if (!subnet) return "none";
  const own = associationOf(place, (each) => each.subnetId === subnetId)?.table;
  const table = own ?? mainRouteTableOf(place, subnet.VpcId);
  const route = table?.routes.find((each) => each.destination === "0.0.0.0/0");
  if (!table || !route || routeState(route, table, place) === "blackhole") return "none";
  const { NatGatewayId, GatewayId } = route.target;
  if (NatGatewayId) return ec2Of(place).natGateways[NatGatewayId]?.State === "available" ? "nat-gateway" : "none";
  return GatewayId !== undefined && ec2Of(place).internetGateways[GatewayId] ? "internet-gateway" : "none";
}
