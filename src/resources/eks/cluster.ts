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
import { isNewer, minorsAhead } from "../../aws/eks-versions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Duration, Effect, NamedKind, Live, Lock, Operation } from "../../engine/kind.ts";
import { clusterActions } from "./cluster-actions.ts";
import { componentAspect, type ComponentSettings, componentsRequest } from "./cluster-components-document.ts";
import {
  autoModeRequest,
  createRequest,
  describeCluster,
  encryptionRequest,
  loggingRequest,
  remoteRequest,
} from "./cluster-document.ts";
import { tagsAspect } from "../tags-aspect.ts";
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
type Group =
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

export const cluster: NamedKind<ClusterSpec, ClusterDeps, ClusterAttrs, AwsContext, Group> = {
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

  aspects: {
    version: {
      want: (spec) => spec.version,
      // Going back is asked for by name only (`upgrade cluster`): a newer live version is information, not a difference.
      have: (attrs, want) => (isNewer(attrs.version, want) ? want : attrs.version),
      change: (from, to) => versionStep(String(from), String(to)),
    },
    logging: {
      want: (spec) => sorted(spec.logging),
      have: (attrs) => attrs.logging,
      change: () => "logging",
    },
    endpointPublicAccess: {
      want: (spec) => spec.endpointPublicAccess,
      have: (attrs) => attrs.endpointPublicAccess,
      change: () => "endpoint",
    },
    endpointPrivateAccess: {
      want: (spec) => spec.endpointPrivateAccess,
      have: (attrs) => attrs.endpointPrivateAccess,
      change: () => "endpoint",
    },
    publicAccessCidrs: {
      // Without public access EKS keeps no list.
      want: (spec) => (spec.endpointPublicAccess === false ? undefined : sorted(spec.publicAccessCidrs)),
      have: (attrs) => attrs.publicAccessCidrs,
      change: () => "endpoint",
    },
    secretsEncryptionKey: {
      want: (spec) => spec.secretsEncryptionKeyArn,
      have: (attrs) => attrs.secretsEncryptionKeyArn,
      change: (from) =>
        from === null ? "encryption" : cannotChange("the key that encrypts a cluster's secrets", from),
    },
    authenticationMode: {
      want: (spec) => spec.authenticationMode,
      have: (attrs) => attrs.authenticationMode,
      change: (from, to) => authenticationStep(String(from), String(to)),
    },
    remoteNetworks: {
      want: ({ remoteNetworks: wanted }) => wanted && { nodes: sorted(wanted.nodes), pods: sorted(wanted.pods) },
      have: (attrs) => attrs.remoteNetworks,
      change: () => "remoteNetworks",
    },
    supportType: {
      want: (spec) => spec.supportType,
      have: (attrs) => attrs.supportType,
      change: () => "supportType",
    },
    zonalShift: {
      want: (spec) => spec.zonalShift,
      have: (attrs) => attrs.zonalShift,
      change: () => "zonalShift",
    },
    deletionProtection: {
      want: (spec) => spec.deletionProtection,
      have: (attrs) => attrs.deletionProtection,
      change: () => "deletionProtection",
    },
    scalingTier: {
      want: (spec) => spec.scalingTier,
      have: (attrs) => attrs.scalingTier,
      change: () => "scalingTier",
    },
    eventTtl: componentAspect("eventTtl"),
    serviceNodePortRange: componentAspect("serviceNodePortRange"),
    scoringStrategy: componentAspect("scoringStrategy"),
    horizontalPodAutoscalerSyncPeriod: componentAspect("horizontalPodAutoscalerSyncPeriod"),
    egressMode: {
      want: (spec) => spec.egressMode,
      have: (attrs) => attrs.egressMode,
      change: (from) =>
        from === "AWS_MANAGED"
          ? "egress"
          : cannotChange("the egress mode of a control plane once it is not AWS's", from),
    },
    autoMode: {
      want: (spec) => spec.autoMode?.enabled,
      have: (attrs) => attrs.autoMode.enabled,
      change: (_from, to) => (to === true ? "autoMode" : "lessAutoMode"),
    },
    autoModeNodePools: {
      want: (spec) => sorted(spec.autoMode?.nodePools),
      have: (attrs) => attrs.autoMode.nodePools,
      change: (from, to) => (isWithin(from, to) ? "autoMode" : "lessAutoMode"),
    },
    autoModeNodeRole: {
      want: (spec, deps) => (spec.autoMode?.enabled === true ? deps.nodeRole[0]?.arn : undefined),
      // The first one comes with the first pool.
      have: (attrs, want) => attrs.autoMode.nodeRoleArn || want,
      change: (from) => cannotChange("the role of Auto Mode's nodes while Auto Mode is on", from),
    },
    role: {
      want: (_spec, deps) => deps.role.arn,
      have: (attrs) => attrs.roleArn,
      change: (from) => cannotChange("the role of a cluster", from),
    },
    ipFamily: {
      want: (spec) => spec.ipFamily,
      have: (attrs) => attrs.ipFamily,
      change: (from) => cannotChange("the IP family of a cluster", from),
    },
    serviceIpv4Cidr: {
      want: (spec) => spec.serviceIpv4Cidr,
      have: (attrs) => attrs.serviceCidr,
      change: (from) => cannotChange("the service CIDR of a cluster", from),
    },
    outpost: {
      want: ({ outpost }): Readonly<Record<string, unknown>> | null => (outpost ? { ...outpost } : null),
      // What the file leaves open is as it was made.
      have: ({ outpost }, want) => outpost && chosenOf({ ...outpost }, want ?? outpost),
      change: (from) =>
        cannotChange(
          "the Outpost of a control plane, or its instances",
          from === null ? "in the region" : JSON.stringify(from),
        ),
    },
    subnets: {
      want: (spec, deps) => (spec.staysOnFewerSubnets ? undefined : idsOf(deps.subnets)),
      have: (attrs) => attrs.subnetIds,
      change: (from, to) => placementChange("subnets", from, to),
    },
    possibleSubnets: {
      want: (spec, deps) => (spec.staysOnFewerSubnets ? idsOf(deps.subnets) : undefined),
      have: (attrs, want) => (isWithin(attrs.subnetIds, want) ? want : attrs.subnetIds),
      change: (from, to) => placementChange("subnets", from, to),
    },
    securityGroups: {
      want: (_spec, deps) => idsOf(deps.securityGroups),
      have: (attrs) => attrs.securityGroupIds,
      change: (from, to) => placementChange("security groups", from, to),
    },
    tags: tagsAspect,
  },

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
    async tags(want, live, ctx) {
      await updateTags(ctx, live.attrs, want.spec.tags);
    },
  },
};

