import type { World } from "../../world.ts";
import { validationError } from "./errors.ts";
import type { CloudFormationState, StackRecord } from "./state.ts";

/** Where something happens: every Call is one. */
export interface Place {
  readonly world: World;
  readonly region: string;
}

export function cloudFormationOf({ world, region }: Place): CloudFormationState {
  return world.region(region).cloudformation;
}

/** By its name, as long as it is there, or by its id for good. */
export function stackIn(place: Place, nameOrId: string): StackRecord | undefined {
  const { stacks } = cloudFormationOf(place);
  if (Object.hasOwn(stacks, nameOrId)) return stacks[nameOrId];
  return Object.values(stacks).find(({ name, status }) => name === nameOrId && status !== "DELETE_COMPLETE");
}

/** Throws ValidationError when there is no such stack. */
export function stackNamed(place: Place, nameOrId: string): StackRecord {
  const stack = stackIn(place, nameOrId);
  if (!stack) throw validationError(`Stack with id ${nameOrId} does not exist`);
  return stack;
}

/** `resource` is the last part of the ARN: `stack/nodes`. */
export function cloudFormationArn({ world, region }: Place, resource: string): string {
  const digits = world.hex(32);
  const uuid = [8, 12, 16, 20, 32].map((end, index, ends) => digits.slice(ends[index - 1] ?? 0, end)).join("-");
  return `arn:${world.state.partition}:cloudformation:${region}:${world.state.account}:${resource}/${uuid}`;
}
