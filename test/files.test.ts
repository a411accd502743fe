import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runLog } from "../src/engine/run-log.ts";
import { RefusedError } from "../src/errors.ts";
import { openForLines, replaceFile } from "../src/files.ts";
import { openStore } from "../src/sandbox/store.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "ekstool-files-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const at = (name: string) => join(directory, name);
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("a file that is replaced", () => {
  it("is the user's own when it is new, and keeps its mode when it is not", () => {
    replaceFile(at("new"), "a", { lasting: true });
    expect({ text: readFileSync(at("new"), "utf8"), mode: modeOf(at("new")) }).toEqual({ text: "a", mode: "600" });
    chmodSync(at("new"), 0o644);
    replaceFile(at("new"), "b", { lasting: false });
    expect({ text: readFileSync(at("new"), "utf8"), mode: modeOf(at("new")) }).toEqual({ text: "b", mode: "644" });
    expect(readdirSync(directory)).toEqual(["new"]);
  });

  it("is another file: who has the old one open reads the old text", () => {
    writeFileSync(at("file"), "old");
    const before = statSync(at("file")).ino;
    replaceFile(at("file"), "new", { lasting: false });
    expect(statSync(at("file")).ino).not.toBe(before);
  });

  it("is no link and no device", () => {
    writeFileSync(at("target"), "precious");
    symlinkSync(at("target"), at("link"));
    symlinkSync(at("nowhere"), at("dangling"));
    for (const name of ["link", "dangling"]) {
      expect(() => replaceFile(at(name), "x", { lasting: false })).toThrow(RefusedError);
      expect(lstatSync(at(name)).isSymbolicLink()).toBe(true);
    }
    expect(() => replaceFile("/dev/null", "x", { lasting: false })).toThrow(/not a regular file/);
    expect(readFileSync(at("target"), "utf8")).toBe("precious");
    expect(existsSync(at("nowhere"))).toBe(false);
  });
});

describe("a file of lines", () => {
  it("is made for the user alone, and never through a link", () => {
    writeSync(openForLines(at("lines")), "a\n");
    writeSync(openForLines(at("lines")), "b\n");
    expect({ text: readFileSync(at("lines"), "utf8"), mode: modeOf(at("lines")) }).toEqual({
      text: "a\nb\n",
      mode: "600",
    });
    symlinkSync(at("nowhere"), at("link"));
    expect(() => openForLines(at("link"))).toThrow(/ELOOP/);
    expect(existsSync(at("nowhere"))).toBe(false);
  });

  it("as a run log notes that it cannot be written, and goes on", () => {
    symlinkSync(at("nowhere"), at("run.jsonl"));
    const told: string[] = [];
    const log = runLog(at("run.jsonl"), (event) => told.push(event.type === "note" ? event.text : event.type));
    log({ type: "note", at: 0, text: "first" });
    log({ type: "note", at: 1, text: "second" });
    expect(told).toEqual([expect.stringContaining("cannot be written"), "first", "second"]);
    expect(existsSync(at("nowhere"))).toBe(false);
  });

  it("as a sandbox's journal, and its snapshot, is the user's own", () => {
    const state = at("account");
    const store = openStore(state);
    store.save(1);
    store.close();
    expect(modeOf(state)).toBe("700");
    expect(readdirSync(state).toSorted()).toEqual(["journal.jsonl", "snapshot.json"]);
    for (const name of readdirSync(state)) expect(modeOf(join(state, name))).toBe("600");
    rmSync(join(state, "snapshot.json"));
    writeFileSync(at("precious"), "precious");
    symlinkSync(at("precious"), join(state, "snapshot.json"));
    expect(() => openStore(state)).toThrow(/./);
    expect(readFileSync(at("precious"), "utf8")).toBe("precious");
  });
});
