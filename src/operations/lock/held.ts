import type { Owner } from "../../aws/context.ts";
import type { Permit } from "../../engine/index.ts";
import { EkstoolError, FailedError, RefusedError } from "../../errors.ts";
import { explain } from "../explain.ts";
import type { Session } from "../session.ts";
import { type Holder, type LockParameter, describeHolder, instant } from "./holder.ts";
import { patience, runsHere } from "./lapse.ts";
import type { LockParameters } from "./parameters.ts";

/** A lock that this run holds until it is released, or taken over. */
export interface HeldLock {
  /** Ends when the lock is lost. */
  readonly permit: Permit;
  /** A run that was alive held it meanwhile: what was seen of the cluster before may be old. */
  readonly contended: boolean;
  /** Ends the heartbeats and deletes the parameters. Throws what AWS says where they stay. */
  release(): Promise<void>;
}

/** Who takes which lock. */
export interface Taking {
  readonly session: Session;
  readonly owner: Owner;
  readonly parameters: LockParameters;
  readonly self: Omit<Holder, "since" | "heartbeat">;
}

interface Holding extends Taking {
  readonly number: number;
  /** Milliseconds since the epoch, at the earliest. */
  readonly madeAt: number;
  /** ISO 8601. */
  readonly since: string;
  /** Numbers below, of holders that are no more: they go with this one. */
  readonly topped: readonly number[];
  readonly contended: boolean;
}

/** Milliseconds between two heartbeats. */
const heartbeatPace = 30_000;
/** Milliseconds after a heartbeat for which the lock is ours without a look, where nothing is destroyed. */
const undoubted = patience / 2;
/** And for which a look may fail: clocks may differ a little, and from `patience` on others take the lock over. */
const tolerated = patience - heartbeatPace;
/** Milliseconds until a parameter that was made shows in every read. */
const settling = 10_000;

/** Keeps a lock that was just taken: a heartbeat now and then, and a look before each changing call. */
export function holdLock({ session, owner, parameters, number, madeAt, since, ...holding }: Holding): HeldLock {
  const { clock } = session;
  const { self, topped, contended } = holding;
  const lost = new AbortController();
  const released = new AbortController();
  /** When it was last written, at the earliest. */
  let writtenAt = madeAt;
  let complained = false;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const top = (await parameters.list()).findLast((parameter) => parameter.number >= number);
    const isOurs = top === undefined ? clock.now() - madeAt < settling : top.holder?.run === self.run;
    if (!isOurs) lose(top);
  }

  async function renew(): Promise<void> {
    const at = clock.now();
    const wasThere = await parameters.renew(number, { ...self, since, heartbeat: instant(at) });
    writtenAt = at;
    if (wasThere) return;
    await parameters.remove([number]);
    lose(undefined);
  }

  function lose(to: LockParameter | undefined): void {
    const how = to ? `taken over by ${describeHolder(to)}` : "released by somebody else";
    lost.abort(
      new RefusedError(`the lock of cluster ${owner.cluster} was ${how}: this run stops`, {
        hint: "run the same command again when nobody else works on the cluster",
      }),
    );
  }

  function complain(what: string, error: unknown): void {
    if (complained) return;
    complained = true;
    session.emit({ type: "note", at: clock.now(), text: `${what} at the moment: ${explain(error).message}` });
  }

  /** A look that fails is outlived as long as nobody may have taken the lock over. */
  async function lookOrDoubt(): Promise<void> {
    try {
      await look();
    } catch (error) {
      const what = `whether this run still holds the lock of cluster ${owner.cluster} cannot be told`;
      if (clock.now() - writtenAt < tolerated) complain(what, error);
      else lost.abort(new FailedError(`${what}: ${explain(error).message}`, { cause: error }));
    }
  }

  /** One look serves all who ask while it is under way. */
  const check = (): Promise<void> =>
    (looking ??= lookOrDoubt().finally(() => {
      looking = undefined;
    }));

  async function beat(): Promise<void> {
    while (!lost.signal.aborted) {
      try {
        await clock.sleep(heartbeatPace, released.signal);
      } catch {
        // Only the release ends a sleep early.
        return;
      }
      await check();
      if (lost.signal.aborted) return;
      // Without heartbeats others may take the lock over: the looks tell.
      await renew().catch((error: unknown) => complain(`the lock of cluster ${owner.cluster} cannot be kept`, error));
    }
  }
  const beating = beat();

  return {
    contended,
    permit: {
      ended: lost.signal,
      async ask(call) {
        if (call !== "create" || clock.now() - writtenAt >= undoubted) await check();
        const { reason }: { reason: unknown } = lost.signal;
        if (reason instanceof EkstoolError) throw reason;
      },
    },
    async release() {
      released.abort();
      await beating;
      runsHere.delete(self.run);
      await parameters.remove(lost.signal.aborted ? [number] : [...topped, number]);
    },
  };
}
