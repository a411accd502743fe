export type { Condition, EngineContext } from "./context.ts";
export type * from "./run-result.ts";
import type { EngineContext } from "./context.ts";
import type { Graph } from "./graph.ts";
import type { AnyKind, KindName, Live } from "./kind.ts";
import type { PlanItem } from "./plan-types.ts";
import type { RunResult } from "./run-result.ts";
import type { Emit } from "./events.ts";

export interface Thing<Ctx> {
  readonly kind: AnyKind<Ctx>;
  readonly live: Live<unknown>;
}
export interface Observation<Ctx> {
  /** All that the kinds list. */
  readonly things: readonly Thing<Ctx>[];
}
export interface PlanOptions {
  readonly mode: "create" | "apply";
  readonly prune?: boolean;
  readonly readOnlyForeign?: boolean;
}
export interface Plan<Ctx> {
  readonly items: readonly PlanItem[];
  readonly changes: boolean;
  readonly expectSeconds: number;
  readonly fingerprint: string;
  readonly observation: Observation<Ctx>;
}
export interface ExecuteOptions {
  readonly onFailure: "auto" | "keep" | "rollback";
  /** The node whose having been ready means that something of value exists (the control plane). */
  readonly heart?: string;
  /** Seconds after which all waiting ends; what AWS is doing goes on. */
  readonly timeout?: number;
}
export declare function observe<Ctx>(engine: EngineContext<Ctx>, graph?: Graph<Ctx>): Promise<Observation<Ctx>>;
export declare function plan<Ctx>(
  engine: EngineContext<Ctx>,
  graph: Graph<Ctx>,
  observation: Observation<Ctx>,
  options: PlanOptions,
): Plan<Ctx>;
export declare function planDelete<Ctx>(engine: EngineContext<Ctx>, observation: Observation<Ctx>): Plan<Ctx>;
export declare function planRemoval<Ctx>(
  engine: EngineContext<Ctx>,
  observation: Observation<Ctx>,
  goes: (live: Live<unknown>) => boolean,
): Plan<Ctx>;
export declare function execute<Ctx>(
  engine: EngineContext<Ctx>,
  plan: Plan<Ctx>,
  options: ExecuteOptions,
): Promise<RunResult>;
/** A cycle in `deletedBefore`, or undefined. */
export declare function deletionCycle<Ctx>(kinds: readonly AnyKind<Ctx>[]): readonly KindName[] | undefined;
/** Passes events on and appends each to the file as a JSON line. */
export declare function runLog(path: string, emit: Emit): Emit;
