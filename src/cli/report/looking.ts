import type { Terminal } from "../terminal.ts";

/** Shows that something goes on while AWS is asked what there is; only on a terminal that can be redrawn. */
export async function whileLooking<Result>(terminal: Terminal, work: () => Promise<Result>): Promise<Result> {
  if (!terminal.interactive) return work();
  const { default: ora } = await import("ora");
  const spinner = ora({ stream: terminal.stream, text: "looking at what there is", discardStdin: false }).start();
  try {
    return await work();
  } finally {
    spinner.stop();
  }
}
