import type * as Ec2 from "@aws-sdk/client-ec2";
import { AwsError } from "../aws-error.ts";
import type { Call } from "../service.ts";
import { ec2Of } from "../services/ec2/place.ts";
import { serviceLinkedRole } from "../services/iam/internal.ts";
import { making, on, regionOf } from "./ec2-resources.ts";
import { creatingServiceLinkedRole } from "./iam.ts";
import {
  arn,
  type Context,
  each,
  given,
  need,
  passRole,
  removedTags,
  requestTags,
  type Rows,
  tagsIn,
} from "./requirement.ts";

/** Reads know no resources. */
function read(action: string) {
  return (_: object, call: Call) => [need(`ec2:${action}`, "*", regionOf(call))];
}

type Named<Member extends string> = Readonly<Partial<Record<Member, string | undefined>>>;

/** An action on the resources that these members of the request name. */
function act<Member extends string>(...members: readonly Member[]) {
  return (action: string) => (input: Named<Member>, call: Call) =>
    on(
      action,
      members.map((member) => input[member]),
      call,
    );
}

interface Tagging {
  readonly TagSpecifications?: readonly Ec2.TagSpecification[] | undefined;
}

/** An action that makes a resource, with the ones that these members of the request name. */
function make<Member extends string>(type: Ec2.ResourceType, ...members: readonly Member[]) {
  return (action: string) => (input: Tagging & Named<Member>, call: Call) => [
    ...making(action, { type }, input.TagSpecifications, call),
    ...(members.length > 0 ? act(...members)(action)(input, call) : []),
  ];
}

/** The pool that an IPv6 block is taken from. */
function onPool(action: string, { Ipv6Pool: pool }: Named<"Ipv6Pool">, call: Call) {
  return pool === undefined ? [] : [need(`ec2:${action}`, arn(call, "ec2", `ipv6pool-ec2/${pool}`), regionOf(call))];
}

/** Rules are resources of their own where they get tags. */
function authorize(action: string) {
  return ({ GroupId, TagSpecifications }: Tagging & Named<"GroupId">, call: Call) => [
    ...on(action, [GroupId], call),
    ...(TagSpecifications?.length ? making(action, { type: "security-group-rule" }, TagSpecifications, call) : []),
  ];
}

function onTemplate(action: string) {
  return (input: Named<"LaunchTemplateId" | "LaunchTemplateName">, call: Call) => {
    const templates = Object.values(ec2Of(call).launchTemplates);
    const named = templates.find(({ LaunchTemplateName }) => LaunchTemplateName === input.LaunchTemplateName);
    return on(action, [input.LaunchTemplateId ?? named?.LaunchTemplateId], call);
  };
}

/** Instances as somebody launches them by hand: what they use, what is made, and who they are. */
function runInstances(input: Ec2.RunInstancesRequest, call: Call) {
  const { ImageId = "*", InstanceType, SubnetId, SecurityGroupIds: groups = [], KeyName, TagSpecifications } = input;
  const use = (used: string) => need("ec2:RunInstances", used, regionOf(call));
  const make = (type: "instance" | "volume" | "network-interface", ...contexts: readonly Context[]) =>
    making("RunInstances", { type }, TagSpecifications, call, ...contexts);
  return [
    use(`arn:${call.partition}:ec2:${call.region}::image/${ImageId}`),
    ...on("RunInstances", [SubnetId], call),
    ...on("RunInstances", groups.length > 0 ? groups : [defaultGroupBeside(SubnetId, call)], call),
    ...(KeyName === undefined ? [] : [use(arn(call, "ec2", `key-pair/${KeyName}`))]),
    ...make("instance", given({ "ec2:InstanceType": InstanceType })),
    ...make("volume"),
    ...make("network-interface"),
    ...passRole(roleOfProfile(input.IamInstanceProfile, call), "ec2.amazonaws.com"),
    ...(input.InstanceMarketOptions?.MarketType === "spot" ? spotRole(call) : []),
  ];
}

/** EC2 makes its role for Spot Instances as the caller (EC2 API reference, "Error codes"). */
function spotRole(call: Call) {
  const service = "spot.amazonaws.com";
  if (serviceLinkedRole(call.world, service).exists) return [];
  const words =
    "The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.";
  const refusal = () => new AwsError("AuthFailure.ServiceLinkedRoleCreationNotPermitted", words, { status: 403 });
  return [{ ...creatingServiceLinkedRole(service, call), refusal }];
}

function defaultGroupBeside(subnetId: string | undefined, call: Call): string | undefined {
  const { subnets, securityGroups } = ec2Of(call);
  const vpc = Object.values(subnets).find((subnet) => subnet.SubnetId === subnetId)?.VpcId;
  const groups = Object.values(securityGroups).filter(({ VpcId }) => VpcId === vpc);
  return groups.find(({ GroupName }) => GroupName === "default")?.GroupId;
}

