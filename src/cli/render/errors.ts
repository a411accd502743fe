import { type CauseClass, exitCode } from "../../errors.ts";
import type { Explanation } from "../../operations/explain.ts";
import { jsonText, oneLine } from "../../text.ts";
import type { Style } from "../terminal.ts";
import { isToolError } from "../tool-error.ts";

const causes: Readonly<Record<CauseClass, string>> = {
  quota: "a service quota",
  permission: "a missing permission",
  credentials: "the credentials",
  capacity: "AWS's capacity",
  config: "the configuration",
  conflict: "a conflict with what exists",
  transient: "a passing problem on the way to AWS",
  timeout: "a limit of waiting",
  internal: "the tool itself",
};

/** An error as lines: what happened, what to do next, and with `verbose` where it comes from. */
export async function renderError(error: unknown, style: Style, verbose: boolean): Promise<readonly string[]> {
  const stack = verbose ? ["", ...stackOf(error).map((line) => style.faint(`  ${line}`))] : [];
  if (isToolError(error)) {
    return [...message(error.message, style), ...hint(error.hint, style), ...stack];
  }
  // What AWS says is put into words by the code that knows AWS, which nothing else here needs.
  const { explain } = await import("../../operations/explain.ts");
  const explained = explain(error);
  const isOurDefect = explained.cause === "internal" && explained.call === undefined;
  if (!isOurDefect) return [...renderExplanation(explained, style), ...stack];
  const advice = verbose ? "please report this, with the lines below" : "this is a defect of ekstool; -v shows where";
  return [...message(`unexpected: ${explained.message}`, style), ...hint(advice, style), ...stack];
}

/** An error as the line that `--progress json` ends with. */
export async function errorAsJson(error: unknown): Promise<string> {
  if (isToolError(error)) {
    return jsonText({ type: "error", message: error.message, hint: error.hint, exitCode: error.exitCode });
  }
  const { explain } = await import("../../operations/explain.ts");
  return jsonText({ type: "error", ...explain(error), exitCode: exitCode.failed });
}

/** What AWS said, and what it comes from. */
export function renderExplanation(explained: Explanation, style: Style, where?: string): readonly string[] {
  const code = explained.code === undefined ? "" : `${explained.code}: `;
  const origin = [explained.call, explained.requestId && `request ${explained.requestId}`].filter(Boolean).join(", ");
  const said = `${code}${explained.message}${origin === "" ? "" : ` (${origin})`}`;
  const [first = "", ...more] = said.split("\n");
  return [
    ...message(`${where === undefined ? "" : `${oneLine(where)}: `}${first}`, style),
    // Others may have chosen the words: none of their lines begins like one of ours.
    ...more.map((line) => `    ${line}`),
    ...(explained.cause === "internal" ? [] : [`  comes from: ${causes[explained.cause]}`]),
    ...hint(explained.hint, style),
  ];
}

function message(text: string, style: Style): readonly string[] {
  const [first = "", ...rest] = text.split("\n");
  return [`${style.bad(style.strong("error:"))} ${first}`, ...rest];
}

function hint(text: string | undefined, style: Style): readonly string[] {
  return text === undefined
    ? []
    : text.split("\n").map((line, index) => `${style.strong(index === 0 ? "  hint: " : "        ")}${line}`);
}

function stackOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? "").split("\n");
  return error.cause === undefined ? own : [...own, "caused by:", ...stackOf(error.cause)];
}
