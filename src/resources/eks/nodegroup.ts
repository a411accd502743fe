import {
  CreateNodegroupCommand,
  DeleteNodegroupCommand,
  UpdateNodegroupVersionCommand,
  paginateListNodegroups,
} from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { allPages } from "../../aws/eks-pages.ts";
import { updateOperation } from "../../aws/eks-updates.ts";
import { isNewer } from "../../aws/eks-versions.ts";
import { foreignElements, rememberedElements, wantedElements, wroteBy } from "../../aws/element-ownership.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Duration, NamedKind, Lock } from "../../engine/kind.ts";
import { desiredCapacityAspect } from "../desired-capacity.ts";
import { heldSubnets, type SubnetChoice, wantedSubnets } from "../node-subnets.ts";
import { tagChanges, tagsAspect } from "../tags-aspect.ts";
import { drainNodes, drainTiming, neededByNodes, nodesOf } from "./nodegroup-drain.ts";
import { nodegroupActions } from "./nodegroup-actions.ts";
import { createRequest, describeNodegroup, wantedSettings, taintElements } from "./nodegroup-document.ts";
import { configUpdate, tagLiveThings, versionRequest } from "./nodegroup-updates.ts";
import { scalingGroupAspects, type ScalingGroup, updateScalingGroup } from "./nodegroup-scaling-group-updates.ts";
import { updateTags } from "./tags-updates.ts";

export interface NodegroupTaint {
  readonly key: string;
  readonly value?: string;
  /** Kubernetes' spelling: NoSchedule, PreferNoSchedule, NoExecute. */
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}
export interface NodegroupSpec extends SubnetChoice {
  /** As AL2023_x86_64_STANDARD. */
  readonly amiType: string;
  readonly capacityType: "ON_DEMAND" | "SPOT" | "CAPACITY_BLOCK";
  /** More than one type, or spot: here; a single on-demand type lives in the launch template, and then there is none here. */
  readonly instanceTypes?: readonly string[];
  /** Id of a launch template that is not ours. */
  readonly givenTemplate?: string;
  /** Its version counts at creation only. */
  readonly keepsTemplateVersion?: boolean;
  readonly minSize?: number;
  readonly maxSize?: number;
  /** The last applied one is kept in a tag, so that an autoscaler's choice is told from the user's edit. */
  readonly desiredCapacity?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly NodegroupTaint[];
  readonly updateConfig?: { readonly maxUnavailable?: number; readonly maxUnavailablePercentage?: number };
  /** EKS's own shape (NodeRepairConfig). */
  readonly nodeRepairConfig?: Readonly<Record<string, unknown>>;
  /** Likewise (WarmPoolConfig). */
  readonly warmPoolConfig?: Readonly<Record<string, unknown>>;
  readonly releaseVersion?: string;
  /** Of the Auto Scaling group that EKS makes, beside those that EKS gives it. */
  readonly scalingGroupTags?: Tags;
  /** Processes of that group that do not run. Absent: what somebody suspended stays so. */
  readonly suspendedProcesses?: readonly string[];
  readonly tags: Tags;
}
export interface NodegroupDeps {
  readonly cluster: { readonly name: string };
  readonly role: { readonly arn: string };
  readonly subnets: readonly { readonly id: string }[];
  readonly launchTemplate: { readonly id: string; readonly latestVersion: number };
}
export interface NodegroupAttrs {
  readonly name: string;
  readonly arn: string;
  readonly cluster: string;
  readonly status: string;
  readonly version: string;
  readonly releaseVersion: string;
  readonly amiType: string;
  readonly capacityType: string;
  readonly instanceTypes: readonly string[];
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodegroupTaint[];
  readonly updateConfig: { readonly maxUnavailable?: number; readonly maxUnavailablePercentage?: number };
  readonly nodeRepairConfig: Readonly<Record<string, unknown>>;
  readonly warmPoolConfig: Readonly<Record<string, unknown>>;
  readonly roleArn: string;
  readonly subnetIds: readonly string[];
  readonly launchTemplate: { readonly id: string; readonly version: number } | null;
  /** Their names. */
  readonly autoScalingGroups: readonly string[];
  readonly scalingGroup: ScalingGroup;
  readonly createdAt: string;
  readonly tags: Tags;
}

export const nodegroup: NamedKind<
  NodegroupSpec,
  NodegroupDeps,
  NodegroupAttrs,
  AwsContext,
  "config" | "version" | "scalingGroup" | "tags"
