import type * as Asg from "@aws-sdk/client-auto-scaling";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import { subnetOf } from "../ec2/internal.ts";
import { ensureServiceLinkedRole } from "../iam/internal.ts";
import { checkAttachments } from "./attachments.ts";
import { alreadyExists, resourceInUse, takeOnly, validationError } from "./errors.ts";
import { settleGroup, terminate } from "./instances.ts";
import { managedGroups } from "./managed-groups.ts";
import { mixedPolicy } from "./mixed.ts";
import { autoScalingOf, changeableGroup, groupArn, groupIn, type Place } from "./place.ts";
import type { GroupRecord, MixedRecord, TemplateUse } from "./state.ts";
import { newTags } from "./tags.ts";
import { checkLaunch, templateData, templateUse } from "./templates.ts";
import { groupView } from "./views.ts";

const defaultPage = 5;
const maxPage = 100;
/** Seconds; Auto Scaling user guide, "Replace instances based on maximum instance lifetime". */
const shortestLifetime = 86_400;

const common = [
  "AutoScalingGroupName",
  "LaunchTemplate",
  "MixedInstancesPolicy",
  "MinSize",
  "MaxSize",
  "DesiredCapacity",
  "DefaultCooldown",
  "HealthCheckGracePeriod",
  "VPCZoneIdentifier",
  "NewInstancesProtectedFromScaleIn",
  "MaxInstanceLifetime",
  "CapacityRebalance",
] as const;

function createGroup(input: Checked<Asg.CreateAutoScalingGroupType>, call: Call): void {
  takeOnly("CreateAutoScalingGroup", input, [...common, "LoadBalancerNames", "TargetGroupARNs", "Tags"]);
  const name = input.AutoScalingGroupName;
  if (groupIn(call, name)) {
    throw alreadyExists(`AutoScalingGroup by this name already exists - A group with the name ${name} already exists`);
  }
  const { template, mixed } = launchedFrom(input, call);
  if (!template) {
    throw validationError(
      "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.",
    );
  }
  const { MinSize: minSize, MaxSize: maxSize } = input;
  const group: GroupRecord = {
    name,
    arn: groupArn(call, name),
    createdAt: call.world.now(),
    template,
    mixed,
    minSize,
    maxSize,
    desired: input.DesiredCapacity ?? minSize,
    subnetIds: subnetsIn(input.VPCZoneIdentifier, call),
    capacityRebalance: input.CapacityRebalance ?? false,
    healthCheckGracePeriod: input.HealthCheckGracePeriod ?? 0,
    cooldown: input.DefaultCooldown ?? 300,
    newInstancesProtected: input.NewInstancesProtectedFromScaleIn ?? false,
    targetGroupArns: [...(input.TargetGroupARNs ?? [])],
    loadBalancerNames: [...(input.LoadBalancerNames ?? [])],
    suspended: [],
    metrics: [],
    tags: newTags([], input.Tags ?? []),
    instances: [],
    activities: [],
    retryAt: 0,
    deleting: false,
    ...lifetime(input.MaxInstanceLifetime),
  };
  if (group.subnetIds.length === 0) {
    throw validationError("At least one Availability Zone or VPC Subnet is required.");
  }
  checkAttachments(group, call);
  checkGroup(group, call);
  ensureServiceLinkedRole(call.world, "autoscaling.amazonaws.com");
  autoScalingOf(call).groups[name] = group;
  settleGroup(call, group);
}

function updateGroup(input: Checked<Asg.UpdateAutoScalingGroupType>, call: Call): void {
  takeOnly("UpdateAutoScalingGroup", input, common);
  const group = changeableGroup(call, input.AutoScalingGroupName);
  const { template, mixed } = launchedFrom(input, call);
  const { MinSize: minSize = group.minSize, MaxSize: maxSize = group.maxSize } = input;
  const changed: GroupRecord = {
    ...group,
    ...(template ? { template, mixed } : {}),
    minSize,
    maxSize,
    // Without a wish of its own it moves only as far as the new bounds demand.
    desired: input.DesiredCapacity ?? Math.min(Math.max(group.desired, minSize), maxSize),
    ...(input.VPCZoneIdentifier === undefined ? {} : { subnetIds: subnetsIn(input.VPCZoneIdentifier, call) }),
    capacityRebalance: input.CapacityRebalance ?? group.capacityRebalance,
    healthCheckGracePeriod: input.HealthCheckGracePeriod ?? group.healthCheckGracePeriod,
    cooldown: input.DefaultCooldown ?? group.cooldown,
    newInstancesProtected: input.NewInstancesProtectedFromScaleIn ?? group.newInstancesProtected,
    ...lifetime(input.MaxInstanceLifetime),
  };
  // 0 takes the limit away.
  if (input.MaxInstanceLifetime === 0) delete changed.maxInstanceLifetime;
  checkGroup(changed, call);
  autoScalingOf(call).groups[group.name] = changed;
  settleGroup(call, changed);
}

/** One template, or a mixed policy; neither is no change. */
function launchedFrom(
  { LaunchTemplate, MixedInstancesPolicy }: Partial<Asg.UpdateAutoScalingGroupType>,
  place: Place,
): { template?: TemplateUse; mixed: MixedRecord | null } {
  if (LaunchTemplate && MixedInstancesPolicy) {
    throw validationError("LaunchTemplate and MixedInstancesPolicy cannot be used together");
  }
  if (MixedInstancesPolicy) return mixedPolicy(place, MixedInstancesPolicy);
  return { ...(LaunchTemplate ? { template: templateUse(place, LaunchTemplate) } : {}), mixed: null };
}

