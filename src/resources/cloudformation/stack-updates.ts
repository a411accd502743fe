import {
  ResumeProcessesCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../../aws/context.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Live, Operation, Want } from "../../engine/kind.ts";
import { FailedError } from "../../errors.ts";
import { appliedCapacity, isEdited } from "../desired-capacity.ts";
import { heldSubnets, wantedSubnets } from "../node-subnets.ts";
import { type GroupSize, sizeOf } from "../group-size.ts";
import { changeStack, followStack, sameTags, tagsWith } from "./change-set.ts";
import { rollingAfter } from "./roll-updates.ts";
import type { StackAttrs, StackDeps, StackSpec } from "./stack.ts";
import { parametersOf, parametersWith, subnetsIn, templateOf } from "./template-document.ts";

type Wanted = Want<StackSpec, StackDeps>;

/** An update sets the desired capacity, too: what an autoscaler chose is sent as it is. No node is replaced. */
export function changeNodegroup(want: Wanted, live: Live<StackAttrs>, ctx: AwsContext): Promise<Operation> {
  const source = {
    template: templateOf(want.spec),
    parameters: parametersOf(inItsSubnets(want, live), sizeFor(want.spec, live.attrs)),
    tags: changedTags(want, live),
    unchanged: () => setSize(want, live, ctx),
  };
  return changeStack(source, want.token, live, ctx);
}

/** The same, and then the nodes are replaced that are older than their template says. */
export async function changeNodes(want: Wanted, live: Live<StackAttrs>, ctx: AwsContext): Promise<Operation> {
  const { id, nodesVersion: version } = want.deps.launchTemplate;
  return rollingAfter(await changeNodegroup(want, live, ctx), live, { id, version }, ctx);
}

/** Replaces the nodes that are older than their launch template says, which has another version now; all else is as it is. */
export async function rollNodegroup(
  live: Live<StackAttrs>,
  { id, latestVersion, nodesVersion: version }: StackDeps["launchTemplate"],
  token: string,
  ctx: AwsContext,
): Promise<Operation> {
  return rollingAfter(await moved(), live, { id, version }, ctx);

  /** The group, to that version; an earlier run's change set may still be under way. */
  async function moved(): Promise<Operation> {
    const { template, parameters, tags, group } = live.attrs;
    if (live.phase === "pending") return followStack(live, ctx);
    if (group === null) throw new FailedError(`the stack ${live.ref} has no Auto Scaling group`);
    const source = { template, parameters: parametersWith(parameters, group, latestVersion), tags: sameTags(tags) };
    return changeStack(source, token, live, ctx);
  }
}

/** Where the file leaves them open, the live ones. */
function inItsSubnets(want: Wanted, { attrs }: Live<StackAttrs>): Wanted {
  const held = subnetsIn(attrs.parameters);
  if (heldSubnets(held, wantedSubnets(want.spec, want.deps.subnets)) === held) return want;
  return { ...want, deps: { ...want.deps, subnets: held.map((id) => ({ id })) } };
}

/** Somebody else gave the group another size: for CloudFormation it is as it was. */
async function setSize({ spec }: Wanted, { attrs }: Live<StackAttrs>, { clients }: AwsContext): Promise<void> {
  if (attrs.group === null) return;
  const size = sizeFor(spec, attrs);
  await clients.autoscaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: attrs.group.name,
      MinSize: size.minSize,
      MaxSize: size.maxSize,
      DesiredCapacity: size.desiredCapacity,
    }),
  );
}

/** The desired capacity is the file's only where it was edited there. */
function sizeFor(spec: StackSpec, attrs: StackAttrs): GroupSize {
  const nothing = { minSize: 0, maxSize: 0, desiredCapacity: 0 };
  return sizeOf(spec, attrs.group ?? nothing, isEdited(spec.desiredCapacity, attrs.tags));
}

function changedTags({ spec }: Wanted, { attrs }: Live<StackAttrs>): Tags {
  return { ...tagsWith(attrs.tags, spec.tags), ...appliedCapacity(spec.desiredCapacity) };
}

/** Suspends and resumes: no property of the group in CloudFormation. */
export async function moveProcesses(
  wanted: readonly string[],
  { attrs: { group } }: Live<StackAttrs>,
  { clients }: AwsContext,
): Promise<undefined> {
  if (group === null) return;
  const AutoScalingGroupName = group.name;
  const added = wanted.filter((process) => !group.suspendedProcesses.includes(process));
  const gone = group.suspendedProcesses.filter((process) => !wanted.includes(process));
  if (added.length > 0) {
    await clients.autoscaling.send(new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: added }));
  }
  if (gone.length > 0) {
    await clients.autoscaling.send(new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses: gone }));
  }
}
