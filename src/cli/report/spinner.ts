import ora, { type Ora } from "ora";
import type { Terminal } from "../terminal.ts";

/** The one spinner, on a terminal that was found to be interactive. */
export function startSpinner({ stream }: Terminal, text: string): Ora {
  // Whether to draw is decided by the terminal: ora would look at this process's environment once more.
  return ora({ stream, text, isEnabled: true, discardStdin: false }).start();
}
