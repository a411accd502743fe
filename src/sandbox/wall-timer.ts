import { realClock } from "../clock.ts";

/**
 * Does something when so many wall-clock milliseconds have passed.
 *
 * @returns what calls it off.
 */
export function afterWallTime(milliseconds: number, action: () => void): () => void {
  const cancelled = new AbortController();
  realClock.sleep(milliseconds, cancelled.signal).then(action, () => {
    // Called off.
  });
  return () => cancelled.abort();
}

/** For before there is anything to call off. */
export const nothingToCancel = (): void => {};
