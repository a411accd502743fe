import { realClock } from "../../clock.ts";

/** Calls `tick` at real intervals, whatever clock the run itself has, until it is stopped. */
export function startTicker(everyMs: number, tick: () => void): () => void {
  const stopped = new AbortController();
  void (async () => {
    while (!stopped.signal.aborted) {
      try {
        await realClock.sleep(everyMs, stopped.signal);
      } catch {
        // Only the stop ends a sleep early.
        return;
      }
      tick();
    }
  })();
  return () => stopped.abort(new Error("stopped"));
}
