import {
  allow,
  allowWhen,
  groupsOfStacks,
  launchingInstances,
  ourStacks,
  passing,
  ourInstanceProfiles,
  ourRoles,
  serviceLinkedRole,
} from "../../aws/permissions.ts";
import type { Action, Planned } from "../../engine/kind.ts";
import { cloudFormationActions } from "./cloudformation-actions.ts";
import type { StackSpec } from "./stack.ts";

type PlannedStack = Planned<StackSpec> | undefined;

const there = "there are self-managed nodegroups";
const ofStack = cloudFormationActions(ourStacks("nodegroup-*"), there);

const looking: readonly Action[] = [...ofStack.looking, ...allowWhen(there, "autoscaling:DescribeAutoScalingGroups")];

const makingProfile = ["iam:CreateInstanceProfile", "iam:TagInstanceProfile", "iam:AddRoleToInstanceProfile"];
const deletingProfile = ["iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"];

const launching = (planned: PlannedStack): readonly Action[] => [
  ...launchingInstances,
  ...passing(planned?.roles ?? [], "ec2.amazonaws.com"),
];

const changingGroup: readonly Action[] = [
  ...ofStack.changing,
  ...allow(
    ["autoscaling:UpdateAutoScalingGroup", "autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"],
    groupsOfStacks,
    "CloudFormation changes the group",
  ),
];

const endingNodes = allow("autoscaling:TerminateInstanceInAutoScalingGroup", groupsOfStacks);

/** The permissions to replace nodes by such of another version of their launch template, and nothing else. */
export const rolling: readonly Action[] = [
  ...changingGroup,
  ...endingNodes,
  ...launchingInstances,
  ...passing(ourRoles.on, "ec2.amazonaws.com"),
];

const changing = (planned: PlannedStack): readonly Action[] => [
  ...changingGroup,
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
    ...ofStack.creating,
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
    ...ofStack.deleting,
    ...allow("autoscaling:DeleteAutoScalingGroup", groupsOfStacks, "CloudFormation deletes the group"),
    ...allow(deletingProfile, ourInstanceProfiles, "CloudFormation deletes the instance profile"),
  ],
  stack: changing,
  registration: changing,
  roll: (planned: PlannedStack): readonly Action[] => [...changing(planned), ...endingNodes],
  processes: allow(["autoscaling:SuspendProcesses", "autoscaling:ResumeProcesses"], groupsOfStacks),
};
