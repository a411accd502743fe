import type * as Asg from "@aws-sdk/client-auto-scaling";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import { validationError } from "./errors.ts";
import { settleGroup, terminate } from "./instances.ts";
import { autoScalingOf, groupNamed } from "./place.ts";
import type { ActivityRecord, GroupRecord } from "./state.ts";

const defaultPage = 10;

function describeActivities(input: Asg.DescribeScalingActivitiesType, call: Call): Asg.ActivitiesType {
  const { AutoScalingGroupName: name } = input;
  const groups = name === undefined ? Object.values(autoScalingOf(call).groups) : [groupNamed(call, name)];
  const all = groups.flatMap((group) => group.activities.toReversed().map((each) => view(each, group)));
  const { items, next } = paginate(all, input.NextToken, input.MaxRecords, defaultPage, "InvalidNextToken");
  return { Activities: items, ...(next === undefined ? {} : { NextToken: next }) };
}

function view(activity: ActivityRecord, group: GroupRecord): Asg.Activity {
  return {
    ActivityId: activity.id,
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    Description: activity.description,
    Cause: `At ${new Date(activity.at).toISOString()} ${activity.cause}.`,
    StartTime: new Date(activity.at),
    EndTime: new Date(activity.at),
    StatusCode: activity.status,
    ...(activity.message === undefined ? {} : { StatusMessage: activity.message }),
    Progress: 100,
  };
}

function describeInstances(input: Asg.DescribeAutoScalingInstancesType, call: Call): Asg.AutoScalingInstancesType {
  const all = Object.values(autoScalingOf(call).groups).flatMap((group) =>
    group.instances.map((each) => ({
      InstanceId: each.id,
      InstanceType: each.type,
      AutoScalingGroupName: group.name,
      AvailabilityZone: each.zone,
      LifecycleState: "InService",
      HealthStatus: "HEALTHY",
      LaunchTemplate: { LaunchTemplateId: group.template.id, Version: each.version },
      ProtectedFromScaleIn: false,
    })),
  );
  const found = all.filter(({ InstanceId }) => !input.InstanceIds?.length || input.InstanceIds.includes(InstanceId));
  const { items, next } = paginate(found, input.NextToken, input.MaxRecords, defaultPage, "InvalidNextToken");
  return { AutoScalingInstances: items, ...(next === undefined ? {} : { NextToken: next }) };
}

function terminateInGroup(input: Checked<Asg.TerminateInstanceInAutoScalingGroupType>, call: Call): Asg.ActivityType {
  const { InstanceId: instance = "" } = input;
  const group = Object.values(autoScalingOf(call).groups).find(({ instances }) =>
    instances.some(({ id }) => id === instance),
  );
  if (!group) throw validationError(`Instance Id not found - No managed instance found for instance ID: ${instance}`);
  if (input.ShouldDecrementDesiredCapacity) {
    if (group.desired <= group.minSize) {
      throw validationError(
        "Currently, desiredSize equals minSize. Terminating instance without replacement will violate group's min size constraint.",
      );
    }
    group.desired -= 1;
  }
  const [activity] = terminate(call, group, [instance], "a user request");
  settleGroup(call, group);
  return activity ? { Activity: view(activity, group) } : {};
}

export const activityHandlers = {
  DescribeScalingActivities: describeActivities,
  DescribeAutoScalingInstances: describeInstances,
  TerminateInstanceInAutoScalingGroup: terminateInGroup,
};
