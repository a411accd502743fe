import type { EngineContext } from "./context.ts";
import { isOurs } from "./kind.ts";
import { type Thing, observeWhole } from "./observe.ts";
import { messageOf } from "./retry.ts";
import { type Run, thingKey } from "./run.ts";
import type { Leftover } from "./run-result.ts";
import { openSession, patience, uninterrupted, watch } from "./session.ts";
import { type Step, thingSubject } from "./steps.ts";
import type { Walked } from "./walk.ts";

/** What is there when things have gone. */
export interface Remains {
  /** What should be gone and is not. */
  readonly leftovers: readonly Leftover[];
  /** What was left on purpose. */
  readonly kept: readonly Leftover[];
}

/**
 * What is left: after the deletion of a whole cluster everything that was to go and everything that was kept, looked for once
 * more; else what the run could not delete.
 */
export async function findRemains<Ctx>(
  engine: EngineContext<Ctx>,
  run: Run<Ctx>,
  ends: ReadonlyMap<string, Walked>,
  stopped: boolean,
): Promise<Remains> {
  const undone = [...run.plan.steps.values()].filter(
    (step): step is Step<Ctx> & { does: "delete" } => step.does === "delete" && ends.get(step.key)?.state !== "done",
  );
  const reasons = new Map(
    undone.map(({ thing, label }) => [thingKey(thing.kind.name, thing.live.ref), reasonFor(run, label)]),
  );
  const leftover = (thing: Thing<Ctx>): Leftover => {
    const { kind, live } = thing;
    const reason = reasons.get(thingKey(kind.name, live.ref)) ?? reasonFor(run, `${kind.name} ${live.ref}`);
    return { ...thingSubject(thing), ref: live.ref, because: reason ?? live.detail ?? "it is still there" };
  };
  if (!run.plan.whole || stopped) return { leftovers: undone.map(({ thing }) => leftover(thing)), kept: [] };
  const { ours, kept } = await stillThere(engine, run, undone.length > 0);
  return { leftovers: ours.map(leftover), kept: kept.map(leftover) };
}

/** All that there is. Lists may lag behind: where nothing is known to be left, what they show is asked for again for a while. */
async function stillThere<Ctx>(
  engine: EngineContext<Ctx>,
  { plan: { keeps } }: Run<Ctx>,
  isExpected: boolean,
): Promise<{ readonly ours: readonly Thing<Ctx>[]; readonly kept: readonly Thing<Ctx>[] }> {
  const derived = new Set(engine.derived?.map(({ name }) => name));
  const isKept = ({ kind, live }: Thing<Ctx>) =>
    keeps.has(kind.name) ? isOurs(live) : derived.has(kind.name) && live.owner === "shared";
  let things: readonly Thing<Ctx>[] = [];
  const ours = () => things.filter((thing) => isOurs(thing.live) && !isKept(thing));
  await watch(openSession(uninterrupted(engine)), isExpected ? 0 : patience.consistency, async () => {
    ({ things } = await observeWhole(engine));
    return ours().length === 0 ? things : undefined;
  });
  return { ours: ours(), kept: things.filter(isKept) };
}

function reasonFor<Ctx>({ recorder }: Run<Ctx>, label: string): string | undefined {
  const step = `delete ${label}`;
  const failure = recorder.failures.find((failed) => failed.step === step);
  if (failure) return messageOf(failure.error);
  return recorder.skipped.find((skipped) => skipped.step === step)?.because;
}
