import { CreateUserCommand, GetUserCommand } from "@aws-sdk/client-iam";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { realClock } from "../../src/clock.ts";
import { FailedError, RefusedError } from "../../src/errors.ts";
import { control, joinSandbox, type JoinedSandbox } from "../../src/sandbox/client.ts";
import type { JournalEntry } from "../../src/sandbox/index.ts";
import {
  resetSandbox,
  sandboxEndpoint,
  serveSandbox,
  type ServedSandbox,
  type ServeOptions,
} from "../../src/sandbox/serve.ts";
import { readTroubles } from "../../src/sandbox/scenario.ts";
import { clientsOf } from "./clients.ts";

const seconds = 1000;
let directory: string;
let served: ServedSandbox | undefined;
const members: JoinedSandbox[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "sandbox-serve-"));
});
afterEach(async () => {
  await Promise.all(members.splice(0).map((member) => member.leave()));
  await served?.close();
  served = undefined;
  rmSync(directory, { recursive: true });
});

async function serve(options: ServeOptions = {}): Promise<ServedSandbox> {
  served = await serveSandbox(options);
  return served;
}
async function joined(): Promise<JoinedSandbox> {
  const member = await joinSandbox(served?.url ?? "");
  members.push(member);
  return member;
}

async function timeThere(): Promise<number> {
  const { now } = (await control(served?.url ?? "", "GET", "health")) as { now: number };
  return now;
}

describe("time with members", () => {
  it("goes to the earliest instant that one of them waits for, when all wait", async () => {
    await serve();
    const [a, b] = [await joined(), await joined()];
    const start = a.clock.now();
    const order: string[] = [];
    const run = async (name: string, member: JoinedSandbox, ...waits: number[]) => {
      for (const wait of waits) {
        await member.clock.sleep(wait * seconds);
        order.push(`${name} at ${(member.clock.now() - start) / seconds}`);
      }
      await member.leave();
    };
    await Promise.all([run("a", a, 10, 10, 10), run("b", b, 15, 3600)]);
    expect(order).toEqual(["a at 10", "b at 15", "a at 20", "a at 30", "b at 3615"]);
  });

  it("does not pass while a request is in flight", async () => {
    await serve({ faults: [{ operation: "GetUser", effect: { latency: { seconds: 0.02 } } }] });
    const [a, b] = [await joined(), await joined()];
    const { iam } = clientsOf(a);
    const start = a.clock.now();
    const steps = async () => {
      for (let step = 0; step < 5; step++) {
        await iam.send(new GetUserCommand({}));
        await a.clock.sleep(10 * seconds);
      }
      return a.clock.now() - start;
    };
    const waiting = b.clock.sleep(50 * seconds);
    expect(await steps()).toBe(50 * seconds);
    await waiting;
    expect(b.clock.now() - start).toBe(50 * seconds);
  });

  it("does not wait for one that left, or whose connection ended", async () => {
    await serve();
    const [a, b] = [await joined(), await joined()];
    const killed = request(new URL("/_sandbox/clock", served?.url), { method: "POST" });
    killed.on("error", () => {});
    killed.flushHeaders();
    await new Promise((resolve) => killed.on("response", (response) => response.once("data", resolve)));
    expect(await control(served?.url ?? "", "GET", "health")).toMatchObject({ members: 3 });

    const sleeping = a.clock.sleep(10 * seconds).then(() => "woken");
    expect(await Promise.race([sleeping, realClock.sleep(50).then(() => "asleep")])).toBe("asleep");
    await b.leave();
    killed.destroy();
    expect(await sleeping).toBe("woken");
  });

  it("is what requests see", async () => {
    await serve();
    const a = await joined();
    await a.clock.sleep(3600 * seconds);
    await clientsOf(a).iam.send(new CreateUserCommand({ UserName: "u" }));
    const { User } = await clientsOf(a).iam.send(new GetUserCommand({ UserName: "u" }));
    expect(User?.CreateDate?.getTime()).toBe(a.clock.now());
  });

  it("ends for sleepers when the sandbox ends", async () => {
    await serve();
    const [a] = [await joined(), await joined()];
    const sleeping = a.clock.sleep(10 * seconds);
    await served?.close();
    await sleeping;
  });
});

