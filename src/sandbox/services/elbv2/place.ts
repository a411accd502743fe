import { AwsError } from "../../aws-error.ts";
import type { Place } from "../elb/placement.ts";
import type { ElbV2State, LoadBalancerRecord, TargetGroupRecord } from "./state.ts";

export function elbOf({ world, region }: Place): ElbV2State {
  return world.region(region).elbv2;
}

/** `resource` is the last part of the ARN: `targetgroup/web/0123456789abcdef`. */
export function elbArn({ world, region }: Place, resource: string): string {
  return `arn:${world.state.partition}:elasticloadbalancing:${region}:${world.state.account}:${resource}`;
}

/** Throws LoadBalancerNotFound. */
export function loadBalancerOf(place: Place, arn: string): LoadBalancerRecord {
  const { loadBalancers } = elbOf(place);
  const found = Object.hasOwn(loadBalancers, arn) ? loadBalancers[arn] : undefined;
  if (!found) throw new AwsError("LoadBalancerNotFound", "One or more load balancers not found");
  return found;
}

/** Throws TargetGroupNotFound. */
export function targetGroupOf(place: Place, arn: string): TargetGroupRecord {
  const { targetGroups } = elbOf(place);
  const found = Object.hasOwn(targetGroups, arn) ? targetGroups[arn] : undefined;
  if (!found) throw new AwsError("TargetGroupNotFound", "One or more target groups not found");
  return found;
}
