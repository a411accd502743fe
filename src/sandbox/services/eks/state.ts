import type {
  AMITypes,
  AddonIssue,
  AddonStatus,
  AssociatedAccessPolicy,
  AuthenticationMode,
  CapabilityIssue,
  CapabilityStatus,
  CapabilityType,
  ArgoCdAwsIdcConfigRequest,
  ArgoCdRoleMapping,
  CapacityTypes,
  ClusterIssue,
  ClusterStatus,
  ControlPlaneEgressModeType,
  ControlPlanePlacementRequest,
  ErrorDetail,
  EtcdPlacementRequest,
  FargateProfileIssue,
  FargateProfileSelector,
  FargateProfileStatus,
  Issue,
  LogType,
  NodeRepairConfig,
  WarmPoolConfig,
  NodegroupStatus,
  NodegroupUpdateStrategies,
  OidcIdentityProviderConfigRequest,
  ProvisionedControlPlaneTier,
  ScoringStrategyType,
  SupportType,
  Taint,
  UpdateParam,
  UpdateStatus,
  UpdateType,
} from "@aws-sdk/client-eks";
import type { GroupTag } from "../autoscaling/state.ts";

/** What EKS holds in one region. Instants are virtual milliseconds since the epoch. */
export interface EksState {
  /** By name. */
  clusters: Record<string, ClusterRecord>;
  /** What happens by itself later, in no order. */
  due: Due[];
}

export function emptyEksState(): EksState {
  return { clusters: {}, due: [] };
}

/** Something that happens by itself at an instant, and to what. */
export type Due = { at: number } & Happening;
export type Happening =
  | { what: "control plane made" | "control plane gone"; cluster: string }
  | { what: "cluster updated"; cluster: string; update: string }
  | { what: "nodes checked" | "nodegroup gone"; cluster: string; nodegroup: string }
  | { what: "nodegroup updated" | "nodes rolled"; cluster: string; nodegroup: string; update: string }
  | { what: "own update begun"; cluster: string; type: UpdateType; seconds: number }
  | { what: "fargate profile made" | "fargate profile gone"; cluster: string; fargateProfile: string }
  | { what: "addon checked" | "addon gone"; cluster: string; addon: string }
  | { what: "addon updated"; cluster: string; addon: string; update: string }
  | { what: "capability made" | "capability gone"; cluster: string; capability: string }
  | { what: "capability updated"; cluster: string; capability: string; update: string }
  | { what: "security group dropped"; groupId: string }
  | { what: "logs delivered"; logGroup: string };

/** What was asked for, to recognise a repeated request: its idempotency token, and itself as JSON without the token. */
export interface Asked {
  token: string | null;
  request: string;
}

/** An update of a cluster, nodegroup or add-on, and what it will have changed when it succeeds. */
export interface UpdateRecord<Change> {
  id: string;
  type: UpdateType;
  status: UpdateStatus;
  params: UpdateParam[];
  createdAt: number;
  errors: ErrorDetail[];
  asked: Asked;
  change: Change;
}

/** What all records have that tags can be put on. */
interface Recorded {
  arn: string;
  createdAt: number;
  tags: Record<string, string>;
  asked: Asked;
}

export interface VpcConfig {
  vpcId: string;
  subnetIds: string[];
  securityGroupIds: string[];
  endpointPublicAccess: boolean;
  endpointPrivateAccess: boolean;
  publicAccessCidrs: string[];
  controlPlaneEgressMode: ControlPlaneEgressModeType;
}

/** EKS Auto Mode: its built-in pools, and the role of their nodes. */
export interface AutoMode {
  enabled: boolean;
  nodePools: string[];
  nodeRoleArn: string | null;
}

/** Of the control plane's components. Durations with one unit: `30m`. */
export interface ComponentSettings {
  eventTtl: string;
  serviceNodePortRange: { minPort: number; maxPort: number };
  scoringStrategy: { type: ScoringStrategyType; resources: { name: string; weight: number }[] };
  horizontalPodAutoscalerSyncPeriod: string;
}

/** Blocks outside of AWS; none: no hybrid nodes. */
export interface RemoteNetworks {
  nodes: string[];
  pods: string[];
}

/** What updates can change about a cluster. */
export interface ClusterConfig {
  version: string;
  platformVersion: string;
  vpc: VpcConfig;
  logging: LogType[];
  authenticationMode: AuthenticationMode;
  remoteNetworks: RemoteNetworks;
  encryptionKeyArn: string | null;
  supportType: SupportType;
  zonalShift: boolean;
  scalingTier: ProvisionedControlPlaneTier;
  deletionProtection: boolean;
  components: ComponentSettings;
  autoMode: AutoMode;
  /** There can be one. */
  identityProvider: IdentityProviderRecord | null;
}

export interface IdentityProviderRecord extends Recorded {
  name: string;
  oidc: Omit<OidcIdentityProviderConfigRequest, "identityProviderConfigName">;
}

/** Where a local cluster is, and on what. */
export interface OutpostConfig {
  outpostArns: string[];
  controlPlaneInstanceType: string;
  controlPlanePlacement?: ControlPlanePlacementRequest;
  etcdInstanceType?: string;
  etcdPlacement?: EtcdPlacementRequest;
}