describe("time without members", () => {
  it("goes with wall time, times the speed", async () => {
    await serve({ speed: 1000 });
    const before = await timeThere();
    await realClock.sleep(20);
    expect((await timeThere()) - before).toBeGreaterThanOrEqual(19 * seconds);
  });

  it("goes on from where members left it", async () => {
    await serve();
    const a = await joined();
    await a.clock.sleep(3600 * seconds);
    await a.leave();
    const now = await timeThere();
    expect(now).toBeGreaterThanOrEqual(a.clock.now());
    expect(now).toBeLessThan(a.clock.now() + 60 * seconds);
  });

  it("goes on from where it was when the directory is opened again", async () => {
    await serve({ state: directory });
    const a = await joined();
    await a.clock.sleep(3600 * seconds);
    await a.leave();
    await served?.close();
    await serve({ state: directory });
    const b = await joined();
    expect(b.clock.now()).toBeGreaterThanOrEqual(a.clock.now());
  });
});

describe("a state directory", () => {
  it("says who serves it", async () => {
    expect(await sandboxEndpoint(directory)).toBeUndefined();
    const { url } = await serve({ state: directory });
    expect(await sandboxEndpoint(directory)).toBe(url);
    await expect(serveSandbox({ state: directory })).rejects.toThrow(RefusedError);
    await served?.close();
    expect(await sandboxEndpoint(directory)).toBeUndefined();
  });

  it("is emptied by a reset, which ends its sandbox", async () => {
    const { url, closed } = await serve({ state: directory });
    await clientsOf({ endpoint: url, clock: realClock }).iam.send(new CreateUserCommand({ UserName: "u" }));
    await resetSandbox(directory);
    await closed;
    expect(existsSync(join(directory, "snapshot.json"))).toBe(false);
    const again = await serve({ state: directory });
    expect(await control(again.url, "GET", "world")).toMatchObject({ sequence: 0, iam: { users: {} } });
  });

  it("is not emptied under a member", async () => {
    await serve({ state: directory });
    await joined();
    await expect(resetSandbox(directory)).rejects.toThrow(RefusedError);
  });

  it("is given back when the port is taken", async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    await expect(serveSandbox({ state: directory, port })).rejects.toThrow(`port ${port} is in use`);
    expect(existsSync(join(directory, "lock"))).toBe(false);
  });
});

it("ends by itself when nobody has been connected for a while", async () => {
  const { closed } = await serve({ state: directory, idleExit: 0.1 });
  const a = await joined();
  await realClock.sleep(150);
  expect(await sandboxEndpoint(directory)).toBeDefined();
  await a.leave();
  await closed;
  expect(existsSync(join(directory, "endpoint.json"))).toBe(false);
});

it("shows its journal and takes faults and scenarios", async () => {
  const { url } = await serve();
  const { iam } = clientsOf({ endpoint: url, clock: realClock });
  await iam.send(new GetUserCommand({}));
  await control(url, "POST", "faults", [{ operation: "GetUser", effect: "throttle" }]);
  await expect(iam.send(new GetUserCommand({}))).rejects.toThrow("Rate exceeded");
  const entries = (await control(url, "GET", "journal?from=2")) as JournalEntry[];
  expect(entries).toMatchObject([{ n: 2, operation: "GetUser", fault: "throttle" }]);

  const failures = [{ resource: "cluster", name: "demo", code: "InternalFailure", message: "no luck" }];
  await control(url, "POST", "scenario", { failures });
  expect(await control(url, "GET", "world")).toMatchObject({ scenario: { failures } });
  await expect(control(url, "POST", "faults", [{ effect: "explode" }])).rejects.toThrow("invalid fault rules");
  await expect(control(url, "GET", "nothing")).rejects.toThrow("there is no GET nothing");
});

it("begins with a scenario, and keeps it with the account", async () => {
  const { scenario } = readTroubles("kubernetes: [{ cluster: demo, volumes: [{ name: data }] }]");
  const volumes = [{ name: "data", sizeGiB: 10 }];
  const { url, close } = await serve({ state: directory, scenario });
  const seen = { scenario: { failures: [], kubernetes: [{ cluster: "demo", volumes, karpenterNodes: 0 }] } };
  expect(await control(url, "GET", "world")).toMatchObject(seen);
  await close();
  expect(await control((await serve({ state: directory })).url, "GET", "world")).toMatchObject(seen);
  expect(() => readTroubles("kubernetes: [{ cluster: demo, balancers: 3 }]")).toThrow(/invalid.*balancers/s);
});

it("is not there when nobody serves", async () => {
  await expect(joinSandbox("http://127.0.0.1:9")).rejects.toThrow(FailedError);
});
