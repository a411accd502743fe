import type {
  AttachmentStatus,
  ConnectivityType,
  HostnameType,
  ImageState,
  InstanceStateName,
  NatGatewayState,
  RequestLaunchTemplateData,
  TransitGatewayAttachmentState,
  VolumeType,
} from "@aws-sdk/client-ec2";

/**
 * What EC2 holds in one region. Members in AWS's spelling are shown by a describe as they stand; those in camel case are
 * the sandbox's own. Instants are virtual milliseconds since the epoch.
 */
export interface Ec2State {
  vpcs: Record<string, VpcRecord>;
  subnets: Record<string, SubnetRecord>;
  internetGateways: Record<string, InternetGatewayRecord>;
  egressOnlyInternetGateways: Record<string, EgressOnlyInternetGatewayRecord>;
  /** Ids of those that somebody keeps, by themselves. */
  transitGateways: Record<string, string>;
  transitGatewayAttachments: Record<string, TransitGatewayAttachmentRecord>;
  vpnGateways: Record<string, VpnGatewayRecord>;
  vpcEndpoints: Record<string, VpcEndpointRecord>;
  /** Blocks that were brought along, by the id of their pool. */
  ipv6Pools: Record<string, string>;
  addresses: Record<string, AddressRecord>;
  natGateways: Record<string, NatGatewayRecord>;
  routeTables: Record<string, RouteTableRecord>;
  securityGroups: Record<string, SecurityGroupRecord>;
  securityGroupRules: Record<string, SecurityGroupRuleRecord>;
  networkInterfaces: Record<string, NetworkInterfaceRecord>;
  launchTemplates: Record<string, LaunchTemplateRecord>;
  keyPairs: Record<string, KeyPairRecord>;
  images: Record<string, ImageRecord>;
  placementGroups: Record<string, PlacementGroupRecord>;
  instances: Record<string, InstanceRecord>;
  volumes: Record<string, VolumeRecord>;
  /** By operation and client token. */
  clientTokens: Record<string, ClientTokenRecord>;
}

export function emptyEc2State(): Ec2State {
  return {
    vpcs: {},
    subnets: {},
    internetGateways: {},
    egressOnlyInternetGateways: {},
    transitGateways: {},
    transitGatewayAttachments: {},
    vpnGateways: {},
    vpcEndpoints: {},
    ipv6Pools: {},
    addresses: {},
    natGateways: {},
    routeTables: {},
    securityGroups: {},
    securityGroupRules: {},
    networkInterfaces: {},
    launchTemplates: {},
    keyPairs: {},
    images: {},
    placementGroups: {},
    instances: {},
    volumes: {},
    clientTokens: {},
  };
}

/** What every resource with tags has. */
export interface Recorded {
  tags: Record<string, string>;
  /** Until then other calls that name it do not find it. */
  usableAt: number;
  /** Until then describes by its id do not find it. */
  visibleAt: number;
  /** Until then no other describe shows it. */
  listedAt: number;
}

/** A state that follows by itself; `gone` removes the record. */
interface Transition<State> {
  state: State | "gone";
  at: number;
}

/** An IPv6 block of a VPC or subnet. */
export interface Ipv6BlockRecord {
  id: string;
  cidr: string;
  /** Where a VPC's is from: `Amazon`, or a pool of the account. */
  pool: string;
  /** Until then it is `associating`. */
  associatedAt: number;
}

export interface VpcRecord extends Recorded {
  VpcId: string;
  CidrBlock: string;
  DhcpOptionsId: string;
  cidrAssociationId: string;
  ipv6Blocks: Ipv6BlockRecord[];
  enableDnsSupport: boolean;
  enableDnsHostnames: boolean;
}

export interface SubnetRecord extends Recorded {
  SubnetId: string;
  VpcId: string;
  CidrBlock: string;
  AvailabilityZone: string;
  AvailabilityZoneId: string;
  /** Absent: in the region. */
  outpostArn?: string;
  ipv6Blocks: Ipv6BlockRecord[];
  MapPublicIpOnLaunch: boolean;
  assignIpv6Address: boolean;
  dns64: boolean;
  hostnameType: HostnameType;
  resourceNameDnsARecord: boolean;
}

export interface InternetGatewayRecord extends Recorded {
  InternetGatewayId: string;
  attachedTo: string | null;
}

export interface EgressOnlyInternetGatewayRecord extends Recorded {
  EgressOnlyInternetGatewayId: string;
  VpcId: string;
}

export interface TransitGatewayAttachmentRecord extends Recorded {
  TransitGatewayAttachmentId: string;
  TransitGatewayId: string;
  VpcId: string;
  SubnetIds: string[];
  State: TransitGatewayAttachmentState;
  createdAt: number;
  networkInterfaceIds: string[];
  next: Transition<TransitGatewayAttachmentState> | null;
}

/** A virtual private gateway. */
export interface VpnGatewayRecord extends Recorded {
  VpnGatewayId: string;
  AmazonSideAsn: number;
  /** The one that it has, or had a while ago. */
  attachment: VpnGatewayAttachmentRecord | null;
  /** Since when it is no more, though it is still shown. */
  deletedAt: number | null;
}

export interface VpnGatewayAttachmentRecord {
  VpcId: string;
  State: AttachmentStatus;
  next: Transition<AttachmentStatus> | null;
}

export interface VpcEndpointRecord extends Recorded {
  VpcEndpointId: string;
  VpcEndpointType: "Interface" | "Gateway";
  VpcId: string;
  ServiceName: string;
  State: "pending" | "available" | "deleting";
  PrivateDnsEnabled: boolean;
  RouteTableIds: string[];
  groupIds: string[];
  /** By subnet. */
  networkInterfaceIds: Record<string, string>;
  createdAt: number;
  next: Transition<"available"> | null;
}

