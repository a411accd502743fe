import type {
  AssociateRouteTableRequest,
  AssociateRouteTableResult,
  CreateRouteTableRequest,
  CreateRouteTableResult,
  DeleteRouteTableRequest,
  DescribeRouteTablesRequest,
  DescribeRouteTablesResult,
  DisassociateRouteTableRequest,
  ReplaceRouteTableAssociationRequest,
  ReplaceRouteTableAssociationResult,
  RouteTable,
} from "@aws-sdk/client-ec2";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { once } from "./client-tokens.ts";
import { dependencyViolation, invalidValue, notFound, required } from "./errors.ts";
import { routeTableFamily, subnetFamily, vpcFamily } from "./families.ts";
import { find, findAtOnce, selectPage } from "./family.ts";
import { ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import { associationOf, isIpv6, routeState } from "./routing.ts";
import type { AssociationRecord, RouteRecord, RouteTableRecord, VpcRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";

const associationNotFound = notFound("InvalidAssociationID.NotFound", "association");

function makeRouteTable(place: Place, vpc: VpcRecord, tags: Record<string, string>): RouteTableRecord {
  const table: RouteTableRecord = {
    ...recorded(place, tags),
    RouteTableId: place.world.id("rtb"),
    VpcId: vpc.VpcId,
    routes: [vpc.CidrBlock, ...vpc.ipv6Blocks.map((block) => block.cidr)].map(localRoute),
    associations: [],
  };
  ec2Of(place).routeTables[table.RouteTableId] = table;
  return table;
}

function localRoute(destination: string): RouteRecord {
  return { destination, target: { GatewayId: "local" }, origin: "CreateRouteTable" };
}

/** A block that a VPC gets later is reached from all its subnets. */
export function addLocalRoute(place: Place, vpcId: string, destination: string): void {
  const tables = Object.values(ec2Of(place).routeTables).filter((table) => table.VpcId === vpcId);
  for (const table of tables) table.routes.push(localRoute(destination));
}

export function makeMainRouteTable(place: Place, vpc: VpcRecord): void {
  makeRouteTable(place, vpc, {}).associations.push({ id: place.world.id("rtbassoc"), subnetId: null });
}

function createRouteTable(input: CreateRouteTableRequest, call: Call): CreateRouteTableResult {
  const vpc = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  const tags = tagsOnCreate(input.TagSpecifications, "route-table");
  const id = once(call, "CreateRouteTable", input, () => {
    const present = Object.values(ec2Of(call).routeTables).filter((table) => table.VpcId === vpc.VpcId);
    checkQuota(call, "routeTables", present.length);
    return makeRouteTable(call, vpc, tags).RouteTableId;
  });
  return {
    RouteTable: view(findAtOnce(routeTableFamily, call, id), call),
    ...(input.ClientToken ? { ClientToken: input.ClientToken } : {}),
  };
}

function describeRouteTables(input: DescribeRouteTablesRequest, call: Call): DescribeRouteTablesResult {
  const query = { ids: ["routeTableIds", input.RouteTableIds], filters: input.Filters } as const;
  const { items, ...rest } = selectPage(routeTableFamily, call, query, input, { least: 5, most: 100 });
  return { RouteTables: items.map((table) => view(table, call)), ...rest };
}

function view(table: RouteTableRecord, place: Place): RouteTable {
  return {
    RouteTableId: table.RouteTableId,
    VpcId: table.VpcId,
    OwnerId: ownerOf(place),
    PropagatingVgws: [],
    Routes: table.routes.map((route) => ({
      [destinationMember(route.destination)]: route.destination,
      ...route.target,
      Origin: route.origin,
      State: routeState(route, table, place),
    })),
    Associations: table.associations.map(({ id, subnetId }) => ({
      RouteTableAssociationId: id,
      RouteTableId: table.RouteTableId,
      Main: subnetId === null,
      ...(subnetId === null ? {} : { SubnetId: subnetId }),
      AssociationState: { State: "associated" },
    })),
    Tags: tagList(table.tags),
  };
}

function destinationMember(destination: string) {
  if (destination.startsWith("pl-")) return "DestinationPrefixListId";
  return isIpv6(destination) ? "DestinationIpv6CidrBlock" : "DestinationCidrBlock";
}

function deleteRouteTable(input: DeleteRouteTableRequest, call: Call): void {
  const table = find(routeTableFamily, call, required(input.RouteTableId, "routeTableId"));
  if (table.associations.length > 0) {
    throw dependencyViolation(`The routeTable '${table.RouteTableId}' has dependencies and cannot be deleted.`);
  }
  delete ec2Of(call).routeTables[table.RouteTableId];
}

function associateRouteTable(input: AssociateRouteTableRequest, call: Call): AssociateRouteTableResult {
  if (input.GatewayId) throw notSimulated("The association of a route table with a gateway");
  const table = find(routeTableFamily, call, required(input.RouteTableId, "routeTableId"));
  const subnet = find(subnetFamily, call, required(input.SubnetId, "subnetId"));
  if (table.VpcId !== subnet.VpcId) {
    throw invalidValue(`Route table ${table.RouteTableId} and subnet ${subnet.SubnetId} belong to different networks`);
  }
  if (associationOf(call, (each) => each.subnetId === subnet.SubnetId)) {
    throw new AwsError(
      "Resource.AlreadyAssociated",
      `the specified association for route table ${table.RouteTableId} conflicts with an existing association`,
    );
  }
  const id = associate(call, table, subnet.SubnetId);
  return { AssociationId: id, AssociationState: { State: "associated" } };
}

function associate(place: Place, table: RouteTableRecord, subnetId: string | null): string {
  const id = place.world.id("rtbassoc");
  table.associations.push({ id, subnetId });
  return id;
}

function dissociate(table: RouteTableRecord, association: AssociationRecord): void {
  table.associations = table.associations.filter((each) => each !== association);
}

function disassociateRouteTable(input: DisassociateRouteTableRequest, call: Call): void {
  const { table, association } = findAssociation(call, input.AssociationId);
  if (association.subnetId === null) {
    throw invalidValue(`cannot disassociate the main route table association ${association.id}`);
  }
  dissociate(table, association);
}

function replaceRouteTableAssociation(
  input: ReplaceRouteTableAssociationRequest,
  call: Call,
): ReplaceRouteTableAssociationResult {
  const { table: from, association } = findAssociation(call, input.AssociationId);
  const to = find(routeTableFamily, call, required(input.RouteTableId, "routeTableId"));
  if (from.VpcId !== to.VpcId) {
    throw invalidValue(`Route table ${to.RouteTableId} and association ${association.id} belong to different networks`);
  }
  dissociate(from, association);
  return {
    NewAssociationId: associate(call, to, association.subnetId),
    AssociationState: { State: "associated" },
  };
}

function findAssociation(place: Place, id: string | undefined) {
  const wanted = required(id, "associationId");
  const found = associationOf(place, (each) => each.id === wanted);
  if (!found) throw associationNotFound([wanted]);
  return found;
}

/** A subnet's association goes with the subnet. */
export function forgetSubnet(place: Place, subnetId: string): void {
  const found = associationOf(place, (each) => each.subnetId === subnetId);
  if (found) dissociate(found.table, found.association);
}

export const routeTableHandlers = {
  CreateRouteTable: createRouteTable,
  DescribeRouteTables: describeRouteTables,
  DeleteRouteTable: deleteRouteTable,
  AssociateRouteTable: associateRouteTable,
  DisassociateRouteTable: disassociateRouteTable,
  ReplaceRouteTableAssociation: replaceRouteTableAssociation,
};
