import { AwsError } from "../../aws-error.ts";
import { notFound } from "./errors.ts";
import type { Family, Taggable } from "./family.ts";
import { ec2Arn, ec2Of, ownerOf, type Place } from "./place.ts";
import { isIpv6, routeState } from "./routing.ts";
import { permissionFilters } from "./rule-filters.ts";
import type {
  AddressRecord,
  EgressOnlyInternetGatewayRecord,
  InstanceRecord,
  InternetGatewayRecord,
  KeyPairRecord,
  PlacementGroupRecord,
  LaunchTemplateRecord,
  NatGatewayRecord,
  NetworkInterfaceRecord,
  Recorded,
  RouteTableRecord,
  SecurityGroupRecord,
  SecurityGroupRuleRecord,
  SubnetRecord,
  TransitGatewayAttachmentRecord,
  VolumeRecord,
  VpcEndpointRecord,
  VpcRecord,
  VpnGatewayRecord,
} from "./state.ts";
import { availableAddresses } from "./subnet-addresses.ts";

export const vpcFamily: Family<VpcRecord> = {
  type: "vpc",
  prefix: "vpc",
  records: (state) => state.vpcs,
  notFound: notFound("InvalidVpcID.NotFound", "vpc"),
  filters: {
    cidr: (vpc) => vpc.CidrBlock,
    "cidr-block-association.association-id": (vpc) => vpc.cidrAssociationId,
    "cidr-block-association.cidr-block": (vpc) => vpc.CidrBlock,
    "cidr-block-association.state": () => "associated",
    "dhcp-options-id": (vpc) => vpc.DhcpOptionsId,
    "ipv6-cidr-block-association.association-id": (vpc) => vpc.ipv6Blocks.map((each) => each.id),
    "ipv6-cidr-block-association.ipv6-cidr-block": (vpc) => vpc.ipv6Blocks.map((each) => each.cidr),
    "is-default": () => false,
    "owner-id": (_, place) => ownerOf(place),
    state: () => "available",
    "vpc-id": (vpc) => vpc.VpcId,
  },
};

export const subnetFamily: Family<SubnetRecord> = {
  type: "subnet",
  prefix: "subnet",
  records: (state) => state.subnets,
  notFound: notFound("InvalidSubnetID.NotFound", "subnet"),
  filters: {
    "availability-zone": (subnet) => subnet.AvailabilityZone,
    "availability-zone-id": (subnet) => subnet.AvailabilityZoneId,
    "available-ip-address-count": availableAddresses,
    "cidr-block": (subnet) => subnet.CidrBlock,
    "default-for-az": () => false,
    "enable-dns64": (subnet) => subnet.dns64,
    "ipv6-cidr-block-association.association-id": (subnet) => subnet.ipv6Blocks.map((each) => each.id),
    "ipv6-cidr-block-association.ipv6-cidr-block": (subnet) => subnet.ipv6Blocks.map((each) => each.cidr),
    "ipv6-native": () => false,
    "map-public-ip-on-launch": (subnet) => subnet.MapPublicIpOnLaunch,
    "owner-id": (_, place) => ownerOf(place),
    "private-dns-name-options-on-launch.hostname-type": (subnet) => subnet.hostnameType,
    state: () => "available",
    "subnet-arn": (subnet, place) => ec2Arn(place, `subnet/${subnet.SubnetId}`),
    "subnet-id": (subnet) => subnet.SubnetId,
    "vpc-id": (subnet) => subnet.VpcId,
  },
};

export const internetGatewayFamily: Family<InternetGatewayRecord> = {
  type: "internet-gateway",
  prefix: "igw",
  records: (state) => state.internetGateways,
  notFound: notFound("InvalidInternetGatewayID.NotFound", "internetGateway"),
  filters: {
    "attachment.state": (gateway) => (gateway.attachedTo ? "available" : undefined),
    "attachment.vpc-id": (gateway) => gateway.attachedTo,
    "internet-gateway-id": (gateway) => gateway.InternetGatewayId,
    "owner-id": (_, place) => ownerOf(place),
  },
};

