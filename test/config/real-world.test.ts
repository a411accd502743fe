import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { problemsOf } from "./support.ts";

const directory = new URL("real-world/", import.meta.url);
const files = readdirSync(directory).toSorted();
const problems = (name: string) => problemsOf(readFileSync(new URL(name, directory), "utf8"));

/** Those that have a key or a value that is refused by name. */
const waiting: ReadonlySet<string> = new Set([
  "capabilities.yaml",
  "existing-subnets-aliases.yaml",
  "existing-vpc.yaml",
  "fargate.yaml",
  "fully-private.yaml",
  "gpu.yaml",
  "hybrid.yaml",
  "identity-mappings.yaml",
  "identity-providers.yaml",
  "own-security-groups.yaml",
  "self-managed-spot.yaml",
  "self-managed.yaml",
]);

describe("files as users of eksctl have them", () => {
  it.each(files.filter((name) => !waiting.has(name)))("%s is right", (name) => {
    expect(problems(name)).toEqual([]);
  });

  it.each(files.filter((name) => waiting.has(name)))("%s: what is not supported is said", (name) => {
    const found = problems(name);
    expect(found.length === 0 || found.some((problem) => /not supported yet|is refused/.test(problem))).toBe(true);
  });
});
