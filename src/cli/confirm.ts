import { InterruptedError, RefusedError } from "../errors.ts";
import { oneLine } from "../text.ts";
import type { Io } from "./io.ts";
import { canAsk, readLine } from "./prompt.ts";
import type { Terminal } from "./terminal.ts";

export interface Question {
  readonly text: string;
  /** What must be typed to agree; absent: `y` or `yes`. */
  readonly answer?: string;
}

/**
 * Asks before something is destroyed or interrupted.
 *
 * @throws RefusedError when the answer is no, or when nobody can be asked and `--yes` was not given.
 */
export async function confirm(io: Io, terminal: Terminal, yes: boolean, question: Question): Promise<void> {
  if (yes) return;
  if (!canAsk(io)) {
    throw new RefusedError("not confirmed: there is no terminal to ask on", {
      hint: "check the plan above, then run the same command with --yes",
    });
  }
  const expected = question.answer === undefined ? ["y", "yes"] : [question.answer];
  const ask = question.answer === undefined ? "[y/N]" : `(type ${question.answer})`;
  const answer = await readLine(io, terminal.clean(oneLine(`${question.text} ${ask} `))).catch((error: unknown) => {
    throw error instanceof InterruptedError
      ? new InterruptedError("interrupted; nothing was changed", { cause: error })
      : error;
  });
  if (!expected.includes(question.answer === undefined ? answer.toLowerCase() : answer)) {
    throw new RefusedError("not confirmed; nothing was changed");
  }
}