export const egressOnlyInternetGatewayFamily: Family<EgressOnlyInternetGatewayRecord> = {
  type: "egress-only-internet-gateway",
  prefix: "eigw",
  records: (state) => state.egressOnlyInternetGateways,
  notFound: notFound("InvalidGatewayID.NotFound", "egressOnlyInternetGateway"),
  filters: {},
};

export const transitGatewayAttachmentFamily: Family<TransitGatewayAttachmentRecord> = {
  type: "transit-gateway-attachment",
  prefix: "tgw-attach",
  records: (state) => state.transitGatewayAttachments,
  notFound: notFound("InvalidTransitGatewayAttachmentID.NotFound", "transitGatewayAttachment"),
  filters: {
    state: (attachment) => attachment.State,
    "transit-gateway-attachment-id": (attachment) => attachment.TransitGatewayAttachmentId,
    "transit-gateway-id": (attachment) => attachment.TransitGatewayId,
    "vpc-id": (attachment) => attachment.VpcId,
  },
};

export const vpnGatewayFamily: Family<VpnGatewayRecord> = {
  type: "vpn-gateway",
  prefix: "vgw",
  records: (state) => state.vpnGateways,
  notFound: notFound("InvalidVpnGatewayID.NotFound", "vpnGateway"),
  filters: {
    "amazon-side-asn": (gateway) => gateway.AmazonSideAsn,
    "attachment.state": (gateway) => gateway.attachment?.State,
    "attachment.vpc-id": (gateway) => gateway.attachment?.VpcId,
    state: (gateway) => (gateway.deletedAt === null ? "available" : "deleted"),
    type: () => "ipsec.1",
    "vpn-gateway-id": (gateway) => gateway.VpnGatewayId,
  },
};

export const vpcEndpointFamily: Family<VpcEndpointRecord> = {
  type: "vpc-endpoint",
  prefix: "vpce",
  records: (state) => state.vpcEndpoints,
  notFound: (ids) =>
    new AwsError("InvalidVpcEndpointId.NotFound", `The Vpc Endpoint Id '${ids.join(", ")}' does not exist`),
  filters: {
    "service-name": (endpoint) => endpoint.ServiceName,
    "vpc-endpoint-id": (endpoint) => endpoint.VpcEndpointId,
    "vpc-endpoint-state": (endpoint) => endpoint.State,
    "vpc-endpoint-type": (endpoint) => endpoint.VpcEndpointType,
    "vpc-id": (endpoint) => endpoint.VpcId,
  },
};

export const addressFamily: Family<AddressRecord> = {
  type: "elastic-ip",
  prefix: "eipalloc",
  records: (state) => state.addresses,
  notFound: notFound("InvalidAllocationID.NotFound", "allocation"),
  filters: {
    "allocation-id": (address) => address.AllocationId,
    "association-id": (address) => address.association?.id,
    "network-border-group": (_, place) => place.region,
    "network-interface-id": (address) => address.association?.networkInterfaceId,
    "network-interface-owner-id": (address, place) => (address.association ? ownerOf(place) : undefined),
    "private-ip-address": (address, place) => interfaceOf(address, place)?.PrivateIpAddress,
    "public-ip": (address) => address.PublicIp,
  },
};

export function interfaceOf(address: AddressRecord, place: Place): NetworkInterfaceRecord | undefined {
  return address.association ? ec2Of(place).networkInterfaces[address.association.networkInterfaceId] : undefined;
}

export const natGatewayFamily: Family<NatGatewayRecord> = {
  type: "natgateway",
  prefix: "nat",
  records: (state) => state.natGateways,
  notFound: (ids) => new AwsError("NatGatewayNotFound", `The Nat Gateway ${ids.join(", ")} was not found`),
  filters: {
    "nat-gateway-id": (gateway) => gateway.NatGatewayId,
    state: (gateway) => gateway.State,
    "subnet-id": (gateway) => gateway.SubnetId,
    "vpc-id": (gateway) => gateway.VpcId,
  },
};

