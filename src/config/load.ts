import { type Path, type Position, type YamlDocument, YamlError, surveyYaml } from "../yaml.ts";
import type { Variables } from "../variables.ts";
import { ConfigError, type ConfigProblem, formatPath } from "./errors.ts";
import { oddCharacter, oddLetter } from "./odd-characters.ts";
import type { Finding } from "./problems.ts";
import type { WrittenAt } from "./reading.ts";
import type { Source } from "./source.ts";
import { beginning } from "./type-hints.ts";
import type { ClusterConfig } from "./types.ts";
import { judge } from "./validate.ts";

export { type Source, readSource, textOf } from "./source.ts";

/** A file that is right by itself. */
export interface Loaded {
  readonly config: ClusterConfig;
  /** What somebody else finds wrong in it, with its place in the text. */
  readonly problemOf: (finding: Finding) => ConfigProblem;
}

/**
 * Reads and judges a ClusterConfig (eksctl.io/v1alpha5). Nothing is asked of AWS, and no default is filled in.
 *
 * @param variables values for `${NAME}` in the file; absent: nothing is filled in.
 * @throws ConfigError with every problem, in the order of the text.
 */
export function loadClusterConfig(source: Source, variables?: Variables): Loaded {
  const { text, name } = source;
  const lines = text.split(/\r?\n/);
  const place = (position: Position): Pick<ConfigProblem, "line" | "column" | "excerpt"> => ({
    ...position,
    excerpt: excerptOf(lines[position.line - 1] ?? "", position),
  });
  const document = readYaml(source, place, variables);
  if (document.value === null) {
    throw new ConfigError(name, [
      {
        path: "",
        message: "is empty",
        ...place({ line: 1, column: 1 }),
        hint: beginning,
      },
    ]);
  }
  const { config, findings } = judge(document.value, document.writtenAt);
  const placed = (finding: Finding) => {
    const hinted = variables === undefined ? withVariableHint(finding, document.writtenAt) : finding;
    return problemOf(withOddCharacter(hinted, document), place(positionOf(document, finding)));
  };
  if (config && document.repeated.length === 0) return { config, problemOf: placed };
  const problems = [
    ...document.repeated.map(({ message, line, column }) => ({ path: "", message, ...place({ line, column }) })),
    ...findings.map(placed),
  ];
  throw new ConfigError(name, problems);
}

/**
 * The same judgement of plain data, which has no positions: what flags say, or a saved plan.
 *
 * @throws ConfigError with every problem.
 */
export function validateClusterConfig(data: unknown, name: string): ClusterConfig {
  const { config, findings } = judge(data);
  if (config) return config;
  throw new ConfigError(
    name,
    findings.map((finding) => problemOf(finding, {})),
  );
}

function readYaml(
  { text, name }: Source,
  place: (position: Position) => Pick<ConfigProblem, "line" | "column" | "excerpt">,
  variables: Variables | undefined,
) {
  try {
    return surveyYaml(text, variables);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ConfigError(
      name,
      error.problems.map(({ message, ...position }) => ({ path: "", message, ...place(position) })),
    );
  }
}

/** Of a template that something else fills in, as eksctl's users have it in their scripts, a variable stands where a value is due. */
function withVariableHint(finding: Finding, writtenAt: WrittenAt): Finding {
  if (finding.at === "key") return finding;
  const [, inBraces, bare] =
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Z_][A-Z0-9_]*)\b)/.exec(writtenAt(finding.path)?.source ?? "") ?? [];
  const name = inBraces ?? bare;
  return name === undefined
    ? finding
    : { ...finding, hint: `with --env, \${${name}} is filled in from the environment` };
}

function problemOf(
  { path, message, hint }: Finding,
  place: Pick<ConfigProblem, "line" | "column" | "excerpt">,
): ConfigProblem {
  return { path: formatPath(path), message, ...(hint === undefined ? {} : { hint }), ...place };
}

/** The finding, and in its hint a character that is not what it looks like. */
function withOddCharacter(finding: Finding, { writtenAt }: Pick<YamlDocument, "writtenAt">): Finding {
  const { path, at, hint } = finding;
  const odd = at === "key" ? oddLetter(String(path.at(-1))) : oddCharacter(writtenAt(path)?.source ?? "");
  return odd === undefined
    ? finding
    : { ...finding, hint: [hint, odd].filter((part) => part !== undefined).join("; ") };
}

interface Places {
  positionOf(path: Path): Position | undefined;
  keyPositionOf(path: Path): Position | undefined;
}

/** What is missing is shown at the key of the mapping that should have it, what takes lines of its own at its key. */
function positionOf(document: Places, { path, at }: Finding): Position {
  const key = document.keyPositionOf(path);
  const found = at === "key" ? key : document.positionOf(path);
  if (found) return key && key.line < found.line ? key : found;
  for (let length = path.length - 1; length >= 0; length--) {
    const above = document.keyPositionOf(path.slice(0, length));
    if (above) return above;
  }
  return { line: 1, column: 1 };
}

const widest = 100;

/** The line with a caret below the column; of a long line the part around it. */
function excerptOf(line: string, { line: number, column }: Position): string {
  const from = line.length <= widest ? 0 : Math.max(0, column - widest / 2);
  const part = line.slice(from, from + widest).replaceAll("\t", " ");
  const gutter = String(number).padStart(5);
  return `${gutter} | ${part}\n${" ".repeat(gutter.length)} | ${" ".repeat(column - 1 - from)}^`;
}
