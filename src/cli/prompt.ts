import { createInterface } from "node:readline/promises";
import { InterruptedError } from "../errors.ts";
import type { Io } from "./io.ts";

/** Whether there is a terminal to ask on. */
export function canAsk({ stdin, stderr }: Pick<Io, "stdin" | "stderr">): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/**
 * Reads one line from the terminal.
 *
 * @param stop ends the reading with the signal's AbortError.
 * @throws InterruptedError for Ctrl-C, and when nothing more can be typed.
 */
export async function readLine(io: Io, prompt: string, stop?: AbortSignal): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: true });
  const closed = new AbortController();
  lines.once("SIGINT", () => closed.abort());
  lines.once("close", () => closed.abort());
  try {
    const signal = stop === undefined ? closed.signal : AbortSignal.any([closed.signal, stop]);
    return (await lines.question(prompt, { signal })).trim();
  } catch (error) {
    if (closed.signal.aborted) throw new InterruptedError(undefined, { cause: error });
    throw error;
  } finally {
    lines.close();
  }
}