export const routeTableFamily: Family<RouteTableRecord> = {
  type: "route-table",
  prefix: "rtb",
  records: (state) => state.routeTables,
  notFound: notFound("InvalidRouteTableID.NotFound", "routeTable"),
  filters: {
    "association.main": (table) => String(table.associations.some((each) => each.subnetId === null)),
    "association.route-table-association-id": (table) => table.associations.map((each) => each.id),
    "association.route-table-id": (table) => (table.associations.length > 0 ? table.RouteTableId : undefined),
    "association.subnet-id": (table) =>
      table.associations.map((each) => each.subnetId).filter((subnetId) => subnetId !== null),
    "owner-id": (_, place) => ownerOf(place),
    "route-table-id": (table) => table.RouteTableId,
    "route.destination-cidr-block": (table) => destinations(table).filter((each) => !isIpv6(each)),
    "route.destination-ipv6-cidr-block": (table) => destinations(table).filter(isIpv6),
    "route.egress-only-internet-gateway-id": (table) =>
      table.routes.flatMap((route) => route.target.EgressOnlyInternetGatewayId ?? []),
    "route.gateway-id": (table) => table.routes.flatMap((route) => route.target.GatewayId ?? []),
    "route.nat-gateway-id": (table) => table.routes.flatMap((route) => route.target.NatGatewayId ?? []),
    "route.origin": (table) => table.routes.map((route) => route.origin),
    "route.state": (table, place) => table.routes.map((route) => routeState(route, table, place)),
    "route.transit-gateway-id": (table) => table.routes.flatMap((route) => route.target.TransitGatewayId ?? []),
    "vpc-id": (table) => table.VpcId,
  },
};

function destinations(table: RouteTableRecord): string[] {
  return table.routes.map((route) => route.destination);
}

export const securityGroupFamily: Family<SecurityGroupRecord> = {
  type: "security-group",
  prefix: "sg",
  records: (state) => state.securityGroups,
  notFound: (ids) => new AwsError("InvalidGroup.NotFound", `The security group '${ids.join(", ")}' does not exist`),
  filters: {
    description: (group) => group.Description,
    "group-id": (group) => group.GroupId,
    "group-name": (group) => group.GroupName,
    "owner-id": (_, place) => ownerOf(place),
    "vpc-id": (group) => group.VpcId,
    ...permissionFilters,
  },
};

export const securityGroupRuleFamily: Family<SecurityGroupRuleRecord> = {
  type: "security-group-rule",
  prefix: "sgr",
  records: (state) => state.securityGroupRules,
  notFound: (ids) =>
    new AwsError(
      "InvalidSecurityGroupRuleId.NotFound",
      `The security group rule ID '${ids.join(", ")}' does not exist`,
    ),
  filters: {
    "group-id": (rule) => rule.GroupId,
    "security-group-rule-id": (rule) => rule.SecurityGroupRuleId,
  },
};

export const networkInterfaceFamily: Family<NetworkInterfaceRecord> = {
  type: "network-interface",
  prefix: "eni",
  records: (state) => state.networkInterfaces,
  notFound: notFound("InvalidNetworkInterfaceID.NotFound", "networkInterface"),
  filters: {
    "addresses.association.public-ip": (each) => each.publicIp,
    "addresses.primary": () => true,
    "addresses.private-ip-address": (each) => each.PrivateIpAddress,
    "association.allocation-id": (each) => each.allocationId,
    "association.public-ip": (each) => each.publicIp,
    "attachment.attachment-id": (each) => each.attachment?.id,
    "attachment.instance-id": (each) => each.attachment?.instanceId,
    "attachment.status": (each) => (each.attachment ? "attached" : undefined),
    "availability-zone": (each) => each.AvailabilityZone,
    description: (each) => each.Description,
    "group-id": (each) => each.groupIds,
    "group-name": (each, place) => each.groupIds.map((id) => ec2Of(place).securityGroups[id]?.GroupName ?? ""),
    "ipv6-addresses.ipv6-address": (each) => each.ipv6Address,
    "interface-type": (each) => each.InterfaceType,
    "mac-address": (each) => each.MacAddress,
    "network-interface-id": (each) => each.NetworkInterfaceId,
    "owner-id": (_, place) => ownerOf(place),
    "private-ip-address": (each) => each.PrivateIpAddress,
    "requester-managed": (each) => each.RequesterManaged,
    status: (each) => (each.attachment ? "in-use" : "available"),
    "subnet-id": (each) => each.SubnetId,
    "vpc-id": (each) => each.VpcId,
  },
};

