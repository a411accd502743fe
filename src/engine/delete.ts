import { FailedError, RefusedError } from "../errors.ts";
import { type Holder, isOurs, isSame } from "./kind.ts";
import type { Thing } from "./observe.ts";
import type { OpenStep } from "./recorder.ts";
import { inWords } from "./run.ts";
import { beforeRetry, messageOf } from "./retry.ts";
import { type Session, patience, secondsSince } from "./session.ts";
import { thingSubject } from "./steps.ts";
import { gone } from "./waiter.ts";

/** Deletes a thing and waits until it has gone; what has gone already is fine. Throws what AWS says where it stays. */
export async function deleteThing<Ctx>(session: Session<Ctx>, thing: Thing<Ctx>, step: OpenStep): Promise<void> {
  const { kind, live } = thing;
  const duration = kind.timing("delete", undefined, live);
  const since = session.clock.now();
  if (!(await requestDeletion(session, thing, duration.limit, step))) return;
  await gone(session, kind, live, { what: inWords(thingSubject(thing)), duration, since, step });
}

/** Seconds between two looks for what is in the way. */
const interval = 30;

/** Looks once more, and calls the kind's delete until AWS has taken it. False when there is nothing left to wait for. */
async function requestDeletion<Ctx>(
  session: Session<Ctx>,
  { kind, live }: Thing<Ctx>,
  limit: number,
  step: OpenStep,
): Promise<boolean> {
  const start = session.clock.now();
  let held: readonly Holder[] = [];
  let lookedAt = -Infinity;
  let noted = false;
  const unseen = (error: unknown) => {
    if (noted) return;
    noted = true;
    const what = inWords(thingSubject({ kind, live }));
    const text = `what keeps ${what} from being deleted cannot be seen: ${messageOf(error)}`;
    session.emit({ type: "note", at: session.clock.now(), text });
  };
  for (;;) {
    const now = await session.request(() => kind.read(live.ref, session.ctx));
    if (now === null) return false;
    if (!isOurs(now)) throw new RefusedError(`${kind.title} ${live.ref} is not ours any more: it stays`);
    if (!isSame(now, live))
      throw new RefusedError(`${kind.title} ${live.ref} was made anew by somebody else: it stays`);
    if (now.phase === "deleting") return true;
    await session.mayChange("delete");
    try {
      await session.request(() => kind.delete(now, session.ctx));
      return true;
    } catch (error) {
      if (session.classify(error) === "not-found") return true;
      if (session.classify(error) === "dependency" && secondsSince(session, lookedAt) >= interval) {
        held = await whoHolds(session, { kind, live: now }, unseen);
        lookedAt = session.clock.now();
        const stays = held.filter(({ leaves }) => !leaves);
        if (stays.length > 0 && secondsSince(session, start) >= patience.release) throw heldBy(error, stays);
      }
      const named = held.length > 0 ? { named: heldBy(error, held) } : {};
      await beforeRetry(session, { error, ...named, start, limit, deletes: true, step });
    }
  }
}

/** What is in the way, as far as it can be seen: where looking is not allowed, AWS's own words have to do. */
async function whoHolds<Ctx>(
  session: Session<Ctx>,
  { kind, live }: Thing<Ctx>,
  unseen: (error: unknown) => void,
): Promise<readonly Holder[]> {
  try {
    return await session.request(async () => (await kind.holders?.(live, session.ctx)) ?? []);
  } catch (error) {
    unseen(error);
    return [];
  }
}

function heldBy(error: unknown, holders: readonly Holder[]): FailedError {
  const names = holders.map(({ name }) => name).join(", ");
  const hint = holders.some(({ leaves }) => !leaves)
    ? "It was not made by ekstool or for this cluster. Remove it, or what it belongs to, and run the same command again."
    : "It should go by itself: run the same command again.";
  return new FailedError(`${messageOf(error)} (held by ${names})`, { cause: error, hint });
}
