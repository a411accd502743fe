import type { Terminal } from "../terminal.ts";

/** Shows that something goes on while AWS is asked what there is; only on a terminal that can be redrawn. */
export async function whileLooking<Result>(terminal: Terminal, work: () => Promise<Result>): Promise<Result> {
  if (!terminal.interactive) return work();
  const { startSpinner } = await import("./spinner.ts");
  const spinner = startSpinner(terminal, "looking at what there is");
  try {
    return await work();
  } finally {
    spinner.stop();
  }
}