export const launchTemplateFamily: Family<LaunchTemplateRecord> = {
  type: "launch-template",
  prefix: "lt",
  records: (state) => state.launchTemplates,
  notFound: (ids) =>
    new AwsError(
      "InvalidLaunchTemplateId.NotFound",
      `The specified launch template, with template ID ${ids.join(", ")}, does not exist.`,
    ),
  filters: {
    "create-time": (template) => new Date(template.createdAt).toISOString(),
    "launch-template-name": (template) => template.LaunchTemplateName,
  },
};

export const keyPairFamily: Family<KeyPairRecord> = {
  type: "key-pair",
  prefix: "key",
  records: (state) => state.keyPairs,
  notFound: (ids) => new AwsError("InvalidKeyPair.NotFound", `The key pair '${ids.join(", ")}' does not exist`),
  filters: {
    fingerprint: (key) => key.KeyFingerprint,
    "key-name": (key) => key.KeyName,
    "key-pair-id": (key) => key.KeyPairId,
  },
};

export const placementGroupFamily: Family<PlacementGroupRecord> = {
  type: "placement-group",
  prefix: "pg",
  records: (state) => state.placementGroups,
  notFound: (ids) =>
    new AwsError("InvalidPlacementGroup.Unknown", `The Placement Group '${ids.join(", ")}' is unknown.`),
  filters: {
    "group-name": (group) => group.GroupName,
    state: () => "available",
    strategy: (group) => group.Strategy,
  },
};

export const instanceFamily: Family<InstanceRecord> = {
  type: "instance",
  prefix: "i",
  records: (state) => state.instances,
  notFound: notFound("InvalidInstanceID.NotFound", "instance"),
  filters: {
    "availability-zone": (instance) => instance.zone,
    "image-id": (instance) => instance.ImageId,
    "instance-id": (instance) => instance.InstanceId,
    "instance-state-name": (instance) => instance.state,
    "instance-type": (instance) => instance.InstanceType,
    "instance.group-id": (instance) => instance.groupIds,
    "network-interface.network-interface-id": (instance) => instance.networkInterfaceId,
    "owner-id": (_, place) => ownerOf(place),
    "placement-group-name": (instance) => instance.placementGroup,
    "private-ip-address": (instance) => instance.PrivateIpAddress,
    "reservation-id": (instance) => instance.reservationId,
    "subnet-id": (instance) => (instance.state === "terminated" ? undefined : instance.SubnetId),
    "vpc-id": (instance) => (instance.state === "terminated" ? undefined : instance.VpcId),
  },
};

export const volumeFamily: Family<VolumeRecord> = {
  type: "volume",
  prefix: "vol",
  records: (state) => state.volumes,
  notFound: (ids) => new AwsError("InvalidVolume.NotFound", `The volume '${ids.join(", ")}' does not exist.`),
  filters: {
    "attachment.instance-id": (volume) => volume.instanceId,
    "attachment.status": (volume) => (volume.instanceId ? "attached" : undefined),
    "availability-zone": (volume) => volume.AvailabilityZone,
    encrypted: (volume) => volume.Encrypted,
    size: (volume) => volume.Size,
    status: (volume) => (volume.instanceId ? "in-use" : "available"),
    "volume-id": (volume) => volume.VolumeId,
    "volume-type": (volume) => volume.VolumeType,
  },
};

/** Every kind of resource that can be tagged. */
export const families: readonly Taggable<Recorded>[] = [
  vpcFamily,
  subnetFamily,
  internetGatewayFamily,
  egressOnlyInternetGatewayFamily,
  transitGatewayAttachmentFamily,
  vpnGatewayFamily,
  vpcEndpointFamily,
  addressFamily,
  natGatewayFamily,
  routeTableFamily,
  securityGroupFamily,
  securityGroupRuleFamily,
  networkInterfaceFamily,
  launchTemplateFamily,
  keyPairFamily,
  placementGroupFamily,
  instanceFamily,
  volumeFamily,
];
