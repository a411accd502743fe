import type { Clock } from "../clock.ts";
import type { Emit } from "./events.ts";
import type { AnyDerivedKind, AnyKind } from "./kind.ts";

/**
 * What an error means for the engine, which knows no service's error codes. An error without a condition is believed.
 * - `propagation`: something made a moment ago is not known everywhere yet.
 * - `dependency`: cannot be deleted while something else uses it.
 * - `busy`: AWS is working on it and takes no other change meanwhile.
 * - `not-found`: it, or something that the call names, does not exist.
 * - `exists`: there is such a thing already, whether it can be seen yet or not.
 * - `throttled`, `transient`: not done, and the same call may succeed later.
 * - `ambiguous`: nobody knows whether it was done.
 */
export type Condition =
  "propagation" | "dependency" | "busy" | "not-found" | "exists" | "throttled" | "transient" | "ambiguous";

/** A call that changes something, by what it is to its thing. */
export type ChangingCall = "create" | "update" | "retire" | "delete";

/** Leave to change things, which may end while a run is under way. */
export interface Permit {
  /** Asked before each changing call. An EkstoolError stops the run, as an interrupt does, and is its cause. */
  ask(call: ChangingCall): Promise<void>;
  /** Aborted, with an EkstoolError as the reason, when the leave is known to have ended. */
  readonly ended: AbortSignal;
}

export interface EngineContext<Ctx> {
  /** The registry: every kind that a cluster may consist of. */
  readonly kinds: readonly AnyKind<Ctx>[];
  /** What others make for something of ours: looked for when a whole cluster goes. */
  readonly derived?: readonly AnyDerivedKind<Ctx>[];
  /** Handed to the kinds. */
  readonly ctx: Ctx;
  readonly clock: Clock;
  readonly emit: Emit;
  /** `<region>/<cluster>`, for client request tokens. */
  readonly owner: string;
  readonly classify: (error: unknown) => Condition | undefined;
  /** Requests in flight at once; steps that wait do not count. */
  readonly concurrency?: number;
  /** Aborted when the user asks to stop. */
  readonly interrupt?: AbortSignal;
  /** Absent: things may be changed at all times. */
  readonly permit?: Permit;
}
