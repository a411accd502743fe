import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Call } from "../service.ts";
import { ec2Of } from "../services/ec2/place.ts";
import { making, on, regionOf } from "./ec2-resources.ts";
import { need, removedTags, requestTags, type Rows, tagsIn } from "./requirement.ts";

/** Reads know no resources. */
function read(action: string) {
  return (_: object, call: Call) => [need(`ec2:${action}`, "*", regionOf(call))];
}

/** An action on the one resource that a member of the request names. */
function act<Input extends object>(action: string, member: keyof Input & string) {
  return (input: Input, call: Call) => on(action, [input[member] as string | undefined], call);
}

interface Authorization {
  readonly GroupId?: string | undefined;
  readonly TagSpecifications?: readonly Ec2.TagSpecification[] | undefined;
}

/** The rules are resources of their own where they get tags. */
function authorize(action: string) {
  return ({ GroupId, TagSpecifications }: Authorization, call: Call) => [
    ...on(action, [GroupId], call),
    ...(TagSpecifications?.length ? making(action, { type: "security-group-rule" }, TagSpecifications, call) : []),
  ];
}

interface TemplateReference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

function onTemplate(action: string) {
  return ({ LaunchTemplateId, LaunchTemplateName }: TemplateReference, call: Call) => {
    const templates = Object.values(ec2Of(call).launchTemplates);
    const named = templates.find((each) => each.LaunchTemplateName === LaunchTemplateName);
    return on(action, [LaunchTemplateId ?? named?.LaunchTemplateId ?? "lt-*"], call);
  };
}

/** The route table and the subnet of an association. */
function ofAssociation(associationId: string | undefined, call: Call) {
  for (const table of Object.values(ec2Of(call).routeTables)) {
    const association = table.associations.find(({ id }) => id === associationId);
    if (association) return { table: table.RouteTableId, subnet: association.subnetId ?? undefined };
  }
  return { table: undefined, subnet: undefined };
}

