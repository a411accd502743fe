import { CreateUserCommand, GetUserCommand, DeleteUserCommand } from "@aws-sdk/client-iam";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RefusedError } from "../../src/errors.ts";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { clientsOf, refusal } from "./clients.ts";

let directory: string;
let sandbox: Sandbox | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sandbox-store-"));
});
afterEach(async () => {
  await close();
  rmSync(directory, { recursive: true });
});

async function open(): Promise<Sandbox> {
  sandbox = await startTestSandbox({ state: directory });
  return sandbox;
}
async function close(): Promise<void> {
  await sandbox?.close();
  sandbox = undefined;
}
const createUser = async (name: string) => {
  if (sandbox) await clientsOf(sandbox).iam.send(new CreateUserCommand({ UserName: name }));
};
const users = () => Object.keys(sandbox?.world.state.iam.users ?? {});
const journalFile = () => join(directory, "journal.jsonl");

it("keeps state, journal and time", async () => {
  await open();
  await createUser("a");
  await sandbox?.clock.sleep(3_600_000);
  const reached = sandbox?.clock.now();
  await close();
  await open();
  expect(users()).toEqual(["a"]);
  expect(sandbox?.journal.map((entry) => entry.operation)).toEqual(["CreateUser"]);
  expect(sandbox?.clock.now()).toBe(reached);
  await createUser("b");
  expect(sandbox?.journal.map((entry) => entry.n)).toEqual([1, 2]);
});

it("has a request on disk before it is answered", async () => {
  await open();
  await createUser("a");
  const onDisk = readFileSync(journalFile(), "utf8").trim().split("\n");
  expect(JSON.parse(onDisk.at(-1) ?? "")).toMatchObject({ n: 1, operation: "CreateUser", outcome: "ok" });
  expect(readFileSync(join(directory, "snapshot.json"), "utf8")).toContain("user/a");
});

it("forgets a change that was journalled but is in no snapshot", async () => {
  await open();
  await createUser("a");
  await close();
  const { principal, region, at } = { principal: "p", region: "us-west-2", at: Date.UTC(2030, 0, 1) };
  const unanswered = {
    n: 2,
    at,
    service: "iam",
    operation: "CreateUser",
    region,
    input: {},
    changes: true,
    outcome: "ok",
    principal,
  };
  appendFileSync(journalFile(), `${JSON.stringify(unanswered)}\n`);
  await open();
  expect(users()).toEqual(["a"]);
  expect(sandbox?.journal).toHaveLength(1);
  expect(sandbox?.clock.now()).toBeLessThan(at);
  await createUser("b");
  expect(readFileSync(journalFile(), "utf8").trim().split("\n")).toHaveLength(2);
});

it("forgets a torn line", async () => {
  await open();
  await createUser("a");
  await close();
  appendFileSync(journalFile(), '{"n":2,"at":17');
  await open();
  await createUser("b");
  await close();
  await open();
  expect(sandbox?.journal.map((entry) => entry.n)).toEqual([1, 2]);
  expect(users()).toEqual(["a", "b"]);
});

it("keeps refused changes and reads in the journal", async () => {
  const { iam } = clientsOf(await open());
  await refusal(iam.send(new DeleteUserCommand({ UserName: "none" })));
  await refusal(iam.send(new GetUserCommand({ UserName: "none" })));
  await close();
  await open();
  expect(sandbox?.journal.map(({ operation, outcome }) => [operation, outcome])).toEqual([
    ["DeleteUser", "NoSuchEntity"],
    ["GetUser", "NoSuchEntity"],
  ]);
});

it("belongs to one process at a time", async () => {
  await open();
  await expect(startTestSandbox({ state: directory })).rejects.toThrow(RefusedError);
});

it.each([
  ["a process that is no more", "999999999"],
  ["an earlier process of the same number", String(process.pid)],
])("is taken over from %s", async (_, pid) => {
  await open();
  await createUser("a");
  await close();
  writeFileSync(join(directory, "lock"), pid);
  await open();
  expect(users()).toEqual(["a"]);
});
