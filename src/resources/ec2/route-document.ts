import type { Route } from "@aws-sdk/client-ec2";

/** The routes that lead out of the VPC; those to gateway endpoints EC2 keeps itself. */
export function leading(routes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(routes).filter(([, target]) => target !== "local" && !target.startsWith("vpce-")),
  );
}

export function toDestination(destination: string) {
  return destination.includes(":") ? { DestinationIpv6CidrBlock: destination } : { DestinationCidrBlock: destination };
}

/** The member of a request that takes such an id. */
export function toTarget(id: string) {
  if (id.startsWith("nat-")) return { NatGatewayId: id };
  if (id.startsWith("tgw-")) return { TransitGatewayId: id };
  return id.startsWith("eigw-") ? { EgressOnlyInternetGatewayId: id } : { GatewayId: id };
}

export function destinationOf(route: Route): string {
  return route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? "";
}

export function targetOf(route: Route): string {
  return (
    route.GatewayId ??
    route.NatGatewayId ??
    route.TransitGatewayId ??
    route.VpcPeeringConnectionId ??
    route.NetworkInterfaceId ??
    route.InstanceId ??
    route.EgressOnlyInternetGatewayId ??
    route.LocalGatewayId ??
    route.CarrierGatewayId ??
    route.CoreNetworkArn ??
    ""
  );
}
