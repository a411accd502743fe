import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { control } from "../../../src/sandbox/client.ts";
import type { JournalEntry } from "../../../src/sandbox/index.ts";
import { openShell, type Ran } from "../../cli/harness.ts";
import { allowed, denied, document, heldArn, type Statement } from "./held.ts";

const cluster = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
managedNodeGroups:
  - { name: workers, desiredCapacity: 1 }
`;

const shell = openShell();
afterAll(() => shell.remove());
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** `ekstool sandbox serve --principals FILE`, until the test is over. Returns its URL. */
async function serve(principals: unknown): Promise<string> {
  const file = join(shell.directory, "principals.json");
  writeFileSync(file, JSON.stringify(principals));
  const stdout = Object.assign(new PassThrough(), { isTTY: false, columns: 120 });
  let interrupt = () => {};
  const onInterrupt = (handler: () => void) => {
    interrupt = handler;
    return () => undefined;
  };
  const served = shell.runWith({ stdout, onInterrupt }, "sandbox", "serve", "--principals", file);
  endings.push(() => {
    interrupt();
    return served;
  });
  const [line] = (await stdout.take(1).toArray()) as Buffer[];
  return String(line).trim();
}

const own = { accessKeyId: "sandbox", secretAccessKey: "sandbox", arn: heldArn };
const held = (...statements: readonly Statement[]) => [{ ...own, policies: [document(...statements)] }];

function create(url: string): Promise<Ran> {
  const file = join(shell.directory, "cluster.yaml");
  writeFileSync(file, cluster);
  return shell.run("create", "cluster", "-f", file, "--yes", `--sandbox=${url}`);
}

describe("a served sandbox with principals", () => {
  it("holds the tool to its policies: it says what is missing, at once, and changes nothing of it", async () => {
    const url = await serve(held(allowed("*"), denied("eks:CreateCluster")));
    const { code, stderr } = await create(url);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `AccessDeniedException: User: ${heldArn} is not authorized to perform: eks:CreateCluster on resource: ` +
        "arn:aws:eks:us-west-2:111122223333:cluster/demo with an explicit deny in an identity-based policy",
    );
    const journal = (await control(url, "GET", "journal")) as JournalEntry[];
    const asked = journal.filter(({ operation }) => operation === "CreateCluster");
    expect(asked.map(({ outcome, principal }) => [outcome, principal])).toEqual([["AccessDeniedException", heldArn]]);
  }, 60_000);

  it("lets the tool do what they allow", async () => {
    const url = await serve(
      held(allowed(["autoscaling:*", "cloudformation:*", "ec2:*", "eks:*", "events:*", "iam:*", "logs:*", "sqs:*"])),
    );
    expect(await create(url)).toMatchObject({ code: 0 });
    const journal = (await control(url, "GET", "journal")) as JournalEntry[];
    expect(new Set(journal.map(({ principal }) => principal))).toEqual(new Set([heldArn]));
  }, 60_000);

  it("takes others while it runs, and refuses what is no list of them", async () => {
    const url = await serve([]);
    await control(url, "POST", "principals", held());
    expect((await create(url)).stderr).toContain("because no identity-based policy allows the");
    await expect(control(url, "POST", "principals", [{ arn: 1 }])).rejects.toThrow(
      /refuses principals.*secretAccessKey/s,
    );
  }, 60_000);
});

it("a file that cannot be simulated is refused before anything is served", async () => {
  const file = join(shell.directory, "principals.yaml");
  const Condition = { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } };
  writeFileSync(file, JSON.stringify(held(allowed("*", { Condition }))));
  const { code, stdout, stderr } = await shell.run("sandbox", "serve", "--principals", file);
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toContain(`invalid principals in ${file}:`);
  expect(stderr).toContain("the condition operator IpAddress is not simulated");
  expect(stderr).toContain("the condition key aws:SourceIp is not simulated");
  expect(stderr).toContain("at [0].policies[0].Statement[0]");
});
