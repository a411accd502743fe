import { InterruptedError } from "../errors.ts";
import type { Condition, EngineContext } from "./context.ts";
import { type Locks, createLocks } from "./locks.ts";

/** An engine at work: what is shared by all that one call of it does. */
export interface Session<Ctx> extends EngineContext<Ctx> {
  /** Runs a kind's call when fewer than `concurrency` are in flight; first come, first served. */
  request<T>(call: () => Promise<T>): Promise<T>;
  readonly locks: Locks;
  /** All waiting ends at this instant, in milliseconds since the epoch. */
  readonly deadline: number;
}

const defaultConcurrency = 12;

export function openSession<Ctx>(engine: EngineContext<Ctx>, deadline = Infinity): Session<Ctx> {
  return {
    ...engine,
    request: limitedTo(engine.concurrency ?? defaultConcurrency),
    locks: createLocks(engine.interrupt),
    deadline,
  };
}

function limitedTo(limit: number): <T>(call: () => Promise<T>) => Promise<T> {
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  return async (call) => {
    if (inFlight < limit) inFlight++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await call();
    } finally {
      // The place is handed on, so that nobody who comes later gets in between.
      const next = waiting.shift();
      if (next) next();
      else inFlight--;
    }
  };
}

/** For what has to be brought to its end when the user has asked to stop. */
export function uninterrupted<Ctx>(engine: EngineContext<Ctx>): EngineContext<Ctx> {
  const { interrupt: _, ...rest } = engine;
  return rest;
}

export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InterruptedError();
}

/** Sleeps on the engine's clock; an interrupt ends it at once, with InterruptedError. */
export async function pause<Ctx>(session: Session<Ctx>, seconds: number): Promise<void> {
  throwIfInterrupted(session.interrupt);
  try {
    await session.clock.sleep(seconds * 1000, session.interrupt);
  } catch (error) {
    throwIfInterrupted(session.interrupt);
    throw error;
  }
}

export function secondsSince<Ctx>(session: Session<Ctx>, instant: number): number {
  return (session.clock.now() - instant) / 1000;
}

/** Looks again and again until there is something to see; undefined when there is not for so many seconds. */
export async function watch<T, Ctx>(
  session: Session<Ctx>,
  seconds: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const start = session.clock.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    const elapsed = secondsSince(session, start);
    if (elapsed >= seconds) return undefined;
    await pause(session, retryDelay(elapsed));
  }
}

/** For reads, and for deletions: the same call may simply be sent again. */
export function mayPass(condition: Condition | undefined): boolean {
  return condition === "throttled" || condition === "transient" || condition === "ambiguous";
}

/** After a call that changes something: it may have been carried out all the same, now or by an earlier run. */
export function mayBeDone(condition: Condition | undefined): boolean {
  return condition === "ambiguous" || condition === "transient" || condition === "exists";
}

/** Seconds until the next try, a tenth of what has gone by: soon at first, seldom later. */
export function retryDelay(elapsed: number): number {
  return Math.min(10, 1 + elapsed / 10);
}

/** Limits in seconds of the engine's own waiting, where no kind says how long its thing takes. */
export const patience = {
  /** A new role, policy or network until the services that use it know of it. */
  propagation: 120,
  /** Until what was made or changed a moment ago shows in reads, at worst. */
  consistency: 30,
  /** Until what an earlier run made right before it ended shows in lists, as a rule. */
  aftermath: 15,
  /** Errors in a row that are expected to pass, while something is waited for. */
  outage: 120,
} as const;
