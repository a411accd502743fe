import { DescribeAutoScalingGroupsCommand, type AutoScalingGroup, type Instance } from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../../aws/context.ts";
import type { Live } from "../../engine/kind.ts";
import type { StackDocument } from "./stack-document.ts";
import type { StackAttrs } from "./stack.ts";

/** A stack with the group that it gives out; none before that is made. */
export async function withGroup(live: Live<StackDocument>, ctx: AwsContext): Promise<Live<StackAttrs>> {
  const name = live.attrs.outputs["AutoScalingGroup"];
  if (name === undefined) return { ...live, attrs: { ...live.attrs, group: null } };
  const group = await describeGroup(name, ctx);
  return {
    ...live,
    attrs: { ...live.attrs, group: group ? attributes(name, live.attrs.parameters["LaunchTemplate"], group) : null },
  };
}

function attributes(
  name: string,
  template: string | undefined,
  group: AutoScalingGroup,
): NonNullable<StackAttrs["group"]> {
  const instances = group.Instances ?? [];
  return {
    name,
    minSize: group.MinSize ?? 0,
    maxSize: group.MaxSize ?? 0,
    desiredCapacity: group.DesiredCapacity ?? 0,
    instances: instances.length,
    ...(instances.length > 0 && { oldestVersion: Math.min(...instances.map((each) => versionOf(each, template))) }),
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []).toSorted(),
  };
}

export async function describeGroup(
  name: string,
  { clients }: Pick<AwsContext, "clients">,
): Promise<AutoScalingGroup | undefined> {
  const request = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  const { AutoScalingGroups = [] } = await clients.autoscaling.send(request);
  return AutoScalingGroups[0];
}

/** Of its launch template. Instances of another template are older than any version of this one. */
export function versionOf({ LaunchTemplate }: Instance, template: string | undefined): number {
  return LaunchTemplate?.LaunchTemplateId === template ? Number(LaunchTemplate?.Version) : 0;
}
