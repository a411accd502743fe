import { readFileSync, readdirSync } from "node:fs";
import { ConfigError } from "../../src/config/errors.ts";
import { loadClusterConfig } from "../../src/config/load.ts";

const examplesDirectory = new URL("../../examples/", import.meta.url);

export const exampleNames: readonly string[] = readdirSync(examplesDirectory).filter((name) => name.endsWith(".yaml"));

export function exampleText(name: string): string {
  return readFileSync(new URL(name, examplesDirectory), "utf8");
}

/** A file of five lines that is right; what is said in `body` begins in line 6. */
export function clusterFile(body: string, version = '"1.34"'): string {
  return `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  { name: c, region: us-west-2, version: ${version} }
#
${body}
`;
}

/** A nodegroup `a` with more keys, one a line: they begin in line 8. */
export function nodegroupFile(...lines: readonly string[]): string {
  return clusterFile(["managedNodeGroups:", "  - name: a", ...lines.map((line) => `    ${line}`)].join("\n"));
}

/** What is wrong, as `line:column path: message (hint)`. */
export function problemsOf(text: string): readonly string[] {
  try {
    loadClusterConfig({ text, name: "cluster.yaml" });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line, column, path, message, hint }) => {
      const suffix = hint === undefined ? "" : ` (${hint})`;
      return `${line}:${column} ${path}: ${message}${suffix}`;
    });
  }
  return [];
}
