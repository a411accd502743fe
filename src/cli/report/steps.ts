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
  /** Whether the event only completes what this run has made itself: no news for a person. */
  isAfterthought(event: EngineEvent): boolean;
  note(event: EngineEvent): void;
}

export function countSteps(): StepCount {
  const running = new Map<string, RunningStep>();
  const made = new Set<string>();
  let finished = 0;
  return {
    running: () => [...running.values()],
    finished: () => finished,
    isAfterthought: (event) => event.type === "step-finished" && event.action === "update" && made.has(event.id),
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
          if (event.action === "create") made.add(event.id);
          running.delete(event.step);
          finished++;
          break;
        case "step-failed":
          running.delete(event.step);
          finished++;
          break;
        default:
      }
    },
  };
}
