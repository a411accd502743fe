import type { RunResult } from "../../engine/index.ts";
import type { Call } from "../call.ts";
import { subject } from "../report/words.ts";

/** What was left for later: with the commands that do it, where somebody has to. */
export function renderRemaining(
  { deferred }: Pick<RunResult, "deferred">,
  { terminal: { style } }: Pick<Call, "terminal">,
): readonly string[] {
  const byItself = deferred.filter(({ commands }) => commands.length === 0);
  const byHand = deferred.filter(({ commands }) => commands.length > 0);
  return [
    ...byItself.map((node) => `  ${style.warning("later:")} ${subject(node)}: ${node.because}`),
    ...(byHand.length === 0 ? [] : [`  ${style.warning("what remains to do")}`]),
    ...byHand.flatMap((node) => [
      `    ${subject(node)}: ${node.because}`,
      ...node.commands.map((command) => `      ${command}`),
    ]),
  ];
}
