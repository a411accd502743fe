import type { RunResult } from "../../engine/index.ts";
import { explain } from "../../operations/explain.ts";
import type { Proposal } from "../../operations/proposal.ts";
import type { Call } from "../call.ts";
import { oneLine } from "../../text.ts";
import { commandHint, shellLine } from "../command-line.ts";
import { formatDuration } from "../duration.ts";
import { complaint, subject, words } from "../report/words.ts";
import type { Style } from "../terminal.ts";
import { renderExplanation } from "./errors.ts";

const listed = 12;

/** How a run ended that did not do all it should: the cause first, then what there is now, then what to type. */
export function renderFailure(result: RunResult, proposal: Proposal, call: Call): readonly string[] {
  const { style } = call.terminal;
  return [
    "",
    ...headline(result, proposal, style),
    ...(result.stoppedBy ? renderExplanation(explain(result.stoppedBy), style) : []),
    ...result.failures.flatMap((failure) => {
      const action = result.steps.find((record) => record.step === failure.step)?.action;
      const doing = action === undefined ? "" : `${words[action].running} `;
      const explained = explain(failure.error);
      const message = complaint(failure, explained.message);
      return renderExplanation({ ...explained, message }, style, `${doing}${subject(failure)}`);
    }),
    ...some(
      "not done:",
      result.skipped.map((skipped) =>
        result.outcome === "interrupted" || result.outcome === "stopped"
          ? subject(skipped)
          : `${subject(skipped)} (${skipped.because})`,
      ),
    ),
    ...state(result, style),
    ...some(
      "still there:",
      result.leftovers.map((left) => `${subject(left)} (${left.ref}): ${left.because}`),
    ),
    ...some(
      "kept:",
      result.kept.map((kept) => `${subject(kept)}: ${kept.because}`),
    ),
    ...nextStep(result, proposal, call),
  ];
}

function headline(result: RunResult, proposal: Proposal, style: Style): readonly string[] {
  const after = `after ${formatDuration(result.seconds)}`;
  switch (result.outcome) {
    case "interrupted":
    case "stopped":
      return [style.warning(`Stopped: ${proposal.title}, ${after}.`)];
    case "still-working":
      return [style.warning(`AWS is still working: ${proposal.title}, ${after}.`)];
    default:
      return [style.bad(`Failed: ${proposal.title}, ${after}.`)];
  }
}

function state(result: RunResult, style: Style): readonly string[] {
  if (result.rolledBack.length > 0) {
    return some(
      style.warning(`rolled back (deleted again): ${count(result.rolledBack.length)}`),
      result.rolledBack.map(subject),
    );
  }
  const done = new Set(result.steps.filter((step) => !step.failed).map((step) => `${step.kind} ${step.id}`));
  return done.size === 0 ? [] : [`What was done is kept: ${count(done.size)}.`];
}

function nextStep(result: RunResult, { owner }: Proposal, call: Call): readonly string[] {
  const { style } = call.terminal;
  const again = shellLine(["ekstool", ...call.argv]);
  const words = result.rolledBack.length > 0 ? "to try again" : "to continue";
  const withoutEntry = result.skipped.some(({ kind }) => kind === "local.kubeconfig");
  const reachable = withoutEntry && result.live.get("cluster")?.phase === "ready";
  const access = ["utils", "write-kubeconfig", "--cluster", owner.cluster, "--region", owner.region];
  return [
    "",
    `${style.strong(words)}: ${again}`,
    ...(reachable ? [`${style.strong("to look inside meanwhile")}: ${commandHint(call, access)}`] : []),
  ];
}

function some(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length - listed;
  return [
    title,
    ...lines.slice(0, listed).map((line) => `  ${oneLine(line)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function count(resources: number): string {
  return `${resources} ${resources === 1 ? "resource" : "resources"}`;
}
