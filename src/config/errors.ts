import { InputError } from "../errors.ts";
import type { Path } from "../yaml.ts";

/** One thing that is wrong with a cluster config. */
export interface ConfigProblem {
  /** `managedNodeGroups[0].minSize`; empty for the file as a whole. */
  readonly path: string;
  /** From 1; absent where the config does not come from a text. */
  readonly line?: number;
  readonly column?: number;
  /** What is wrong and what is allowed. */
  readonly message: string;
  /** The way out. */
  readonly hint?: string;
  /** The offending line with a caret below it. */
  readonly excerpt?: string;
}

/** A cluster config is wrong. Carries every problem, in the order of the text. */
export class ConfigError extends InputError {
  /** File name, `<stdin>` or `flags`. */
  readonly source: string;
  readonly problems: readonly ConfigProblem[];

  constructor(source: string, problems: readonly ConfigProblem[]) {
    const inOrder = problems.toSorted(byPlace);
    super(inOrder.map((problem) => describeProblem(source, problem)).join("\n"));
    this.source = source;
    this.problems = inOrder;
  }
}

function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function describeProblem(source: string, { path, line, column, message, hint, excerpt }: ConfigProblem): string {
  const where = line === undefined ? source : `${source}:${line}:${column ?? 1}`;
  return [
    [where, path, message].filter((part) => part !== "").join("  "),
    ...(excerpt === undefined ? [] : [excerpt]),
    ...(hint === undefined ? [] : [`      ${hint}`]),
  ].join("\n");
}

/** `["managedNodeGroups", 0, "labels", "a.b/c"]` becomes `managedNodeGroups[0].labels["a.b/c"]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}
