import {
  AssociateEncryptionConfigCommand,
  CreateClusterCommand,
  DeleteClusterCommand,
  UpdateClusterConfigCommand,
  UpdateClusterVersionCommand,
} from "@aws-sdk/client-eks";
import type {
  AuthenticationMode,
  ControlPlaneEgressModeType,
  IpFamily,
  ProvisionedControlPlaneTier,
  SpreadLevel,
  SupportType,
  UpdateClusterConfigRequest,
} from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { updateOperation } from "../../aws/eks-updates.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Duration, NamedKind, Live, Lock, Operation } from "../../engine/kind.ts";
import { clusterActions } from "./cluster-actions.ts";
import { clusterAspects } from "./cluster-aspects.ts";
import { type ComponentSettings, componentsRequest } from "./cluster-components-document.ts";
import {
  autoModeRequest,
  createRequest,
  describeCluster,
  encryptionRequest,
  loggingRequest,
  remoteRequest,
} from "./cluster-document.ts";
import { moments } from "../timings.ts";
import { updateTags } from "./tags-updates.ts";

/** CIDR blocks outside of AWS. */
export interface RemoteNetworks {
  readonly nodes: readonly string[];
  readonly pods: readonly string[];
}

/** A control plane that runs on an Outpost. */
export interface LocalCluster {
  readonly arn: string;
  /** Needed for creation. */
  readonly controlPlaneInstanceType?: string;
  readonly controlPlanePlacement?: { readonly groupName?: string; readonly spreadLevel?: SpreadLevel };
  readonly etcdInstanceType?: string;
  readonly etcdSpreadLevel?: SpreadLevel;
}

/** What is absent is not managed: EKS's default at creation, left alone later. */
export interface ClusterSpec {
  /** `1.34`. */
  readonly version?: string;
  /** Only for a change of the version: go on although EKS's upgrade insights report problems. */
  readonly forceVersion?: boolean;
  readonly endpointPublicAccess?: boolean;
  readonly endpointPrivateAccess?: boolean;
  readonly publicAccessCidrs?: readonly string[];
  /** The log types that are on: api, audit, authenticator, controllerManager, scheduler. */
  readonly logging?: readonly string[];
  readonly secretsEncryptionKeyArn?: string;
  readonly authenticationMode?: AuthenticationMode;
  /** Only for creation. */
  readonly bootstrapClusterCreatorAdminPermissions?: boolean;
  readonly ipFamily?: IpFamily;
  readonly serviceIpv4Cidr?: string;
  readonly remoteNetworks?: RemoteNetworks;
  readonly supportType?: SupportType;
  readonly zonalShift?: boolean;
  readonly deletionProtection?: boolean;
  readonly scalingTier?: ProvisionedControlPlaneTier;
  readonly components?: ComponentSettings;
  readonly egressMode?: ControlPlaneEgressModeType;
  /** EKS Auto Mode, and the built-in pools that have nodes. */
  readonly autoMode?: { readonly enabled: boolean; readonly nodePools?: readonly string[] };
  /** One that is on some of the subnets stays there. */
  readonly staysOnFewerSubnets?: boolean;
  readonly outpost?: LocalCluster;
  readonly tags: Tags;
}
export interface ClusterDeps {
  readonly role: { readonly arn: string };
  readonly subnets: readonly { readonly id: string }[];
  readonly securityGroups: readonly { readonly id: string }[];
  /** Of Auto Mode's nodes: one, or none where there is no pool. */
  readonly nodeRole: readonly { readonly arn: string }[];
}
export interface ClusterAttrs {
  readonly name: string;
  readonly arn: string;
  readonly version: string;
  readonly platformVersion: string;
  readonly endpoint: string;
  /** Base64 PEM. */
  readonly certificateAuthority: string;
  /** The security group that EKS makes. */
  readonly securityGroup: { readonly id: string };
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly roleArn: string;
  /** With `https://`. */
  readonly oidcIssuer: string;
  readonly endpointPublicAccess: boolean;
  readonly endpointPrivateAccess: boolean;
  readonly publicAccessCidrs: readonly string[];
  readonly logging: readonly string[];
  readonly secretsEncryptionKeyArn: string | null;
  readonly authenticationMode: AuthenticationMode;
  readonly ipFamily: IpFamily;
  readonly serviceCidr: string;
  readonly remoteNetworks: RemoteNetworks;
  readonly supportType: SupportType;
  readonly zonalShift: boolean;
  readonly deletionProtection: boolean;
  readonly scalingTier: ProvisionedControlPlaneTier;
  readonly components: ComponentSettings;
  readonly egressMode: ControlPlaneEgressModeType;
  readonly autoMode: { readonly enabled: boolean; readonly nodePools: readonly string[]; readonly nodeRoleArn: string };
  /** Of a local cluster; null for one in the region. */
  readonly outpost: LocalCluster | null;
  /** By which a local cluster's API knows itself; its name for one in the region. */
  readonly apiId: string;
  readonly createdAt: string;
  readonly tags: Tags;
}

/** EKS takes one kind of change a call: each group is one update. */
export type ClusterUpdate =
  | "version"
  | "logging"
  | "endpoint"
  | "encryption"
  | "authenticationMode"
  | "remoteNetworks"
  | "supportType"
  | "zonalShift"
  | "deletionProtection"
  | "scalingTier"
  | "placement"
  | "components"
  | "egress"
  | "autoMode"
  | "lessAutoMode"
  | "tags";

