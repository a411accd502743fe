import { followingUpdates } from "../../aws/eks-updates.ts";
import {
  allow,
  allowWhen,
  groupsOfNodegroups,
  launchTemplateOf,
  launchingInstances,
  lookedAt,
  ofCluster,
  onlyWhen,
  passing,
  retagging,
  serviceLinkedRole,
} from "../../aws/permissions.ts";
import type { Action, Planned } from "../../engine/kind.ts";
import type { NodegroupSpec } from "./nodegroup.ts";
import { tagging, taggingNew } from "./tags-updates.ts";

type PlannedNodegroup = Planned<NodegroupSpec> | undefined;

/** EKS looks at the role of the nodes, and hands it on to them. */
function givingTheRole(planned: PlannedNodegroup): readonly Action[] {
  const roles = planned?.roles ?? [];
  return [...passing(roles, "eks.amazonaws.com"), ...lookedAt(roles, "iam:GetRole", "iam:ListAttachedRolePolicies")];
}

/** A launch template that is not ours does not carry our tag. */
function byGivenTemplate(planned: PlannedNodegroup): readonly Action[] {
  const id = planned?.spec.givenTemplate;
  return id === undefined
    ? []
    : allow("ec2:RunInstances", launchTemplateOf(id), "EKS checks it for the launch template");
}

const lookingAtGroups = "autoscaling:DescribeAutoScalingGroups";

function settingTags(planned: PlannedNodegroup): readonly Action[] {
  if (Object.keys(planned?.spec.scalingGroupTags ?? {}).length === 0) return [];
  return [
    ...allow("autoscaling:CreateOrUpdateTags", groupsOfNodegroups),
    ...allowWhen("labels or taints are taken out", "autoscaling:DeleteTags", groupsOfNodegroups),
  ];
}

function settingProcesses(planned: PlannedNodegroup): readonly Action[] {
  if (planned?.spec.suspendedProcesses === undefined) return [];
  return [
    ...allow("autoscaling:SuspendProcesses", groupsOfNodegroups),
    ...allowWhen("a process is to run again", "autoscaling:ResumeProcesses", groupsOfNodegroups),
  ];
}

/** The permissions of a nodegroup's verbs (kind contract, `actions`). */
export const nodegroupActions = {
  list: allow("eks:ListNodegroups", ofCluster("cluster")),
  read: (planned: PlannedNodegroup): readonly Action[] => [
    ...allow("eks:DescribeNodegroup", ofCluster("nodegroup")),
    ...(planned === undefined
      ? allowWhen("its Auto Scaling group carries tags of ours", lookingAtGroups)
      : [...settingTags(planned), ...settingProcesses(planned)].length > 0
        ? allow(lookingAtGroups)
        : []),
  ],
  create: (planned: PlannedNodegroup): readonly Action[] => [
    ...allow("eks:CreateNodegroup", ofCluster("cluster")),
    ...taggingNew("nodegroup", "CreateNodegroup"),
    ...givingTheRole(planned),
    ...launchingInstances,
    ...byGivenTemplate(planned),
    ...serviceLinkedRole("eks-nodegroup.amazonaws.com", "AWSServiceRoleForAmazonEKSNodegroup"),
  ],
  delete: allow("eks:DeleteNodegroup", ofCluster("nodegroup")),
  config: [
    ...allow("eks:UpdateNodegroupConfig", ofCluster("nodegroup")),
    ...followingUpdates("nodegroup"),
    ...onlyWhen("labels, taints or the desired capacity change", tagging("nodegroup")),
  ],
  version: (planned: PlannedNodegroup): readonly Action[] => [
    ...allow("eks:UpdateNodegroupVersion", ofCluster("nodegroup")),
    ...followingUpdates("nodegroup"),
    ...onlyWhen("the launch template has a new version", [...launchingInstances, ...byGivenTemplate(planned)]),
  ],
  scalingGroup: (planned: PlannedNodegroup): readonly Action[] => {
    const changes = [...settingTags(planned), ...settingProcesses(planned)];
    return changes.length === 0 ? [] : [...changes, ...tagging("nodegroup")];
  },
  tags: [
    ...tagging("nodegroup"),
    ...allow("ec2:DescribeInstances"),
    ...onlyWhen("the nodegroup has nodes", retagging("instance", "network-interface", "volume")),
  ],
};
