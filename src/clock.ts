/**
 * The one place where time passes. Everything that waits is given a Clock, so that tests and the sandbox can run hours of
 * AWS time in as long as the requests take.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves `ms` later on this clock; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs real input or output (a request, a file write): a virtual clock stands still meanwhile. */
  hold<T>(work: () => Promise<T>): Promise<T>;
}

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    }),
  hold: (work) => work(),
};

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** Decides how far time may go: the instant that the next sleeper waits for, or the later one that was reached. */
export type Advance = (until: number) => number | Promise<number>;

/**
 * A clock that moves only when no real work is in flight and nothing new has been started for a turn of the event loop;
 * then it jumps to the next sleeper. `advance` lets a clock shared between processes agree on the jump.
 */
export function virtualClock(start = Date.UTC(2026, 0, 1), advance: Advance = (until) => until): Clock {
  const timers: Timer[] = [];
  let now = start;
  let held = 0;
  let epoch = 0;
  let pumping = false;

  function pump(): void {
    if (pumping) return;
    pumping = true;
    watch(epoch, 0);
  }

  /** Goes round the event loop until it has been quiet for two turns. */
  function watch(seen: number, quietTurns: number): void {
    setImmediate(() => {
      if (held > 0 || timers.length === 0) {
        pumping = false;
        return;
      }
      if (seen !== epoch) return watch(epoch, 0);
      if (quietTurns < 1) return watch(seen, quietTurns + 1);
      void jump();
    });
  }

  async function jump(): Promise<void> {
    const next = timers[0];
    if (next) {
      if (next.at > now) now = Math.max(now, await advance(next.at));
      while (timers[0] && timers[0].at <= now) {
        epoch++;
        timers.shift()?.wake();
      }
    }
    pumping = false;
    pump();
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        epoch++;
        const onAbort = () => {
          const at = timers.indexOf(timer);
          if (at < 0) return;
          timers.splice(at, 1);
          epoch++;
          reject(signal?.reason as Error);
          pump();
        };
        const timer: Timer = {
          at: now + Math.max(0, ms),
          wake: () => {
            signal?.removeEventListener("abort", onAbort);
            resolve();
          },
        };
        const index = timers.findIndex((other) => other.at > timer.at);
        timers.splice(index < 0 ? timers.length : index, 0, timer);
        signal?.addEventListener("abort", onAbort, { once: true });
        pump();
      }),
    async hold(work) {
      held++;
      epoch++;
      try {
        return await work();
      } finally {
        held--;
        epoch++;
        pump();
      }
    },
  };
}

/** A clock that can be stopped for a while. */
export interface PausableClock extends Clock {
  /** Stops this clock until `work` is done: meanwhile no sleep ends, and the time that work takes has never been. */
  pause<T>(work: () => Promise<T>): Promise<T>;
}

/** The other clock without the time for which this one was stopped; a virtual clock below it stands still meanwhile. */
export function pausable(clock: Clock): PausableClock {
  let lost = 0;
  let stop: { readonly at: number; readonly over: Promise<void> } | undefined;
  const now = () => (stop?.at ?? clock.now()) - lost;
  return {
    now,
    hold: (work) => clock.hold(work),
    async sleep(ms, signal) {
      const until = now() + Math.max(0, ms);
      do {
        await clock.sleep(until - now(), signal);
        await stop?.over;
      } while (now() < until);
    },
    pause: (work) =>
      clock.hold(async () => {
        if (stop !== undefined) return work();
        const at = clock.now();
        let resume = () => {};
        stop = { at, over: new Promise((resolve) => (resume = resolve)) };
        try {
          return await work();
        } finally {
          lost += clock.now() - at;
          stop = undefined;
          resume();
        }
      }),
  };
}