> = {
  name: "eks.nodegroup",
  title: "managed nodegroup",
  deletedBefore: neededByNodes,
  interrupts: ["version"],
  // The creating call does not know of the group.
  completes: ["scalingGroup"],
  longestName: 63,
  timing(verb, spec, live) {
    if (verb === "version") return rollTiming(spec, live?.attrs);
    return verb === "retire" ? drainTiming(live?.attrs.desiredCapacity) : (timings[verb] ?? configTiming);
  },
  locks: (verb) => (verb === "tags" || verb === "scalingGroup" ? [] : shared),

  actions: nodegroupActions,

  async list(ctx, id) {
    const pages = paginateListNodegroups({ client: ctx.clients.eks }, { clusterName: ctx.owner.cluster });
    const names = await allPages(pages, (page) => page.nodegroups);
    const all = await Promise.all(names.map((name) => describeNodegroup(name, ctx)));
    return all.filter((live) => live !== null).filter((live) => id === undefined || live.id === id);
  },
  read: describeNodegroup,
  find: describeNodegroup,

  async create(want, ctx) {
    await ctx.clients.eks.send(new CreateNodegroupCommand(createRequest(want, ctx)));
    return { ref: want.name };
  },

  retire: (live, ctx) => drainNodes(nodesOf(live.attrs), ctx),

  async delete(live, ctx) {
    const request = { clusterName: live.attrs.cluster, nodegroupName: live.ref };
    await ctx.clients.eks.send(new DeleteNodegroupCommand(request));
  },

  aspects: {
    labels: {
      want: (spec) => spec.labels,
      have: (attrs, want) => rememberedElements(attrs.labels, wantedElements(want), attrs.tags, "labels"),
      change: () => "config",
      kept: (attrs, want) => foreignElements(attrs.labels, wantedElements(want), wroteBy(attrs.tags, "labels")),
    },
    taints: {
      want: (spec) => spec.taints && taintElements(spec.taints),
      have: (attrs, want) =>
        rememberedElements(taintElements(attrs.taints), wantedElements(want), attrs.tags, "taints"),
      change: () => "config",
      kept: (attrs, want) =>
        foreignElements(taintElements(attrs.taints), wantedElements(want), wroteBy(attrs.tags, "taints")),
    },
    minSize: {
      want: (spec) => spec.minSize,
      have: (attrs) => attrs.minSize,
      change: () => "config",
    },
    maxSize: {
      want: (spec) => spec.maxSize,
      have: (attrs) => attrs.maxSize,
      change: () => "config",
    },
    desiredCapacity: desiredCapacityAspect((attrs) => attrs.desiredCapacity, "config"),
    updateConfig: {
      want: (spec) => spec.updateConfig,
      have: (attrs) => attrs.updateConfig,
      change: () => "config",
    },
    nodeRepairConfig: {
      want: (spec) => spec.nodeRepairConfig,
      have: ({ nodeRepairConfig }, want) => wantedSettings(nodeRepairConfig, want),
      change: () => "config",
    },
    warmPoolConfig: {
      want: (spec) => spec.warmPoolConfig,
      have: ({ warmPoolConfig }, want) => wantedSettings(warmPoolConfig, want),
      change: () => "config",
    },
    releaseVersion: {
      want: (spec) => spec.releaseVersion,
      // Nodes never go back: a newer live release is information, not a difference.
      have: (attrs, want) => (isNewer(attrs.releaseVersion, want) ? want : attrs.releaseVersion),
      change: () => "version",
    },
    launchTemplate: {
      want: (_spec, deps) => deps.launchTemplate.id,
      have: (attrs) => attrs.launchTemplate?.id ?? null,
      change: () => "replace",
    },
    launchTemplateVersion: {
      want: (spec, deps) => (spec.keepsTemplateVersion ? undefined : deps.launchTemplate.latestVersion),
      have: (attrs) => attrs.launchTemplate?.version ?? null,
      change: () => "version",
    },
    amiType: {
      want: (spec) => spec.amiType,
      have: (attrs) => attrs.amiType,
      change: () => "replace",
    },
    capacityType: {
      want: (spec) => spec.capacityType,
      have: (attrs) => attrs.capacityType,
      change: () => "replace",
    },
    instanceTypes: {
      want: (spec) => spec.instanceTypes,
      have: (attrs) => attrs.instanceTypes,
      change: () => "replace",
    },
    role: {
      want: (_spec, deps) => deps.role.arn,
      have: (attrs) => attrs.roleArn,
      change: () => "replace",
    },
    subnets: {
      want: (spec, deps) => wantedSubnets(spec, deps.subnets),
      have: (attrs, want) => heldSubnets(attrs.subnetIds, want),
      change: () => "replace",
    },
    ...scalingGroupAspects,
    tags: tagsAspect,
  },

  updates: {
    config: configUpdate,
    async version(want, live, ctx) {
      const { update } = await ctx.clients.eks.send(new UpdateNodegroupVersionCommand(versionRequest(want, live)));
      return updateOperation(ctx.clients.eks, { cluster: live.attrs.cluster, nodegroup: live.ref }, update);
    },
    scalingGroup: async (want, live, ctx) => updateScalingGroup(want.spec, live.attrs, ctx),
    async tags(want, live, ctx) {
      // What is compared comes last: an update that is cut short is seen, and done again.
      await tagLiveThings(ctx, live, tagChanges(live.attrs.tags, want.spec.tags));
      await updateTags(want, live, ctx);
    },
  },
};

/** Seconds. */
const timings: Readonly<Partial<Record<string, Duration>>> = {
  create: { expect: 150, limit: 2100 },
  delete: { expect: 180, limit: 2700 },
  scalingGroup: { expect: 2, limit: 120 },
  tags: { expect: 2, limit: 120 },
};
const configTiming: Duration = { expect: 15, limit: 900 };

/** Nodes are replaced in batches of `maxUnavailable`, each of which has to come up and to be drained. */
function rollTiming(spec: NodegroupSpec | undefined, attrs: NodegroupAttrs | undefined): Duration {
  const nodes = attrs?.desiredCapacity ?? spec?.desiredCapacity ?? 1;
  const { maxUnavailable, maxUnavailablePercentage } = attrs?.updateConfig ?? spec?.updateConfig ?? {};
  const percentage = Math.floor((nodes * (maxUnavailablePercentage ?? 0)) / 100);
  const batches = Math.ceil(nodes / Math.max(1, maxUnavailable ?? percentage));
  const expect = 120 * Math.max(1, batches);
  return { expect, limit: Math.max(7200, expect * 5) };
}

/** EKS refuses them while the cluster itself is updated; among themselves they go side by side. */
const shared: readonly Lock[] = [{ name: "cluster", mode: "shared" }];
