import {
  allow,
  allowWhen,
  groupsOfStacks,
  launchingInstances,
  ourStacks,
  passing,
  ourInstanceProfiles,
  serviceLinkedRole,
  stacks,
} from "../../aws/permissions.ts";
import type { Action, Planned } from "../../engine/kind.ts";
import type { StackSpec } from "./stack.ts";

type PlannedStack = Planned<StackSpec> | undefined;

/** What CloudFormation looks at in the caller's name, and we do. */
const looking: readonly Action[] = [
  ...allow("cloudformation:DescribeStacks", stacks),
  ...allowWhen(
    "there are self-managed nodegroups",
    ["cloudformation:GetTemplate", "cloudformation:DescribeStackEvents"],
    ourStacks,
  ),
  ...allowWhen("there are self-managed nodegroups", "autoscaling:DescribeAutoScalingGroups"),
];

const makingProfile = ["iam:CreateInstanceProfile", "iam:TagInstanceProfile", "iam:AddRoleToInstanceProfile"];
const deletingProfile = ["iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"];

const launching = (planned: PlannedStack): readonly Action[] => [
  ...launchingInstances,
  ...passing(planned?.roles ?? [], "ec2.amazonaws.com"),
];

const changing = (planned: PlannedStack): readonly Action[] => [
  ...allow(
    [
      "cloudformation:CreateChangeSet",
      "cloudformation:DescribeChangeSet",
      "cloudformation:ExecuteChangeSet",
      "cloudformation:TagResource",
    ],
    ourStacks,
  ),
  ...allow(
    ["autoscaling:UpdateAutoScalingGroup", "autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"],
    groupsOfStacks,
    "CloudFormation changes the group",
  ),
  ...allowWhen(
    "load balancers or metrics of the group change",
    [
      "autoscaling:AttachLoadBalancerTargetGroups",
      "autoscaling:AttachLoadBalancers",
      "autoscaling:DetachLoadBalancerTargetGroups",
      "autoscaling:DetachLoadBalancers",
      "autoscaling:DisableMetricsCollection",
      "autoscaling:EnableMetricsCollection",
    ],
    groupsOfStacks,
  ),
  ...allowWhen("the nodes get another role", [...makingProfile, ...deletingProfile], ourInstanceProfiles),
  ...launching(planned),
];

/** The permissions of a stack's verbs (kind contract, `actions`). CloudFormation works in the caller's name. */
export const stackActions = {
  list: looking,
  read: looking,
  create: (planned: PlannedStack): readonly Action[] => [
    ...allow(["cloudformation:CreateStack", "cloudformation:TagResource"], ourStacks),
    ...(planned?.spec.instanceProfile
      ? allow(makingProfile, ourInstanceProfiles, "CloudFormation makes the instance profile")
      : []),
    ...allow(
      ["autoscaling:CreateAutoScalingGroup", "autoscaling:CreateOrUpdateTags"],
      groupsOfStacks,
      "CloudFormation makes the group",
    ),
    ...((planned?.spec.metricsCollection.length ?? 0) > 0
      ? allow("autoscaling:EnableMetricsCollection", groupsOfStacks)
      : []),
    ...launching(planned),
    ...serviceLinkedRole("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
  ],
  delete: [
    ...allow("cloudformation:DeleteStack", ourStacks),
    ...allow("autoscaling:DeleteAutoScalingGroup", groupsOfStacks, "CloudFormation deletes the group"),
    ...allow(deletingProfile, ourInstanceProfiles, "CloudFormation deletes the instance profile"),
  ],
  stack: changing,
  roll: changing,
  processes: allow(["autoscaling:SuspendProcesses", "autoscaling:ResumeProcesses"], groupsOfStacks),
};
