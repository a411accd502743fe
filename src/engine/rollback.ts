import type { EngineContext } from "./context.ts";
import { interruption } from "./interruption.ts";
import { isOurs } from "./kind.ts";
import { type Observation, type Thing, observe, observeWhole } from "./observe.ts";
import { type Plan, removalPlan } from "./plan.ts";
import { type Run, inWords, thingKey } from "./run.ts";
import type { Remains } from "./leftovers.ts";
import type { Leftover, Outcome, RunResult } from "./run-result.ts";
import { openSession, uninterrupted } from "./session.ts";
import { stepKey, thingSubject } from "./steps.ts";

export interface RollbackOptions {
  /** `auto`: roll back unless the heart is, or once was, ready. An interrupted run is only rolled back by `rollback`. */
  readonly onFailure: "auto" | "keep" | "rollback";
  /** The node whose having been ready means that something of value exists (the control plane). Absent: something does. */
  readonly heart?: string;
}

interface RolledBack {
  readonly gone: RunResult["rolledBack"];
  readonly leftovers: readonly Leftover[];
  readonly kept: readonly Leftover[];
}

/**
 * Removes what a failed run, and unfinished ones before it, have made: all that is ours while the cluster never was ready, else
 * what this run made or what never came up. Updates are not undone. Interrupts do not reach it.
 */
export async function rollBack<Ctx>(
  engine: EngineContext<Ctx>,
  run: Run<Ctx>,
  outcome: Outcome,
  { onFailure, heart }: RollbackOptions,
  carryOut: (plan: Plan<Ctx>, engine: EngineContext<Ctx>) => Promise<Remains>,
): Promise<RolledBack> {
  const nothing = { gone: [], leftovers: [], kept: [] };
  if (!run.plan.graph || (outcome !== "failed" && outcome !== "interrupted")) return nothing;
  if (onFailure === "keep" || (onFailure === "auto" && outcome === "interrupted")) return nothing;

  const { value, existedBefore } = await valueOf(run, heart);
  if (onFailure === "auto" && value) return nothing;

  const calm = uninterrupted(engine);
  const made = new Set([...run.made.values()].map(({ kind, live }) => thingKey(kind.name, live.ref)));
  const isChosen = ({ kind, live }: Thing<Ctx>) =>
    isOurs(live) && (!existedBefore || live.phase === "failed" || made.has(thingKey(kind.name, live.ref)));
  const observation = withMade(await (existedBefore ? observe(calm) : observeWhole(calm)), run);
  const wayBack = removalPlan(calm, observation, { whole: !existedBefore, retires: false, goes: isChosen });
  const goes = observation.things.filter((thing) => isChosen(thing) && !wayBack.keeps.has(thing.kind.name));
  if (goes.length === 0) return nothing;
  const guarded = goes.find(({ live }) => live.protection !== undefined);
  if (guarded) {
    run.recorder.note(`nothing is rolled back: ${inWords(thingSubject(guarded))}: ${guarded.live.protection}`);
    return nothing;
  }

  const first = run.recorder.failures[0];
  const because = first ? `${first.step} failed` : interruption;
  engine.emit({ type: "rollback-started", at: engine.clock.now(), because, count: goes.length });
  const { leftovers, kept } = await carryOut(wayBack, calm);
  const left = new Set(leftovers.map(({ kind, ref }) => thingKey(kind, ref)));
  const gone = goes.filter(({ kind, live }) => !left.has(thingKey(kind.name, live.ref)));
  return { gone: gone.map((thing) => ({ ...thingSubject(thing), ref: thing.live.ref })), leftovers, kept };
}

/** Whether there is a cluster worth keeping, and whether there was one when the run started. */
async function valueOf<Ctx>(
  run: Run<Ctx>,
  heart: string | undefined,
): Promise<{ readonly value: boolean; readonly existedBefore: boolean }> {
  const step = heart === undefined ? undefined : run.plan.steps.get(stepKey.ensure(heart));
  if (step?.does !== "ensure") return { value: true, existedBefore: true };
  const { node, current: before } = step.decision;
  const ref = run.current.get(node.id)?.ref;
  const session = openSession(uninterrupted(run.session));
  const now = ref === undefined ? null : await session.request(() => node.kind.read(ref, session.ctx));
  // What was pending before may have been a cluster at work on an update: only one that failed has never come up.
  const existedBefore = before !== undefined && now !== null && now.phase !== "failed";
  const isUp = now?.phase === "ready" || now?.phase === "degraded";
  return { value: existedBefore || isUp, existedBefore };
}

/** What this run made may not show in lists yet. */
function withMade<Ctx>(observation: Observation<Ctx>, run: Run<Ctx>): Observation<Ctx> {
  const listed = new Set(observation.things.map(({ kind, live }) => thingKey(kind.name, live.ref)));
  const unlisted = [...run.made.values()].filter(({ kind, live }) => !listed.has(thingKey(kind.name, live.ref)));
  return { ...observation, things: [...observation.things, ...unlisted] };
}
