import {
  type AutoScalingGroup,
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
} from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../../aws/context.ts";
import {
  elementChanges,
  foreignElements,
  memoryChanges,
  remembersAny,
  rememberedElements,
  wantedElements,
  wroteBy,
} from "../../aws/element-ownership.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Aspect } from "../../engine/kind.ts";
import type { NodegroupAttrs, NodegroupDeps, NodegroupSpec } from "./nodegroup.ts";
import { setTags } from "./tags-updates.ts";

/**
 * What others than EKS say of the Auto Scaling group that EKS keeps for a nodegroup. Which of it is ours the nodegroup's tags
 * remember; where nothing is, nobody looks, and all is empty.
 */
export interface ScalingGroup {
  readonly tags: Tags;
  /** Each to true. */
  readonly suspendedProcesses: Readonly<Record<string, boolean>>;
}

type Described = Pick<NodegroupAttrs, "autoScalingGroups" | "tags">;

export async function describeScalingGroup(
  { autoScalingGroups, tags }: Described,
  { clients }: AwsContext,
): Promise<ScalingGroup> {
  const isOurs = remembersAny(tags, "asg-tags") || remembersAny(tags, "asg-processes");
  if (!isOurs || autoScalingGroups.length === 0) return { tags: {}, suspendedProcesses: {} };
  const request = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [...autoScalingGroups] });
  const { AutoScalingGroups = [] } = await clients.autoscaling.send(request);
  return {
    tags: inAll(AutoScalingGroups.map(({ Tags }) => tagsOf(Tags))),
    suspendedProcesses: inAll(AutoScalingGroups.map(suspendedIn)),
  };
}

function suspendedIn({ SuspendedProcesses = [] }: AutoScalingGroup): Readonly<Record<string, boolean>> {
  return wantedProcesses(SuspendedProcesses.flatMap(({ ProcessName }) => ProcessName ?? []));
}

function wantedProcesses(names: readonly string[]): Readonly<Record<string, boolean>> {
  return Object.fromEntries(names.map((name) => [name, true]));
}

/** EKS speaks of groups, and keeps one: what is not on all of them is not there. */
function inAll<Value>([first = {}, ...others]: readonly Readonly<Record<string, Value>>[]) {
  const kept = Object.entries(first).filter(([key, value]) => others.every((other) => other[key] === value));
  return Object.fromEntries(kept);
}

/** Elsewhere in the tags is EKS's place. */
const ofAutoscaler = /^k8s\.io\/cluster-autoscaler\/node-template\//;

type ScalingGroupAspect = Aspect<NodegroupSpec, NodegroupDeps, NodegroupAttrs, "scalingGroup">;

export const scalingGroupAspects: Readonly<Record<"scalingGroupTags" | "suspendedProcesses", ScalingGroupAspect>> = {
  scalingGroupTags: {
    want: (spec) => spec.scalingGroupTags,
    have: ({ scalingGroup, tags }, want) =>
      rememberedElements(scalingGroup.tags, wantedElements(want), tags, "asg-tags"),
    change: () => "scalingGroup",
    kept: ({ scalingGroup, tags }, want) =>
      foreignElements(scalingGroup.tags, wantedElements(want), wroteBy(tags, "asg-tags")).filter((key) =>
        ofAutoscaler.test(key),
      ),
  },
  suspendedProcesses: {
    want: (spec) => spec.suspendedProcesses?.toSorted(),
    have: ({ scalingGroup, tags }, want) =>
      Object.keys(
        rememberedElements(scalingGroup.suspendedProcesses, wantedElements(want), tags, "asg-processes"),
      ).toSorted(),
    change: () => "scalingGroup",
    kept: ({ scalingGroup, tags }, want) =>
      foreignElements(scalingGroup.suspendedProcesses, wantedElements(want), wroteBy(tags, "asg-processes")),
  },
};

/** Brings the wanted tags and suspensions in; the nodegroup's tags remember around it which are ours. */
export async function updateScalingGroup(
  spec: NodegroupSpec,
  attrs: NodegroupAttrs,
  ctx: AwsContext,
): Promise<undefined> {
  const { scalingGroup: live, tags } = attrs;
  const wanted = spec.scalingGroupTags ?? live.tags;
  const suspended = spec.suspendedProcesses ? wantedProcesses(spec.suspendedProcesses) : live.suspendedProcesses;
  const memories = [
    ...(spec.scalingGroupTags ? [memoryChanges("asg-tags", tags, Object.keys(live.tags), Object.keys(wanted))] : []),
    ...(spec.suspendedProcesses
      ? [memoryChanges("asg-processes", tags, Object.keys(live.suspendedProcesses), Object.keys(suspended))]
      : []),
  ];
  const remember = (when: "before" | "after") =>
    setTags(ctx, attrs.arn, Object.assign({}, ...memories.map((memory) => memory[when])) as Tags);

  await remember("before");
  for (const name of attrs.autoScalingGroups) {
    await changeTags(name, elementChanges(live.tags, wanted, wroteBy(tags, "asg-tags")), ctx);
    await changeProcesses(
      name,
      elementChanges(live.suspendedProcesses, suspended, wroteBy(tags, "asg-processes")),
      ctx,
    );
  }
  await remember("after");
}

interface Changes<Value> {
  readonly set: Readonly<Record<string, Value>>;
  readonly remove: readonly string[];
}

async function changeTags(name: string, { set, remove }: Changes<string>, { clients }: AwsContext): Promise<void> {
  const on = { ResourceId: name, ResourceType: "auto-scaling-group" };
  const added = Object.entries(set).map(([Key, Value]) => ({ ...on, Key, Value, PropagateAtLaunch: false }));
  if (added.length > 0) await clients.autoscaling.send(new CreateOrUpdateTagsCommand({ Tags: added }));
  const gone = remove.map((Key) => ({ ...on, Key }));
  if (gone.length > 0) await clients.autoscaling.send(new DeleteTagsCommand({ Tags: gone }));
}

async function changeProcesses(
  AutoScalingGroupName: string,
  { set, remove }: Changes<boolean>,
  { clients }: AwsContext,
): Promise<void> {
  const added = Object.keys(set);
  if (added.length > 0) {
    await clients.autoscaling.send(new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: added }));
  }
  if (remove.length > 0) {
    await clients.autoscaling.send(new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses: [...remove] }));
  }
}
