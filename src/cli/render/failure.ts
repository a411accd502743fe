import type { RunResult } from "../../engine/index.ts";
import { explain } from "../../operations/explain.ts";
import type { Proposal } from "../../operations/proposal.ts";
import type { Call } from "../call.ts";
import { shellLine } from "../command-line.ts";
import { formatDuration } from "../duration.ts";
import { subject, words } from "../report/words.ts";
import type { Style } from "../terminal.ts";
import { renderExplanation } from "./errors.ts";

const listed = 12;

/** How a run ended that did not do all it should: the cause first, then what there is now, then what to type. */
export function renderFailure(result: RunResult, proposal: Proposal, call: Call): readonly string[] {
  const { style } = call.terminal;
  return [
    "",
    ...headline(result, proposal, style),
    ...result.failures.flatMap((failure) => {
      const action = result.steps.find((record) => record.step === failure.step)?.action;
      const doing = action === undefined ? "" : `${words[action].running} `;
      return renderExplanation(explain(failure.error), style, `${doing}${subject(failure)}`);
    }),
    ...some(
      "not done because of this:",
      result.skipped.map((skipped) => `${subject(skipped)} (${skipped.because})`),
    ),
    ...state(result, style),
    ...some(
      "still there:",
      result.leftovers.map((left) => `${subject(left)} (${left.ref}): ${left.because}`),
    ),
    ...nextStep(result, call, style),
  ];
}

function headline(result: RunResult, proposal: Proposal, style: Style): readonly string[] {
  const after = `after ${formatDuration(result.seconds)}`;
  switch (result.outcome) {
    case "interrupted":
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
  const made = result.steps.filter((step) => step.action !== "delete" && !step.failed).length;
  return made === 0 ? [] : [`What was done is kept: ${count(made)}.`];
}

function nextStep(result: RunResult, call: Call, style: Style): readonly string[] {
  const again = shellLine(["ekstool", ...call.argv]);
  const words = result.rolledBack.length > 0 ? "to try again" : "to continue";
  return ["", `${style.strong(words)}: ${again}`];
}

function some(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length - listed;
  return [title, ...lines.slice(0, listed).map((line) => `  ${line}`), ...(more > 0 ? [`  and ${more} more`] : [])];
}

function count(resources: number): string {
  return `${resources} ${resources === 1 ? "resource" : "resources"}`;
}
