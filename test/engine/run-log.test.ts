import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { EngineEvent } from "../../src/engine/events.ts";
import { runLog } from "../../src/engine/index.ts";

const directory = mkdtempSync(join(tmpdir(), "run-log-"));
afterAll(() => rmSync(directory, { recursive: true }));

const failed: EngineEvent = {
  type: "step-failed",
  at: 1,
  step: "create vpc",
  id: "vpc",
  kind: "ec2.vpc",
  title: "VPC",
  name: "demo/vpc",
  action: "create",
  error: Object.assign(new TypeError("no"), { request: { headers: { authorization: "AWS4-HMAC-SHA256 secret" } } }),
  seconds: 2,
};

describe("the run log", () => {
  it("passes events on, and appends each as a line of JSON without what errors carry along", () => {
    const path = join(directory, "deep", "run.jsonl");
    const seen: EngineEvent[] = [];
    const emit = runLog(path, (event) => seen.push(event));
    emit({ type: "note", at: 0, text: "hello" });
    emit(failed);
    expect(seen).toHaveLength(2);
    expect(seen[1]).toBe(failed);
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { type: "note", at: 0, text: "hello" },
      { ...failed, error: { name: "TypeError", message: "no" } },
    ]);
    expect(lines.join()).not.toContain("secret");
  });

  it("says once that it cannot be written, and nothing else changes", () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    const seen: EngineEvent[] = [];
    const emit = runLog(join(file, "run.jsonl"), (event) => seen.push(event));
    emit(failed);
    emit(failed);
    expect(seen.map(({ type }) => type)).toEqual(["note", "step-failed", "step-failed"]);
  });
});