export const ec2Rows = {
  DescribeAvailabilityZones: read("DescribeAvailabilityZones"),
  DescribeRegions: read("DescribeRegions"),
  DescribeAccountAttributes: read("DescribeAccountAttributes"),
  DescribeTags: read("DescribeTags"),

  CreateVpc: ({ TagSpecifications }: Ec2.CreateVpcRequest, call: Call) =>
    making("CreateVpc", { type: "vpc" }, TagSpecifications, call),
  DescribeVpcs: read("DescribeVpcs"),
  ModifyVpcAttribute: act<Ec2.ModifyVpcAttributeRequest>("ModifyVpcAttribute", "VpcId"),
  DescribeVpcAttribute: act<Ec2.DescribeVpcAttributeRequest>("DescribeVpcAttribute", "VpcId"),
  DeleteVpc: act<Ec2.DeleteVpcRequest>("DeleteVpc", "VpcId"),

  CreateSubnet: ({ TagSpecifications, VpcId }: Ec2.CreateSubnetRequest, call: Call) => [
    ...making("CreateSubnet", { type: "subnet" }, TagSpecifications, call),
    ...on("CreateSubnet", [VpcId], call),
  ],
  DescribeSubnets: read("DescribeSubnets"),
  ModifySubnetAttribute: act<Ec2.ModifySubnetAttributeRequest>("ModifySubnetAttribute", "SubnetId"),
  DeleteSubnet: act<Ec2.DeleteSubnetRequest>("DeleteSubnet", "SubnetId"),

  CreateInternetGateway: ({ TagSpecifications }: Ec2.CreateInternetGatewayRequest, call: Call) =>
    making("CreateInternetGateway", { type: "internet-gateway" }, TagSpecifications, call),
  AttachInternetGateway: ({ InternetGatewayId, VpcId }: Ec2.AttachInternetGatewayRequest, call: Call) =>
    on("AttachInternetGateway", [InternetGatewayId, VpcId], call),
  DetachInternetGateway: ({ InternetGatewayId, VpcId }: Ec2.DetachInternetGatewayRequest, call: Call) =>
    on("DetachInternetGateway", [InternetGatewayId, VpcId], call),
  DeleteInternetGateway: act<Ec2.DeleteInternetGatewayRequest>("DeleteInternetGateway", "InternetGatewayId"),
  DescribeInternetGateways: read("DescribeInternetGateways"),

  AllocateAddress: ({ TagSpecifications }: Ec2.AllocateAddressRequest, call: Call) =>
    making("AllocateAddress", { type: "elastic-ip" }, TagSpecifications, call),
  ReleaseAddress: act<Ec2.ReleaseAddressRequest>("ReleaseAddress", "AllocationId"),
  DescribeAddresses: read("DescribeAddresses"),
  CreateNatGateway: ({ TagSpecifications, SubnetId, AllocationId }: Ec2.CreateNatGatewayRequest, call: Call) => [
    ...making("CreateNatGateway", { type: "natgateway" }, TagSpecifications, call),
    ...on("CreateNatGateway", [SubnetId, AllocationId], call),
  ],
  DescribeNatGateways: read("DescribeNatGateways"),
  DeleteNatGateway: act<Ec2.DeleteNatGatewayRequest>("DeleteNatGateway", "NatGatewayId"),

  CreateRouteTable: ({ TagSpecifications, VpcId }: Ec2.CreateRouteTableRequest, call: Call) => [
    ...making("CreateRouteTable", { type: "route-table" }, TagSpecifications, call),
    ...on("CreateRouteTable", [VpcId], call),
  ],
  DescribeRouteTables: read("DescribeRouteTables"),
  DeleteRouteTable: act<Ec2.DeleteRouteTableRequest>("DeleteRouteTable", "RouteTableId"),
  AssociateRouteTable: ({ RouteTableId, SubnetId, GatewayId }: Ec2.AssociateRouteTableRequest, call: Call) =>
    on("AssociateRouteTable", [RouteTableId, SubnetId, GatewayId], call),
  DisassociateRouteTable({ AssociationId }: Ec2.DisassociateRouteTableRequest, call: Call) {
    const { table, subnet } = ofAssociation(AssociationId, call);
    return on("DisassociateRouteTable", [table ?? "rtb-*", subnet], call);
  },
  ReplaceRouteTableAssociation(input: Ec2.ReplaceRouteTableAssociationRequest, call: Call) {
    const { subnet } = ofAssociation(input.AssociationId, call);
    return on("ReplaceRouteTableAssociation", [input.RouteTableId, subnet], call);
  },
  CreateRoute: act<Ec2.CreateRouteRequest>("CreateRoute", "RouteTableId"),
  ReplaceRoute: act<Ec2.ReplaceRouteRequest>("ReplaceRoute", "RouteTableId"),
  DeleteRoute: act<Ec2.DeleteRouteRequest>("DeleteRoute", "RouteTableId"),

  CreateSecurityGroup: ({ TagSpecifications, VpcId }: Ec2.CreateSecurityGroupRequest, call: Call) => [
    ...making("CreateSecurityGroup", { type: "security-group" }, TagSpecifications, call),
    ...on("CreateSecurityGroup", [VpcId], call),
  ],
  DeleteSecurityGroup: act<Ec2.DeleteSecurityGroupRequest>("DeleteSecurityGroup", "GroupId"),
  DescribeSecurityGroups: read("DescribeSecurityGroups"),
  AuthorizeSecurityGroupIngress: authorize("AuthorizeSecurityGroupIngress"),
  AuthorizeSecurityGroupEgress: authorize("AuthorizeSecurityGroupEgress"),
  RevokeSecurityGroupIngress: act<Ec2.RevokeSecurityGroupIngressRequest>("RevokeSecurityGroupIngress", "GroupId"),
  RevokeSecurityGroupEgress: act<Ec2.RevokeSecurityGroupEgressRequest>("RevokeSecurityGroupEgress", "GroupId"),
  ModifySecurityGroupRules: ({ GroupId, SecurityGroupRules = [] }: Ec2.ModifySecurityGroupRulesRequest, call: Call) =>
    on(
      "ModifySecurityGroupRules",
      [GroupId, ...SecurityGroupRules.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId)],
      call,
    ),
  DescribeSecurityGroupRules: read("DescribeSecurityGroupRules"),

  DescribeNetworkInterfaces: read("DescribeNetworkInterfaces"),
  DeleteNetworkInterface: act<Ec2.DeleteNetworkInterfaceRequest>("DeleteNetworkInterface", "NetworkInterfaceId"),

  CreateLaunchTemplate: ({ TagSpecifications }: Ec2.CreateLaunchTemplateRequest, call: Call) =>
    making("CreateLaunchTemplate", { type: "launch-template" }, TagSpecifications, call),
  DescribeLaunchTemplates: read("DescribeLaunchTemplates"),
  DeleteLaunchTemplate: onTemplate("DeleteLaunchTemplate"),
  CreateLaunchTemplateVersion: onTemplate("CreateLaunchTemplateVersion"),
  DescribeLaunchTemplateVersions: read("DescribeLaunchTemplateVersions"),
  ModifyLaunchTemplate: onTemplate("ModifyLaunchTemplate"),
  DeleteLaunchTemplateVersions: onTemplate("DeleteLaunchTemplateVersions"),

  ImportKeyPair: ({ TagSpecifications, KeyName }: Ec2.ImportKeyPairRequest, call: Call) =>
    making("ImportKeyPair", { type: "key-pair", name: KeyName }, TagSpecifications, call),
  DescribeKeyPairs: read("DescribeKeyPairs"),
  DeleteKeyPair({ KeyPairId, KeyName }: Ec2.DeleteKeyPairRequest, call: Call) {
    const pairs = Object.values(ec2Of(call).keyPairs);
    return on(
      "DeleteKeyPair",
      [KeyPairId ?? pairs.find((each) => each.KeyName === KeyName)?.KeyPairId ?? "key-*"],
      call,
    );
  },

  DescribeInstanceTypes: read("DescribeInstanceTypes"),
  DescribeInstanceTypeOfferings: read("DescribeInstanceTypeOfferings"),
  DescribeInstances: read("DescribeInstances"),
  TerminateInstances: ({ InstanceIds = [] }: Ec2.TerminateInstancesRequest, call: Call) =>
    on("TerminateInstances", InstanceIds, call),
  DescribeVolumes: read("DescribeVolumes"),
  DeleteVolume: act<Ec2.DeleteVolumeRequest>("DeleteVolume", "VolumeId"),

  CreateTags: ({ Resources = [], Tags }: Ec2.CreateTagsRequest, call: Call) =>
    on("CreateTags", Resources, call, requestTags(tagsIn(Tags))),
  DeleteTags({ Resources = [], Tags = [] }: Ec2.DeleteTagsRequest, call: Call) {
    const withValues = tagsIn(Tags.filter(({ Value }) => Value !== undefined));
    const keys = removedTags(Tags.map(({ Key = "" }) => Key));
    return on("DeleteTags", Resources, call, requestTags(withValues), keys);
  },
} satisfies Rows;
