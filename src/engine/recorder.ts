import { InterruptedError } from "../errors.ts";
import type { EngineContext } from "./context.ts";
import type { Action } from "./events.ts";
import { type Duration, UnobservableError } from "./kind.ts";
import type { FailedStep, SkippedStep, StepRecord, Subject } from "./run-result.ts";

/** A visible piece of work. */
export interface Work {
  readonly subject: Subject;
  /** Unique within a run: `<action> <id or ref>[:<update group>]`. */
  readonly step: string;
  readonly action: Action;
  readonly what?: string;
  readonly duration: Duration;
  /** Keys of the plan's steps that do it. */
  readonly keys: readonly string[];
}

/** A visible step that has started and not ended. */
export interface OpenStep {
  /** When it started, in milliseconds since the epoch. */
  readonly startedAt: number;
  progress(detail?: string, progress?: readonly [number, number]): void;
  finish(ref?: string): void;
  fail(error: unknown): void;
  skip(because: string): void;
}

export interface Recorder {
  readonly failures: readonly FailedStep[];
  readonly skipped: readonly SkippedStep[];
  readonly records: readonly (StepRecord & { readonly keys: readonly string[] })[];
  start(work: Work): OpenStep;
  /** A step that will not start. */
  skip(work: Omit<Work, "duration">, because: string): void;
  /** A failure that no open step stands for. */
  fail(work: Omit<Work, "duration">, error: unknown): void;
  /** Whether a step has failed with this error. */
  knows(error: unknown): boolean;
  note(text: string): void;
}

/** Tells what happens, as events, and remembers it for the result. */
export function createRecorder<Ctx>({ clock, emit }: EngineContext<Ctx>): Recorder {
  const failures: FailedStep[] = [];
  const skipped: SkippedStep[] = [];
  const records: (StepRecord & { readonly keys: readonly string[] })[] = [];

  const now = () => clock.now();
  const common = ({ subject, step, action, what }: Omit<Work, "duration">) => ({
    at: now(),
    step,
    ...subject,
    action,
    ...(what !== undefined && { what }),
  });

  function skip(work: Omit<Work, "duration">, because: string): void {
    // What stopped half-way is not skipped a second time.
    if (skipped.some(({ step }) => step === work.step)) return;
    skipped.push({ ...work.subject, step: work.step, because });
    emit({ type: "step-skipped", ...common(work), because });
  }
  function fail(work: Omit<Work, "duration">, error: unknown, startedAt = now()): void {
    failures.push({ ...work.subject, step: work.step, error });
    emit({ type: "step-failed", ...common(work), error, seconds: (now() - startedAt) / 1000 });
  }

  return {
    failures,
    skipped,
    records,
    start(work) {
      const startedAt = now();
      const end = (failed: boolean) =>
        records.push({
          ...work.subject,
          step: work.step,
          action: work.action,
          startedAt,
          finishedAt: now(),
          failed,
          keys: work.keys,
        });
      const { expect: expectSeconds, limit: limitSeconds } = work.duration;
      emit({ type: "step-started", ...common(work), expectSeconds, limitSeconds });
      return {
        startedAt,
        progress: (detail, progress) =>
          emit({
            type: "step-progress",
            ...common(work),
            ...(detail !== undefined && { detail }),
            ...(progress !== undefined && { progress }),
          }),
        finish(ref) {
          end(false);
          const seconds = (now() - startedAt) / 1000;
          emit({ type: "step-finished", ...common(work), ...(ref !== undefined && { ref }), seconds });
        },
        fail(error) {
          end(true);
          fail(work, error, startedAt);
        },
        skip: (because) => skip(work, because),
      };
    },
    skip,
    fail,
    knows: (error) => failures.some((failure) => failure.error === error),
    note: (text) => emit({ type: "note", at: now(), text }),
  };
}

/** Does work as one visible step that ends with it. */
export async function during<T>(recorder: Recorder, work: Work, act: (step: OpenStep) => Promise<T>): Promise<T> {
  const step = recorder.start(work);
  try {
    const result = await act(step);
    step.finish();
    return result;
  } catch (error) {
    if (error instanceof InterruptedError || error instanceof UnobservableError) step.skip(error.message);
    else step.fail(error);
    throw error;
  }
}
