import type {
  AssociateVpcCidrBlockRequest,
  AssociateVpcCidrBlockResult,
  CreateVpcRequest,
  CreateVpcResult,
  DeleteVpcRequest,
  DescribeVpcAttributeRequest,
  DescribeVpcAttributeResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
  ModifyVpcAttributeRequest,
  Vpc,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import {
  dependencyViolation,
  invalidCombination,
  invalidValue,
  missingParameter,
  required,
  takeOnly,
} from "./errors.ts";
import { vpcFamily } from "./families.ts";
import { find, selectPage } from "./family.ts";
import { formatCidr, parseCidr } from "./ipv4.ts";
import { vpcBlockView, wantedBlock } from "./ipv6-blocks.ts";
import { ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import { addLocalRoute, makeMainRouteTable } from "./route-tables.ts";
import { mainRouteTableOf } from "./routing.ts";
import { dropSecurityGroup, makeDefaultSecurityGroup } from "./security-groups.ts";
import type { VpcRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";
import { isHeld } from "./vpn-gateways.ts";

const ipv6Members = ["AmazonProvidedIpv6CidrBlock", "Ipv6Pool", "Ipv6CidrBlock"] as const;

/** A new VPC comes with a main route table and a default security group. */
function createVpc(input: CreateVpcRequest, call: Call): CreateVpcResult {
  takeOnly("CreateVpc", input, ["CidrBlock", ...ipv6Members, "TagSpecifications"]);
  const cidr = required(input.CidrBlock, "cidrBlock");
  const block = parseCidr(cidr);
  if (!block) throw invalidValue(`Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  if (block.bits < 16 || block.bits > 28) throw new AwsError("InvalidVpc.Range", `The CIDR '${cidr}' is invalid.`);
  const { vpcs } = ec2Of(call);
  const tags = tagsOnCreate(input.TagSpecifications, "vpc");
  checkQuota(call, "vpcs", Object.keys(vpcs).length);
  const id = call.world.id("vpc");
  const ipv6Block = wantedBlock(call, id, input);
  const vpc: VpcRecord = {
    ...recorded(call, tags),
    VpcId: id,
    CidrBlock: formatCidr(block),
    DhcpOptionsId: `dopt-${ownerOf(call)}`,
    cidrAssociationId: call.world.id("vpc-cidr-assoc"),
    ipv6Blocks: ipv6Block ? [ipv6Block] : [],
    enableDnsSupport: true,
    enableDnsHostnames: false,
  };
  vpcs[vpc.VpcId] = vpc;
  makeMainRouteTable(call, vpc);
  makeDefaultSecurityGroup(call, vpc.VpcId);
  return { Vpc: { ...view(vpc, call), State: "pending" } };
}

function describeVpcs(input: DescribeVpcsRequest, call: Call): DescribeVpcsResult {
  const query = { ids: ["vpcIds", input.VpcIds], filters: input.Filters } as const;
  const { items, ...rest } = selectPage(vpcFamily, call, query, input);
  return { Vpcs: items.map((vpc) => view(vpc, call)), ...rest };
}

function view(vpc: VpcRecord, place: Place): Vpc {
  return {
    VpcId: vpc.VpcId,
    OwnerId: ownerOf(place),
    State: "available",
    CidrBlock: vpc.CidrBlock,
    CidrBlockAssociationSet: [
      { AssociationId: vpc.cidrAssociationId, CidrBlock: vpc.CidrBlock, CidrBlockState: { State: "associated" } },
    ],
    Ipv6CidrBlockAssociationSet: vpc.ipv6Blocks.map((block) => vpcBlockView(block, place)),
    DhcpOptionsId: vpc.DhcpOptionsId,
    InstanceTenancy: "default",
    IsDefault: false,
    Tags: tagList(vpc.tags),
  };
}

/** How many IPv6 blocks a VPC may have. */
const maxIpv6Blocks = 5;

/** Another IPv6 block. */
function associateVpcCidrBlock(input: AssociateVpcCidrBlockRequest, call: Call): AssociateVpcCidrBlockResult {
  takeOnly("AssociateVpcCidrBlock", input, ["VpcId", ...ipv6Members]);
  const vpc = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  if (vpc.ipv6Blocks.length >= maxIpv6Blocks) {
    throw new AwsError("CidrLimitExceeded", `This network '${vpc.VpcId}' has met its maximum number of allowed CIDRs.`);
  }
  const block = wantedBlock(call, vpc.VpcId, input);
  if (!block) throw missingParameter("cidrBlock");
  vpc.ipv6Blocks.push(block);
  addLocalRoute(call, vpc.VpcId, block.cidr);
  return { VpcId: vpc.VpcId, Ipv6CidrBlockAssociation: vpcBlockView(block, call) };
}

function modifyVpcAttribute(input: ModifyVpcAttributeRequest, call: Call): void {
  const vpc = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  const { EnableDnsSupport: support, EnableDnsHostnames: hostnames } = input;
  const given = [support, hostnames, input.EnableNetworkAddressUsageMetrics].filter((value) => value !== undefined);
  if (given.length > 1) throw invalidCombination("Fields for multiple attribute types specified");
  if (given.length === 0) throw invalidCombination("No attributes specified.");
  if (support?.Value !== undefined) vpc.enableDnsSupport = support.Value;
  if (hostnames?.Value !== undefined) vpc.enableDnsHostnames = hostnames.Value;
}

function describeVpcAttribute(input: DescribeVpcAttributeRequest, call: Call): DescribeVpcAttributeResult {
  const vpc = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  switch (input.Attribute) {
    case "enableDnsSupport":
      return { VpcId: vpc.VpcId, EnableDnsSupport: { Value: vpc.enableDnsSupport } };
    case "enableDnsHostnames":
      return { VpcId: vpc.VpcId, EnableDnsHostnames: { Value: vpc.enableDnsHostnames } };
    case "enableNetworkAddressUsageMetrics":
      return { VpcId: vpc.VpcId, EnableNetworkAddressUsageMetrics: { Value: false } };
    default:
      throw missingParameter("attribute");
  }
}

/** Refused while anything is in it but what came with it. */
function deleteVpc(input: DeleteVpcRequest, call: Call): void {
  const { VpcId: id } = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  const state = ec2Of(call);
  const main = mainRouteTableOf(call, id);
  const defaultGroup = Object.values(state.securityGroups).find(
    (group) => group.VpcId === id && group.GroupName === "default",
  );
  const inUse = [
    ...Object.values(state.subnets),
    ...Object.values(state.networkInterfaces),
    ...Object.values(state.egressOnlyInternetGateways),
    ...Object.values(state.vpcEndpoints),
    ...Object.values(state.routeTables).filter((table) => table !== main),
    ...Object.values(state.securityGroups).filter((group) => group !== defaultGroup),
  ].some((thing) => thing.VpcId === id);
  const attached =
    Object.values(state.internetGateways).some((gateway) => gateway.attachedTo === id) ||
    Object.values(state.vpnGateways).some(({ attachment }) => attachment?.VpcId === id && isHeld(attachment));
  if (inUse || attached) throw dependencyViolation(`The vpc '${id}' has dependencies and cannot be deleted.`);
  if (main) delete state.routeTables[main.RouteTableId];
  if (defaultGroup) dropSecurityGroup(call, defaultGroup.GroupId);
  delete state.vpcs[id];
}

export const vpcHandlers = {
  CreateVpc: createVpc,
  DescribeVpcs: describeVpcs,
  AssociateVpcCidrBlock: associateVpcCidrBlock,
  ModifyVpcAttribute: modifyVpcAttribute,
  DescribeVpcAttribute: describeVpcAttribute,
  DeleteVpc: deleteVpc,
};
