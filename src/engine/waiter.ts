import { FailedError, StillWorkingError } from "../errors.ts";
import { throwIfInterrupted } from "./interruption.ts";
import { type AnyKind, type AnyRemovable, type Duration, isSame, type Live, type Operation } from "./kind.ts";
import type { OpenStep } from "./recorder.ts";
import { type Session, mayPass, patience, pause, retryDelay, secondsSince } from "./session.ts";

/** What one look at something gave. */
type Sight<T> =
  | { readonly done: T }
  | { readonly detail?: string | undefined; readonly progress?: readonly [number, number] | undefined };

interface Wait<T> {
  /** What is waited for, as the subject of a sentence. */
  readonly what: string;
  readonly duration: Duration;
  /** Seconds between two looks, where it is not for us to say when they are due. */
  readonly every?: number | undefined;
  /** When it began, in milliseconds since the epoch; absent: before we came. */
  readonly since?: number;
  readonly step: OpenStep;
  /** Throws what ends the wait in failure. */
  look(): Promise<Sight<T>>;
}

/** Looks, as shares of the expected time, before the time when it may really be done: for early failures and progress. */
const earlyLooks = [0.15, 0.35, 0.55];
/** From then on the looks are this share of the time gone by apart: so much later than it happened is the end seen, at worst. */
const resolution = 0.02;
/** Seconds; AWS would not like to be asked more often. */
const shortest = 1;

/**
 * Seconds until the next look at what has been going on for `elapsed` seconds and is expected to take `expect`. Seldom in the
 * first half, then close together, and once at the very end that is expected.
 */
export function untilNextLook(elapsed: number, expect: number): number {
  const early = earlyLooks.map((share) => share * expect).find((at) => at > elapsed);
  if (early !== undefined) return Math.max(shortest, early - elapsed);
  const next = Math.max(shortest, elapsed * resolution);
  return elapsed < expect && expect < elapsed + next ? expect - elapsed : next;
}

/**
 * The one waiter. Looks until it is done. Errors that are known to pass are outlived for a while, every other one ends the
 * wait. Past the limit it is a StillWorkingError; an interrupt ends it at once with InterruptedError.
 */
async function waitFor<T, Ctx>(session: Session<Ctx>, wait: Wait<T>): Promise<T> {
  const { expect, limit } = wait.duration;
  const start = session.clock.now();
  let troubleSince: number | undefined;
  let said = "";
  for (;;) {
    throwIfInterrupted(session.interrupt);
    try {
      const sight = await wait.look();
      if ("done" in sight) return sight.done;
      troubleSince = undefined;
      const { detail, progress } = sight;
      const saying = JSON.stringify([detail, progress]);
      if (saying !== said) wait.step.progress(detail, progress);
      said = saying;
    } catch (error) {
      troubleSince ??= session.clock.now();
      if (!mayPass(session.classify(error)) || secondsSince(session, troubleSince) > patience.outage) throw error;
    }
    const waited = secondsSince(session, start);
    const left = Math.min(limit - waited, (session.deadline - session.clock.now()) / 1000);
    if (left <= 0) {
      throw new StillWorkingError(`${wait.what}: AWS is still working after ${Math.round(waited)} s`, {
        hint: "run the same command again to continue",
      });
    }
    await pause(session, Math.min(left, nextPause()));
  }

  function nextPause(): number {
    if (troubleSince !== undefined) return retryDelay(secondsSince(session, troubleSince));
    if (wait.every !== undefined) return wait.every;
    if (wait.since !== undefined) return untilNextLook(secondsSince(session, wait.since), expect);
    // How far along something is that began before we came is not known: it is watched closely from the first look on.
    return Math.max(shortest, Math.max(secondsSince(session, start), expect) * resolution);
  }
}

export interface Settling {
  /** What is waited for, as the subject of a sentence. */
  readonly what: string;
  readonly duration: Duration;
  readonly since?: number;
  readonly step: OpenStep;
  /** Unhealthy will do: health is not what is waited for. */
  readonly degradedWillDo: boolean;
}

/** Waits until a thing is ready. Failed, being deleted or vanished is an error with AWS's own words. */
export async function settled<Ctx>(
  session: Session<Ctx>,
  kind: AnyKind<Ctx>,
  ref: string,
  { degradedWillDo, ...wait }: Settling,
): Promise<Live<unknown>> {
  let last: Live<unknown> | null = null;
  const look = async (): Promise<Sight<Live<unknown>>> => {
    last = await session.request(() => kind.read(ref, session.ctx));
    if (last === null) {
      if (wait.since !== undefined && secondsSince(session, wait.since) < patience.consistency) return {};
      throw new FailedError(`${wait.what} vanished while it was waited for`);
    }
    const { phase, detail } = last;
    if (phase === "ready" || (phase === "degraded" && degradedWillDo)) return { done: last };
    if (phase === "failed" || phase === "deleting") throw new FailedError(sentence(wait.what, phase, detail));
    return { detail };
  };
  try {
    return await waitFor(session, { ...wait, look });
  } catch (error) {
    // Nobody is at work on what is merely unhealthy.
    const live = last as Live<unknown> | null;
    if (!(error instanceof StillWorkingError) || live?.phase !== "degraded") throw error;
    throw new FailedError(sentence(wait.what, "degraded", live.detail), { cause: error });
  }
}

/** Waits until a thing has gone. `began` when its deletion has not been seen yet: then it may still look untouched. */
export async function gone<Ctx>(
  session: Session<Ctx>,
  kind: AnyRemovable<Ctx>,
  thing: Live<unknown>,
  wait: Omit<Settling, "degradedWillDo">,
): Promise<void> {
  let deleting = false;
  const look = async (): Promise<Sight<true>> => {
    const live = await session.request(() => kind.read(thing.ref, session.ctx));
    if (live === null || !isSame(live, thing)) return { done: true };
    if (live.phase === "deleting") deleting = true;
    else if (deleting) throw new FailedError(sentence(wait.what, "not deleted", live.detail));
    return { detail: live.detail };
  };
  await waitFor(session, { ...wait, look });
}

/** Waits for an operation that AWS reports on apart from the thing. */
export async function finished<Ctx>(
  session: Session<Ctx>,
  operation: Operation,
  wait: Omit<Settling, "degradedWillDo">,
): Promise<void> {
  const look = async (): Promise<Sight<true>> => {
    const { state, detail, progress } = await session.request(() => operation.check());
    if (state === "failed") throw new FailedError(sentence(`${wait.what}: ${operation.what}`, "failed", detail));
    return state === "done" ? { done: true } : { detail, progress };
  };
  await waitFor(session, { ...wait, every: operation.every, look });
}

function sentence(what: string, state: string, detail: string | undefined): string {
  return detail === undefined ? `${what} is ${state}`.replace("is failed", "failed") : `${what}: ${state}: ${detail}`;
}
