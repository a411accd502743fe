import type * as Asg from "@aws-sdk/client-auto-scaling";
import type { Call, Checked } from "../../service.ts";
import { validationError } from "./errors.ts";
import { changeableGroup, type Place } from "./place.ts";
import type { GroupRecord } from "./state.ts";

/** Throws ValidationError for target groups and load balancers that are not there. */
export function checkAttachments(
  { targetGroupArns, loadBalancerNames }: Pick<GroupRecord, "targetGroupArns" | "loadBalancerNames">,
  { world, region }: Place,
): void {
  const { elb, elbv2 } = world.region(region);
  const arn = targetGroupArns.find((each) => !Object.hasOwn(elbv2.targetGroups, each));
  if (arn !== undefined) {
    throw validationError(`Provided Target Groups may not be valid. Please ensure they exist and try again. ${arn}`);
  }
  const name = loadBalancerNames.find((each) => !Object.hasOwn(elb.loadBalancers, each));
  if (name !== undefined) {
    throw validationError(`Provided Load Balancers may not be valid. Please ensure they exist and try again. ${name}`);
  }
}

function change(
  place: Place,
  name: string,
  changed: (group: GroupRecord) => Partial<Pick<GroupRecord, "targetGroupArns" | "loadBalancerNames">>,
): void {
  const group = changeableGroup(place, name);
  const wanted = { targetGroupArns: [], loadBalancerNames: [], ...changed(group) };
  checkAttachments(wanted, place);
  Object.assign(group, changed(group));
}

const added = (present: readonly string[], more: readonly string[]) => [...new Set([...present, ...more])];
const without = (present: readonly string[], gone: readonly string[]) => present.filter((each) => !gone.includes(each));

export const attachmentHandlers = {
  AttachLoadBalancerTargetGroups(input: Checked<Asg.AttachLoadBalancerTargetGroupsType>, call: Call): object {
    change(call, input.AutoScalingGroupName, (group) => ({
      targetGroupArns: added(group.targetGroupArns, input.TargetGroupARNs),
    }));
    return {};
  },
  DetachLoadBalancerTargetGroups(input: Checked<Asg.DetachLoadBalancerTargetGroupsType>, call: Call): object {
    const group = changeableGroup(call, input.AutoScalingGroupName);
    group.targetGroupArns = without(group.targetGroupArns, input.TargetGroupARNs);
    return {};
  },
  AttachLoadBalancers(input: Checked<Asg.AttachLoadBalancersType>, call: Call): object {
    change(call, input.AutoScalingGroupName, (group) => ({
      loadBalancerNames: added(group.loadBalancerNames, input.LoadBalancerNames),
    }));
    return {};
  },
  DetachLoadBalancers(input: Checked<Asg.DetachLoadBalancersType>, call: Call): object {
    const group = changeableGroup(call, input.AutoScalingGroupName);
    group.loadBalancerNames = without(group.loadBalancerNames, input.LoadBalancerNames);
    return {};
  },
};
