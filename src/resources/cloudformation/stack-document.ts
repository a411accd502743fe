import { DescribeAutoScalingGroupsCommand, type AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import {
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateDescribeStackEvents,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { tagsOf } from "../../aws/tags.ts";
import type { Live, Phase } from "../../engine/kind.ts";
import { taggedLive } from "../tags-aspect.ts";
import type { StackAttrs } from "./stack.ts";

/** Holds the desired capacity that was last applied, which tells the user's edit from an autoscaler's choice. */
export const desiredCapacityTag = "ekstool.dev/desired-capacity";

/** A stack by its name or id, whoever made it. */
export async function describeStack(name: string, ctx: AwsContext): Promise<Live<StackAttrs> | null> {
  const request = new DescribeStacksCommand({ StackName: name });
  const answer = await absentAsNull(() => ctx.clients.cloudformation.send(request));
  const [found] = answer?.Stacks ?? [];
  return found === undefined || found.StackStatus === "DELETE_COMPLETE" ? null : toLive(found, ctx);
}

export async function toLive(described: Stack, ctx: AwsContext): Promise<Live<StackAttrs>> {
  const { StackName: name = "", StackId: stackId = "", StackStatus: status = "" } = described;
  const [template, group] = await Promise.all([templateIn(stackId, ctx), groupOf(described, ctx)]);
  const attrs: StackAttrs = {
    name,
    stackId,
    status,
    template,
    parameters: Object.fromEntries(
      (described.Parameters ?? []).map(({ ParameterKey = "", ParameterValue = "" }) => [ParameterKey, ParameterValue]),
    ),
    group,
    createdAt: described.CreationTime?.toISOString() ?? "",
    tags: tagsOf(described.Tags),
  };
  const phase = phaseOf(status);
  const asWanted = status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE";
  const detail = asWanted ? undefined : await latestEvent(stackId, phase, ctx);
  const live = taggedLive(ctx, name, phase, attrs, { uid: stackId, detail });
  if (described.EnableTerminationProtection !== true) return live;
  return {
    ...live,
    protection: `its termination protection is on: turn it off with \`aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}\``,
  };
}

async function templateIn(StackName: string, { clients }: AwsContext): Promise<string> {
  const request = new GetTemplateCommand({ StackName, TemplateStage: "Original" });
  const answer = await absentAsNull(() => clients.cloudformation.send(request));
  return answer?.TemplateBody ?? "{}";
}

/** The group that the stack gives out; none before it is made. */
async function groupOf({ Outputs }: Stack, { clients }: AwsContext): Promise<StackAttrs["group"]> {
  const name = Outputs?.find(({ OutputKey }) => OutputKey === "AutoScalingGroup")?.OutputValue;
  if (name === undefined) return null;
  const request = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  const { AutoScalingGroups = [] } = await clients.autoscaling.send(request);
  const [group] = AutoScalingGroups;
  return group ? attributes(name, group) : null;
}

function attributes(name: string, group: AutoScalingGroup): NonNullable<StackAttrs["group"]> {
  return {
    name,
    minSize: group.MinSize ?? 0,
    maxSize: group.MaxSize ?? 0,
    desiredCapacity: group.DesiredCapacity ?? 0,
    instances: group.Instances?.length ?? 0,
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []).toSorted(),
  };
}

function phaseOf(status: string): Phase {
  switch (status) {
    case "CREATE_COMPLETE":
    case "UPDATE_COMPLETE":
    case "UPDATE_ROLLBACK_COMPLETE":
    case "IMPORT_COMPLETE":
      return "ready";
    case "CREATE_FAILED":
    case "ROLLBACK_COMPLETE":
    case "ROLLBACK_FAILED":
    case "REVIEW_IN_PROGRESS":
      return "failed";
    case "DELETE_FAILED":
    case "UPDATE_FAILED":
    case "UPDATE_ROLLBACK_FAILED":
      return "degraded";
    case "DELETE_IN_PROGRESS":
      return "deleting";
    default:
      return "pending";
  }
}

/** What went wrong first, where something did; else what happened last. In CloudFormation's words. */
async function latestEvent(StackName: string, phase: Phase, { clients }: AwsContext): Promise<string | undefined> {
  const failures: string[] = [];
  let latest: string | undefined;
  for await (const page of paginateDescribeStackEvents({ client: clients.cloudformation }, { StackName })) {
    for (const event of page.StackEvents ?? []) {
      const { LogicalResourceId: id, ResourceStatus: status = "", ResourceStatusReason: reason } = event;
      latest ??= `${id} ${status}${reason === undefined ? "" : `: ${reason}`}`;
      if (status.endsWith("_FAILED") && reason !== undefined && !reason.includes("cancelled")) {
        failures.push(`${id}: ${reason}`);
      }
      // Events go back to the stack's beginning: those of this operation end where it began.
      if (reason === "User Initiated") return failures.at(-1) ?? (phase === "pending" ? latest : undefined);
    }
  }
  return failures.at(-1) ?? latest;
}

/** Not a number while, or because, an edit was not applied to its end. */
export function lastApplied({ tags, group }: StackAttrs): number | string {
  const applied = tags[desiredCapacityTag];
  return applied === undefined ? (group?.desiredCapacity ?? 0) : /^\d+$/.test(applied) ? Number(applied) : applied;
}

/** The live number, unless it is the wanted one or the last applied one is: then what was applied decides. */
export function comparedCapacity(attrs: StackAttrs, want: unknown): number | string | null {
  const applied = lastApplied(attrs);
  const live = attrs.group?.desiredCapacity ?? null;
  return typeof applied === "string" || applied === want || live === want ? applied : live;
}