/** Whoever launches an instance with a profile passes the profile's role. */
export function roleOfProfile(
  { Name, Arn }: Ec2.IamInstanceProfileSpecification = {},
  { world }: Call,
): string | undefined {
  const { instanceProfiles, roles } = world.state.iam;
  const profile = Object.values(instanceProfiles).find(({ name, arn: known }) => name === Name || known === Arn);
  return roles[profile?.roleName ?? ""]?.arn;
}

/** The route table and the subnet of an association. */
function ofAssociation({ AssociationId }: Named<"AssociationId">, call: Call) {
  const table = Object.values(ec2Of(call).routeTables).find(({ associations }) =>
    associations.some(({ id }) => id === AssociationId),
  );
  const association = table?.associations.find(({ id }) => id === AssociationId);
  return { table: table?.RouteTableId, subnet: association?.subnetId ?? undefined };
}

export const ec2Rows = {
  ...each(
    [
      "DescribeAccountAttributes",
      "DescribeAddresses",
      "DescribeAvailabilityZones",
      "DescribeEgressOnlyInternetGateways",
      "DescribeImages",
      "DescribeInstances",
      "DescribeInstanceTypeOfferings",
      "DescribeInstanceTypes",
      "DescribeInternetGateways",
      "DescribeKeyPairs",
      "DescribeLaunchTemplates",
      "DescribeLaunchTemplateVersions",
      "DescribeNatGateways",
      "DescribeNetworkInterfaces",
      "DescribePlacementGroups",
      "DescribeRegions",
      "DescribeRouteTables",
      "DescribeSecurityGroupRules",
      "DescribeSecurityGroups",
      "DescribeSubnets",
      "DescribeTags",
      "DescribeTransitGateways",
      "DescribeTransitGatewayVpcAttachments",
      "DescribeVolumes",
      "DescribeVpcEndpoints",
      "DescribeVpcEndpointServices",
      "DescribeVpcs",
      "DescribeVpnGateways",
    ],
    read,
  ),

  CreateVpc: (input: Ec2.CreateVpcRequest, call: Call) => [
    ...making("CreateVpc", { type: "vpc" }, input.TagSpecifications, call),
    ...onPool("CreateVpc", input, call),
  ],
  AssociateVpcCidrBlock: (input: Ec2.AssociateVpcCidrBlockRequest, call: Call) => [
    ...act("VpcId")("AssociateVpcCidrBlock")(input, call),
    ...onPool("AssociateVpcCidrBlock", input, call),
  ],
  ...each(["DescribeVpcAttribute", "ModifyVpcAttribute", "DeleteVpc"], act("VpcId")),
  ...each(["CreateSubnet"], make("subnet", "VpcId")),
  ...each(["ModifySubnetAttribute", "AssociateSubnetCidrBlock", "DeleteSubnet"], act("SubnetId")),
  ...each(["CreateInternetGateway"], make("internet-gateway")),
  ...each(["AttachInternetGateway", "DetachInternetGateway"], act("InternetGatewayId", "VpcId")),
  ...each(["DeleteInternetGateway"], act("InternetGatewayId")),
  ...each(["CreateEgressOnlyInternetGateway"], make("egress-only-internet-gateway", "VpcId")),
  ...each(["DeleteEgressOnlyInternetGateway"], act("EgressOnlyInternetGatewayId")),
  CreateTransitGatewayVpcAttachment(input: Ec2.CreateTransitGatewayVpcAttachmentRequest, call: Call) {
    const action = "CreateTransitGatewayVpcAttachment";
    const gateway = arn(call, "ec2", `transit-gateway/${input.TransitGatewayId ?? "*"}`);
    return [
      ...making(action, { type: "transit-gateway-attachment" }, input.TagSpecifications, call),
      need(`ec2:${action}`, gateway, regionOf(call)),
      ...on(action, [input.VpcId, ...(input.SubnetIds ?? [])], call),
    ];
  },
  ModifyTransitGatewayVpcAttachment(input: Ec2.ModifyTransitGatewayVpcAttachmentRequest, call: Call) {
    const { TransitGatewayAttachmentId, AddSubnetIds = [], RemoveSubnetIds = [] } = input;
    return on(
      "ModifyTransitGatewayVpcAttachment",
      [TransitGatewayAttachmentId, ...AddSubnetIds, ...RemoveSubnetIds],
      call,
    );
  },
  ...each(["DeleteTransitGatewayVpcAttachment"], act("TransitGatewayAttachmentId")),
  ...each(["CreateVpnGateway"], make("vpn-gateway")),
  ...each(["AttachVpnGateway", "DetachVpnGateway"], act("VpnGatewayId", "VpcId")),
  ...each(["DeleteVpnGateway"], act("VpnGatewayId")),
  CreateVpcEndpoint(input: Ec2.CreateVpcEndpointRequest, call: Call) {
    const { VpcId, SubnetIds = [], SecurityGroupIds = [], RouteTableIds = [], TagSpecifications } = input;
    return [
      ...making("CreateVpcEndpoint", { type: "vpc-endpoint" }, TagSpecifications, call),
      ...on("CreateVpcEndpoint", [VpcId, ...SubnetIds, ...SecurityGroupIds, ...RouteTableIds], call),
    ];
  },
  ModifyVpcEndpoint: (input: Ec2.ModifyVpcEndpointRequest, call: Call) =>
    on(
      "ModifyVpcEndpoint",
      [
        input.VpcEndpointId,
        ...[input.AddSubnetIds, input.RemoveSubnetIds, input.AddSecurityGroupIds, input.RemoveSecurityGroupIds].flat(),
        ...[input.AddRouteTableIds, input.RemoveRouteTableIds].flat(),
      ],
      call,
    ),
  DeleteVpcEndpoints: ({ VpcEndpointIds = [] }: Ec2.DeleteVpcEndpointsRequest, call: Call) =>
    on("DeleteVpcEndpoints", VpcEndpointIds, call),
  ...each(["AllocateAddress"], make("elastic-ip")),
  ...each(["ReleaseAddress"], act("AllocationId")),
  ...each(["CreateNatGateway"], make("natgateway", "SubnetId", "AllocationId")),
  ...each(["DeleteNatGateway"], act("NatGatewayId")),
  ...each(["CreateRouteTable"], make("route-table", "VpcId")),
  ...each(["DeleteRouteTable", "CreateRoute", "ReplaceRoute", "DeleteRoute"], act("RouteTableId")),
  ...each(["AssociateRouteTable"], act("RouteTableId", "SubnetId", "GatewayId")),
  DisassociateRouteTable(input: Ec2.DisassociateRouteTableRequest, call: Call) {
    const { table, subnet } = ofAssociation(input, call);
    return on("DisassociateRouteTable", [table, subnet], call);
  },
  ReplaceRouteTableAssociation(input: Ec2.ReplaceRouteTableAssociationRequest, call: Call) {
    const { subnet } = ofAssociation(input, call);
    return on("ReplaceRouteTableAssociation", [input.RouteTableId, subnet], call);
  },

  ...each(["CreateSecurityGroup"], make("security-group", "VpcId")),
  ...each(["AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"], authorize),
  ...each(["RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "DeleteSecurityGroup"], act("GroupId")),
  ModifySecurityGroupRules({ GroupId, SecurityGroupRules = [] }: Ec2.ModifySecurityGroupRulesRequest, call: Call) {
    const rules = SecurityGroupRules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId);
    return on("ModifySecurityGroupRules", [GroupId, ...rules], call);
  },

  ...each(["CreateLaunchTemplate"], make("launch-template")),
  ...each(
    ["CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "DeleteLaunchTemplateVersions", "DeleteLaunchTemplate"],
    onTemplate,
  ),
  ImportKeyPair: ({ TagSpecifications, KeyName }: Ec2.ImportKeyPairRequest, call: Call) =>
    making("ImportKeyPair", { type: "key-pair", name: KeyName }, TagSpecifications, call),
  DeleteKeyPair(input: Ec2.DeleteKeyPairRequest, call: Call) {
    const named = Object.values(ec2Of(call).keyPairs).find(({ KeyName }) => KeyName === input.KeyName);
    const id = input.KeyPairId ?? named?.KeyPairId;
    // Deleting one that is not there succeeds.
    if (id === undefined)
      return [need("ec2:DeleteKeyPair", arn(call, "ec2", `key-pair/${input.KeyName}`), regionOf(call))];
    return on("DeleteKeyPair", [id], call);
  },

  CreatePlacementGroup: ({ TagSpecifications, GroupName }: Ec2.CreatePlacementGroupRequest, call: Call) =>
    making("CreatePlacementGroup", { type: "placement-group", name: GroupName }, TagSpecifications, call),
  DeletePlacementGroup({ GroupName }: Ec2.DeletePlacementGroupRequest, call: Call) {
    const group = Object.values(ec2Of(call).placementGroups).find((each) => each.GroupName === GroupName);
    if (group) return on("DeletePlacementGroup", [group.GroupId], call);
    return [need("ec2:DeletePlacementGroup", arn(call, "ec2", `placement-group/${GroupName}`), regionOf(call))];
  },

  RunInstances: runInstances,
  TerminateInstances: ({ InstanceIds = [] }: Ec2.TerminateInstancesRequest, call: Call) =>
    on("TerminateInstances", InstanceIds, call),
  ...each(["DeleteNetworkInterface"], act("NetworkInterfaceId")),
  ...each(["DeleteVolume"], act("VolumeId")),

  CreateTags: ({ Resources = [], Tags }: Ec2.CreateTagsRequest, call: Call) =>
    on("CreateTags", Resources, call, requestTags(tagsIn(Tags))),
  DeleteTags({ Resources = [], Tags = [] }: Ec2.DeleteTagsRequest, call: Call) {
    const withValues = tagsIn(Tags.filter(({ Value }) => Value !== undefined));
    const keys = removedTags(Tags.map(({ Key = "" }) => Key));
    return on("DeleteTags", Resources, call, requestTags(withValues), keys);
  },
} satisfies Rows;
