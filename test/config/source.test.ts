import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSource } from "../../src/config/load.ts";
import { InputError } from "../../src/errors.ts";
import { problemsOf } from "./support.ts";

const directory = mkdtempSync(join(tmpdir(), "ekstool-source-"));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function messageOf(path: string): Promise<string> {
  try {
    await readSource(path);
  } catch (error) {
    if (error instanceof InputError) return error.message.replaceAll(`${directory}/`, "");
    throw error;
  }
  throw new Error(`${path} was read`);
}

/** Ten times as many values with each level. */
function aliasBomb(levels: number): string {
  const lines = Array.from(
    { length: levels },
    (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(", ")}]`,
  );
  return ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", ...lines].join("\n");
}

describe("reading a file", () => {
  it("gives its text and its name; a byte order mark is no text", async () => {
    const path = file("good.yaml", "\uFEFFkind: ClusterConfig\n");
    expect(await readSource(path)).toEqual({ text: "kind: ClusterConfig\n", name: path });
  });

  it("refuses what is no file", async () => {
    expect(await messageOf(join(directory, "none.yaml"))).toBe("none.yaml: there is no such file");
    expect(await messageOf(join(file("plain", "x"), "below"))).toBe("plain/below: there is no such file");
    expect(await messageOf(directory)).toMatch(/ is a directory, not a file$/);
  });

  it("refuses ten megabytes, and what never ends", async () => {
    const message = "is too large: a cluster config is at most 1 MiB";
    expect(await messageOf(file("large.yaml", "x".repeat(10 * 1024 * 1024)))).toBe(`large.yaml ${message}`);
    expect(await messageOf("/dev/zero")).toBe(`/dev/zero ${message}`);
  });

  it("refuses what is no UTF-8 text", async () => {
    expect(await messageOf(file("a.png", Buffer.from("89504e470d0a1a0a0000000d", "hex")))).toBe(
      "a.png:3:1  a zero byte stands here: this is a binary file, not YAML or JSON text",
    );
    expect(await messageOf(file("latin1.yaml", Buffer.from("name: caf\xe9", "latin1")))).toBe(
      "latin1.yaml:1:10  is not UTF-8 text from here on",
    );
    expect(await messageOf(file("utf16.yaml", Buffer.from("\uFEFFa: b", "utf16le")))).toBe(
      "utf16.yaml:1:1  is UTF-16 text\n      save it as UTF-8",
    );
  });
});

describe("a text that is no ClusterConfig", () => {
  it.each([
    [
      "empty",
      "",
      "1:1 : is empty (a ClusterConfig begins with apiVersion: eksctl.io/v1alpha5 and kind: ClusterConfig)",
    ],
    [
      "only comments",
      "# nothing\n",
      "1:1 : is empty (a ClusterConfig begins with apiVersion: eksctl.io/v1alpha5 and kind: ClusterConfig)",
    ],
    ["two documents", "a: b\n---\nc: d\n", "2:1 : a second document begins here; one file holds exactly one"],
    ["an unclosed list", "a: [1, 2\nb: 3\n", "1:4 : this [ is not closed"],
    ["a tab", "a:\n\tb: 1\n", "2:1 : a tab stands here: YAML is indented with blanks"],
    ["an unknown tag", "a: !secret x\n", "1:4 : !secret is no tag that is known here"],
    ["a binary value", "a: !!binary aGk=\n", "1:13 : must be text, a number, true, false or null"],
    ["a key that is a list", "? [a]\n: b\n", "1:3 : a key must be plain text"],
    ["an alias of nothing", "a: *b\n", "1:4 : no anchor &b stands before this alias"],
    ["an alias of itself", "a: &a [*a]\n", "1:7 : contains itself by an alias"],
    ["a merge of no mapping", "a:\n  <<: [1]\n", "2:3 : << takes a mapping, or a list of mappings"],
    ["an alias bomb", aliasBomb(8), "2:10 : is too large: more than 50000 values, aliases counted each time"],
    ["too deep, in brackets", "[".repeat(100_000), "1:65 : is nested more than 64 levels deep"],
    ["too deep, in hyphens", "- ".repeat(100_000), "1:129 : is nested more than 64 levels deep"],
    [
      "too deep, in lines",
      Array.from({ length: 200 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
      "66:66 : is nested more than 64 levels deep",
    ],
    ["far too many lines", "a: b\n".repeat(100_000), "8572:2 : is too large: more than 60000 tokens up to here"],
    ["a control character", "a: \u0007\n", "1:4 : a control character (code 7) stands here; this is no text file"],
  ])("%s", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});
