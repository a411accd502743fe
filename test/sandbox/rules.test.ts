import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** The rules of AWS that a tool for such clusters meets. */
const expected =
  "A1 A2 A3 A4 A7 A9 A12 A13 A14 A15 A16 A17 A18 A20 A21 A23 A24 A25 A26 A27 A31 A32 A34 A35 A36 A37".split(" ");

const document = readFileSync(new URL("../../docs/sandbox-rules.md", import.meta.url), "utf8");

const rules = document
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    rule: section.slice(0, section.indexOf(":")),
    evidence: /^- Evidence: (.+)$/m.exec(section)?.[1]?.split(", ") ?? [],
    tests: [...section.matchAll(/^- Test: (\S+): (.+)$/gm)].map(([, file = "", name = ""]) => ({ file, name })),
  }));

describe("docs/sandbox-rules.md", () => {
  it("lists every rule once", () => {
    expect(rules.map(({ rule }) => rule)).toEqual(expected);
  });

  it.each(rules)("names the evidence of $rule, and tests that exist", ({ evidence, tests }) => {
    for (const each of evidence) expect(each).toMatch(/^([\w-]+\/[\w.-]+#\d+|EKS user guide \(.+\))$/);
    expect(evidence).not.toEqual([]);
    for (const { file, name } of tests) expect(hasTest(file, name), `${file}: ${name}`).toBe(true);
    expect(tests).not.toEqual([]);
  });
});

function hasTest(file: string, name: string): boolean {
  const path = new URL(file, import.meta.url);
  return existsSync(path) && readFileSync(path, "utf8").includes(`("${name}", `);
}
