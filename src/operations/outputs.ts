import type { Live } from "../engine/kind.ts";
import type { RunResult } from "../engine/index.ts";
import { type StackAttrs, stack as stackKind } from "../resources/cloudformation/stack.ts";
import { instanceTypesIn } from "../resources/cloudformation/template-document.ts";
import { launchTemplate as launchTemplateKind } from "../resources/ec2/launch-template.ts";
import { subnet as subnetKind } from "../resources/ec2/subnet.ts";
import { vpc as vpcKind } from "../resources/ec2/vpc.ts";
import { type AddonAttrs, addon as addonKind } from "../resources/eks/addon.ts";
import { type ClusterAttrs, cluster as clusterKind } from "../resources/eks/cluster.ts";
import { type NodegroupAttrs, nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { kubeconfig } from "../resources/local/kubeconfig.ts";
import { role as roleKind } from "../resources/iam/role.ts";
import { profile as profileKind } from "../resources/rolesanywhere/profile.ts";
import { trustAnchor as trustAnchorKind } from "../resources/rolesanywhere/trust-anchor.ts";
import { hybridNodesRole } from "../topology/hybrid-nodes.ts";
import { nameInFile, nodegroupName } from "./nodegroup-lookup.ts";
import { type Found, livesOf } from "./things.ts";

/** A control plane, whoever made it. */
export interface ClusterSummary {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  /** ready, pending, degraded, failed or deleting. */
  readonly status: Live<unknown>["phase"];
  /** AWS's own words, where something is wrong. */
  readonly detail?: string;
  readonly version: string;
  readonly platformVersion: string;
  readonly createdAt: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly clusterSecurityGroupId: string;
  readonly roleArn: string;
  readonly oidcIssuer: string;
  readonly authenticationMode: string;
  readonly endpoint: string;
  readonly endpointAccess: {
    readonly public: boolean;
    readonly private: boolean;
    readonly publicCidrs: readonly string[];
  };
  readonly logging: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Made by ekstool. */
  readonly owned: boolean;
}

export interface NodegroupSummary {
  readonly name: string;
  readonly cluster: string;
  readonly arn: string;
  readonly status: Live<unknown>["phase"];
  readonly detail?: string;
  readonly version: string;
  readonly releaseVersion: string;
  readonly amiType: string;
  readonly capacityType: string;
  readonly instanceTypes: readonly string[];
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: NodegroupAttrs["taints"];
  readonly roleArn: string;
  readonly subnetIds: readonly string[];
  readonly autoScalingGroups: readonly string[];
  readonly createdAt: string;
  readonly owned: boolean;
}

/** A nodegroup whose Auto Scaling group is in a stack of its own. */
export interface SelfManagedNodegroupSummary {
  readonly name: string;
  readonly cluster: string;
  /** The stack's. */
  readonly arn: string;
  readonly status: Live<unknown>["phase"];
  readonly detail?: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  readonly instanceTypes: readonly string[];
  /** Absent where its launch template cannot be seen. */
  readonly imageId?: string;
  readonly autoScalingGroups: readonly string[];
  readonly createdAt: string;
  readonly owned: boolean;
}

/** Any nodegroup: only a managed one has a version of its own. */
export type AnyNodegroupSummary = NodegroupSummary | SelfManagedNodegroupSummary;

export interface AddonSummary {
  readonly name: string;
  readonly arn: string;
  readonly status: Live<unknown>["phase"];
  readonly version: string;
  readonly issues: readonly string[];
  readonly serviceAccountRoleArn: string | null;
  readonly podIdentityAssociations: AddonAttrs["podIdentityAssociations"];
  readonly namespace: string | null;
  readonly configurationValues: string | null;
  readonly owned: boolean;
}

/** How long a run took, and what it had to wait for. All times in seconds. */
export interface Timings {
  readonly seconds: number;
  readonly steps: readonly {
    readonly step: string;
    readonly startedAfter: number;
    readonly seconds: number;
  }[];
  /** The chain of steps that ended last. */
  readonly criticalPath: readonly string[];
}

/** What `create` and `apply` give: everything that a script needs to go on. */
export interface ClusterOutput {
  readonly cluster: ClusterSummary;
  readonly endpoint: string;
  readonly vpc: { readonly id: string; readonly cidr?: string };
  readonly subnets: readonly {
    readonly id: string;
    readonly zone?: string;
    readonly cidr?: string;
    readonly public?: boolean;
  }[];
  readonly roles: readonly { readonly id: string; readonly name: string; readonly arn: string }[];
  /** What nodeadm is told on hybrid nodes that are known by certificates, in its own words; null where nothing is made for them. */
  readonly iamRolesAnywhere: {
    readonly trustAnchorArn: string;
    readonly profileArn: string;
    readonly roleArn: string;
  } | null;
  readonly nodegroups: readonly AnyNodegroupSummary[];
  readonly addons: readonly AddonSummary[];
  /** Null where no kubeconfig was written. */
  readonly kubeconfigContext: string | null;
  /** What was left for later, with the commands for what somebody has to do by hand. */
  readonly remaining: RunResult["deferred"];
  readonly timings: Timings;
}

export function clusterSummary(live: Live<ClusterAttrs>, region: string): ClusterSummary {
  const { attrs } = live;
  return {
    name: attrs.name,
    region,
    arn: attrs.arn,
    status: live.phase,
    ...(live.detail === undefined ? {} : { detail: live.detail }),
    version: attrs.version,
    platformVersion: attrs.platformVersion,
    createdAt: attrs.createdAt,
    vpcId: attrs.vpcId,
    subnetIds: attrs.subnetIds,
    securityGroupIds: attrs.securityGroupIds,
    clusterSecurityGroupId: attrs.securityGroup.id,
    roleArn: attrs.roleArn,
    oidcIssuer: attrs.oidcIssuer,
    authenticationMode: attrs.authenticationMode,
    endpoint: attrs.endpoint,
    endpointAccess: {
      public: attrs.endpointPublicAccess,
      private: attrs.endpointPrivateAccess,
      publicCidrs: attrs.publicAccessCidrs,
    },
    logging: attrs.logging,
    tags: attrs.tags,
    owned: live.owner === "us",
  };
}

/** @param templateType the instance type that its launch template names: EKS lists only those that the group names itself. */
export function nodegroupSummary(live: Live<NodegroupAttrs>, templateType?: string): NodegroupSummary {
  const { attrs } = live;
  return {
    name: nodegroupName(live),
    cluster: attrs.cluster,
    arn: attrs.arn,
    status: live.phase,
    ...(live.detail === undefined ? {} : { detail: live.detail }),
    version: attrs.version,
    releaseVersion: attrs.releaseVersion,
    amiType: attrs.amiType,
    capacityType: attrs.capacityType,
    instanceTypes:
      attrs.instanceTypes.length === 0 && templateType !== undefined ? [templateType] : attrs.instanceTypes,
    minSize: attrs.minSize,
    maxSize: attrs.maxSize,
    desiredCapacity: attrs.desiredCapacity,
    labels: attrs.labels,
    taints: attrs.taints,
    roleArn: attrs.roleArn,
    subnetIds: attrs.subnetIds,
    autoScalingGroups: attrs.autoScalingGroups,
    createdAt: attrs.createdAt,
    owned: live.owner === "us",
  };
}

/** What a nodegroup's launch template says of its nodes. */
export interface TemplateSummary {
  readonly instanceType?: string | undefined;
  readonly imageId?: string | undefined;
}

export function selfManagedSummary(
  { id, phase, detail, owner, attrs }: Live<StackAttrs>,
  cluster: string,
  { instanceType, imageId }: TemplateSummary = {},
) {
  const { group } = attrs;
  const mixed = instanceTypesIn(attrs.template);
  return {
    name: nameInFile(id),
    cluster,
    arn: attrs.stackId,
    status: phase,
    ...(detail === undefined ? {} : { detail }),
    minSize: group?.minSize ?? 0,
    maxSize: group?.maxSize ?? 0,
    desiredCapacity: group?.desiredCapacity ?? 0,
    instanceTypes: mixed.length === 0 && instanceType !== undefined ? [instanceType] : mixed,
    ...(imageId === undefined ? {} : { imageId }),
    autoScalingGroups: group === null ? [] : [group.name],
    createdAt: attrs.createdAt,
    owned: owner === "us",
  } satisfies SelfManagedNodegroupSummary;
}

/** The nodegroups among what was found, with the instance types of the launch templates that were found with them. */
export function nodegroupSummaries(found: readonly Found[], cluster: string): readonly AnyNodegroupSummary[] {
  const templates = new Map(
    livesOf(launchTemplateKind, found).map(({ attrs: { id, data } }): [string, TemplateSummary] => [
      id,
      { instanceType: data.instanceType ?? undefined, imageId: data.imageId },
    ]),
  );
  return [
    ...livesOf(stackKind, found).map((live) =>
      selfManagedSummary(live, cluster, templates.get(live.attrs.parameters["LaunchTemplate"] ?? "")),
    ),
    ...livesOf(nodegroupKind, found).map((live) =>
      nodegroupSummary(live, templates.get(live.attrs.launchTemplate?.id ?? "")?.instanceType),
    ),
  ];
}

export function addonSummary(live: Live<AddonAttrs>): AddonSummary {
  const { attrs } = live;
  return {
    name: attrs.name,
    arn: attrs.arn,
    status: live.phase,
    version: attrs.version,
    issues: attrs.issues,
    serviceAccountRoleArn: attrs.serviceAccountRoleArn,
    podIdentityAssociations: attrs.podIdentityAssociations,
    namespace: attrs.namespace,
    configurationValues: attrs.configurationValues,
    owned: live.owner === "us",
  };
}

/** Undefined when there is no control plane yet. */
export function clusterOutput(found: readonly Found[], region: string, result: RunResult): ClusterOutput | undefined {
  const cluster = livesOf(clusterKind, found)[0];
  if (cluster === undefined) return undefined;
  const vpc = livesOf(vpcKind, found)[0]?.attrs;
  const subnets = livesOf(subnetKind, found).map(({ attrs }) => attrs);
  return {
    cluster: clusterSummary(cluster, region),
    endpoint: cluster.attrs.endpoint,
    vpc: vpc === undefined ? { id: cluster.attrs.vpcId } : { id: vpc.id, cidr: vpc.cidr },
    subnets:
      subnets.length === 0
        ? cluster.attrs.subnetIds.map((id) => ({ id }))
        : subnets.map(({ id, zone, cidr, mapPublicIp }) => ({ id, zone, cidr, public: mapPublicIp })),
    roles: livesOf(roleKind, found).map(({ id, attrs }) => ({ id, name: attrs.name, arn: attrs.arn })),
    iamRolesAnywhere: iamRolesAnywhere(found),
    nodegroups: nodegroupSummaries(found, cluster.attrs.name),
    addons: livesOf(addonKind, found).map(addonSummary),
    kubeconfigContext: livesOf(kubeconfig, found)[0]?.attrs.context ?? null,
    remaining: result.deferred,
    timings: timingsOf(result),
  };
}

function iamRolesAnywhere(found: readonly Found[]): ClusterOutput["iamRolesAnywhere"] {
  const anchor = livesOf(trustAnchorKind, found)[0];
  const profile = livesOf(profileKind, found)[0];
  const role = livesOf(roleKind, found).find(({ id }) => id === hybridNodesRole);
  if (!anchor || !profile || !role) return null;
  return { trustAnchorArn: anchor.attrs.arn, profileArn: profile.attrs.arn, roleArn: role.attrs.arn };
}

export function timingsOf(result: RunResult): Timings {
  const start = Math.min(...result.steps.map((step) => step.startedAt));
  return {
    seconds: result.seconds,
    steps: result.steps.map((step) => ({
      step: step.step,
      startedAfter: (step.startedAt - start) / 1000,
      seconds: (step.finishedAt - step.startedAt) / 1000,
    })),
    criticalPath: result.criticalPath.map((step) => step.step),
  };
}
