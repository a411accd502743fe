import { deleteThing } from "./delete.ts";
import { throwIfInterrupted } from "./interruption.ts";
import type { AnyDerivedKind, Duration, Live } from "./kind.ts";
import { type Work, during } from "./recorder.ts";
import { type Run, thingKey } from "./run.ts";
import { pause, secondsSince } from "./session.ts";
import { thingSubject } from "./steps.ts";

/** For the look itself: what is found has times of its own. */
export const sweepDuration: Duration = { expect: 1, limit: 300 };

/** Seconds between two looks for what may still appear. */
const interval = 20;

/**
 * Deletes what there is of a derived kind, whether it was seen before or not. Looks again for as long as things of the kind may
 * still appear. Whoever agreed to delete what they are made for has agreed to this.
 */
export async function sweep<Ctx>(run: Run<Ctx>, kind: AnyDerivedKind<Ctx>): Promise<void> {
  const { session } = run;
  const since = run.goneAt.get(kind.madeFor) ?? run.startedAt;
  const left = () => (kind.appearsWithin?.(session.ctx) ?? 0) - secondsSince(session, since);
  const look = async () => {
    throwIfInterrupted(session.interrupt);
    const lives = await session.request(() => kind.list(session.ctx));
    const found = lives.filter(({ owner }) => owner === "derived");
    const ends = await Promise.allSettled(found.map((live) => remove(run, kind, live)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  };
  await look();
  if (left() <= 0) return;
  await during(run.recorder, waitOf(kind, left()), async () => {
    while (left() > 0) {
      await pause(session, Math.min(interval, left()));
      await look();
    }
  });
}

async function remove<Ctx>(run: Run<Ctx>, kind: AnyDerivedKind<Ctx>, live: Live<unknown>): Promise<void> {
  const thing = { kind, live };
  const duration = kind.timing("delete", undefined, live);
  const step = `delete ${kind.name} ${live.ref}`;
  const work: Work = { subject: thingSubject(thing), step, action: "delete", duration, keys: [] };
  await during(run.recorder, work, (open) => deleteThing(run.session, thing, open));
  run.removed.add(thingKey(kind.name, live.ref));
}

function waitOf<Ctx>({ name, title }: AnyDerivedKind<Ctx>, seconds: number): Work {
  const subject = { id: "", kind: name, title, name: "" };
  return {
    subject,
    step: `sweep ${name}`,
    action: "sweep",
    duration: { expect: seconds, limit: seconds },
    keys: [`${name} sweep`],
  };
}
