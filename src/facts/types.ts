import type { Partition } from "../aws/partition.ts";

/** The tag of a VPC of ours that says which zones it spans: `us-west-2b us-west-2a + us-west-2c`, `+` before those that came later. */
export const zonesTag = "ekstool.dev/zones";

/** The zones that a VPC of ours spans, in the order of their blocks: Local Zones and ids of Outposts are among them. */
export interface VpcZones {
  /** Those that it was made with, among which the control plane is. */
  readonly first: readonly string[];
  /** Those that came later. */
  readonly added: readonly string[];
}

export function zonesText({ first, added }: VpcZones): string {
  return [...first, ...(added.length > 0 ? ["+", ...added] : [])].join(" ");
}

export function parseZones(text: string): VpcZones {
  const [first = "", added = ""] = text.split(" + ");
  const list = (part: string) => part.split(" ").filter((zone) => zone !== "");
  return { first: list(first), added: list(added) };
}

/** Who is calling (STS GetCallerIdentity). */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  readonly partition: Partition;
  /** When the credentials expire; absent: never, or nobody says. */
  readonly expiration?: Date;
}

export interface ClusterVersion {
  /** `1.34`. */
  readonly version: string;
  /** The one that EKS takes when none is asked for. */
  readonly default: boolean;
  /** STANDARD_SUPPORT, EXTENDED_SUPPORT or UNSUPPORTED, lower-cased with dashes as EKS gives it. */
  readonly status: string;
  readonly endOfStandardSupport?: string;
  readonly endOfExtendedSupport?: string;
  /** Absent where nothing can be set. */
  readonly components?: ComponentLimits;
}

/** Both included. */
export interface Range<Value> {
  readonly min: Value;
  readonly max: Value;
}

/** What EKS takes for the settings of the control plane's components, as far as it says. Durations as `30m`. */
export interface ComponentLimits {
  readonly eventTtl?: Range<string>;
  readonly minPort?: Range<number>;
  readonly maxPort?: Range<number>;
  readonly scoringStrategies?: readonly string[];
  readonly scoredResources?: readonly string[];
  readonly weight?: Range<number>;
  readonly horizontalPodAutoscalerSyncPeriod?: Range<string>;
}

export interface Zone {
  /** `us-west-2a`: names differ between accounts. */
  readonly name: string;
  /** `usw2-az1`: the same for all accounts. */
  readonly id: string;
}

export interface LocalZone {
  /** `us-west-2-lax-1a`. */
  readonly name: string;
  /** What the account opts in to: `us-west-2-lax-1`. */
  readonly group: string;
  readonly optedIn: boolean;
}

/** An Outpost that the file names. */
export interface Outpost {
  readonly arn: string;
  /** Name of the zone that it belongs to. */
  readonly zone: string;
  /** The types that it was ordered with, the smallest first. */
  readonly instanceTypes: readonly string[];
}

export interface InstanceType {
  readonly name: string;
  readonly architecture: "x86_64" | "arm64";
  readonly accelerator: "none" | "nvidia" | "neuron";
  /** How many Elastic Fabric Adapters it can have; 0: none. */
  readonly efaInterfaces: number;
  /** Names of the zones that offer it, and ids of the Outposts. */
  readonly zones: readonly string[];
}

/** An image (AMI). */
export interface Image {
  readonly architecture: string;
  /** `available`, and nothing else, where it can be launched. */
  readonly state: string;
  /** Device name of what it boots from, where EC2 says it. */
  readonly rootDevice?: string;
  /** Of what it boots from, GiB: a volume can be larger, not smaller. */
  readonly rootSize: number;
}

export interface AddonVersion {
  readonly version: string;
  /** The default for the cluster version asked for. */
  readonly default: boolean;
}
export interface AddonFacts {
  /** Newest first, compatible with the cluster version asked for. */
  readonly versions: readonly AddonVersion[];
  /** What AWS recommends for pod identity: service account and managed policies (DescribeAddonConfiguration). */
  readonly podIdentity: readonly { readonly serviceAccount: string; readonly policyArns: readonly string[] }[];
}

/** Where a subnet's traffic to the internet goes, by its own route table or the main one of its VPC. */
export type WayOut = "internet-gateway" | "nat-gateway" | "other" | "nowhere";

