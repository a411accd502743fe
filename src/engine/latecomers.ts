import type { EngineContext } from "./context.ts";
import { observe, orphansIn } from "./observe.ts";
import { type Run, thingKey } from "./run.ts";
import type { Leftover, Outcome } from "./run-result.ts";
import { openSession, patience, pause, secondsSince } from "./session.ts";
import { thingSubject } from "./steps.ts";

/**
 * After a run that prunes and did all: what is no longer wanted and did not show when the plan was made, since a run that ended right before
 * this one had just made it. Listed and not deleted, because nobody has seen it in the plan.
 */
export async function findLatecomers<Ctx>(
  engine: EngineContext<Ctx>,
  { plan, startedAt, removed }: Run<Ctx>,
  outcome: Outcome,
): Promise<readonly Leftover[]> {
  const { graph } = plan;
  if (outcome !== "done" || !plan.prunes || !plan.changes || !graph) return [];
  const session = openSession(engine);
  const left = patience.aftermath - secondsSince(session, startedAt);
  if (left > 0) await pause(session, left);
  const late = orphansIn(await observe(engine), graph).filter(
    ({ kind, live }) => !removed.has(thingKey(kind.name, live.ref)),
  );
  return late.map((thing) => ({
    ...thingSubject(thing),
    ref: thing.live.ref,
    because: "it is not in the file, and showed only after the plan was made: run the same command again",
  }));
}
