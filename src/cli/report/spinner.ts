import ora, { type Ora } from "ora";
import type { Terminal } from "../terminal.ts";

let latest: Ora | undefined;

/** The one spinner, on a terminal that was found to be interactive. */
export function startSpinner({ stream }: Terminal, text: string): Ora {
  // Whether to draw is decided by the terminal: ora would look at this process's environment once more.
  latest = ora({ stream, text, isEnabled: true, discardStdin: false }).start();
  return latest;
}

/** Keeps the spinner, if it is turning, off the terminal while something else is going on there. */
export async function withoutSpinner<T>(work: () => Promise<T>): Promise<T> {
  const turning = latest?.isSpinning === true ? latest : undefined;
  turning?.stop();
  try {
    return await work();
  } finally {
    turning?.start();
  }
}
