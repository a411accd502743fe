import type { EngineContext } from "./context.ts";
import { type Thing, observe } from "./observe.ts";
import { messageOf } from "./retry.ts";
import { type Run, thingKey } from "./run.ts";
import type { Leftover } from "./run-result.ts";
import { openSession, patience, uninterrupted, watch } from "./session.ts";
import { type Step, thingSubject } from "./steps.ts";
import type { Walked } from "./walk.ts";

/**
 * What should be gone and is not: after the deletion of a whole cluster everything that is ours, looked for once more; else what
 * the run could not delete.
 */
export async function findLeftovers<Ctx>(
  engine: EngineContext<Ctx>,
  run: Run<Ctx>,
  ends: ReadonlyMap<string, Walked>,
  stopped: boolean,
): Promise<readonly Leftover[]> {
  const undone = [...run.plan.steps.values()].filter(
    (step): step is Step<Ctx> & { does: "delete" } => step.does === "delete" && ends.get(step.key)?.state !== "done",
  );
  const reasons = new Map(
    undone.map(({ thing, label }) => [thingKey(thing.kind.name, thing.live.ref), reasonFor(run, label)]),
  );
  const things =
    run.plan.whole && !stopped ? await stillThere(engine, undone.length > 0) : undone.map(({ thing }) => thing);
  return things.map((thing) => ({
    ...thingSubject(thing),
    ref: thing.live.ref,
    because: reasons.get(thingKey(thing.kind.name, thing.live.ref)) ?? thing.live.detail ?? "it is still there",
  }));
}

/** All that is ours. Lists may lag behind: where nothing is known to be left, what they show is asked for again for a while. */
async function stillThere<Ctx>(engine: EngineContext<Ctx>, isExpected: boolean): Promise<readonly Thing<Ctx>[]> {
  let ours: readonly Thing<Ctx>[] = [];
  await watch(openSession(uninterrupted(engine)), isExpected ? 0 : patience.consistency, async () => {
    ours = (await observe(engine)).things.filter(({ live }) => live.owner === "us");
    return ours.length === 0 ? ours : undefined;
  });
  return ours;
}

function reasonFor<Ctx>({ recorder }: Run<Ctx>, label: string): string | undefined {
  const step = `delete ${label}`;
  const failure = recorder.failures.find((failed) => failed.step === step);
  if (failure) return messageOf(failure.error);
  return recorder.skipped.find((skipped) => skipped.step === step)?.because;
}
