import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { clusterFile, nodegroupFile, problemsOf } from "./support.ts";

/**
 * Blocks with an empty line between. What is written: `# ` before the metadata of a file that has nothing else, `@ ` before keys of
 * a nodegroup, nothing before other keys; `! ` before each problem that is found, `…` where only its beginning counts.
 */
const table = readFileSync(new URL("invalid.txt", import.meta.url), "utf8");

interface Case {
  readonly written: string;
  readonly text: string;
  readonly problems: readonly string[];
}

function caseOf(block: string): Case {
  const lines = block.split("\n").filter((line) => line !== "");
  const written = lines.filter((line) => !line.startsWith("! "));
  const problems = lines.filter((line) => line.startsWith("! ")).map((line) => line.slice(2));
  return { written: written.join("\n"), text: fileOf(written), problems };
}

function fileOf(written: readonly string[]): string {
  const [first = ""] = written;
  const content = written.map((line) => line.replace(/^[#@] /, ""));
  if (first.startsWith("# ")) {
    return `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: ${content.join("\n")}\n`;
  }
  return first.startsWith("@ ") ? nodegroupFile(...content) : clusterFile(content.join("\n"));
}

/** The beginning of what was found, where no more of it is expected. */
function shortenedAs(expected: string, found: string): string {
  return expected.endsWith("…") && found.startsWith(expected.slice(0, -1)) ? expected : found;
}

const cases = table.split("\n\n").map(caseOf);

describe("what is wrong in a file is told, and where", () => {
  it.each(cases)("$written", ({ text, problems }) => {
    expect(problems).not.toEqual([]);
    const found = problemsOf(text).map((problem, index) => shortenedAs(problems[index] ?? "", problem));
    expect(found).toEqual(problems);
  });
});
