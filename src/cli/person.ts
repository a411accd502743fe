import { realClock } from "../clock.ts";
import { InterruptedError } from "../errors.ts";
import type { Person, Renewal } from "../operations/session.ts";
import { oneLine } from "../text.ts";
import type { Call } from "./call.ts";
import { formatDuration } from "./duration.ts";
import type { Io } from "./io.ts";
import { canAsk, readLine } from "./prompt.ts";
import type { Terminal } from "./terminal.ts";

/** Real milliseconds between two looks for new credentials that nobody has asked for. */
const lookEvery = 3_000;

/** Whoever sits at the terminal; undefined when there is none. */
export function personAt({ io, terminal }: Pick<Call, "io" | "terminal">, interrupt: AbortSignal): Person | undefined {
  if (!canAsk(io)) return undefined;
  return {
    mfaCode: (device) =>
      undisturbed(() => readLine(io, terminal.clean(`code of the MFA device ${device}: `), interrupt)),
    renew: (renewal) => undisturbed(() => awaitRenewal(renewal, { io, terminal, interrupt })),
  };
}

/** The spinner, if there is one, is off the terminal meanwhile. */
async function undisturbed<T>(work: () => Promise<T>): Promise<T> {
  const { withoutSpinner } = await import("./report/spinner.ts");
  return withoutSpinner(work);
}

interface Seat {
  readonly io: Io;
  readonly terminal: Terminal;
  readonly interrupt: AbortSignal;
}

async function awaitRenewal({ message, todo, look }: Renewal, { io, terminal, interrupt }: Seat): Promise<void> {
  const { style } = terminal;
  const since = realClock.now();
  terminal.line(style.warning(`paused: the credentials have expired (${oneLine(message)})`));
  terminal.line(`  ${todo}`);
  terminal.line("  then press Enter; it is noticed without that, too. Ctrl-C stops, and the same command continues");
  for (;;) {
    const entered = await enterWithin(lookEvery, io, interrupt);
    const reason = await look();
    if (reason === undefined) break;
    if (entered) terminal.line(`  not yet: ${oneLine(reason)}`);
  }
  terminal.line(
    style.good(`new credentials: going on after a pause of ${formatDuration((realClock.now() - since) / 1000)}`),
  );
}

/** Whether Enter was pressed within so many milliseconds. */
async function enterWithin(ms: number, io: Io, interrupt: AbortSignal): Promise<boolean> {
  const over = AbortSignal.timeout(ms);
  try {
    await readLine(io, "", AbortSignal.any([over, interrupt]));
    return true;
  } catch (error) {
    if (interrupt.aborted) throw new InterruptedError(undefined, { cause: error });
    if (over.aborted) return false;
    throw error;
  }
}
