import { join } from "node:path";
import { realClock } from "../clock.ts";
import type { RunResult } from "../engine/index.ts";
import { type ExitCode, RefusedError, exitCode } from "../errors.ts";
import { explain } from "../operations/explain.ts";
import { type OnFailure, type Proposal, obstacles, risks } from "../operations/proposal.ts";
import { jsonText } from "../text.ts";
import type { Call } from "./call.ts";
import { type Question, confirm } from "./confirm.ts";
import type { Connected } from "./connect.ts";
import { type Result, printResult } from "./output.ts";
import { stateDirectory } from "./state-directory.ts";
import { planDocument, renderPlan } from "./render/plan.ts";
import { renderFailure } from "./render/failure.ts";
import { whileLooking } from "./report/looking.ts";
import { progressForm, startReport } from "./report/report.ts";

export interface ChangeOptions<Output> {
  /** What is asked about before it is done. */
  readonly ask: "never" | "on a foreign cluster" | "risks" | "always";
  readonly question?: Question;
  readonly onFailure: OnFailure;
  /** Throws where a proposal is not the one that is to be carried out. */
  readonly check?: (proposal: Proposal) => void;
  readonly result: (output: Output) => Result;
  /** What a person sees at the end, on stderr. */
  readonly summary: (output: Output, result: RunResult) => readonly string[];
}

/** Finds out what would be done, shows it, asks, does it, and tells how it went. */
export async function carryOut<Output>(
  call: Call,
  connected: Connected,
  propose: () => Promise<Proposal<Output>>,
  options: ChangeOptions<Output>,
): Promise<ExitCode> {
  const { terminal, globals, io } = call;
  const form = progressForm(globals.progress, terminal);
  const proposal = form === "tty" ? await whileLooking(terminal, propose) : await propose();
  const say = (lines: readonly string[]) => {
    if (form !== "json") for (const line of lines) terminal.line(line);
  };
  const { clock } = connected.session;
  const decide = async (one: Proposal) => {
    options.check?.(one);
    if (form === "json") terminal.line(jsonText({ type: "plan", ...planDocument(one) }));
    say([...renderPlan(one, terminal), ""]);
    refuseObstacles(one);
    if (!one.changes || !mustAsk(options.ask, one)) return;
    const question = options.question ?? { text: "Do this?" };
    await clock.hold(() => confirm(io, terminal, globals.yes === true, question));
  };
  await decide(proposal);
  const { runLog } = await import("../engine/index.ts");
  const log = logPath(call, proposal);
  const startTelling = async ({ title, expectSeconds }: Proposal) => {
    const started = await startReport(form, { terminal, clock, title, expectSeconds });
    connected.listen(runLog(log, started.emit));
    return started;
  };
  let report = await startTelling(proposal);
  const stopListening = listenForInterrupts(call, connected, say);
  try {
    const { result, output } = await proposal.run({
      onFailure: options.onFailure,
      ...(globals.timeout === undefined ? {} : { timeout: globals.timeout }),
      ...(globals.waitLock === undefined ? {} : { waitForLock: globals.waitLock }),
      async reconsider(now) {
        report.stop();
        say(["something has changed meanwhile: this is the plan now"]);
        await decide(now);
        report = await startTelling(now);
      },
    });
    report.stop();
    const code = result.stoppedBy?.exitCode ?? codes[result.outcome];
    if (code !== exitCode.done || output === undefined) {
      const lines = renderFailure(result, proposal, call);
      const error = result.stoppedBy && explain(result.stoppedBy);
      if (form === "json") terminal.line(jsonText({ type: "result", outcome: result.outcome, error, exitCode: code }));
      say(lines);
      return code === exitCode.done ? exitCode.failed : code;
    }
    say(options.summary(output, result));
    if (form === "json")
      terminal.line(jsonText({ type: "result", outcome: result.outcome, exitCode: code, remaining: result.deferred }));
    await printResult(call, options.result(output));
    return code;
  } finally {
    report.stop();
    stopListening();
    connected.listen(undefined);
  }
}

/** One file a run, for later questions; nothing ever depends on it. */
function logPath({ io }: Call, { owner }: Proposal): string {
  const time = new Date(realClock.now()).toISOString().replaceAll(":", "-");
  return join(stateDirectory(io), "runs", `${time}-${owner.region}-${owner.cluster}.jsonl`);
}

function mustAsk(ask: ChangeOptions<unknown>["ask"], proposal: Proposal): boolean {
  if (ask === "never" || ask === "always") return ask === "always";
  return !proposal.owned || (ask === "risks" && risks(proposal).length > 0);
}

/** What the plan says cannot be done keeps all of it from being done: half a change is nobody's wish. */
function refuseObstacles(proposal: Proposal): void {
  const [first, ...others] = obstacles(proposal);
  if (proposal.readOnly) {
    throw new RefusedError(
      `the cluster ${proposal.owner.cluster} was not made by ekstool: it is compared, never changed`,
    );
  }
  if (first === undefined) return;
  const more = others.length === 0 ? "" : ` (and ${others.length} more, see above)`;
  throw new RefusedError(`${first.title} ${first.name}: ${first.reason ?? first.verb}${more}`, {
    hint: "nothing was changed; see the plan above",
  });
}

const codes: Readonly<Record<RunResult["outcome"], ExitCode>> = {
  done: exitCode.done,
  failed: exitCode.failed,
  interrupted: exitCode.interrupted,
  stopped: exitCode.refused,
  "still-working": exitCode.stillWorking,
};

/** The first request to stop is heard by the engine, which lets calls in flight settle; the second one leaves at once. */
function listenForInterrupts({ io }: Call, connected: Connected, say: (lines: readonly string[]) => void): () => void {
  let before = false;
  return io.onInterrupt(() => {
    if (before) return io.exit(exitCode.interrupted);
    before = true;
    say(["stopping: requests in flight are finished first (press Ctrl-C again to leave at once)"]);
    connected.interrupt();
  });
}
