import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { CreateUserCommand, GetUserCommand } from "@aws-sdk/client-iam";
import { afterEach, describe, expect, it } from "vitest";
import { realClock } from "../../src/clock.ts";
import { InputError } from "../../src/errors.ts";
import type { FaultRule, Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { readTroubles } from "../../src/sandbox/scenario.ts";
import { clientsOf, refusal } from "./clients.ts";

let sandbox: Sandbox;
afterEach(() => sandbox.close());

async function sandboxWith(...faults: FaultRule[]) {
  sandbox = await startTestSandbox({ faults });
  return clientsOf(sandbox);
}

const createUser = (name: string) => new CreateUserCommand({ UserName: name });
const users = () => Object.keys(sandbox.world.state.iam.users);

describe("a rule hits", () => {
  it("the nth request that matches, once", async () => {
    const { iam } = await sandboxWith({
      service: "iam",
      operation: "Create*",
      match: { Tags: [{ Key: "team" }] },
      nth: 2,
      effect: "throttle",
    });
    const create = (name: string, tag: string) =>
      iam.send(new CreateUserCommand({ UserName: name, Tags: [{ Key: tag, Value: "x" }] }));
    await create("a", "team");
    await create("b", "other");
    expect(await refusal(create("c", "team"))).toMatchObject({ name: "Throttling" });
    await create("d", "team");
    expect(users()).toEqual(["a", "b", "d"]);
    expect(sandbox.journal.map((entry) => entry.fault)).toEqual([undefined, undefined, "throttle", undefined]);
  });

  it("as often as it says", async () => {
    const { iam } = await sandboxWith({ operation: "CreateUser", times: 2, effect: "throttle" });
    const outcomes = [];
    for (const name of ["a", "b", "c"]) outcomes.push(await iam.send(createUser(name)).then(() => "ok", String));
    expect(outcomes).toEqual(["Throttling: Rate exceeded", "Throttling: Rate exceeded", "ok"]);
  });

  it("from when it is set", async () => {
    const { iam } = await sandboxWith();
    await iam.send(createUser("a"));
    sandbox.faults([{ effect: { error: { code: "ServiceUnavailable", status: 503 } } }]);
    expect(await refusal(iam.send(createUser("b")))).toMatchObject({ name: "ServiceUnavailable", status: 503 });
    sandbox.faults([]);
    await iam.send(createUser("c"));
  });
});

describe("the effect", () => {
  it.each([
    ["throttle", "RequestLimitExceeded", 503],
    ["expired", "RequestExpired", 400],
    ["deny", "UnauthorizedOperation", 403],
    ["timeout", "RequestTimeout", 408],
  ] as const)("%s is the service's own error", async (effect, name, status) => {
    const { ec2 } = await sandboxWith({ service: "ec2", effect });
    expect(await refusal(ec2.send(new DescribeVpcsCommand({})))).toMatchObject({ name, status });
  });

  it("deny names caller and action", async () => {
    const { iam } = await sandboxWith({ effect: "deny" });
    expect((await refusal(iam.send(createUser("a")))).message).toBe(
      "User: arn:aws:iam::111122223333:user/sandbox is not authorized to perform: iam:CreateUser with an explicit deny in an identity-based policy",
    );
  });

  it("reset breaks the connection, and nothing is done", async () => {
    const { iam } = await sandboxWith({ operation: "CreateUser", effect: "reset" });
    expect(await refusal(iam.send(createUser("a")))).toMatchObject({
      message: expect.stringMatching(/ECONNRESET|socket hang up/),
    });
    expect(users()).toEqual([]);
  });

  it("lost breaks the connection after all is done", async () => {
    const { iam } = await sandboxWith({ operation: "CreateUser", effect: "lost" });
    expect(await refusal(iam.send(createUser("a")))).toMatchObject({
      message: expect.stringMatching(/ECONNRESET|socket hang up/),
    });
    expect(users()).toEqual(["a"]);
    expect(sandbox.journal.at(-1)).toMatchObject({ outcome: "ok", fault: "lost" });
  });

  it("stall never answers", async () => {
    const { iam } = await sandboxWith({ operation: "CreateUser", effect: "stall" });
    const abort = new AbortController();
    const call = iam.send(createUser("a"), { abortSignal: abort.signal });
    const first = await Promise.race([
      refusal(call),
      (await import("node:timers/promises")).setTimeout(100, "no answer"),
    ]);
    expect(first).toBe("no answer");
    abort.abort();
    expect(await refusal(call)).toMatchObject({ name: "AbortError" });
    await refusal(iam.send(new GetUserCommand({ UserName: "a" })));
  });

  it("refused accepts no connection until so much time has passed", async () => {
    const { iam } = await sandboxWith({ operation: "CreateUser", times: 1, effect: { refused: { seconds: 10 } } });
    await refusal(iam.send(createUser("a")));
    expect(await refusal(iam.send(createUser("b")))).toMatchObject({
      message: expect.stringContaining("ECONNREFUSED"),
    });
    await sandbox.clock.sleep(11_000);
    await iam.send(createUser("c"));
    expect(users()).toEqual(["c"]);
  });

  it("latency answers late, in no time of the account", async () => {
    const { iam } = await sandboxWith({ effect: { latency: { seconds: 0.05 } } });
    const before = { virtual: sandbox.clock.now(), wall: performance.now() };
    await iam.send(createUser("a"));
    expect(performance.now() - before.wall).toBeGreaterThan(45);
    expect(sandbox.clock.now()).toBe(before.virtual);
  });

  it("latency ends when nobody waits for the answer any more", async () => {
    const { iam } = await sandboxWith({ operation: "CreateUser", effect: { latency: { seconds: 3600 } } });
    const abort = new AbortController();
    const call = refusal(iam.send(createUser("a"), { abortSignal: abort.signal }));
    while (users().length === 0) await realClock.sleep(1);
    abort.abort();
    expect(await call).toMatchObject({ name: "AbortError" });
    await sandbox.clock.sleep(1000);
  });
});

it("reads rules from YAML", async () => {
  await sandboxWith(
    ...readTroubles("- operation: CreateUser\n  nth: 2\n  effect: {error: {code: Oops, status: 500}}\n").faults,
  );
  const { iam } = clientsOf(sandbox);
  await iam.send(createUser("a"));
  expect(await refusal(iam.send(createUser("b")))).toMatchObject({ name: "Oops", status: 500 });
});

it("refuses rules that are none, naming each problem", async () => {
  await sandboxWith();
  const wrong = [{ effect: "explode" }, { efect: "throttle" }] as unknown as FaultRule[];
  expect(() => sandbox.faults(wrong)).toThrow(InputError);
  expect(() => sandbox.faults(wrong)).toThrow(/\[0\]\.effect[\s\S]*\[1\]/);
});
