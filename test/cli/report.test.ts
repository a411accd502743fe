import { type Direction, clearLine, cursorTo, moveCursor } from "node:readline";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/clock.ts";
import type { EngineEvent } from "../../src/engine/events.ts";
import type { ProgressForm } from "../../src/cli/options/globals.ts";
import { type Report, progressForm, startReport } from "../../src/cli/report/report.ts";
import { terminal } from "../../src/cli/terminal.ts";

interface Told {
  readonly report: Report;
  /** Seconds since the start. */
  at(seconds: number): void;
  text(): string;
}

async function tell(form: Exclude<ProgressForm, "auto">): Promise<Told> {
  let now = 0;
  const clock: Clock = { now: () => now, sleep: () => Promise.resolve(), hold: (work) => work() };
  const stream = Object.assign(new PassThrough(), {
    isTTY: form === "tty",
    columns: 70,
    cursorTo: (x: number) => cursorTo(stream, x),
    moveCursor: (dx: number, dy: number) => moveCursor(stream, dx, dy),
    clearLine: (direction: Direction) => clearLine(stream, direction),
  });
  let text = "";
  stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const report = await startReport(form, {
    terminal: terminal(stream, {}),
    clock,
    title: "create cluster demo",
    expectSeconds: 720,
  });
  return { report, at: (seconds) => (now = seconds * 1000), text: () => text };
}

const about = (id: string, title: string, name: string) =>
  ({ step: `create ${id}`, id, kind: "ec2.vpc", title, name, action: "create" }) as const;
const vpc = about("vpc", "VPC", "demo/vpc");
const cluster = about("cluster", "EKS cluster", "demo");

const story: readonly (readonly [number, EngineEvent])[] = [
  [0, { type: "step-started", at: 0, ...vpc, expectSeconds: 2, limitSeconds: 60 }],
  [2, { type: "step-finished", at: 2000, ...vpc, seconds: 2 }],
  [2, { type: "step-finished", at: 2000, ...vpc, action: "update", step: "update vpc:dns", what: "dns", seconds: 0 }],
  [2, { type: "step-started", at: 2000, ...cluster, expectSeconds: 540, limitSeconds: 1800 }],
  [62, { type: "step-progress", at: 62_000, ...cluster, detail: "CREATING" }],
  [90, { type: "note", at: 90_000, text: "a remark" }],
  [95, { type: "step-failed", at: 95_000, ...cluster, error: new Error("EKS cluster demo: it broke"), seconds: 93 }],
  [96, { type: "rollback-started", at: 96_000, because: "create cluster failed", count: 1 }],
];

function play({ report, at }: Told): void {
  for (const [seconds, event] of story) {
    at(seconds);
    report.emit(event);
  }
  report.stop();
}

describe("progress", () => {
  it("plain: a line an event, with the time since the start", async () => {
    const told = await tell("plain");
    play(told);
    expect(told.text().split("\n")).toEqual([
      "     2s  ✓ created VPC demo/vpc 2s",
      "     2s  … creating EKS cluster demo, about 9 min",
      "  1m30s  · a remark",
      "  1m35s  ✗ creating EKS cluster demo: it broke",
      "  1m36s  ↩ rolling back 1 resource: create cluster failed",
      "",
    ]);
  });

  it("json: an object a line, errors as code and message", async () => {
    const told = await tell("json");
    play(told);
    const lines = told.text().trim().split("\n");
    expect(lines).toHaveLength(story.length);
    expect(JSON.parse(lines[6] ?? "")).toMatchObject({
      type: "step-failed",
      step: "create cluster",
      error: { message: "EKS cluster demo: it broke" },
    });
  });

  it("tty: finished steps stay, running ones show elapsed and expected time, no line is wider than the terminal", async () => {
    const told = await tell("tty");
    play(told);
    expect(told.text()).toMatch(/✓.* created VPC demo\/vpc/);
    expect(told.text()).toContain("create cluster demo: 2 done, 1m30s of about 12 min");
    expect(told.text()).toMatch(/creating EKS cluster demo {2}1m28s of about 9 min CREATING/);
    expect(told.text()).toContain("it broke");
    const escape = String.fromCodePoint(27);
    const lines = told.text().split(new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]|\n`, "u"));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(70);
  });

  it("auto: a live view only where it can be drawn", () => {
    const at = (isTTY: boolean) => terminal(Object.assign(new PassThrough(), { isTTY, columns: 80 }), {});
    expect(progressForm("auto", at(true))).toBe("tty");
    expect(progressForm("auto", at(false))).toBe("plain");
    expect(progressForm("json", at(true))).toBe("json");
  });
});
