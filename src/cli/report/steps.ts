import type { EngineEvent } from "../../engine/events.ts";

type Started = Extract<EngineEvent, { type: "step-started" }>;
type Progress = Extract<EngineEvent, { type: "step-progress" }>;

/** A step that has started and is not over. */
export interface RunningStep {
  readonly started: Started;
  readonly latest?: Progress;
}

/** Keeps count of the steps of a run from its events. */
export interface StepCount {
  /** Oldest first. */
  running(): readonly RunningStep[];
  finished(): number;
  note(event: EngineEvent): void;
}

export function countSteps(): StepCount {
  const running = new Map<string, RunningStep>();
  let finished = 0;
  return {
    running: () => [...running.values()],
    finished: () => finished,
    note(event) {
      switch (event.type) {
        case "step-started":
          running.set(event.step, { started: event });
          break;
        case "step-progress": {
          const step = running.get(event.step);
          if (step) running.set(event.step, { ...step, latest: event });
          break;
        }
        case "step-finished":
        case "step-failed":
          running.delete(event.step);
          finished++;
          break;
        default:
      }
    },
  };
}
