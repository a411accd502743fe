import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realClock, virtualClock } from "../../src/clock.ts";
import { FailedError, RefusedError } from "../../src/errors.ts";
import { editKubeconfigs, readKubeconfig } from "../../src/resources/local/kubeconfig-file.ts";

let home = "";
let config = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ekstool-kubeconfig-"));
  config = join(home, "config");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const append = (path: string, line: string, clock = realClock) =>
  editKubeconfigs(clock, [path], (texts) => new Map([[path, `${texts.get(path) ?? ""}${line}\n`]]));
const mark = (paths: readonly string[]) =>
  editKubeconfigs(realClock, paths, (texts) => new Map([...texts].map(([path, text]) => [path, `${text}x`])));
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("writing a kubeconfig", () => {
  it("makes a new file for its owner alone, in a directory for its owner alone", async () => {
    const path = join(home, "new", "deep", "config");
    await append(path, "a");
    expect(readFileSync(path, "utf8")).toBe("a\n");
    expect(modeOf(path)).toBe(0o600);
    expect(modeOf(join(home, "new"))).toBe(0o700);
    expect(modeOf(join(home, "new", "deep"))).toBe(0o700);
  });

  it("keeps the mode of a file that exists", async () => {
    writeFileSync(config, "a\n");
    chmodSync(config, 0o640);
    await append(config, "b");
    expect(modeOf(config)).toBe(0o640);
  });

  it("replaces what a link points to and keeps the link, also where nothing is there yet", async () => {
    mkdirSync(join(home, "real"));
    symlinkSync(join("real", "config"), join(home, "inner"));
    symlinkSync("inner", config);
    await append(config, "a");
    await append(config, "b");
    expect(lstatSync(config).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(home, "inner")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, "real", "config"), "utf8")).toBe("a\nb\n");
  });

  it("leaves nothing beside the file: no lock, no temporary file", async () => {
    await append(config, "a");
    expect(readdirSync(home)).toEqual(["config"]);
  });

  it("does not touch a file whose text stays the same", async () => {
    writeFileSync(config, "a\n");
    const before = statSync(config);
    await editKubeconfigs(realClock, [config], (texts) => texts);
    expect(statSync(config).ino).toBe(before.ino);
  });

  it("never replaces what is no regular file", async () => {
    await expect(append("/dev/null", "a")).rejects.toThrow(RefusedError);
    await expect(append(home, "a")).rejects.toThrow(`${home} is not a regular file`);
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("loses nothing when many write at once", async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    await Promise.all(lines.map((line) => append(config, line)));
    expect(readFileSync(config, "utf8").trim().split("\n").toSorted()).toEqual(lines.toSorted());
  });

  it("takes the locks of several files in one order, so that nobody waits in a circle", async () => {
    const other = join(home, "other");
    await Promise.all([mark([config, other]), mark([other, config]), mark([config, other, config])]);
    expect([readFileSync(config, "utf8"), readFileSync(other, "utf8")]).toEqual(["xxx", "xxx"]);
  });

  it("releases the lock when the edit fails, and leaves the file as it was", async () => {
    writeFileSync(config, "a\n");
    const failing = editKubeconfigs(realClock, [config], () => {
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(readdirSync(home)).toEqual(["config"]);
    expect(readFileSync(config, "utf8")).toBe("a\n");
  });

  it("waits for kubectl's lock, then says who holds it and what to do", async () => {
    writeFileSync(`${config}.lock`, "");
    const clock = virtualClock();
    const began = clock.now();
    const error: unknown = await append(config, "a", clock).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FailedError);
    expect(error).toMatchObject({
      message: expect.stringContaining(`${config} is locked by another program: ${config}.lock`) as unknown,
      hint: expect.stringContaining(`remove ${config}.lock`) as unknown,
    });
    expect(clock.now() - began).toBe(30_000);
    expect(readdirSync(home)).toEqual(["config.lock"]);
  });

  it("goes on as soon as the lock is gone", async () => {
    writeFileSync(`${config}.lock`, "");
    const clock = virtualClock();
    const writing = append(config, "a", clock);
    await clock.sleep(5_000);
    rmSync(`${config}.lock`);
    await writing;
    expect(readFileSync(config, "utf8")).toBe("a\n");
  });

  it("takes over the lock of a run of its own that was killed, and only that", async () => {
    const gone = spawnSync("true").pid;
    writeFileSync(`${config}.lock`, JSON.stringify({ ekstool: gone, host: hostname() }));
    await append(config, "a", virtualClock());
    expect(readFileSync(config, "utf8")).toBe("a\n");

    for (const held of [
      { ekstool: process.pid, host: hostname() },
      { ekstool: gone, host: "elsewhere" },
    ]) {
      writeFileSync(`${config}.lock`, JSON.stringify(held));
      await expect(append(config, "b", virtualClock())).rejects.toThrow("is locked by another program");
    }
  });
});

describe("reading a kubeconfig", () => {
  it("is empty where there is none", async () => {
    expect(await readKubeconfig(join(home, "absent", "config"))).toBe("");
    expect(await readKubeconfig("/dev/null")).toBe("");
  });

  it("says which file cannot be read, and why", async () => {
    await expect(readKubeconfig(home)).rejects.toThrow(`${home} cannot be read: EISDIR`);
  });
});