export const cluster: NamedKind<ClusterSpec, ClusterDeps, ClusterAttrs, AwsContext, ClusterUpdate> = {
  name: "eks.cluster",
  title: "EKS cluster",
  deletedBefore: [
    "iam.role",
    "ec2.subnet",
    "ec2.security-group",
    "logs.log-group",
    // While it lives its controllers make what was deleted again.
    "elb.classic-load-balancer",
    "elb.load-balancer",
    "ec2.derived-security-group-rule",
    "ec2.network-interface",
    "ec2.volume",
  ],
  interrupts: ["version", "endpoint", "placement", "lessAutoMode"],
  timing: (verb) => timings[verb] ?? updateTiming,
  locks: (verb) => (verb === "create" || verb === "tags" ? [] : exclusive),

  actions: clusterActions,

  async list(ctx, id) {
    const live = await describeCluster(ctx.owner.cluster, ctx);
    return live?.owner === "us" && (id === undefined || id === live.id) ? [live] : [];
  },
  read: describeCluster,
  find: describeCluster,

  async create(want, ctx) {
    await ctx.clients.eks.send(new CreateClusterCommand(createRequest(want, ctx)));
    return { ref: want.name };
  },

  async delete(live, ctx) {
    await ctx.clients.eks.send(new DeleteClusterCommand({ name: live.ref }));
  },

  aspects: clusterAspects,

  updates: {
    async version(want, live, ctx) {
      const request = { name: live.ref, version: want.spec.version, force: want.spec.forceVersion };
      const { update } = await ctx.clients.eks.send(new UpdateClusterVersionCommand(request));
      return updateOperation(ctx.clients.eks, { cluster: live.ref }, update);
    },
    logging: (want, live, ctx) => updateConfig(live, ctx, { logging: loggingRequest(want.spec.logging ?? []) }),
    endpoint: ({ spec }, live, ctx) =>
      updateConfig(live, ctx, {
        resourcesVpcConfig: {
          endpointPublicAccess: spec.endpointPublicAccess,
          endpointPrivateAccess: spec.endpointPrivateAccess,
          publicAccessCidrs:
            spec.endpointPublicAccess === false ? undefined : spec.publicAccessCidrs && [...spec.publicAccessCidrs],
        },
      }),
    placement: ({ deps }, live, ctx) =>
      updateConfig(live, ctx, {
        resourcesVpcConfig: {
          subnetIds: deps.subnets.map(({ id }) => id),
          securityGroupIds: deps.securityGroups.map(({ id }) => id),
        },
      }),
    async encryption({ spec }, live, ctx) {
      const request = { clusterName: live.ref, encryptionConfig: encryptionRequest(spec) };
      const { update } = await ctx.clients.eks.send(new AssociateEncryptionConfigCommand(request));
      return updateOperation(ctx.clients.eks, { cluster: live.ref }, update);
    },
    authenticationMode: ({ spec }, live, ctx) =>
      updateConfig(live, ctx, {
        accessConfig: {
          authenticationMode: spec.authenticationMode,
        },
      }),
    remoteNetworks: ({ spec }, live, ctx) => updateConfig(live, ctx, { remoteNetworkConfig: remoteRequest(spec) }),
    supportType: ({ spec }, live, ctx) =>
      updateConfig(live, ctx, {
        upgradePolicy: { supportType: spec.supportType },
      }),
    zonalShift: ({ spec }, live, ctx) => updateConfig(live, ctx, { zonalShiftConfig: { enabled: spec.zonalShift } }),
    deletionProtection: ({ spec }, live, ctx) =>
      updateConfig(live, ctx, { deletionProtection: spec.deletionProtection }),
    scalingTier: ({ spec }, live, ctx) =>
      updateConfig(live, ctx, {
        controlPlaneScalingConfig: { tier: spec.scalingTier },
      }),
    components: ({ spec }, live, ctx) => updateConfig(live, ctx, componentsRequest(spec.components)),
    egress: ({ spec }, live, ctx) =>
      updateConfig(live, ctx, { resourcesVpcConfig: { controlPlaneEgressMode: spec.egressMode } }),
    autoMode: (want, live, ctx) => updateConfig(live, ctx, autoModeRequest(want, live.attrs)),
    lessAutoMode: (want, live, ctx) => updateConfig(live, ctx, autoModeRequest(want, live.attrs)),
    tags: updateTags,
  },
};

/** Seconds. EKS's own figures vary by a factor of two; the limits are what it takes when it is about to fail. */
const timings: Readonly<Partial<Record<string, Duration>>> = {
  create: { expect: 540, limit: 2400 },
  delete: { expect: 180, limit: 2400 },
  version: { expect: 480, limit: 5400 },
  encryption: { expect: 300, limit: 5400 },
  components: { expect: 300, limit: 5400 },
  autoMode: { expect: 120, limit: 5400 },
  lessAutoMode: { expect: 300, limit: 5400 },
  egress: { expect: 600, limit: 5400 },
  tags: moments,
};
const updateTiming: Duration = { expect: 120, limit: 2400 };

/** EKS runs one update of a cluster at a time, and none beside changes of its nodegroups and add-ons. */
const exclusive: readonly Lock[] = [{ name: "cluster", mode: "exclusive" }];

async function updateConfig(
  live: Live<ClusterAttrs>,
  ctx: AwsContext,
  change: Omit<UpdateClusterConfigRequest, "name">,
): Promise<Operation> {
  const { eks } = ctx.clients;
  const { update } = await eks.send(new UpdateClusterConfigCommand({ name: live.ref, ...change }));
  return updateOperation(eks, { cluster: live.ref }, update);
}
