import type {
  AssociateSubnetCidrBlockRequest,
  AssociateSubnetCidrBlockResult,
  CreateSubnetRequest,
  CreateSubnetResult,
  DeleteSubnetRequest,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  ModifySubnetAttributeRequest,
  Subnet,
} from "@aws-sdk/client-ec2";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { dependencyViolation, invalidCombination, invalidValue, required, takeOnly } from "./errors.ts";
import { subnetFamily, vpcFamily } from "./families.ts";
import { find, selectPage } from "./family.ts";
import { contains, formatCidr, overlaps, parseCidr } from "./ipv4.ts";
import { subnetBlock, subnetBlockView } from "./ipv6-blocks.ts";
import { ec2Arn, ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import { forgetSubnet } from "./route-tables.ts";
import type { SubnetRecord } from "./state.ts";
import { availableAddresses, blockOf } from "./subnet-addresses.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";
import { enabledZonesOf, type Zone } from "./zones.ts";
import { outpostOf } from "../outposts/outposts.ts";

function createSubnet(input: CreateSubnetRequest, call: Call): CreateSubnetResult {
  takeOnly("CreateSubnet", input, [
    "VpcId",
    "CidrBlock",
    "Ipv6CidrBlock",
    "AvailabilityZone",
    "AvailabilityZoneId",
    "OutpostArn",
    "TagSpecifications",
  ]);
  const vpc = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  const cidr = required(input.CidrBlock, "cidrBlock");
  const tags = tagsOnCreate(input.TagSpecifications, "subnet");
  const zone = zoneOf(input, call.region);
  checkOutpost(input, zone, call);
  const block = parseCidr(cidr);
  if (!block) throw invalidValue(`Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  if (block.bits < 16 || block.bits > 28 || !contains(blockOf(vpc), block)) {
    throw new AwsError("InvalidSubnet.Range", `The CIDR '${cidr}' is invalid.`);
  }
  const { subnets } = ec2Of(call);
  const siblings = Object.values(subnets).filter((subnet) => subnet.VpcId === vpc.VpcId);
  if (siblings.some((sibling) => overlaps(blockOf(sibling), block))) {
    throw new AwsError("InvalidSubnet.Conflict", `The CIDR '${cidr}' conflicts with another subnet`);
  }
  const ipv6Blocks = input.Ipv6CidrBlock ? [subnetBlock(call, vpc, input.Ipv6CidrBlock)] : [];
  checkQuota(call, "subnets", siblings.length);
  const subnet: SubnetRecord = {
    ...recorded(call, tags),
    SubnetId: call.world.id("subnet"),
    VpcId: vpc.VpcId,
    CidrBlock: formatCidr(block),
    AvailabilityZone: zone.name,
    AvailabilityZoneId: zone.id,
    ...(input.OutpostArn === undefined ? {} : { outpostArn: input.OutpostArn }),
    ipv6Blocks,
    MapPublicIpOnLaunch: false,
    assignIpv6Address: false,
    dns64: false,
    hostnameType: "ip-name",
    resourceNameDnsARecord: false,
  };
  subnets[subnet.SubnetId] = subnet;
  return { Subnet: view(subnet, call) };
}

/** The Outpost that a subnet is to be on: there, and in the subnet's zone. */
function checkOutpost({ OutpostArn: arn }: CreateSubnetRequest, zone: Zone, { world, region }: Call): void {
  if (arn === undefined) return;
  const outpost = outpostOf(world, region, arn);
  if (!outpost) throw new AwsError("InvalidOutpostArn.NotFound", `The Outpost '${arn}' does not exist`);
  if (outpost.zone.name === zone.name) return;
  throw invalidValue(`The Outpost '${arn}' is not in the availability zone ${zone.name}`);
}

/** Without a zone AWS chooses one. */
function zoneOf(input: CreateSubnetRequest, region: string): Zone {
  const { AvailabilityZone: name, AvailabilityZoneId: id } = input;
  if (name !== undefined && id !== undefined) {
    throw invalidCombination("The parameters availabilityZone and availabilityZoneId cannot be used together");
  }
  const zones = enabledZonesOf(region);
  const zone =
    name === undefined && id === undefined ? zones[0] : zones.find((each) => each.name === name || each.id === id);
  if (zone) return zone;
  const usable = zones.map((each) => (id === undefined ? each.name : each.id)).join(", ");
  throw invalidValue(
    `Value (${name ?? id}) for parameter ${id === undefined ? "availabilityZone" : "availabilityZoneId"} is invalid. ` +
      `Subnets can currently only be created in the following availability zones: ${usable}.`,
  );
}

function describeSubnets(input: DescribeSubnetsRequest, call: Call): DescribeSubnetsResult {
  const query = { ids: ["subnetIds", input.SubnetIds], filters: input.Filters } as const;
  const { items, ...rest } = selectPage(subnetFamily, call, query, input);
  return { Subnets: items.map((subnet) => view(subnet, call)), ...rest };
}

function view(subnet: SubnetRecord, place: Place): Subnet {
  return {
    SubnetId: subnet.SubnetId,
    SubnetArn: ec2Arn(place, `subnet/${subnet.SubnetId}`),
    OwnerId: ownerOf(place),
    VpcId: subnet.VpcId,
    State: "available",
    CidrBlock: subnet.CidrBlock,
    AvailabilityZone: subnet.AvailabilityZone,
    AvailabilityZoneId: subnet.AvailabilityZoneId,
    ...(subnet.outpostArn === undefined ? {} : { OutpostArn: subnet.outpostArn }),
    AvailableIpAddressCount: availableAddresses(subnet, place),
    MapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch,
    AssignIpv6AddressOnCreation: subnet.assignIpv6Address,
    MapCustomerOwnedIpOnLaunch: false,
    DefaultForAz: false,
    EnableDns64: subnet.dns64,
    Ipv6Native: false,
    Ipv6CidrBlockAssociationSet: subnet.ipv6Blocks.map((block) => subnetBlockView(block, place)),
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: subnet.hostnameType,
      EnableResourceNameDnsARecord: subnet.resourceNameDnsARecord,
      EnableResourceNameDnsAAAARecord: false,
    },
    Tags: tagList(subnet.tags),
  };
}

/** One attribute in each call. */
function modifySubnetAttribute(input: ModifySubnetAttributeRequest, call: Call): void {
  const { SubnetId: id, ...attributes } = input;
  const subnet = find(subnetFamily, call, required(id, "subnetId"));
  const given = Object.values(attributes).filter((value) => value !== undefined);
  if (given.length > 1) throw invalidCombination("Fields for multiple attribute types specified");
  const {
    MapPublicIpOnLaunch: mapPublicIp,
    PrivateDnsHostnameTypeOnLaunch: hostnameType,
    EnableResourceNameDnsARecordOnLaunch: dnsRecord,
    AssignIpv6AddressOnCreation: assignIpv6,
    EnableDns64: dns64,
  } = attributes;
  if (mapPublicIp) subnet.MapPublicIpOnLaunch = mapPublicIp.Value ?? false;
  else if (hostnameType) subnet.hostnameType = hostnameType;
  else if (dnsRecord) subnet.resourceNameDnsARecord = dnsRecord.Value ?? false;
  else if (assignIpv6) subnet.assignIpv6Address = ofIpv6(subnet, "assignIpv6AddressOnCreation", assignIpv6.Value);
  else if (dns64) subnet.dns64 = ofIpv6(subnet, "enableDns64", dns64.Value);
  else if (given.length === 0) throw invalidCombination("No attributes specified.");
  else throw notSimulated(`ModifySubnetAttribute of ${Object.keys(attributes).join(", ")}`);
}

/** An attribute that a subnet without an IPv6 block cannot have. */
function ofIpv6(subnet: SubnetRecord, name: string, value = false): boolean {
  if (!value || subnet.ipv6Blocks.length > 0) return value;
  throw invalidValue(`Invalid value 'true' for ${name}. Subnet ${subnet.SubnetId} has no IPv6 CIDR block.`);
}

/** One block a subnet. */
function associateSubnetCidrBlock(input: AssociateSubnetCidrBlockRequest, call: Call): AssociateSubnetCidrBlockResult {
  takeOnly("AssociateSubnetCidrBlock", input, ["SubnetId", "Ipv6CidrBlock"]);
  const subnet = find(subnetFamily, call, required(input.SubnetId, "subnetId"));
  const vpc = find(vpcFamily, call, subnet.VpcId);
  if (subnet.ipv6Blocks.length > 0) {
    throw new AwsError("SubnetAlreadyAssociated", `Subnet ${subnet.SubnetId} already has an IPv6 CIDR block.`);
  }
  const block = subnetBlock(call, vpc, required(input.Ipv6CidrBlock, "ipv6CidrBlock"));
  subnet.ipv6Blocks.push(block);
  return { SubnetId: subnet.SubnetId, Ipv6CidrBlockAssociation: subnetBlockView(block, call) };
}

/** Refused while an interface is in it; its association with a route table goes with it. */
function deleteSubnet(input: DeleteSubnetRequest, call: Call): void {
  const { SubnetId: id } = find(subnetFamily, call, required(input.SubnetId, "subnetId"));
  const state = ec2Of(call);
  if (Object.values(state.networkInterfaces).some((each) => each.SubnetId === id)) {
    throw dependencyViolation(`The subnet '${id}' has dependencies and cannot be deleted.`);
  }
  forgetSubnet(call, id);
  delete state.subnets[id];
}

export const subnetHandlers = {
  CreateSubnet: createSubnet,
  DescribeSubnets: describeSubnets,
  AssociateSubnetCidrBlock: associateSubnetCidrBlock,
  ModifySubnetAttribute: modifySubnetAttribute,
  DeleteSubnet: deleteSubnet,
};
