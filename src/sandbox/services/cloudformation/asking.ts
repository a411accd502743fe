import { AwsError } from "../../aws-error.ts";
import type { Call, Handler } from "../../service.ts";
import type { World } from "../../world.ts";
import { autoScalingService } from "../autoscaling/index.ts";
import { instanceProfileHandlers } from "../iam/instance-profiles.ts";
import { rolePolicyHandlers } from "../iam/role-policies.ts";
import { roleHandlers } from "../iam/roles.ts";
import { rolesAnywhereHandlers } from "../rolesanywhere/index.ts";

/** Sends a request to another service, as whoever asked for the stack. Throws AwsError. */
export type Ask = (service: string, operation: string, input: object) => object;

/** What resources are made with. */
const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  autoscaling: autoScalingService.handlers,
  iam: { ...instanceProfileHandlers, ...roleHandlers, ...rolePolicyHandlers },
  rolesanywhere: rolesAnywhereHandlers,
};

export function askingAs(call: Call): Ask {
  const world = patient(call.world);
  return (service, operation, input) => {
    const handler = handlers[service]?.[operation];
    if (!handler) throw new Error(`no handler for ${service}:${operation}`);
    return handler(input as never, { ...call, world, service, operation }) ?? {};
  };
}

/** CloudFormation asks IAM again until it knows of what it has just made: that is part of the time that a resource takes. */
function patient(world: World): World {
  const duration: World["duration"] = (what, name) => (what === "iamVisibility" ? 0 : world.duration(what, name));
  return Object.create(world, { duration: { value: duration } }) as World;
}

/**
 * Sends nothing, and looks only whether the caller may. What is asked for is known before CloudFormation begins, and so is
 * whom for; what comes back is not.
 */
export function refusalOf(call: Call, doing: (ask: Ask) => void): string | undefined {
  try {
    doing((service, operation, input) => {
      const refused = call.denied?.(service, operation, input);
      if (refused) throw refused;
      return {};
    });
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}