function chosenOf(live: Readonly<Record<string, unknown>>, keys: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, live[key] ?? null]));
}

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

const authenticationModes = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"] as const;

function cannotChange(what: string, from: unknown): Effect<never> {
  return { refuse: `EKS cannot change ${what}; it is ${String(from)}` };
}

function versionStep(from: string, to: string): Effect<"version"> {
  if (minorsAhead(to, from) === 1) return "version";
  return {
    refuse: `EKS moves one minor version at a time: \`ekstool upgrade cluster\` goes from ${from} to ${to} step by step`,
  };
}

function authenticationStep(from: string, to: string): Effect<"authenticationMode"> {
  const [at, wanted] = [from, to].map((mode) => authenticationModes.findIndex((known) => known === mode));
  if (at === undefined || wanted === undefined || wanted < at) {
    return { refuse: `EKS cannot take an authentication mode back: it is ${from}, and ${to} came before it` };
  }
  if (wanted === at + 1) return "authenticationMode";
  return {
    refuse: `EKS moves the authentication mode one step at a time: from ${from} go to API_AND_CONFIG_MAP first`,
  };
}

/**
 * A control plane moves among what there is, within the zones that it was made in, which EKS sees to. What is missing has most likely
 * lost its tags.
 */
function placementChange(what: string, from: unknown, to: unknown): Effect<"placement"> {
  if (Array.isArray(to)) return "placement";
  return {
    refuse:
      `the control plane keeps its ${what} (${String(from)}); if one of them lost its ekstool.dev tags, restore them; ` +
      "if it is to stay on private subnets, say vpc.controlPlaneOnPrivateSubnets: true",
  };
}

/** Whether all that is there stays. */
function isWithin(from: unknown, to: unknown): boolean {
  return Array.isArray(from) && Array.isArray(to) && from.every((one) => to.includes(one));
}

function idsOf(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map(({ id }) => id).toSorted();
}

function sorted(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.toSorted();
}
