import { type EkstoolError, RefusedError, StillWorkingError } from "../errors.ts";
import type { EngineContext } from "./context.ts";
import { interruption, prohibition } from "./interruption.ts";
import { findLatecomers } from "./latecomers.ts";
import { findRemains } from "./leftovers.ts";
import type { Plan } from "./plan.ts";
import { type Recorder, createRecorder } from "./recorder.ts";
import { type RollbackOptions, rollBack } from "./rollback.ts";
import { messageOf } from "./retry.ts";
import { type Run, commandsFor, startRun, thingKey } from "./run.ts";
import type { DeferredNode, Leftover, Outcome, RunResult, StepRecord } from "./run-result.ts";
import type { Live } from "./kind.ts";
import { openSession } from "./session.ts";
import { stepKey } from "./steps.ts";
import { perform, skip } from "./step-work.ts";
import { type Walked, lastChain, walk } from "./walk.ts";

export interface ExecuteOptions extends RollbackOptions {
  /** Seconds after which all waiting ends; what AWS is doing goes on. */
  readonly timeout?: number;
}

/**
 * Carries a plan out. Failures are part of the result; RefusedError when the plan holds something that is refused, or is not
 * ours to carry out: then nothing was changed.
 */
export async function execute<Ctx>(
  engine: EngineContext<Ctx>,
  plan: Plan<Ctx>,
  options: ExecuteOptions,
): Promise<RunResult> {
  refuseObstacles(plan);
  const recorder = createRecorder(engine);
  const { run, ends } = await carryOut(engine, plan, recorder, options.timeout);
  const wasSkipped = (because: string) =>
    [...ends.values()].some((end) => end.state === "skipped" && end.because === because);
  const forbidden = prohibition(run.session.interrupt);
  const stop: Stop = {
    interrupted: wasSkipped(interruption),
    ...(forbidden && wasSkipped(forbidden.message) && { by: forbidden }),
  };
  const stopped = stop.interrupted || stop.by !== undefined;
  const { leftovers: left, kept } = await findRemains(engine, run, ends, stopped);
  const chain = new Set(lastChain(plan.steps, ends));
  const criticalPath = recorder.records.filter(({ keys }) => keys.some((key) => chain.has(key)));

  const outcome = outcomeOf(recorder, left, stop);
  const back = await rollBack(engine, run, outcome, options, async (wayBack, calmEngine) => {
    const returned = await carryOut(calmEngine, wayBack, recorder);
    return findRemains(calmEngine, returned.run, returned.ends, false);
  }).catch((error: unknown) => {
    recorder.note(`rolling back ended early: ${messageOf(error)}`);
    return { gone: [], leftovers: [], kept: [] };
  });

  const late = await findLatecomers(engine, run, outcome).catch((error: unknown) => {
    recorder.note(`what may have come late was not looked for: ${messageOf(error)}`);
    return [];
  });

  return {
    outcome: late.length > 0 ? "failed" : outcome,
    ...(stop.by && { stoppedBy: stop.by }),
    failures: recorder.failures,
    skipped: recorder.skipped,
    deferred: [...unseen(run), ...run.deferred],
    rolledBack: back.gone,
    steps: recorder.records.map(plain),
    criticalPath: criticalPath.map(plain),
    seconds: (engine.clock.now() - run.startedAt) / 1000,
    live: whatIsLive(run, left, back.gone),
    leftovers: [...left, ...back.leftovers, ...late],
    kept: [...kept, ...back.kept],
  };
}

/** Does all steps of a plan. */
async function carryOut<Ctx>(
  engine: EngineContext<Ctx>,
  plan: Plan<Ctx>,
  recorder: Recorder,
  timeout?: number,
): Promise<{ readonly run: Run<Ctx>; readonly ends: ReadonlyMap<string, Walked> }> {
  const deadline = timeout === undefined ? undefined : engine.clock.now() + timeout * 1000;
  const run = startRun(openSession(engine, deadline), plan, recorder);
  const ends = await walk(plan.steps, {
    now: () => engine.clock.now(),
    act: (step) => perform(run, step),
    skip: (step, because) => skip(run, step, because),
  });
  return { run, ends };
}

function refuseObstacles<Ctx>({ items, readOnly }: Plan<Ctx>): void {
  if (readOnly) throw new RefusedError("the cluster is not ours: the plan can only be looked at");
  const obstacles = items.filter(({ verb }) => verb === "refuse" || verb === "conflict");
  if (obstacles.length === 0) return;
  throw new RefusedError(obstacles.map(({ title, name, reason }) => `${title} ${name}: ${reason}`).join("\n"));
}

/** What ended a run before all was done. */
interface Stop {
  /** The user asked for it. */
  readonly interrupted: boolean;
  /** What forbade to go on. */
  readonly by?: EkstoolError;
}

function outcomeOf(recorder: Recorder, leftovers: readonly Leftover[], stop: Stop): Outcome {
  if (stop.by) return "stopped";
  if (stop.interrupted) return "interrupted";
  const { failures } = recorder;
  if (failures.length > 0 && failures.every(({ error }) => error instanceof StillWorkingError)) return "still-working";
  return failures.length > 0 || leftovers.length > 0 ? "failed" : "done";
}

/** By logical id, what exists when all is over. */
function whatIsLive<Ctx>(
  run: Run<Ctx>,
  left: readonly Leftover[],
  rolledBack: RunResult["rolledBack"],
): ReadonlyMap<string, Live<unknown>> {
  const { things } = run.plan.observation;
  const gone = new Set([...run.removed, ...rolledBack.map((thing) => thingKey(thing.kind, thing.ref))]);
  const stays = new Set(left.map((thing) => thingKey(thing.kind, thing.ref)));
  const live = new Map<string, Live<unknown>>();
  for (const thing of things) {
    const key = thingKey(thing.kind.name, thing.live.ref);
    const isGone = gone.has(key) || (run.plan.whole && !stays.has(key));
    if (!isGone && thing.live.owner !== "foreign" && thing.live.id !== "") live.set(thing.live.id, thing.live);
  }
  const rolledBackRefs = new Set(rolledBack.map(({ id, ref }) => `${id} ${ref}`));
  for (const [id, thing] of run.current) {
    if (!rolledBackRefs.has(`${id} ${thing.ref}`)) live.set(id, thing);
  }
  return live;
}

/** The nodes that have no steps because they cannot be seen from here. */
function unseen<Ctx>(run: Run<Ctx>): readonly DeferredNode[] {
  const { items, steps, graph } = run.plan;
  return items
    .filter(({ verb, id }) => verb === "deferred" && !steps.has(stepKey.ensure(id)))
    .map(({ id, kind, title, name, reason }) => {
      const node = graph?.nodes.get(id);
      const commands = node?.source === "managed" ? commandsFor(run, node) : [];
      return { id, kind, title, name, because: reason ?? "", commands };
    });
}

function plain(recorded: Recorder["records"][number]): StepRecord {
  const { keys: _, ...record } = recorded;
  return record;
}
