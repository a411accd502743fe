import { DescribeAutoScalingGroupsCommand, type AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../../aws/context.ts";
import type { Live } from "../../engine/kind.ts";
import type { StackDocument } from "./stack-document.ts";
import type { StackAttrs } from "./stack.ts";

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
