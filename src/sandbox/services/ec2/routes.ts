import type {
  CreateRouteRequest,
  CreateRouteResult,
  DeleteRouteRequest,
  ReplaceRouteRequest,
} from "@aws-sdk/client-ec2";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { invalidCombination, invalidValue, missingParameter, notFound, required } from "./errors.ts";
import { networkInterfaceFamily, routeTableFamily } from "./families.ts";
import { find } from "./family.ts";
import { formatCidr, parseCidr } from "./ipv4.ts";
import { ec2Of, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import type { RouteRecord, RouteTableRecord, RouteTarget } from "./state.ts";

const gatewayNotFound = notFound("InvalidGatewayID.NotFound", "gateway");
const natGatewayNotFound = notFound("InvalidNatGatewayID.NotFound", "natGateway");

function createRoute(input: CreateRouteRequest, call: Call): CreateRouteResult {
  const table = find(routeTableFamily, call, required(input.RouteTableId, "routeTableId"));
  const destination = destinationOf(input);
  const target = targetOf(input, table, call);
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
  route.target = targetOf(input, table, call);
}

function deleteRoute(input: DeleteRouteRequest, call: Call): void {
  const table = find(routeTableFamily, call, required(input.RouteTableId, "routeTableId"));
  const route = findRoute(table, destinationOf(input));
  if (route.target.GatewayId === "local") {
    throw invalidValue(`cannot remove local route ${route.destination} in route table ${table.RouteTableId}`);
  }
  table.routes = table.routes.filter((each) => each !== route);
}

function findRoute(table: RouteTableRecord, destination: string): RouteRecord {
  const route = table.routes.find((each) => each.destination === destination);
  if (route) return route;
  throw new AwsError(
    "InvalidRoute.NotFound",
    `no route with destination-cidr-block ${destination} in route table ${table.RouteTableId}`,
  );
}

interface Destination {
  readonly DestinationCidrBlock?: string | undefined;
  readonly DestinationIpv6CidrBlock?: string | undefined;
  readonly DestinationPrefixListId?: string | undefined;
}

/** Host bits are cleared, as EC2 does. */
function destinationOf(input: Destination): string {
  if (input.DestinationIpv6CidrBlock) throw notSimulated("An IPv6 route");
  if (input.DestinationPrefixListId) throw notSimulated("A route to a prefix list");
  const cidr = required(input.DestinationCidrBlock, "destinationCidrBlock");
  const block = parseCidr(cidr);
  if (block) return formatCidr(block);
  throw invalidValue(`Value (${cidr}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`);
}

const simulatedTargets = ["GatewayId", "NatGatewayId", "NetworkInterfaceId"] as const;
const otherTargets = [
  "EgressOnlyInternetGatewayId",
  "InstanceId",
  "TransitGatewayId",
  "VpcPeeringConnectionId",
  "VpcEndpointId",
] as const;

/** The one target that a request names; it must exist and reach the table's VPC. */
function targetOf(input: CreateRouteRequest | ReplaceRouteRequest, table: RouteTableRecord, place: Place): RouteTarget {
  const other = otherTargets.find((name) => input[name] !== undefined);
  if (other) throw notSimulated(`A route with ${other}`);
  const [name, second] = simulatedTargets.filter((each) => input[each] !== undefined);
  if (!name) throw missingParameter("gatewayId");
  if (second) throw invalidCombination(`The parameters ${name} and ${second} cannot be used together`);
  const id = required(input[name], name);
  if (name === "GatewayId") checkInternetGateway(id, table, place);
  if (name === "NatGatewayId") checkNatGateway(id, place);
  if (name === "NetworkInterfaceId") find(networkInterfaceFamily, place, id);
  return { [name]: id };
}

function checkInternetGateway(id: string, table: RouteTableRecord, place: Place): void {
  const gateway = ec2Of(place).internetGateways[id];
  if (!gateway) throw gatewayNotFound([id]);
  if (gateway.attachedTo === table.VpcId) return;
  throw invalidValue(`route table ${table.RouteTableId} and network gateway ${id} belong to different networks`);
}

function checkNatGateway(id: string, place: Place): void {
  const gateway = ec2Of(place).natGateways[id];
  const usable = gateway && ["pending", "available"].includes(gateway.State);
  if (!usable) throw natGatewayNotFound([id]);
}

export const routeHandlers = { CreateRoute: createRoute, ReplaceRoute: replaceRoute, DeleteRoute: deleteRoute };
