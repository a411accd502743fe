import { RefusedError } from "../errors.ts";
import type { Thing } from "./observe.ts";
import type { OpenStep } from "./recorder.ts";
import { inWords } from "./run.ts";
import { beforeRetry } from "./retry.ts";
import type { Session } from "./session.ts";
import { thingSubject } from "./steps.ts";
import { gone } from "./waiter.ts";

/** Deletes a thing and waits until it has gone; what has gone already is fine. Throws what AWS says where it stays. */
export async function deleteThing<Ctx>(session: Session<Ctx>, thing: Thing<Ctx>, step: OpenStep): Promise<void> {
  const { kind, live } = thing;
  const duration = kind.timing("delete", undefined, live);
  const since = session.clock.now();
  if (!(await requestDeletion(session, thing, duration.limit, step))) return;
  await gone(session, kind, live.ref, { what: inWords(thingSubject(thing)), duration, since, step });
}

/** Looks once more, and calls the kind's delete until AWS has taken it. False when there is nothing left to wait for. */
async function requestDeletion<Ctx>(
  session: Session<Ctx>,
  { kind, live }: Thing<Ctx>,
  limit: number,
  step: OpenStep,
): Promise<boolean> {
  const start = session.clock.now();
  for (;;) {
    const now = await session.request(() => kind.read(live.ref, session.ctx));
    if (now === null) return false;
    if (now.owner !== "us") throw new RefusedError(`${kind.title} ${live.ref} is not ours any more: it stays`);
    if (now.phase === "deleting") return true;
    await session.mayChange("delete");
    try {
      await session.request(() => kind.delete(now, session.ctx));
      return true;
    } catch (error) {
      if (session.classify(error) === "not-found") return true;
      await beforeRetry(session, { error, start, limit, deletes: true, step });
    }
  }
}
