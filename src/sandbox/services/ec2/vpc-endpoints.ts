import { createHash } from "node:crypto";
import type {
  CreateVpcEndpointRequest,
  CreateVpcEndpointResult,
  DeleteVpcEndpointsRequest,
  DeleteVpcEndpointsResult,
  DescribeVpcEndpointsRequest,
  DescribeVpcEndpointsResult,
  ModifyVpcEndpointRequest,
  ModifyVpcEndpointResult,
  VpcEndpoint,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { once } from "./client-tokens.ts";
import { required, takeOnly } from "./errors.ts";
import { routeTableFamily, securityGroupFamily, subnetFamily, vpcEndpointFamily, vpcFamily } from "./families.ts";
import { find, findAtOnce, lookUp, selectPage } from "./family.ts";
import { contains, parseCidr } from "./ipv4.ts";
import { makeNetworkInterface } from "./network-interfaces.ts";
import { ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import { associationOf, mainRouteTableOf } from "./routing.ts";
import { rulesOf } from "./rule-filters.ts";
import type { SubnetRecord, VpcEndpointRecord, VpcRecord } from "./state.ts";
import { blockOf } from "./subnet-addresses.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";
import type { Open } from "./views.ts";
import {
  type EndpointService,
  endpointServicesOf,
  serviceNotFound,
  vpcEndpointServiceHandlers,
} from "./vpc-endpoint-services.ts";

/** EC2's word for what is wrong with an endpoint. */
const invalidParameter = (message: string) => new AwsError("InvalidParameter", message);

/** EC2 answers states in lower case, which its model spells otherwise. */
type Shown = Open<VpcEndpoint, "State">;

function createVpcEndpoint(
  input: CreateVpcEndpointRequest,
  call: Call,
): Omit<CreateVpcEndpointResult, "VpcEndpoint"> & { VpcEndpoint: Shown } {
  takeOnly("CreateVpcEndpoint", input, [
    "VpcEndpointType",
    "VpcId",
    "ServiceName",
    "RouteTableIds",
    "SubnetIds",
    "SecurityGroupIds",
    "ClientToken",
    "PrivateDnsEnabled",
    "TagSpecifications",
  ]);
  const tags = tagsOnCreate(input.TagSpecifications, "vpc-endpoint");
  const id = once(call, "CreateVpcEndpoint", input, () => makeEndpoint(input, tags, call));
  return {
    VpcEndpoint: view(findAtOnce(vpcEndpointFamily, call, id), call),
    ...(input.ClientToken ? { ClientToken: input.ClientToken } : {}),
  };
}

function makeEndpoint(input: CreateVpcEndpointRequest, tags: Record<string, string>, call: Call): string {
  const vpc = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  const service = serviceFor(required(input.ServiceName, "serviceName"), input.VpcEndpointType ?? "Gateway", call);
  const { world } = call;
  const endpoint: VpcEndpointRecord = {
    ...recorded(call, tags),
    VpcEndpointId: world.id("vpce"),
    VpcEndpointType: service.type,
    VpcId: vpc.VpcId,
    ServiceName: service.name,
    State: service.type === "Gateway" ? "available" : "pending",
    PrivateDnsEnabled: false,
    RouteTableIds: [],
    groupIds: [],
    networkInterfaceIds: {},
    createdAt: world.now(),
    next:
      service.type === "Gateway"
        ? null
        : { state: "available", at: world.now() + world.duration("vpcEndpointCreate", service.name) },
  };
  if (service.type === "Interface" && input.PrivateDnsEnabled) enablePrivateDns(endpoint, vpc, service, call);
  const defaultGroup = Object.values(ec2Of(call).securityGroups).find(
    (group) => group.VpcId === vpc.VpcId && group.GroupName === "default",
  );
  const groups = input.SecurityGroupIds ?? (service.type === "Interface" && defaultGroup ? [defaultGroup.GroupId] : []);
  addGroups(endpoint, groups, call);
  addSubnets(endpoint, service, input.SubnetIds ?? [], call);
  addRouteTables(endpoint, input.RouteTableIds ?? [], call);
  ec2Of(call).vpcEndpoints[endpoint.VpcEndpointId] = endpoint;
  return endpoint.VpcEndpointId;
}

function serviceFor(name: string, type: string, { region }: Place): EndpointService {
  const named = endpointServicesOf(region).filter((one) => one.name === name);
  if (named.length === 0) throw serviceNotFound(name);
  const service = named.find((one) => one.type === type);
  if (service) return service;
  throw invalidParameter(`The endpoint type of service ${name} is not ${type}`);
}

/** One endpoint a VPC answers for a service's name, which takes the VPC's own DNS. */
function enablePrivateDns(endpoint: VpcEndpointRecord, vpc: VpcRecord, service: EndpointService, place: Place): void {
  if (endpoint.PrivateDnsEnabled) return;
  if (!vpc.enableDnsSupport || !vpc.enableDnsHostnames) {
    throw invalidParameter(
      "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for " +
        vpc.VpcId,
    );
  }
  const other = Object.values(ec2Of(place).vpcEndpoints).find(
    (one) => one.VpcId === vpc.VpcId && one.ServiceName === service.name && one.PrivateDnsEnabled,
  );
  if (other) {
    throw invalidParameter(
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${service.dnsName} in ` +
        `the VPC ${vpc.VpcId}`,
    );
  }
  endpoint.PrivateDnsEnabled = true;
}

function addGroups(endpoint: VpcEndpointRecord, ids: readonly string[], place: Place): void {
  if (ids.length > 0) only("Interface", endpoint, "Security groups");
  for (const id of ids) {
    const { VpcId } = find(securityGroupFamily, place, id);
    if (VpcId !== endpoint.VpcId) throw invalidParameter(`The security group ${id} is not in VPC ${endpoint.VpcId}`);
    if (!endpoint.groupIds.includes(id)) endpoint.groupIds.push(id);
  }
}

/** One interface a zone, in zones that the service is in. */
function addSubnets(endpoint: VpcEndpointRecord, service: EndpointService, ids: readonly string[], call: Call): void {
  if (ids.length > 0) only("Interface", endpoint, "Subnets");
  const { subnets } = ec2Of(call);
  for (const id of ids) {
    const { VpcId, AvailabilityZone: zone } = find(subnetFamily, call, id);
    if (VpcId !== endpoint.VpcId) throw invalidParameter(`The subnet ID '${id}' is not in VPC ${endpoint.VpcId}`);
    if (!service.zones.includes(zone)) {
      throw invalidParameter(
        `The VPC endpoint service ${service.name} does not support the availability zone of the subnet: ${id}.`,
      );
    }
    const taken = Object.keys(endpoint.networkInterfaceIds).some((other) => subnets[other]?.AvailabilityZone === zone);
    if (taken) {
      throw new AwsError(
        "DuplicateSubnetsInSameZone",
        `Found another VPC endpoint subnet in the availability zone of ${id}. VPC endpoint subnets should be in different ` +
          "availability zones supported by the VPC endpoint service.",
      );
    }
    endpoint.networkInterfaceIds[id] = makeNetworkInterface(call, {
      subnetId: id,
      groupIds: endpoint.groupIds,
      description: `VPC Endpoint Interface ${endpoint.VpcEndpointId}`,
      type: "vpc_endpoint",
      requesterManaged: true,
    }).NetworkInterfaceId;
  }
}

/** Each gets a route to the service's prefix list. */
function addRouteTables(endpoint: VpcEndpointRecord, ids: readonly string[], place: Place): void {
  if (ids.length > 0) only("Gateway", endpoint, "Route tables");
  const destination = prefixListOf(endpoint.ServiceName);
  for (const id of ids) {
    const table = find(routeTableFamily, place, id);
    if (table.VpcId !== endpoint.VpcId) {
      throw invalidParameter(`The route table ${id} does not belong to VPC ${endpoint.VpcId}`);
    }
    if (table.routes.some((route) => route.destination === destination)) {
      throw new AwsError(
        "RouteAlreadyExists",
        `route table ${id} already has a route with destination-prefix-list-id ${destination}`,
      );
    }
    table.routes.push({ destination, target: { GatewayId: endpoint.VpcEndpointId }, origin: "CreateRoute" });
    endpoint.RouteTableIds.push(id);
  }
}

function only(type: VpcEndpointRecord["VpcEndpointType"], endpoint: VpcEndpointRecord, what: string): void {
  if (endpoint.VpcEndpointType === type) return;
  throw invalidParameter(`${what} cannot be specified for endpoints of type ${endpoint.VpcEndpointType}`);
}

function prefixListOf(serviceName: string): string {
  return `pl-${createHash("sha256").update(serviceName).digest("hex").slice(0, 8)}`;
}

function describeVpcEndpoints(
  input: DescribeVpcEndpointsRequest,
  call: Call,
): Omit<DescribeVpcEndpointsResult, "VpcEndpoints"> & { VpcEndpoints: Shown[] } {
  const query = { ids: ["vpcEndpointIds", input.VpcEndpointIds], filters: input.Filters } as const;
  const { items, ...rest } = selectPage(vpcEndpointFamily, call, query, input);
  return { VpcEndpoints: items.map((each) => view(each, call)), ...rest };
}

function view(endpoint: VpcEndpointRecord, place: Place): Shown {
  return {
    VpcEndpointId: endpoint.VpcEndpointId,
    VpcEndpointType: endpoint.VpcEndpointType,
    VpcId: endpoint.VpcId,
    ServiceName: endpoint.ServiceName,
    State: endpoint.State,
    PrivateDnsEnabled: endpoint.PrivateDnsEnabled,
    RequesterManaged: false,
    RouteTableIds: [...endpoint.RouteTableIds],
    SubnetIds: Object.keys(endpoint.networkInterfaceIds),
    NetworkInterfaceIds: Object.values(endpoint.networkInterfaceIds),
    Groups: endpoint.groupIds.map((GroupId) => ({
      GroupId,
      GroupName: ec2Of(place).securityGroups[GroupId]?.GroupName,
    })),
    CreationTimestamp: new Date(endpoint.createdAt),
    OwnerId: ownerOf(place),
    Tags: tagList(endpoint.tags),
  };
}

function modifyVpcEndpoint(input: ModifyVpcEndpointRequest, call: Call): ModifyVpcEndpointResult {
  takeOnly("ModifyVpcEndpoint", input, [
    "VpcEndpointId",
    "AddRouteTableIds",
    "RemoveRouteTableIds",
    "AddSubnetIds",
    "RemoveSubnetIds",
    "AddSecurityGroupIds",
    "RemoveSecurityGroupIds",
    "PrivateDnsEnabled",
  ]);
  const endpoint = find(vpcEndpointFamily, call, required(input.VpcEndpointId, "vpcEndpointId"));
  const { VpcEndpointId: id } = endpoint;
  if (endpoint.State !== "available") {
    throw new AwsError("IncorrectState", `Vpc Endpoint ${id} is in ${endpoint.State} state and cannot be modified`);
  }
  const service = serviceFor(endpoint.ServiceName, endpoint.VpcEndpointType, call);
  removeRoutes(endpoint, input.RemoveRouteTableIds ?? [], call);
  addRouteTables(endpoint, input.AddRouteTableIds ?? [], call);
  for (const subnetId of input.RemoveSubnetIds ?? []) removeInterface(endpoint, subnetId, call);
  addGroups(endpoint, input.AddSecurityGroupIds ?? [], call);
  endpoint.groupIds = endpoint.groupIds.filter((group) => !input.RemoveSecurityGroupIds?.includes(group));
  addSubnets(endpoint, service, input.AddSubnetIds ?? [], call);
  const { networkInterfaces } = ec2Of(call);
  for (const each of Object.values(endpoint.networkInterfaceIds)) {
    const used = networkInterfaces[each];
    if (used) used.groupIds = [...endpoint.groupIds];
  }
  if (input.AddSubnetIds?.length) {
    const { world } = call;
    endpoint.State = "pending";
    endpoint.next = { state: "available", at: world.now() + world.duration("vpcEndpointCreate", id) };
  }
  if (input.PrivateDnsEnabled === true) {
    enablePrivateDns(endpoint, find(vpcFamily, call, endpoint.VpcId), service, call);
  } else if (input.PrivateDnsEnabled === false) endpoint.PrivateDnsEnabled = false;
  return { Return: true };
}

function removeInterface(endpoint: VpcEndpointRecord, subnetId: string, place: Place): void {
  const used = endpoint.networkInterfaceIds[subnetId];
  if (used === undefined) throw invalidParameter(`The subnet ID '${subnetId}' is not of ${endpoint.VpcEndpointId}`);
  delete ec2Of(place).networkInterfaces[used];
  delete endpoint.networkInterfaceIds[subnetId];
}

function removeRoutes(endpoint: VpcEndpointRecord, ids: readonly string[], place: Place): void {
  for (const id of ids) {
    const table = lookUp(routeTableFamily, place, id);
    if (table) table.routes = table.routes.filter((route) => route.target.GatewayId !== endpoint.VpcEndpointId);
  }
  endpoint.RouteTableIds = endpoint.RouteTableIds.filter((id) => !ids.includes(id));
}

/** What cannot be deleted is listed in an answer that is no error. */
function deleteVpcEndpoints(input: DeleteVpcEndpointsRequest, call: Call): DeleteVpcEndpointsResult {
  const unsuccessful = required(input.VpcEndpointIds, "vpcEndpointIds").flatMap((id) => {
    const endpoint = lookUp(vpcEndpointFamily, call, id);
    if (!endpoint) {
      const Message = `The Vpc Endpoint Id '${id}' does not exist`;
      return [{ ResourceId: id, Error: { Code: "InvalidVpcEndpoint.NotFound", Message } }];
    }
    if (endpoint.State === "deleting") return [];
    const { world } = call;
    removeRoutes(endpoint, endpoint.RouteTableIds, call);
    endpoint.State = "deleting";
    endpoint.PrivateDnsEnabled = false;
    const gone = endpoint.VpcEndpointType === "Gateway" ? 0 : world.duration("vpcEndpointDelete", id);
    endpoint.next = { state: "gone", at: world.now() + gone };
    return [];
  });
  return { Unsuccessful: unsuccessful };
}

/** A deleted endpoint lets go of its interfaces, and is gone with them. */
export function settleVpcEndpoints(place: Place): void {
  const { vpcEndpoints, networkInterfaces } = ec2Of(place);
  for (const endpoint of Object.values(vpcEndpoints)) {
    if (!endpoint.next || endpoint.next.at > place.world.now()) continue;
    if (endpoint.next.state === "available") endpoint.State = "available";
    else {
      for (const id of Object.values(endpoint.networkInterfaceIds)) delete networkInterfaces[id];
      delete vpcEndpoints[endpoint.VpcEndpointId];
    }
    endpoint.next = null;
  }
}

/** Whether a subnet reaches a service by an endpoint: one that answers for its name and lets the subnet in, or a route. */
export function reachesByEndpoint(place: Place, subnet: SubnetRecord, service: string): boolean {
  const own = associationOf(place, (each) => each.subnetId === subnet.SubnetId)?.table;
  const table = own ?? mainRouteTableOf(place, subnet.VpcId);
  return Object.values(ec2Of(place).vpcEndpoints).some((endpoint) => {
    if (endpoint.VpcId !== subnet.VpcId || endpoint.State !== "available") return false;
    if (!endpoint.ServiceName.endsWith(`.${place.region}.${service}`)) return false;
    if (endpoint.VpcEndpointType === "Gateway") return endpoint.RouteTableIds.includes(table?.RouteTableId ?? "");
    return endpoint.PrivateDnsEnabled && endpoint.groupIds.some((group) => admits(place, group, subnet));
  });
}

/** HTTPS from the subnet, or from members of a group, who may be anybody. */
function admits(place: Place, groupId: string, subnet: SubnetRecord): boolean {
  return rulesOf(place, groupId, false).some(({ IpProtocol, FromPort, ToPort, peer }) => {
    if (IpProtocol !== "-1" && !(IpProtocol === "tcp" && FromPort <= 443 && ToPort >= 443)) return false;
    const from = parseCidr(peer.CidrIpv4 ?? "");
    return peer.group !== undefined || (from !== undefined && contains(from, blockOf(subnet)));
  });
}

export const vpcEndpointHandlers = {
  ...vpcEndpointServiceHandlers,
  CreateVpcEndpoint: createVpcEndpoint,
  DescribeVpcEndpoints: describeVpcEndpoints,
  ModifyVpcEndpoint: modifyVpcEndpoint,
  DeleteVpcEndpoints: deleteVpcEndpoints,
};