function lifetime(seconds: number | undefined): { maxInstanceLifetime?: number } {
  if (seconds === undefined || seconds === 0) return {};
  if (seconds < shortestLifetime) {
    throw validationError(
      `Valid range for the MaxInstanceLifetime is 0 or a value equal to or more than ${shortestLifetime}`,
    );
  }
  return { maxInstanceLifetime: seconds };
}

function subnetsIn(identifier: string | undefined, { world, region }: Place): string[] {
  const ids = (identifier ?? "").split(",").flatMap((id) => id.trim() || []);
  const subnets = ids.map((id) => {
    const subnet = subnetOf(world, region, id);
    if (!subnet) throw validationError(`The subnet ID '${id}' does not exist`);
    return subnet;
  });
  if (new Set(subnets.map(({ VpcId }) => VpcId)).size > 1) throw validationError("Subnets must be in the same VPC");
  return ids;
}

function checkGroup(group: GroupRecord, place: Place): void {
  const { minSize, maxSize, desired, template, mixed } = group;
  if (minSize > maxSize) {
    throw validationError(`Max bound, ${maxSize}, must be greater than or equal to min bound, ${minSize}`);
  }
  if (desired < minSize) {
    throw validationError(`Desired capacity:${desired} must be greater than or equal to the min size:${minSize}`);
  }
  if (desired > maxSize) {
    throw validationError(`Desired capacity:${desired} must be less than or equal to the max size:${maxSize}`);
  }
  const data = templateData(place, template);
  if (mixed && data.InstanceMarketOptions) {
    throw validationError(
      "Incompatible launch template: InstanceMarketOptions cannot be used with a MixedInstancesPolicy",
    );
  }
  const types = mixed?.overrides.length ? mixed.overrides.map((each) => each.instanceType) : [data.InstanceType];
  const vpcId = subnetOf(place.world, place.region, group.subnetIds[0] ?? "")?.VpcId ?? "";
  checkLaunch(
    place,
    data,
    types.filter((type) => type !== undefined),
    vpcId,
  );
}

/** With `ForceDelete` its instances go along; without, a group that has some stays. */
function deleteGroup(input: Checked<Asg.DeleteAutoScalingGroupType>, call: Call): void {
  const group = changeableGroup(call, input.AutoScalingGroupName);
  if (group.instances.length > 0 && input.ForceDelete !== true) {
    throw resourceInUse(
      "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
    );
  }
  group.deleting = true;
  terminate(
    call,
    group,
    group.instances.map(({ id }) => id),
    "a user request to delete the group",
  );
  settleGroup(call, group);
}

function describeGroups(input: Asg.AutoScalingGroupNamesType, call: Call): Asg.AutoScalingGroupsType {
  const { AutoScalingGroupNames: names, Filters = [], MaxRecords } = input;
  if (MaxRecords !== undefined && (MaxRecords < 1 || MaxRecords > maxPage)) {
    throw validationError(`MaxRecords must be between 1 and ${maxPage}`);
  }
  const views = [
    ...Object.values(autoScalingOf(call).groups).map((group) => groupView(group, call)),
    ...managedGroups(call),
  ];
  const found = views.filter(
    (view) =>
      (!names?.length || names.includes(view.AutoScalingGroupName ?? "")) &&
      Filters.every((filter) => fits(view, filter)),
  );
  const { items, next } = paginate(found, input.NextToken, MaxRecords, defaultPage, "InvalidNextToken");
  return { AutoScalingGroups: items, ...(next === undefined ? {} : { NextToken: next }) };
}

function fits(view: Asg.AutoScalingGroup, { Name = "", Values = [] }: Asg.Filter): boolean {
  const tags = view.Tags ?? [];
  if (Name === "tag-key") return tags.some(({ Key = "" }) => Values.includes(Key));
  if (Name === "tag-value") return tags.some(({ Value = "" }) => Values.includes(Value));
  if (Name.startsWith("tag:")) {
    return tags.some(({ Key, Value = "" }) => Key === Name.slice("tag:".length) && Values.includes(Value));
  }
  throw validationError(`Filter name ${Name} is not valid`);
}

function setDesired(input: Checked<Asg.SetDesiredCapacityType>, call: Call): void {
  const group = changeableGroup(call, input.AutoScalingGroupName);
  const { DesiredCapacity: desired } = input;
  if (desired < group.minSize || desired > group.maxSize) {
    const [side, bound] = desired < group.minSize ? ["below min", group.minSize] : ["above max", group.maxSize];
    throw validationError(
      `New SetDesiredCapacity value ${desired} is ${side} value ${bound} for the AutoScalingGroup.`,
    );
  }
  group.desired = desired;
  settleGroup(call, group);
}

export const groupHandlers = {
  CreateAutoScalingGroup: createGroup,
  UpdateAutoScalingGroup: updateGroup,
  DeleteAutoScalingGroup: deleteGroup,
  DescribeAutoScalingGroups: describeGroups,
  SetDesiredCapacity: setDesired,
};
