import type { Clock } from "../clock.ts";
import { realClock } from "../clock.ts";
import { afterWallTime, nothingToCancel } from "./wall-timer.ts";

/** A process whose waiting decides how far time goes. */
export interface Member {
  /** Wants to be woken at this instant (milliseconds since the epoch, virtual); `wake` is told the time then. */
  wait(until: number, wake: (now: number) => void): void;
  /** No longer counts. */
  leave(): void;
}

export interface Timekeeper {
  readonly clock: Clock;
  readonly members: number;
  join(): Member;
}

interface Waiting {
  readonly until: number;
  readonly wake: (now: number) => void;
}

/**
 * The time of a served sandbox. With members it goes in lockstep: when no request is in flight and every member waits,
 * it jumps to the earliest instant that one of them waits for. Without members it goes with wall time.
 *
 * @param start milliseconds since the epoch.
 * @param speed virtual seconds per wall second. It also paces members; absent: members are not paced, and wall time is
 *   taken as it is.
 */
export function timekeeper(start: number, speed?: number): Timekeeper {
  const members = new Map<Member, Waiting | undefined>();
  const sleepers: Waiting[] = [];
  let inFlight = 0;
  let reached = start;
  let anchor = { virtual: start, wall: realClock.now() };
  let cancelPacing = nothingToCancel;

  const pace = speed ?? 1;
  const flowing = () => anchor.virtual + (realClock.now() - anchor.wall) * pace;
  const now = () => (members.size > 0 ? reached : Math.max(reached, flowing()));

  /** From here on, wall time is counted anew. */
  function rebase(): void {
    reached = now();
    anchor = { virtual: reached, wall: realClock.now() };
  }

  /** Looks whether time may go on; called whenever something changed. */
  function consider(): void {
    cancelPacing();
    if (inFlight > 0) return;
    const waiting = [...members.values()];
    if (waiting.includes(undefined)) return;
    const next = Math.min(...[...waiting, ...sleepers].map((each) => each?.until ?? Number.POSITIVE_INFINITY));
    if (next === Number.POSITIVE_INFINITY) return;
    const paced = members.size === 0 || speed !== undefined;
    const early = paced ? (next - flowing()) / pace : 0;
    if (early > 0) {
      cancelPacing = afterWallTime(early, consider);
      return;
    }
    reached = Math.max(reached, next);
    wakeAll();
  }

  function wakeAll(): void {
    for (const [member, waiting] of members) {
      if (!waiting || waiting.until > reached) continue;
      members.set(member, undefined);
      waiting.wake(reached);
    }
    const due = sleepers.filter((each) => each.until <= reached);
    for (const sleeper of due) {
      sleepers.splice(sleepers.indexOf(sleeper), 1);
      sleeper.wake(reached);
    }
    if (due.length > 0) setImmediate(consider);
  }

  const clock: Clock = {
    now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: now() + ms, wake: () => resolve() };
        const onAbort = () => {
          const at = sleepers.indexOf(sleeper);
          if (at >= 0) sleepers.splice(at, 1);
          reject(signal?.reason as Error);
        };
        if (signal?.aborted) return onAbort();
        signal?.addEventListener("abort", onAbort, { once: true });
        sleepers.push(sleeper);
        consider();
      }),
    async hold(work) {
      inFlight++;
      try {
        return await work();
      } finally {
        inFlight--;
        consider();
      }
    },
  };

  return {
    clock,
    get members() {
      return members.size;
    },
    join() {
      const member: Member = {
        wait(until, wake) {
          members.set(member, { until, wake });
          consider();
        },
        leave() {
          rebase();
          members.delete(member);
          consider();
        },
      };
      rebase();
      members.set(member, undefined);
      consider();
      return member;
    },
  };
}
