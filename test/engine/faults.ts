import { type Call, type Fault, ToyError } from "./toy-cloud.ts";
import { type Rig, clusterGraph } from "./toy-cluster.ts";

/** Fails the first `times` calls of this operation on this thing. */
export function failing(operation: string, of: string, fault: Fault, times = 1): (call: Call) => Fault {
  let left = times;
  return (call) => (call.operation === operation && call.of === of && left-- > 0 ? fault : undefined);
}
export const always = Infinity;
export const denied = { before: new ToyError("AccessDenied: you may not") };
export const lost = { after: new ToyError("ECONNRESET", "ambiguous") };

/** Logical ids of all that exists. */
export const owned = (world: Rig) => [...world.cloud.things.values()].map(({ id }) => id).toSorted();
export const everything = [...clusterGraph().nodes.keys()].toSorted();
