import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** The rules of AWS that a tool for such clusters meets. */
const expected = [
  ...Array.from({ length: 41 }, (_, index) => `A${index + 1}`),
  ...Array.from({ length: 5 }, (_, index) => `K${index + 1}`),
  ...Array.from({ length: 7 }, (_, index) => `P${index + 1}`),
  ...Array.from({ length: 9 }, (_, index) => `S${index + 1}`),
  ...Array.from({ length: 4 }, (_, index) => `V${index + 1}`),
  ...Array.from({ length: 2 }, (_, index) => `L${index + 1}`),
  ...Array.from({ length: 2 }, (_, index) => `C${index + 1}`),
];

const document = readFileSync(new URL("../../docs/sandbox-rules.md", import.meta.url), "utf8");

const rules = document
  .replace(/^# The faults file[\s\S]*/m, "")
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
    for (const each of evidence)
      expect(each).toMatch(
        /^([\w-]+\/[\w.-]+#\d+|(Auto Scaling|CloudFormation|EC2|EKS|EventBridge|IAM Roles Anywhere|KMS|SQS|Elastic Load Balancing|Systems Manager|VPC) (user guide|API reference) \(.+\))$/,
      );
    expect(evidence).not.toEqual([]);
    for (const { file, name } of tests) expect(hasTest(file, name), `${file}: ${name}`).toBe(true);
    expect(tests).not.toEqual([]);
  });
});

function hasTest(file: string, name: string): boolean {
  const path = new URL(file, import.meta.url);
  return existsSync(path) && readFileSync(path, "utf8").includes(`("${name}", `);
}
