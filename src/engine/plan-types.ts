import type { KindName, Ownership } from "./kind.ts";

export type Verb =
  | "keep"
  | "create"
  | "update"
  | "replace"
  /** Pending or deleting in AWS: only waited for. */
  | "wait"
  /** Failed before it ever came up: deleted and created. */
  | "repair"
  | "delete"
  /** Cannot be done; `reason` says why and the way out. */
  | "refuse"
  /** Exists with our name and without our tags; never touched. */
  | "conflict"
  /** Ours, and no longer wanted by the file; deleted only with --prune. */
  | "orphan"
  | "deferred";

/** Stands for a value that only AWS can give, once something else exists. */
export const knownAfterApply = "(known after apply)";

export interface Change {
  readonly aspect: string;
  readonly from: unknown;
  /** `knownAfterApply` when a dependency does not exist yet. */
  readonly to: unknown;
  /** The update group that brings it in, or "replace" or "refuse". */
  readonly group: string;
  readonly interrupts: boolean;
  /** Only shown: this plan does not bring it in (`create` leaves that to `apply`). */
  readonly listedOnly: boolean;
}

/** One line of a plan: what happens to one thing. Plain data: saved by `plan --out`, printed by `-o json`. */
export interface PlanItem {
  readonly verb: Verb;
  readonly id: string;
  readonly kind: KindName;
  readonly title: string;
  /** The AWS name wanted, or the identifier of what exists. */
  readonly name: string;
  readonly ref?: string;
  readonly owner?: Ownership;
  readonly changes: readonly Change[];
  /** Why it is refused, in conflict, repaired, degraded, deleted. */
  readonly reason?: string;
  /** Elements that others wrote and that stay, as `<aspect>: <element>`. */
  readonly kept: readonly string[];
  /** Interrupts workloads or the API. */
  readonly interrupts: boolean;
  /** Only shown: all of its differences are left to `apply`, or the cluster is not ours. */
  readonly listedOnly: boolean;
  /** Seconds that this item's own work is expected to take. */
  readonly expectSeconds: number;
}
