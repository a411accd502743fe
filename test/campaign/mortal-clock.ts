import { setMaxListeners } from "node:events";
import type { Clock } from "../../src/clock.ts";

/** A clock whose user can be stopped: then nothing that it waits for comes, and time does not wait for it. */
export interface MortalClock extends Clock {
  /** For good. */
  kill(): void;
  /** Until it is woken, as a process that is stopped or a computer that sleeps. */
  suspend(): void;
  wake(): void;
  /** Resolves when it has been killed, and what it had sent has been dealt with. */
  readonly dead: Promise<void>;
}

const never = new Promise<never>(() => {
  // Of one who is dead.
});

/** What a process sees of a clock until it is killed. */
export function mortalClock(clock: Clock): MortalClock {
  const grave = new AbortController();
  // Everything that waits listens to it.
  setMaxListeners(0, grave.signal);
  let inFlight = 0;
  let bury: () => void;
  const dead = new Promise<void>((resolve) => (bury = resolve));
  const isDead = () => grave.signal.aborted;
  let asleep: Promise<void> | undefined;
  let wake = () => {};

  return {
    dead,
    kill() {
      grave.abort();
      if (inFlight === 0) bury();
    },
    suspend() {
      asleep = new Promise((resolve) => (wake = resolve));
    },
    wake: () => wake(),
    now: () => clock.now(),
    async sleep(ms, signal) {
      try {
        await clock.sleep(ms, signal ? AbortSignal.any([signal, grave.signal]) : grave.signal);
      } catch (error) {
        if (!isDead()) throw error;
      }
      if (isDead()) await never;
      await asleep;
    },
    async hold(work) {
      if (isDead()) await never;
      await asleep;
      inFlight++;
      try {
        return await clock.hold(work);
      } finally {
        inFlight--;
        if (isDead()) {
          if (inFlight === 0) bury();
          // In place of the answer.
          await never;
        }
        await asleep;
      }
    },
  };
}
