import { setMaxListeners } from "node:events";
import { EkstoolError, InterruptedError, exitCode } from "../errors.ts";

/** Why steps are not done when the user has asked to stop. */
export const interruption = "the run was interrupted";

/** What forbids to go on, as the reason of an interrupt; undefined where it is the user's wish, or there is none. */
export function prohibition(interrupt: AbortSignal | undefined): EkstoolError | undefined {
  const reason: unknown = interrupt?.reason;
  return reason instanceof EkstoolError && reason.exitCode !== exitCode.interrupted ? reason : undefined;
}

/** Ends a step that was stopped; its message says why, for all steps alike. */
export function interrupted(interrupt: AbortSignal): InterruptedError {
  return new InterruptedError(prohibition(interrupt)?.message ?? interruption);
}

/** @throws InterruptedError when the run has to stop. */
export function throwIfInterrupted(interrupt: AbortSignal | undefined): void {
  if (interrupt?.aborted) throw interrupted(interrupt);
}

/** Aborted as soon as one of them is, for its reason. */
export function eitherOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const either = AbortSignal.any(signals.filter((signal) => signal !== undefined));
  // Every step that waits listens to it.
  setMaxListeners(0, either);
  return either;
}
