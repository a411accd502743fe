import type { EkstoolError } from "../errors.ts";
import type { Action } from "./events.ts";
import type { KindName, Live } from "./kind.ts";

export type Outcome =
  | "done"
  | "failed"
  /** The user asked to stop before all was done. */
  | "interrupted"
  /** Something forbade to go on before all was done: `stoppedBy`. */
  | "stopped"
  /** A wait passed its limit while AWS was at work; nothing failed. */
  | "still-working";

/** Whose work it is: the names that plan, events and results share. */
export interface Subject {
  readonly id: string;
  readonly kind: KindName;
  readonly title: string;
  /** AWS name or identifier. */
  readonly name: string;
}

export interface FailedStep extends Subject {
  readonly step: string;
  readonly error: unknown;
}

export interface SkippedStep extends Subject {
  readonly step: string;
  /** The step that failed, or that the run was interrupted. */
  readonly because: string;
}

/** Health or presence that was not awaited, or a thing that cannot be observed from here. */
export interface DeferredNode extends Subject {
  readonly because: string;
  /** What a person can type to have it nevertheless; none where it comes by itself. */
  readonly commands: readonly string[];
}

/** A visible step that ended. Instants in milliseconds since the epoch. */
export interface StepRecord extends Subject {
  readonly step: string;
  readonly action: Action;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly failed: boolean;
}

/** Something that is still there when things have gone. */
export interface Leftover extends Subject {
  readonly ref: string;
  /** Why, in AWS's words where AWS gave any. */
  readonly because: string;
}

export interface RunResult {
  readonly outcome: Outcome;
  readonly stoppedBy?: EkstoolError;
  /** In the order in which they happened: first cause first. */
  readonly failures: readonly FailedStep[];
  readonly skipped: readonly SkippedStep[];
  readonly deferred: readonly DeferredNode[];
  /** What was removed again after a failure. */
  readonly rolledBack: readonly (Subject & { readonly ref: string })[];
  readonly steps: readonly StepRecord[];
  /** The chain of steps that ended last: each one waited for the one before. */
  readonly criticalPath: readonly StepRecord[];
  readonly seconds: number;
  /** What exists at the end, by logical id. */
  readonly live: ReadonlyMap<string, Live<unknown>>;
  /** After deletions: what should be gone and is not. */
  readonly leftovers: readonly Leftover[];
  /** After deletions: what stays on purpose. */
  readonly kept: readonly Leftover[];
}
