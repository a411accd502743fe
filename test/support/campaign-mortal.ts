import type { Clock } from "../../src/clock.ts";

/** A clock whose user can be killed: from then on nothing that it waits for ever comes, and time does not wait for it. */
export interface MortalClock extends Clock {
  kill(): void;
  /** Resolves when it has been killed, and what it had sent has been dealt with. */
  readonly dead: Promise<void>;
}

const never = new Promise<never>(() => {
  // Of one who is dead.
});

/** What a process sees of a clock until it is killed. */
export function mortalClock(clock: Clock): MortalClock {
  const grave = new AbortController();
  let inFlight = 0;
  let bury: () => void;
  const dead = new Promise<void>((resolve) => (bury = resolve));
  const isDead = () => grave.signal.aborted;

  return {
    dead,
    kill() {
      grave.abort();
      if (inFlight === 0) bury();
    },
    now: () => clock.now(),
    async sleep(ms, signal) {
      try {
        await clock.sleep(ms, signal ? AbortSignal.any([signal, grave.signal]) : grave.signal);
      } catch (error) {
        if (!isDead()) throw error;
      }
      if (isDead()) await never;
    },
    async hold(work) {
      if (isDead()) await never;
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
      }
    },
  };
}