export interface ClusterRecord extends Recorded, ClusterConfig {
  name: string;
  /** 32 hex digits: in its endpoint and issuer. */
  id: string;
  /** Of a local cluster: on its Outpost, with an id of its own. Absent: in the region. */
  outpost?: OutpostConfig & { id: string };
  /** ARN of the principal that made it. */
  creator: string;
  status: ClusterStatus;
  roleArn: string;
  ipFamily: "ipv4" | "ipv6";
  /** Of the Kubernetes services. */
  serviceCidr: string;
  bootstrapClusterCreatorAdminPermissions: boolean;
  issues: ClusterIssue[];
  /** The security group that EKS makes. */
  clusterSecurityGroupId: string;
  /** The control plane's, in its subnets. */
  networkInterfaceIds: string[];
  /** Whether the control plane ever came up: only then there is an endpoint. */
  madeAt: number | null;
  /** Add-ons that run without EKS knowing: put there at creation, or preserved when the add-on was deleted. */
  selfManagedAddons: string[];
  updates: UpdateRecord<Partial<ClusterConfig>>[];
  /** The upgrade that brought it to its version, as long as nothing took it further or back. */
  upgraded: { from: string; at: number } | null;
  nodegroups: Record<string, NodegroupRecord>;
  fargateProfiles: Record<string, FargateProfileRecord>;
  addons: Record<string, AddonRecord>;
  capabilities: Record<string, CapabilityRecord>;
  /** Whether nodes that nobody manages have joined. */
  selfManagedReady?: boolean;
  /** By ARN of the principal. */
  accessEntries: Record<string, AccessEntryRecord>;
  /** By id. */
  podIdentityAssociations: Record<string, PodIdentityAssociationRecord>;
}

export interface ScalingConfig {
  minSize: number;
  maxSize: number;
  desiredSize: number;
}

export interface NodegroupUpdateRule {
  maxUnavailable?: number;
  maxUnavailablePercentage?: number;
  updateStrategy: NodegroupUpdateStrategies;
}

export interface LaunchTemplate {
  id: string;
  name: string;
  version: string;
}

/** What updates can change about a nodegroup. */
export interface NodegroupConfig {
  version: string;
  /** Of EKS's AMI; the AMI's id when the launch template names one. */
  releaseVersion: string;
  launchTemplate: LaunchTemplate | null;
  scaling: ScalingConfig;
  labels: Record<string, string>;
  taints: Taint[];
  updateRule: NodegroupUpdateRule;
  nodeRepair: NodeRepairConfig;
  /** Null: none. */
  warmPool: WarmPoolConfig | null;
}

export interface NodegroupRecord extends Recorded, NodegroupConfig {
  name: string;
  modifiedAt: number;
  status: NodegroupStatus;
  amiType: AMITypes;
  capacityType: CapacityTypes;
  /** Null: the launch template names the type. */
  instanceTypes: string[] | null;
  /** GiB; null: the launch template says. */
  diskSize: number | null;
  nodeRole: string;
  subnets: string[];
  autoScalingGroup: string;
  /** What somebody put on that group. */
  onGroup?: { tagged: GroupTag[]; suspended: string[] };
  issues: Issue[];
  instanceIds: string[];
  /** Since when there is a ready node; null: there is none. */
  readySince: number | null;
  updates: UpdateRecord<NodegroupChange>[];
}

/** What a nodegroup's update changes. */
export interface NodegroupChange {
  config: Partial<NodegroupConfig>;
  /** The nodes that are still to be replaced for it. */
  oldInstanceIds?: string[];
  /** Whether nodes go even when pods cannot be evicted. */
  forced?: boolean;
}

export interface FargateProfileRecord extends Recorded {
  name: string;
  status: FargateProfileStatus;
  podExecutionRoleArn: string;
  subnets: string[];
  selectors: FargateProfileSelector[];
  issues: FargateProfileIssue[];
}

/** What updates can change about an add-on. */
export interface AddonConfig {
  version: string;
  configurationValues: string | null;
  serviceAccountRoleArn: string | null;
}

export interface AddonRecord extends Recorded, AddonConfig {
  name: string;
  modifiedAt: number;
  status: AddonStatus;
  namespace: string;
  /** Whether it lacked something that it needs to run when EKS last looked. */
  waiting: boolean;
  issues: AddonIssue[];
  updates: UpdateRecord<Partial<AddonConfig>>[];
}

/** What updates can change about a capability. */
export interface CapabilityConfig {
  roleArn: string;
  /** Null: it is no Argo CD. */
  argoCd: ArgoCdConfig | null;
}

export interface ArgoCdConfig {
  namespace: string;
  awsIdc: ArgoCdAwsIdcConfigRequest;
  rbacRoleMappings: ArgoCdRoleMapping[];
  vpceIds: string[];
  serverUrl: string;
}

export interface CapabilityRecord extends Recorded, CapabilityConfig {
  name: string;
  type: CapabilityType;
  modifiedAt: number;
  status: CapabilityStatus;
  issues: CapabilityIssue[];
  updates: UpdateRecord<Partial<CapabilityConfig>>[];
}

export interface AccessEntryRecord extends Recorded {
  principalArn: string;
  /** The unique id of the role or user when the entry was made; null for principals that have none (the root user). */
  principalId: string | null;
  modifiedAt: number;
  type: string;
  kubernetesGroups: string[];
  username: string;
  policies: AssociatedPolicyRecord[];
}

export interface AssociatedPolicyRecord {
  policyArn: string;
  accessScope: NonNullable<AssociatedAccessPolicy["accessScope"]>;
  associatedAt: number;
  modifiedAt: number;
}

export interface PodIdentityAssociationRecord extends Recorded {
  id: string;
  modifiedAt: number;
  namespace: string;
  serviceAccount: string;
  roleArn: string;
  /** Assumed by that role, for the pods. */
  targetRoleArn: string | null;
  /** What the target role's trust policy can ask for. */
  externalId: string | null;
  disableSessionTags: boolean;
  /** Of sessions: JSON text. */
  policy: string | null;
  /** ARN of the add-on that it belongs to. */
  ownerArn: string | null;
}
