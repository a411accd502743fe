import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import type { World } from "../../world.ts";
import { uuid } from "../eks/place.ts";
import type { AnywhereRecord, RolesAnywhereState } from "./state.ts";

/** Where something happens: every Call is one. */
interface Place {
  readonly world: World;
  readonly region: string;
}

/** How requests name a thing, and what comes back when it was made. */
export interface Named {
  readonly id: string;
}
export interface Made extends Named {
  readonly arn: string;
}

export function rolesAnywhereOf({ world, region }: Place): RolesAnywhereState {
  return world.region(region).rolesanywhere;
}

/** What all of them have, of a request that makes one. `type` is part of the ARN: `trust-anchor`. */
export function recordOf(
  call: Call,
  type: string,
  { name, enabled, tags }: Pick<AnywhereRecord, "name" | "enabled" | "tags">,
): AnywhereRecord {
  const { region, account, partition } = call;
  const id = uuid(call);
  return {
    id,
    arn: `arn:${partition}:rolesanywhere:${region}:${account}:${type}/${id}`,
    ...named(name),
    enabled,
    tags,
  };
}

export function named(name: string): { name: string } {
  if (/^[ \w-]{1,255}$/.test(name)) return { name };
  throw validationError(
    `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [ a-zA-Z0-9-_]*`,
  );
}

export function validationError(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/** Throws ResourceNotFoundException. */
export function existing<R extends AnywhereRecord>(records: Readonly<Record<string, R>>, id: string, what: string): R {
  const record = Object.hasOwn(records, id) ? records[id] : undefined;
  if (!record) throw new AwsError("ResourceNotFoundException", `${what} with id ${id} not found`, { status: 404 });
  return record;
}
