import { predecessors, type Step, type Steps } from "./steps.ts";

export type StepOutcome =
  { readonly state: "done" } | { readonly state: "failed" | "skipped"; readonly because: string };

/** When a step ran, in milliseconds since the epoch, and how it ended. */
export type Walked = StepOutcome & { readonly startedAt: number; readonly finishedAt: number };

export interface Walker<Ctx> {
  now(): number;
  act(step: Step<Ctx>): Promise<StepOutcome>;
  /** Told of every step that is not done because one that it needs was not. */
  skip(step: Step<Ctx>, because: string): void;
}

/**
 * Does every step as soon as those that it needs are done, and those that it comes after are over; a step that needs one which
 * is not done is skipped. Never rejects.
 */
export async function walk<Ctx>(steps: Steps<Ctx>, walker: Walker<Ctx>): Promise<ReadonlyMap<string, Walked>> {
  const started = new Map<string, Promise<Walked>>();
  const start = (step: Step<Ctx>): Promise<Walked> => {
    const running = started.get(step.key) ?? run(step);
    started.set(step.key, running);
    return running;
  };
  const run = async (step: Step<Ctx>): Promise<Walked> => {
    const ended = (keys: readonly string[]) =>
      Promise.all(
        keys.flatMap((key) => {
          const before = steps.get(key);
          return before ? [start(before)] : [];
        }),
      );
    const [needed] = await Promise.all([ended(step.needs), ended(step.after ?? [])]);
    const startedAt = walker.now();
    const missing = needed.find(({ state }) => state !== "done");
    if (missing && missing.state !== "done") {
      walker.skip(step, missing.because);
      return { state: "skipped", because: missing.because, startedAt, finishedAt: startedAt };
    }
    return { ...(await walker.act(step)), startedAt, finishedAt: walker.now() };
  };
  const ends = new Map<string, Walked>();
  for (const step of steps.values()) void start(step);
  for (const [key, running] of started) ends.set(key, await running);
  return ends;
}

/** The chain of steps that ended last, each one started by the end of the one before. First step first. */
export function lastChain<Ctx>(steps: Steps<Ctx>, ends: ReadonlyMap<string, Walked>): readonly string[] {
  const latest = (keys: readonly string[]) =>
    keys.reduce<string | undefined>((last, key) => (finish(key) > finish(last) ? key : last), undefined);
  const finish = (key: string | undefined) =>
    key === undefined ? -Infinity : (ends.get(key)?.finishedAt ?? -Infinity);
  const chain: string[] = [];
  const done = [...steps.keys()].filter((key) => ends.get(key)?.state !== "skipped");
  const before = (key: string): readonly string[] => {
    const step = steps.get(key);
    return step ? predecessors(step).filter((each) => ends.get(each)?.state !== "skipped") : [];
  };
  for (let key = latest(done); key !== undefined; key = latest(before(key))) chain.unshift(key);
  return chain;
}
