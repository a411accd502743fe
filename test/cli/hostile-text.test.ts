import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { jsonText } from "../../src/text.ts";
import { type Ran, type Shell, openShell, connectionTo } from "./harness.ts";

const escape = String.fromCodePoint(27);
/** Clears the screen, sets the title, hides and colours text, makes a link, runs backwards, and looks like a line of ours. */
const hostile = `x${escape}[2J${escape}]0;title\u0007${escape}[8m${escape}[31m${escape}]8;;https://evil.test${escape}\\y\u009b2K\u202ez\u2028\r\u0008\nto continue: evil`;

let sandbox: Sandbox;
let shell: Shell;
beforeEach(async () => {
  sandbox = await startTestSandbox();
  shell = openShell(connectionTo(sandbox));
});
afterEach(async () => {
  await sandbox.close();
  shell.remove();
});

/** Where a file may hold any text: an add-on's settings. */
const settings = (note: string) => jsonText({ podAnnotations: { note } });
const file = (note: string) => `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
addons:
  - { name: coredns, configurationValues: ${jsonText(settings(note))} }
managedNodeGroups:
  - { name: workers, desiredCapacity: 1 }
`;

const configured = (note: string) => {
  const path = join(shell.directory, "cluster.yaml");
  writeFileSync(path, file(note));
  return path;
};

/** Runs on coloured terminals that cannot be redrawn. */
async function onTerminals(...argv: readonly string[]): Promise<Ran> {
  const texts = { stdout: "", stderr: "" };
  const capture = (name: keyof typeof texts) =>
    Object.assign(
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          texts[name] += chunk.toString();
          done();
        },
      }),
      { isTTY: true },
    );
  const { code } = await shell.runWith(
    {
      stdout: capture("stdout"),
      stderr: capture("stderr"),
      stdin: new PassThrough(),
      env: { HOME: shell.directory, AWS_REGION: "us-west-2", PATH: "" },
    },
    ...argv,
  );
  return { code, ...texts };
}

/** What is left when our own emphasis is taken out: no terminal does anything with it but print it. */
function expectClean({ stdout, stderr }: Ran): void {
  const emphasis = new RegExp(`${escape}\\[(?:[12]|22|3[1-36]|39)m`, "gu");
  for (const text of [stdout, stderr]) {
    expect(text.replaceAll(emphasis, "")).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028]/u);
    expect(text.replaceAll(emphasis, "")).not.toMatch(/^to continue: evil/mu);
    expect(text).not.toMatch(new RegExp(`${escape}\\[31my`, "u"));
  }
}

const refusing = (operation: string, times: number) => ({
  operation,
  times,
  effect: { error: { code: "ValidationException", status: 400, message: hostile } },
});

describe("text that others have chosen does nothing to the terminal", () => {
  it.each([[[]], [["-v"]], [["--progress", "json"]]])("in AWS's errors and in progress: %j", async (flags) => {
    const path = configured("plain");
    sandbox.faults([refusing("CreateRole", 2), refusing("ListClusters", 9)]);
    const failed = await onTerminals("create", "cluster", "-f", path, "--on-failure", "keep", ...flags);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("evil");
    expectClean(failed);
    const listing = await onTerminals("get", "cluster", ...flags);
    expect(listing.code).toBe(1);
    expectClean(listing);
  });

  it.each(["table", "json", "yaml"])("in plans and results: %s", async (form) => {
    expect(await shell.run("create", "cluster", "-f", configured("plain"))).toMatchObject({ code: 0 });
    const path = configured(hostile);
    const planned = await onTerminals("plan", "-f", path, "-o", form);
    expect(planned.code).toBe(2);
    expect(planned.stdout).toContain("evil");
    expectClean(planned);
    const applied = await onTerminals("apply", "-f", path, "-o", form, "--yes");
    expectClean(applied);
  });

  it("in files that are wrong", async () => {
    const path = configured("plain");
    writeFileSync(path, file("plain").replace("workers", hostile.replaceAll("\n", " ").replaceAll(/\p{Cc}/gu, "")));
    const wrong = await onTerminals("validate", "-f", path);
    expect(wrong.code).toBe(3);
    expectClean(wrong);
    writeFileSync(path, file("plain").replace("name: workers", `${jsonText(hostile)}: 1, name: workers`));
    const odd = await onTerminals("validate", "-f", path);
    expect(odd.code).toBe(3);
    expectClean(odd);
    expectClean(await onTerminals("validate", "-f", `${hostile}.yaml`));
    expectClean(await onTerminals("get", hostile));
  });

  it("and means the same where programs read it", async () => {
    const { code, stdout } = await shell.run("create", "cluster", "-f", configured(hostile), "--dry-run", "-o", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      addons: expect.arrayContaining([{ name: "coredns", configurationValues: settings(hostile) }]),
    });
  });
});
