import type * as Asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../aws-error.ts";
import type { Call } from "../service.ts";
import { managedTags } from "../services/autoscaling/managed-groups.ts";
import { autoScalingOf, groupIn } from "../services/autoscaling/place.ts";
import { serviceLinkedRole } from "../services/iam/internal.ts";
import { launchingFromTemplate } from "./eks-launch.ts";
import { creatingServiceLinkedRole } from "./iam.ts";
import {
  arn,
  type Context,
  each,
  need,
  removedTags,
  type Requirement,
  requestTags,
  resourceTags,
  type Rows,
  tagsIn,
} from "./requirement.ts";

const service = "autoscaling";

function read(action: string) {
  return () => [need(`${service}:${action}`)];
}

function onGroup(action: string, name: string, call: Call, ...contexts: readonly Context[]): Requirement {
  const tags = groupIn(call, name)?.tags ?? managedTags(call, name) ?? [];
  const own = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  const group = arn(call, service, `autoScalingGroup:*:autoScalingGroupName/${name}`);
  return need(`${service}:${action}`, group, resourceTags(own, service), ...contexts);
}

interface Named {
  readonly AutoScalingGroupName?: string | undefined;
}

function act(action: string) {
  return ({ AutoScalingGroupName: name = "" }: Named, call: Call) => [onGroup(action, name, call)];
}

type Launching = Named &
  Pick<Asg.CreateAutoScalingGroupType, "LaunchTemplate" | "MixedInstancesPolicy" | "VPCZoneIdentifier">;

/**
 * Who makes a group must be allowed to launch from its template (Auto Scaling user guide, "Control Amazon EC2 launch
 * template usage"): Auto Scaling has EC2 try it.
 */
function tryingLaunch(input: Launching, call: Call): Requirement[] {
  const template = input.LaunchTemplate ?? input.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  if (!template) return [];
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version: version } = template;
  const zones = input.VPCZoneIdentifier ?? groupIn(call, input.AutoScalingGroupName ?? "")?.subnetIds.join(",") ?? "";
  const subnets = zones.split(",").filter((each) => each !== "");
  const refusal = () =>
    new AwsError("AccessDenied", `You are not authorized to use launch template: ${id ?? name}`, { status: 403 });
  return launchingFromTemplate({ template: { id, name, version }, subnets, clusterSecurityGroup: undefined }, call).map(
    (each) => ({ ...each, refusal }),
  );
}

function creating(input: Asg.CreateAutoScalingGroupType, call: Call): Requirement[] {
  const principal = "autoscaling.amazonaws.com";
  const tags = requestTags(tagsIn(input.Tags));
  return [
    onGroup("CreateAutoScalingGroup", input.AutoScalingGroupName ?? "", call, tags),
    ...(input.Tags?.length ? [onGroup("CreateOrUpdateTags", input.AutoScalingGroupName ?? "", call, tags)] : []),
    ...tryingLaunch(input, call),
    ...(serviceLinkedRole(call.world, principal).exists ? [] : [creatingServiceLinkedRole(principal, call)]),
  ];
}

/** Tags of one group after the other. */
function tagging(action: string) {
  return ({ Tags = [] }: Asg.CreateOrUpdateTagsType | Asg.DeleteTagsType, call: Call) =>
    [...new Set(Tags.map(({ ResourceId = "" }) => ResourceId))].map((name) => {
      const own = Tags.filter(({ ResourceId = "" }) => ResourceId === name);
      const keys = action === "DeleteTags" ? removedTags(own.map(({ Key = "" }) => Key)) : requestTags(tagsIn(own));
      return onGroup(action, name, call, keys);
    });
}

export const autoScalingRows = {
  ...each(
    ["DescribeAutoScalingGroups", "DescribeAutoScalingInstances", "DescribeScalingActivities", "DescribeTags"],
    read,
  ),
  CreateAutoScalingGroup: creating,
  UpdateAutoScalingGroup: (input: Asg.UpdateAutoScalingGroupType, call: Call) => [
    onGroup("UpdateAutoScalingGroup", input.AutoScalingGroupName ?? "", call),
    ...tryingLaunch(input, call),
  ],
  ...each(
    [
      "AttachLoadBalancerTargetGroups",
      "AttachLoadBalancers",
      "DeleteAutoScalingGroup",
      "DetachLoadBalancerTargetGroups",
      "DetachLoadBalancers",
      "DisableMetricsCollection",
      "EnableMetricsCollection",
      "ResumeProcesses",
      "SetDesiredCapacity",
      "SuspendProcesses",
    ],
    act,
  ),
  TerminateInstanceInAutoScalingGroup: (input: Asg.TerminateInstanceInAutoScalingGroupType, call: Call) => [
    onGroup("TerminateInstanceInAutoScalingGroup", groupOfInstance(input.InstanceId ?? "", call), call),
  ],
  ...each(["CreateOrUpdateTags", "DeleteTags"], tagging),
} satisfies Rows;

function groupOfInstance(id: string, call: Call): string {
  const groups = Object.values(autoScalingOf(call).groups);
  return groups.find(({ instances }) => instances.some((each) => each.id === id))?.name ?? "*";
}
