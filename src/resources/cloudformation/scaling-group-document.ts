import { DescribeAutoScalingGroupsCommand, type AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../../aws/context.ts";
import type { Live } from "../../engine/kind.ts";
import type { StackDocument } from "./stack-document.ts";
import type { StackAttrs } from "./stack.ts";

/** Holds the desired capacity that was last applied, which tells the user's edit from an autoscaler's choice. */
export const desiredCapacityTag = "ekstool.dev/desired-capacity";

/** A stack with the group that it gives out; none before that is made. */
export async function withGroup(live: Live<StackDocument>, { clients }: AwsContext): Promise<Live<StackAttrs>> {
  const name = live.attrs.outputs["AutoScalingGroup"];
  if (name === undefined) return { ...live, attrs: { ...live.attrs, group: null } };
  const request = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  const { AutoScalingGroups = [] } = await clients.autoscaling.send(request);
  const [group] = AutoScalingGroups;
  return { ...live, attrs: { ...live.attrs, group: group ? attributes(name, group) : null } };
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