export interface AddressRecord extends Recorded {
  AllocationId: string;
  PublicIp: string;
  association: { id: string; networkInterfaceId: string } | null;
}

export interface NatGatewayRecord extends Recorded {
  NatGatewayId: string;
  VpcId: string;
  SubnetId: string;
  State: NatGatewayState;
  ConnectivityType: ConnectivityType;
  FailureCode?: string;
  FailureMessage?: string;
  allocationId: string | null;
  /** Kept for the description of a deleted gateway, as the addresses below. */
  networkInterfaceId: string;
  privateIp: string;
  publicIp: string | null;
  createdAt: number;
  deletedAt: number | null;
  next: Transition<NatGatewayState> | null;
}

/** What a route leads to; exactly one member. */
export interface RouteTarget {
  GatewayId?: string;
  NatGatewayId?: string;
  EgressOnlyInternetGatewayId?: string;
  TransitGatewayId?: string;
  NetworkInterfaceId?: string;
}
export interface RouteRecord {
  /** An IPv4 or IPv6 block, or the prefix list of a gateway endpoint's service. */
  destination: string;
  target: RouteTarget;
  origin: "CreateRouteTable" | "CreateRoute";
}
export interface AssociationRecord {
  id: string;
  /** Null for the association that makes this the main table of its VPC. */
  subnetId: string | null;
}
export interface RouteTableRecord extends Recorded {
  RouteTableId: string;
  VpcId: string;
  routes: RouteRecord[];
  associations: AssociationRecord[];
}

export interface SecurityGroupRecord extends Recorded {
  GroupId: string;
  GroupName: string;
  Description: string;
  VpcId: string;
  /** Associated with every VPC of the region, as AssociateSecurityGroupVpc does it; absent: usable in its own VPC only. */
  inEveryVpc?: true;
}

/** The other side of a rule; exactly one member. */
export interface RulePeer {
  CidrIpv4?: string;
  CidrIpv6?: string;
  PrefixListId?: string;
  /** A security group's id. */
  group?: string;
}
export interface SecurityGroupRuleRecord extends Recorded {
  SecurityGroupRuleId: string;
  GroupId: string;
  IsEgress: boolean;
  IpProtocol: string;
  FromPort: number;
  ToPort: number;
  Description?: string;
  peer: RulePeer;
}

export interface NetworkInterfaceRecord extends Recorded {
  NetworkInterfaceId: string;
  VpcId: string;
  SubnetId: string;
  AvailabilityZone: string;
  AvailabilityZoneId: string;
  Description: string;
  InterfaceType: string;
  RequesterManaged: boolean;
  PrivateIpAddress: string;
  ipv6Address: string | null;
  MacAddress: string;
  groupIds: string[];
  /** A public address, elastic or given at launch. */
  publicIp: string | null;
  allocationId: string | null;
  /** Absent: `available`, nothing uses it. */
  attachment: { id: string; instanceId: string | null; at: number } | null;
  /** When whoever uses it lets go and it is gone. */
  releasedAt: number | null;
}

export interface LaunchTemplateVersionRecord {
  number: number;
  description?: string;
  createdAt: number;
  createdBy: string;
  data: RequestLaunchTemplateData;
}
export interface LaunchTemplateRecord extends Recorded {
  LaunchTemplateId: string;
  LaunchTemplateName: string;
  CreatedBy: string;
  DefaultVersionNumber: number;
  createdAt: number;
  /** Counts up even when versions are deleted. */
  lastVersion: number;
  versions: LaunchTemplateVersionRecord[];
}

export interface KeyPairRecord extends Recorded {
  KeyPairId: string;
  KeyName: string;
  KeyFingerprint: string;
  KeyType: "rsa" | "ed25519";
  PublicKey: string;
  createdAt: number;
}

/** An image of the account's own. */
export interface ImageRecord {
  ImageId: string;
  Architecture: "x86_64" | "arm64";
  State: ImageState;
  RootDeviceName: string;
  /** Of what it begins with, GiB. */
  size: number;
}

export interface PlacementGroupRecord extends Recorded {
  GroupId: string;
  GroupName: string;
  Strategy: "cluster";
}

export interface InstanceRecord extends Recorded {
  InstanceId: string;
  InstanceType: string;
  ImageId: string;
  VpcId: string;
  SubnetId: string;
  PrivateIpAddress: string;
  reservationId: string;
  state: InstanceStateName;
  zone: string;
  groupIds: string[];
  networkInterfaceId: string;
  volumeId: string;
  /** Beside the root volume. */
  dataVolumes: { device: string; volumeId: string }[];
  launchedAt: number;
  spot: boolean;
  /** Name of its placement group. */
  placementGroup?: string;
  /** In base64. */
  userData?: string;
  /** Of its instance profile. */
  profileArn?: string;
  /** The service that alone may change it: `eks.amazonaws.com`. */
  operator?: string;
  next: Transition<InstanceStateName> | null;
}

export interface VolumeRecord extends Recorded {
  VolumeId: string;
  AvailabilityZone: string;
  /** GiB. */
  Size: number;
  VolumeType: VolumeType;
  Encrypted: boolean;
  instanceId: string | null;
  createdAt: number;
}

interface ClientTokenRecord {
  /** The request without its token, as canonical JSON. */
  request: string;
  /** What the first request made. */
  id: string;
}
