import type * as Asg from "@aws-sdk/client-auto-scaling";
import type { Call, Checked } from "../../service.ts";
import { validationError } from "./errors.ts";
import { settleGroup } from "./instances.ts";
import { nodegroupOf, onGroup } from "./managed-groups.ts";
import { changeableGroup, groupIn } from "./place.ts";

/** Auto Scaling user guide, "Suspend and resume processes". */
const processes = [
  "Launch",
  "Terminate",
  "AddToLoadBalancer",
  "AlarmNotification",
  "AZRebalance",
  "HealthCheck",
  "InstanceRefresh",
  "ReplaceUnhealthy",
  "ScheduledActions",
];

/** Auto Scaling API reference, EnableMetricsCollection. */
const metrics = [
  "GroupMinSize",
  "GroupMaxSize",
  "GroupDesiredCapacity",
  "GroupInServiceInstances",
  "GroupPendingInstances",
  "GroupStandbyInstances",
  "GroupTerminatingInstances",
  "GroupTotalInstances",
  "GroupInServiceCapacity",
  "GroupPendingCapacity",
  "GroupStandbyCapacity",
  "GroupTerminatingCapacity",
  "GroupTotalCapacity",
  "WarmPoolDesiredCapacity",
  "WarmPoolWarmedCapacity",
  "WarmPoolPendingCapacity",
  "WarmPoolTerminatingCapacity",
  "WarmPoolTotalCapacity",
  "GroupAndWarmPoolDesiredCapacity",
  "GroupAndWarmPoolTotalCapacity",
];

/** None named: all. */
function named(given: readonly string[] | undefined, known: readonly string[], what: string): readonly string[] {
  const unknown = given?.find((each) => !known.includes(each));
  if (unknown !== undefined) throw validationError(`${what} ${unknown} is not valid`);
  return given?.length ? given : known;
}

/** A group, or what is kept of one of EKS's. */
function suspendable(call: Call, name: string): { suspended: string[] } {
  const nodegroup = nodegroupOf(call, name);
  return nodegroup ? onGroup(nodegroup) : changeableGroup(call, name);
}

export const processHandlers = {
  SuspendProcesses(input: Checked<Asg.ScalingProcessQuery>, call: Call): void {
    const group = suspendable(call, input.AutoScalingGroupName);
    const wanted = named(input.ScalingProcesses, processes, "Scaling process");
    group.suspended = [...new Set([...group.suspended, ...wanted])];
  },
  ResumeProcesses(input: Checked<Asg.ScalingProcessQuery>, call: Call): void {
    const group = suspendable(call, input.AutoScalingGroupName);
    const wanted = named(input.ScalingProcesses, processes, "Scaling process");
    group.suspended = group.suspended.filter((each) => !wanted.includes(each));
    const own = groupIn(call, input.AutoScalingGroupName);
    if (own) settleGroup(call, own);
  },
  EnableMetricsCollection(input: Checked<Asg.EnableMetricsCollectionQuery>, call: Call): void {
    const group = changeableGroup(call, input.AutoScalingGroupName);
    if (input.Granularity !== "1Minute") throw validationError(`Granularity ${input.Granularity} is not valid`);
    group.metrics = [...new Set([...group.metrics, ...named(input.Metrics, metrics, "Metric")])];
  },
  DisableMetricsCollection(input: Checked<Asg.DisableMetricsCollectionQuery>, call: Call): void {
    const group = changeableGroup(call, input.AutoScalingGroupName);
    const gone = named(input.Metrics, metrics, "Metric");
    group.metrics = group.metrics.filter((each) => !gone.includes(each));
  },
};
