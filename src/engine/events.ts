import type { KindName } from "./kind.ts";

/** What a step does to its thing; what a progress line says. */
export type Action =
  | "create"
  | "wait"
  | "repair"
  | "update"
  | "replace"
  | "retire"
  | "delete"
  /** Looking for things of a kind that may have come late. */
  | "sweep"
  /** Health that is not awaited (CoreDNS where no nodes are wanted). */
  | "deferred";

/** Common to all events: virtual or real time, milliseconds since the epoch. */
interface At {
  readonly at: number;
}

interface StepEvent extends At {
  /** Unique within a run: `<action> <id or ref>[:<update group>]`. */
  readonly step: string;
  readonly id: string;
  readonly kind: KindName;
  readonly title: string;
  /** AWS name or identifier, as known so far. */
  readonly name: string;
  readonly action: Action;
  /** The update group or aspects that change, in words. */
  readonly what?: string;
}

/**
 * What happens in a run, as it happens. A step is one visible piece of work on one resource: keeping is silent.
 * Written to the run log, shown by the reporters, printed one a line with `--progress json`.
 */
export type EngineEvent =
  | (StepEvent & { readonly type: "step-started"; readonly expectSeconds: number; readonly limitSeconds: number })
  | (StepEvent & {
      readonly type: "step-progress";
      readonly detail?: string;
      readonly progress?: readonly [number, number];
    })
  | (StepEvent & { readonly type: "step-finished"; readonly ref?: string; readonly seconds: number })
  | (StepEvent & { readonly type: "step-failed"; readonly error: unknown; readonly seconds: number })
  | (StepEvent & { readonly type: "step-skipped"; readonly because: string })
  | (At & { readonly type: "note"; readonly text: string })
  | (At & { readonly type: "rollback-started"; readonly because: string; readonly count: number });

export type Emit = (event: EngineEvent) => void;
