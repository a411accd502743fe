import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HeldLock } from "../../src/operations/lock/held.ts";
import { takeLock } from "../../src/operations/lock/lock.ts";
import { openSession } from "../../src/operations/session.ts";
import { type Sandbox, sandboxCredentials } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { processesOf } from "../support/account.ts";
import { type Shell, openShell, connectionTo } from "./harness.ts";

const file = (capacity: number) => `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
managedNodeGroups: [{ name: workers, desiredCapacity: ${capacity}, maxSize: 9 }]
`;

let sandbox: Sandbox;
let shell: Shell;
let config: string;

beforeEach(async () => {
  sandbox = await startTestSandbox();
  shell = openShell(connectionTo(sandbox));
  config = join(shell.directory, "cluster.yaml");
  writeFileSync(config, file(2));
});
afterEach(async () => {
  await sandbox.close();
  shell.remove();
});

/** A colleague's run on another machine takes the lock. No time passes with it: its heartbeats come too late for any test. */
async function colleague(): Promise<HeldLock> {
  const { endpoint } = sandbox;
  const clock = { ...sandbox.clock, sleep: untilAborted };
  const session = openSession({
    connection: { clock, endpoint, credentials: sandboxCredentials, close: () => Promise.resolve() },
    region: "us-west-2",
    version: "0.0.0-test",
    kubeconfig: [],
    emit: () => undefined,
    processes: processesOf(4711, [], "build-7"),
  });
  const lock = await takeLock(session, { region: "us-west-2", cluster: "demo" }, { command: "apply to cluster demo" });
  await sandbox.clock.sleep(15_000);
  if (!lock) throw new Error("there is no lock");
  return lock;
}

function untilAborted(_ms: number, signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal?.addEventListener("abort", () => reject(new Error("aborted", { cause: signal.reason }))),
  );
}

/** Does something when the lock has been looked at so many times more. */
function afterLooks(count: number, action: () => Promise<void>): void {
  let looks = 0;
  sandbox.onRequest(({ operation }) => {
    if (operation === "GetParametersByPath" && ++looks === count) void action();
  });
}

const changes = () => sandbox.journal.filter((entry) => entry.changes && entry.service !== "ssm");

describe("a second run", () => {
  it("is refused with 4, and told by whom and what it can do", async () => {
    const lock = await colleague();
    const { code, stdout, stderr } = await shell.run("create", "cluster", "-f", config);
    expect({ code, stdout, changes: changes() }).toEqual({ code: 4, stdout: "", changes: [] });
    expect(stderr).toMatch(
      /^error: another run is at work on the cluster demo: "apply to cluster demo" since 2026-01-01T00:00:00Z, by arn:aws:iam::111122223333:user\/sandbox on build-7 \(process 4711\)$/m,
    );
    expect(stderr).toMatch(
      /hint: wait for it with --wait-lock; .* ekstool utils unlock --cluster demo --region us-west-2/,
    );
    const inSandbox = await shell.run("create", "cluster", "-f", config, "--sandbox=account");
    expect(inSandbox.stderr).toMatch(/ekstool utils unlock --cluster demo --region us-west-2 --sandbox=account$/m);
    const start = sandbox.clock.now();
    expect(await shell.run("create", "cluster", "-f", config, "--wait-lock=40s")).toMatchObject({ code: 4 });
    expect(sandbox.clock.now() - start).toBe(40_000);
    await lock.release();
  });

  it("waits where it is asked to, says so, and goes on", async () => {
    const lock = await colleague();
    afterLooks(4, () => lock.release());
    const { code, stderr } = await shell.run("create", "cluster", "-f", config, "--wait-lock");
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/· waiting for "apply to cluster demo" since .* on build-7/);
    expect(stderr).not.toContain("this is the plan now");
  });

  it("that is interrupted while it waits leaves with 130", async () => {
    const lock = await colleague();
    let interrupt = () => {};
    const onInterrupt = (listener: () => void) => {
      interrupt = listener;
      return () => undefined;
    };
    afterLooks(3, async () => interrupt());
    const { code, stderr } = await shell.runWith({ onInterrupt }, "create", "cluster", "-f", config, "--wait-lock");
    expect(code).toBe(130);
    expect(stderr).toContain("interrupted while another run was waited for; nothing was changed");
    expect(changes()).toEqual([]);
    await lock.release();
  });

  it("that has waited shows what has become of its plan, and asks again", async () => {
    expect(await shell.run("create", "cluster", "-f", config)).toMatchObject({ code: 0 });
    writeFileSync(config, file(4));
    expect(await shell.run("plan", "-f", config, "--out", "change.plan")).toMatchObject({ code: 2 });
    const lock = await colleague();
    const resize = (maxSize: number) => {
      const workers = sandbox.world.state.regions["us-west-2"]?.eks.clusters["demo"]?.nodegroups["workers"];
      Object.assign(workers?.scaling ?? {}, { maxSize });
    };
    afterLooks(3, () => {
      resize(7);
      return lock.release();
    });
    const before = changes().length;
    const stale = await shell.run("apply", "change.plan", "--yes", "--wait-lock");
    expect(stale).toMatchObject({ code: 4, stdout: "" });
    expect(stale.stderr).toContain("the plan is stale");
    expect(changes()).toHaveLength(before);
    const again = await colleague();
    afterLooks(3, () => {
      resize(8);
      return again.release();
    });
    const { code, stderr } = await shell.run("apply", "-f", config, "--yes", "--wait-lock=10m");
    expect(code, stderr).toBe(0);
    const [, second = ""] = stderr.split("something has changed meanwhile: this is the plan now");
    expect(second).toMatch(/~ managed nodegroup +workers/);
    expect(second).toMatch(/maxSize: 8 → 9/);
  });

  it("reads, plans and checks whatever others do", async () => {
    expect(await shell.run("create", "cluster", "-f", config)).toMatchObject({ code: 0 });
    const lock = await colleague();
    for (const command of [
      ["plan", "-f", config],
      ["get", "cluster"],
      ["get", "nodegroup", "--cluster", "demo"],
      ["validate", "-f", config],
      ["utils", "write-kubeconfig", "--cluster", "demo"],
      ["token", "--cluster", "demo"],
      ["apply", "-f", config],
    ]) {
      expect({ command, ...(await shell.run(...command)) }).toMatchObject({ command, code: 0 });
    }
    await lock.release();
  });
});

