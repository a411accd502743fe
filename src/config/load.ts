import { type Path, type Position, YamlError, parseYaml } from "../yaml.ts";
import type { Variables } from "../variables.ts";
import { ConfigError, type ConfigProblem, formatPath } from "./errors.ts";
import type { Finding } from "./problems.ts";
import type { Source } from "./source.ts";
import type { ClusterConfig } from "./types.ts";
import { judge } from "./validate.ts";

export { type Source, readSource, textOf } from "./source.ts";

/**
 * Reads and judges a ClusterConfig (eksctl.io/v1alpha5). Nothing is asked of AWS, and no default is filled in.
 *
 * @param variables values for `${NAME}` in the file; absent: nothing is filled in.
 * @throws ConfigError with every problem, in the order of the text.
 */
export function loadClusterConfig(source: Source, variables?: Variables): { readonly config: ClusterConfig } {
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
        hint: "a ClusterConfig begins with apiVersion: eksctl.io/v1alpha5 and kind: ClusterConfig",
      },
    ]);
  }
  const { config, findings } = judge(document.value, document.writtenAt);
  if (config) return { config };
  const problems = findings
    .map((finding) => ({ finding, position: positionOf(document, finding) }))
    .toSorted((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
    .map(({ finding, position }) => problemOf(finding, place(position)));
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
    return parseYaml(text, variables);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ConfigError(
      name,
      error.problems.map(({ message, ...position }) => ({ path: "", message, ...place(position) })),
    );
  }
}

function problemOf(
  { path, message, hint }: Finding,
  place: Pick<ConfigProblem, "line" | "column" | "excerpt">,
): ConfigProblem {
  return { path: formatPath(path), message, ...(hint === undefined ? {} : { hint }), ...place };
}

interface Places {
  positionOf(path: Path): Position | undefined;
  keyPositionOf(path: Path): Position | undefined;
}

/** What is missing is shown at the key of the mapping that should have it. */
function positionOf(document: Places, { path, at }: Finding): Position {
  const found = at === "key" ? document.keyPositionOf(path) : document.positionOf(path);
  if (found) return found;
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