/** A subnet that is not ours. */
export interface GivenSubnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  /** Name. */
  readonly zone: string;
  readonly freeAddresses: number;
  /** Instances get public addresses. */
  readonly mapPublicIp: boolean;
  readonly wayOut: WayOut;
  readonly routeTableId: string;
  /** The table is the subnet's own, and not the main one of the VPC. */
  readonly ownRouteTable: boolean;
  /** ARN of the Outpost that it is on. */
  readonly outpostArn?: string;
  /** It has an IPv6 block. */
  readonly ipv6: boolean;
  /** Interfaces get an IPv6 address. */
  readonly assignsIpv6: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A VPC that is not ours, as far as a cluster depends on it. */
export interface GivenVpc {
  readonly id: string;
  /** IPv4. */
  readonly cidrs: readonly string[];
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
}

/** A VPC endpoint that is not ours. */
export interface GivenEndpoint {
  readonly id: string;
  readonly serviceName: string;
  /** It answers for the service's own name, and no other can in its VPC. */
  readonly privateDns: boolean;
  /** Of a gateway endpoint: those that it has put its route into. */
  readonly routeTableIds: readonly string[];
}

/** What exists of a network that the file names. What is not there is not listed. */
export interface GivenNetwork {
  /** The file's, or the one that its subnets are in. */
  readonly vpc?: GivenVpc;
  /** All of the VPC, and those that the file names by id. */
  readonly subnets: readonly GivenSubnet[];
  /** The VPCs of the security groups that the file names, by id of the group. */
  readonly securityGroups: Readonly<Record<string, string>>;
  /** Those in the VPC; asked for only where endpoints are to be made. */
  readonly endpoints: readonly GivenEndpoint[];
}

/** A service of AWS that VPC endpoints lead to. */
export interface EndpointService {
  /** `com.amazonaws.us-west-2.ec2`. */
  readonly name: string;
  /** Zone names in which it has interfaces. */
  readonly zones: readonly string[];
}

/** What was chosen when the cluster was made and is kept: read back, never chosen again. */
export interface Chosen {
  readonly version: string;
  readonly vpcId: string;
  /** Of the control plane. */
  readonly subnetIds: readonly string[];
  readonly authenticationMode: string;
  /** EKS Auto Mode is on. */
  readonly autoMode?: boolean;
  /** Some log of the control plane is on. */
  readonly logging: boolean;
  /** Ours, by tag; a cluster made elsewhere can only be read and planned against. */
  readonly owned: boolean;
}

/** A launch template of somebody else. */
export interface TemplateNeed {
  readonly id: string;
  /** Absent: the default one. */
  readonly version?: string;
}

export function templateKey({ id, version = "$Default" }: TemplateNeed): string {
  return `${id}/${version}`;
}

/** What matters of a launch template that is not ours, in the version that is meant. */
export interface TemplateFacts {
  readonly version: number;
  readonly instanceType?: string;
  readonly ownImage: boolean;
  readonly userData: boolean;
  readonly instanceProfile: boolean;
}

/** Names of instance types, in alphabetical order. */
export interface Selection {
  /** What EC2 offers now. */
  readonly fits: readonly string[];
  /** What was chosen by the same selector and is kept; absent: nothing yet. */
  readonly kept?: readonly string[];
}

/** All that topology must know and the file cannot say. Plain data, gathered with read-only calls. */
export interface Facts {
  readonly caller: Caller;
  readonly region: string;
  readonly clusterVersions: readonly ClusterVersion[];
  /** Zones of the region that can host the control plane and are available, in name order. */
  readonly zones: readonly Zone[];
  /** Those of the region, in name order; asked for only where the file names some. */
  readonly localZones: readonly LocalZone[];
  /** Those that the file names, by their ids. */
  readonly outposts: Readonly<Record<string, Outpost>>;
  /** Zones that a VPC of ours spans already; absent when there is none. */
  readonly vpcZones?: VpcZones;
  readonly instanceTypes: Readonly<Record<string, InstanceType>>;
  /** Those that the file names and that are there, by their ids. */
  readonly images: Readonly<Record<string, Image>>;
  /** What `instanceSelector` stands for, by nodegroup. */
  readonly selectedTypes: Readonly<Record<string, Selection>>;
  /** By `templateKey`. */
  readonly launchTemplates: Readonly<Record<string, TemplateFacts>>;
  /** ARNs of the roles that instance profiles hold which the file names, by the ARN of the profile. */
  readonly instanceProfileRoles: Readonly<Record<string, string>>;
  readonly addons: Readonly<Record<string, AddonFacts>>;
  /** By the end of their names, as `ecr.api`; those that are asked for and that the region has. */
  readonly endpointServices: Readonly<Record<string, EndpointService>>;
  /** Absent: the file names none, and the VPC is the cluster's own. */
  readonly network?: GivenNetwork;
  /** Absent: the control plane does not exist. */
  readonly cluster?: Chosen;
}
