import type {
  CreateRouteRequest,
  CreateRouteResult,
  DeleteRouteRequest,
  ReplaceRouteRequest,
} from "@aws-sdk/client-ec2";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { invalidCombination, invalidValue, missingParameter, notFound, required } from "./errors.ts";
import { egressOnlyInternetGatewayFamily, networkInterfaceFamily, routeTableFamily } from "./families.ts";
import { find } from "./family.ts";
import { formatCidr, parseCidr } from "./ipv4.ts";
import { canonicalCidr } from "./ipv6-blocks.ts";
import { ec2Of, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import { hasVpnGateway, isAttached, isIpv6 } from "./routing.ts";
import type { RouteRecord, RouteTableRecord, RouteTarget } from "./state.ts";

const transitGatewayNotFound = notFound("InvalidTransitGatewayID.NotFound", "transitGateway");
const gatewayNotFound = notFound("InvalidGatewayID.NotFound", "gateway");
const natGatewayNotFound = notFound("InvalidNatGatewayID.NotFound", "natGateway");

function createRoute(input: CreateRouteRequest, call: Call): CreateRouteResult {
  const table = find(routeTableFamily, call, required(input.RouteTableId, "routeTableId"));
  const destination = destinationOf(input);
  const target = targetOf(input, destination, table, call);
  if (table.routes.some((route) => route.destination === destination)) {
    throw new AwsError("RouteAlreadyExists", `The route identified by ${destination} already exists.`);
  }
  checkQuota(call, "routes", table.routes.length);
  table.routes.push({ destination, target, origin: "CreateRoute" });
  return { Return: true };
}

function replaceRoute(input: ReplaceRouteRequest, call: Call): void {
  const table = find(routeTableFamily, call, required(input.RouteTableId, "routeTableId"));
  const route = findRoute(table, destinationOf(input));
  route.target = targetOf(input, route.destination, table, call);
}

function deleteRoute(input: DeleteRouteRequest, call: Call): void {
  const table = find(routeTableFamily, call, required(input.RouteTableId, "routeTableId"));
  const route = findRoute(table, destinationOf(input));
  if (route.target.GatewayId === "local") {
    throw invalidValue(`cannot remove local route ${route.destination} in route table ${table.RouteTableId}`);
  }
  if (route.destination.startsWith("pl-")) {
    throw invalidValue(
      `cannot remove VPC endpoint route ${route.target.GatewayId} in route table ${table.RouteTableId}`,
    );
  }
  table.routes = table.routes.filter((each) => each !== route);
}

function findRoute(table: RouteTableRecord, destination: string): RouteRecord {
  const route = table.routes.find((each) => each.destination === destination);
  if (route) return route;
  throw new AwsError(
    "InvalidRoute.NotFound",
    `no route with destination-${isIpv6(destination) ? "ipv6-" : ""}cidr-block ${destination} in route table ${table.RouteTableId}`,
  );
}

interface Destination {
  readonly DestinationCidrBlock?: string | undefined;
  readonly DestinationIpv6CidrBlock?: string | undefined;
  readonly DestinationPrefixListId?: string | undefined;
}

/** Host bits are cleared, as EC2 does. */
function destinationOf(input: Destination): string {
  const { DestinationCidrBlock, DestinationIpv6CidrBlock } = input;
  if (input.DestinationPrefixListId) throw notSimulated("A route to a prefix list");
  if (DestinationIpv6CidrBlock !== undefined) {
    if (DestinationCidrBlock !== undefined) {
      throw invalidCombination("destinationCidrBlock and destinationIpv6CidrBlock cannot be used together");
    }
    return canonicalCidr(DestinationIpv6CidrBlock);
  }
  const cidr = required(DestinationCidrBlock, "destinationCidrBlock");
  const block = parseCidr(cidr);
  if (block) return formatCidr(block);
  throw invalidValue(`Value (${cidr}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`);
}

const simulatedTargets = [
  "GatewayId",
  "NatGatewayId",
  "EgressOnlyInternetGatewayId",
  "TransitGatewayId",
  "NetworkInterfaceId",
] as const;
const otherTargets = ["InstanceId", "VpcPeeringConnectionId", "VpcEndpointId"] as const;

/** What DNS64 makes of IPv4 addresses. */
const nat64 = "64:ff9b::/96";

/** The one target that a request names; it must exist, reach the table's VPC and carry such addresses. */
function targetOf(
  input: CreateRouteRequest | ReplaceRouteRequest,
  destination: string,
  table: RouteTableRecord,
  place: Place,
): RouteTarget {
  const other = otherTargets.find((name) => input[name] !== undefined);
  if (other) throw notSimulated(`A route with ${other}`);
  const [name, second] = simulatedTargets.filter((each) => input[each] !== undefined);
  if (!name) throw missingParameter("gatewayId");
  if (second) throw invalidCombination(`The parameters ${name} and ${second} cannot be used together`);
  const id = required(input[name], name);
  if (name === "GatewayId") checkGateway(id, table, place);
  if (name === "NatGatewayId") {
    checkNatGateway(id, place);
    if (isIpv6(destination) && destination !== nat64) {
      throw invalidValue(`route destination ${destination} cannot lead to NAT gateway ${id}: only ${nat64} can`);
    }
  }
  if (name === "TransitGatewayId" && !isAttached(place, id, table.VpcId)) throw transitGatewayNotFound([id]);
  if (name === "EgressOnlyInternetGatewayId") checkEgressOnlyGateway(id, destination, table, place);
  if (name === "NetworkInterfaceId") find(networkInterfaceFamily, place, id);
  return { [name]: id };
}

/** An internet gateway or a virtual private gateway. */
function checkGateway(id: string, table: RouteTableRecord, place: Place): void {
  const { internetGateways, vpnGateways } = ec2Of(place);
  if (!internetGateways[id] && !vpnGateways[id]) throw gatewayNotFound([id]);
  if (internetGateways[id]?.attachedTo === table.VpcId || hasVpnGateway(place, table.VpcId, id)) return;
  throw invalidValue(`route table ${table.RouteTableId} and network gateway ${id} belong to different networks`);
}

function checkEgressOnlyGateway(id: string, destination: string, table: RouteTableRecord, place: Place): void {
  const gateway = find(egressOnlyInternetGatewayFamily, place, id);
  if (!isIpv6(destination)) {
    throw invalidValue(`route destination ${destination} is not IPv6, and egress-only internet gateway ${id} is`);
  }
  if (gateway.VpcId === table.VpcId) return;
  throw invalidValue(`route table ${table.RouteTableId} and network gateway ${id} belong to different networks`);
}

function checkNatGateway(id: string, place: Place): void {
  const gateway = ec2Of(place).natGateways[id];
  const usable = gateway && ["pending", "available"].includes(gateway.State);
  if (!usable) throw natGatewayNotFound([id]);
}

export const routeHandlers = { CreateRoute: createRoute, ReplaceRoute: replaceRoute, DeleteRoute: deleteRoute };
