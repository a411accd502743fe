import {
  ResumeProcessesCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
} from "@aws-sdk/client-cloudformation";
import type { AwsContext } from "../../aws/context.ts";
import { tagList } from "../../aws/tags.ts";
import type { Live, Operation, OperationStatus, Want } from "../../engine/kind.ts";
import { heldSubnets, wantedSubnets } from "../node-subnets.ts";
import { tagChanges } from "../tags-aspect.ts";
import { type GroupSize, sizeOf } from "../group-size.ts";
import { describeStack, desiredCapacityTag, lastApplied } from "./stack-document.ts";
import type { StackAttrs, StackDeps, StackSpec } from "./stack.ts";
import { parametersOf, subnetsIn, templateOf } from "./template-document.ts";

type Wanted = Want<StackSpec, StackDeps>;

/**
 * Proposes all that differs as one change set, and has it carried out when CloudFormation has worked it out. An update sets
 * the desired capacity, too: what an autoscaler chose is sent as it is.
 */
export async function changeStack(want: Wanted, live: Live<StackAttrs>, ctx: AwsContext): Promise<Operation> {
  const { cloudformation } = ctx.clients;
  const ChangeSetName = `ekstool-${want.token.slice(0, 16)}-${Math.round(ctx.clock.now()).toString(36)}`;
  const named = { StackName: live.attrs.stackId, ChangeSetName };
  await cloudformation.send(
    new CreateChangeSetCommand({
      ...named,
      TemplateBody: templateOf(want.spec),
      Parameters: parametersOf(inItsSubnets(want, live), sizeFor(want.spec, live.attrs)),
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Tags: tagList(changedTags(want, live)),
      ClientToken: want.token,
    }),
  );
  let executed = false;
  return {
    what: `change set ${ChangeSetName}`,
    async check(): Promise<OperationStatus> {
      if (executed) return progressOf(live, ctx);
      const { Status, StatusReason } = await cloudformation.send(new DescribeChangeSetCommand(named));
      if (Status === "FAILED" && /didn't contain changes/.test(StatusReason ?? "")) {
        await setSize(want, live, ctx);
        return { state: "done" };
      }
      if (Status === "FAILED") return { state: "failed", detail: StatusReason ?? "CloudFormation gives no reason" };
      if (Status !== "CREATE_COMPLETE") return { state: "running", detail: "CloudFormation works the changes out" };
      await cloudformation.send(new ExecuteChangeSetCommand({ ...named, ClientRequestToken: want.token }));
      executed = true;
      return { state: "running", detail: "the changes are carried out" };
    },
  };
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

async function progressOf(before: Live<StackAttrs>, ctx: AwsContext): Promise<OperationStatus> {
  const live = await describeStack(before.attrs.stackId, ctx);
  if (live === null) return { state: "failed", detail: `the stack ${before.ref} is gone` };
  const { status } = live.attrs;
  const detail = live.detail ?? status;
  if (live.phase === "pending") return { state: "running", detail };
  if (status === "UPDATE_COMPLETE") return { state: "done" };
  return { state: "failed", detail: live.detail ?? `the stack is ${status}: its events say why` };
}

/** The desired capacity is the file's only where it was edited there. */
function sizeFor(spec: StackSpec, attrs: StackAttrs): GroupSize {
  const nothing = { minSize: 0, maxSize: 0, desiredCapacity: 0 };
  return sizeOf(spec, attrs.group ?? nothing, lastApplied(attrs) !== spec.desiredCapacity);
}

/** All tags of the stack: an update takes those that it does not name away. */
function changedTags({ spec }: Wanted, { attrs }: Live<StackAttrs>): Readonly<Record<string, string>> {
  const { set, remove } = tagChanges(attrs.tags, spec.tags);
  const { desiredCapacity } = spec;
  const applied = desiredCapacity === undefined ? {} : { [desiredCapacityTag]: String(desiredCapacity) };
  const kept = Object.entries(attrs.tags).filter(([key]) => !remove.includes(key) && !key.startsWith("aws:"));
  return { ...Object.fromEntries(kept), ...set, ...applied };
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