describe("a run that loses its lock", () => {
  it("stops with 4, says to whom, and how to go on", async () => {
    let robbed: Promise<unknown> | undefined;
    sandbox.onRequest(({ operation }) => {
      if (operation === "CreateCluster") robbed ??= shell.run("utils", "unlock", "demo", "--yes");
    });
    const { code, stdout, stderr } = await shell.run("create", "cluster", "-f", config);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(await robbed).toMatchObject({ code: 0 });
    const end = stderr.slice(stderr.indexOf("Stopped: create cluster demo"));
    expect(end).toMatch(
      /^Stopped: .*\nerror: the lock of cluster demo was released by somebody else: this run stops$/m,
    );
    expect(end).toContain("not done:\n  EKS cluster demo\n");
    expect(end).toMatch(/to continue: ekstool create cluster -f/);
    expect(await shell.run("create", "cluster", "-f", config)).toMatchObject({ code: 0 });
  });

  it("says so as data, too", async () => {
    sandbox.onRequest(({ operation }) => {
      if (operation === "CreateNatGateway") void shell.run("utils", "unlock", "demo", "--yes");
    });
    const { code, stderr } = await shell.run("create", "cluster", "-f", config, "--progress=json");
    expect(code).toBe(4);
    expect(JSON.parse(stderr.trim().split("\n").at(-1) ?? "")).toMatchObject({
      type: "result",
      outcome: "stopped",
      error: { message: expect.stringContaining("released by somebody else") },
      exitCode: 4,
    });
  });
});

describe("utils unlock", () => {
  const unlock = (...more: readonly string[]) => shell.run("utils", "unlock", "--cluster", "demo", ...more);

  it("shows who holds the lock and asks", async () => {
    const lock = await colleague();
    const asked = await unlock();
    expect(asked).toMatchObject({ code: 4, stdout: "" });
    expect(asked.stderr).toMatch(
      /^the lock of cluster demo is held by "apply to cluster demo" since .* on build-7 \(process 4711\)$/m,
    );
    expect(asked.stderr).toMatch(/^last heard from at 2026-01-01T00:00:00Z$/m);
    expect(await shell.runWith({ answer: "n" }, "utils", "unlock", "demo")).toMatchObject({ code: 4 });
    const { code, stdout, stderr } = await shell.runWith({ answer: "y" }, "utils", "unlock", "demo");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^released the lock of demo, held by "apply/),
    });
    expect(stderr).toContain(
      "That run may be alive: it would stop before its next change. Take the lock from it? [y/N]",
    );
    await expect(lock.permit.ask("delete")).rejects.toThrow("released by somebody else");
    await lock.release();
  });

  it("gives its result as data, and does nothing where nobody holds one", async () => {
    const lock = await colleague();
    expect(JSON.parse((await unlock("--yes", "-o", "json")).stdout)).toMatchObject({
      cluster: "demo",
      region: "us-west-2",
      released: true,
      holder: { command: "apply to cluster demo", process: { host: "build-7", pid: 4711 } },
    });
    await lock.release();
    expect(await shell.run("utils", "unlock", "-f", config)).toMatchObject({
      code: 0,
      stdout: "nobody holds the lock of demo\n",
    });
  });
});
