import type { World } from "../../world.ts";
import { validationError } from "./errors.ts";
import type { AutoScalingState, GroupRecord } from "./state.ts";

/** Where something happens: every Call is one. */
export interface Place {
  readonly world: World;
  readonly region: string;
}

export function autoScalingOf({ world, region }: Place): AutoScalingState {
  return world.region(region).autoscaling;
}

export function groupIn(place: Place, name: string): GroupRecord | undefined {
  const { groups } = autoScalingOf(place);
  return Object.hasOwn(groups, name) ? groups[name] : undefined;
}

/** Throws ValidationError when there is no such group. */
export function groupNamed(place: Place, name: string): GroupRecord {
  const group = groupIn(place, name);
  if (!group) throw validationError(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
  return group;
}

/** As `groupNamed`, for a change: refused while the group goes. */
export function changeableGroup(place: Place, name: string): GroupRecord {
  const group = groupNamed(place, name);
  if (!group.deleting) return group;
  throw validationError(`AutoScalingGroup '${name}' is pending delete and cannot be changed`);
}

export function groupArn({ world, region }: Place, name: string): string {
  const { partition, account } = world.state;
  const digits = world.hex(32);
  const uuid = [8, 12, 16, 20, 32].map((end, index, ends) => digits.slice(ends[index - 1] ?? 0, end)).join("-");
  return `arn:${partition}:autoscaling:${region}:${account}:autoScalingGroup:${uuid}:autoScalingGroupName/${name}`;
}
