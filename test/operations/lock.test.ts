import { describe, expect, it } from "vitest";
import { patience } from "../../src/engine/session.ts";
import type { Clock } from "../../src/clock.ts";
import { RefusedError } from "../../src/errors.ts";
import { proposeApply, proposeCreate, proposeDelete } from "../../src/operations/cluster.ts";
import { takeLock } from "../../src/operations/lock/lock.ts";
import { findLock } from "../../src/operations/lock/unlock.ts";
import type { RunOptions } from "../../src/operations/proposal.ts";
import { proposeScale } from "../../src/operations/scale.ts";
import type { Session } from "../../src/operations/session.ts";
import { mortalClock } from "../campaign/mortal-clock.ts";
import { type Account, closing, openTestAccount, parse, processesOf } from "../support/account.ts";
import { contents } from "../support/holdings.ts";

const region = "us-west-2";
const owner = { region, cluster: "demo" };
const path = "/ekstool/us-west-2/demo/lock";
const file = (capacity = 2) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
managedNodeGroups: [{ name: workers, desiredCapacity: ${capacity}, maxSize: 9 }]
`;
const usual: RunOptions = { onFailure: "auto" };

const open = async (options?: Parameters<typeof openTestAccount>[0]) => closing(await openTestAccount(options));
/** A process on a machine of its own, which nobody else can look into. */
const elsewhere = (account: Account, name = "there", clock: Clock = account.sandbox.clock): Session =>
  account.session(region, { clock, processes: processesOf(1, [], name) });

const notes = ({ events }: Account) => events.flatMap((event) => (event.type === "note" ? [event.text] : []));
const lockNumbers = ({ sandbox }: Account) =>
  Object.keys(sandbox.world.state.regions[region]?.ssm.parameters ?? {}).map((name) => name.slice(path.length + 1));

/** Resolves when the sandbox is sent such a request. */
function requestOf({ sandbox }: Account, operation: string): Promise<void> {
  return new Promise((resolve) =>
    sandbox.onRequest((request) => {
      if (request.operation === operation) resolve();
    }),
  );
}

const create = async (session: Session, options = usual, text = file()) =>
  (await proposeCreate(session, parse(text))).run(options);
const apply = async (session: Session, options = usual, text = file()) =>
  (await proposeApply(session, parse(text), { prune: false })).run(options);
const remove = async (session: Session, options = usual) => (await proposeDelete(session, "demo")).run(options);

describe("while a run works on a cluster", () => {
  it.each([
    ["create", create, "CreateNatGateway", remove],
    ["delete", remove, "DeleteNodegroup", apply],
  ] as const)("the second one is told who does a %s since when, and nothing of it is done", async (...row) => {
    const [name, first, operation, second] = row;
    const account = await open();
    if (name === "delete") await create(elsewhere(account));
    const begun = requestOf(account, operation);
    const running = first(elsewhere(account, "build-7"));
    await begun;
    const refused = second(elsewhere(account));
    await expect(refused).rejects.toThrow(RefusedError);
    await expect(refused).rejects.toThrow(
      new RegExp(
        `another run is at work on the cluster demo: "${name} cluster demo" since 2026-\\S+Z, by arn:aws:iam::111122223333:user/sandbox on build-7 \\(process 1\\)`,
      ),
    );
    await expect(refused).rejects.toMatchObject({ exitCode: 4, hint: expect.stringContaining("--wait-lock") });
    expect((await running).result.outcome).toBe("done");
    expect(lockNumbers(account)).toEqual([]);
  });

  it("another one may wait, and is shown what there is then", async () => {
    const account = await open();
    await create(elsewhere(account));
    const begun = requestOf(account, "UpdateNodegroupConfig");
    const running = apply(elsewhere(account, "build-7"), usual, file(3));
    await begun;
    const plans: (readonly string[])[] = [];
    const waited = await apply(
      elsewhere(account),
      {
        ...usual,
        waitForLock: 3600,
        reconsider: async ({ items }) => void plans.push(items.map(({ verb, id }) => `${verb} ${id}`)),
      },
      file(4),
    );
    expect((await running).result.outcome).toBe("done");
    expect(waited.result.outcome).toBe("done");
    expect(plans).toHaveLength(1);
    expect(plans[0]).toContain("update nodegroup/workers");
    expect(notes(account)).toContainEqual(expect.stringMatching(/^waiting for "apply to cluster demo" since/));
    const group = account.sandbox.world.state.regions[region]?.eks.clusters["demo"]?.nodegroups["workers"];
    expect(group?.scaling.desiredSize).toBe(4);
    expect(lockNumbers(account)).toEqual([]);
  });

  it("who waits and can be shown nothing is refused a plan that no longer holds", async () => {
    const account = await open();
    const begun = requestOf(account, "CreateNatGateway");
    const running = create(elsewhere(account, "build-7"));
    await begun;
    await expect(create(elsewhere(account), { ...usual, waitForLock: 3600 })).rejects.toThrow(/has changed meanwhile/);
    expect((await running).result.outcome).toBe("done");
  });

  it("nobody waits longer than was asked for", async () => {
    const account = await open();
    const begun = requestOf(account, "CreateNatGateway");
    const running = create(elsewhere(account, "build-7"));
    await begun;
    const start = account.sandbox.clock.now();
    await expect(remove(elsewhere(account), { ...usual, waitForLock: 45 })).rejects.toThrow(/another run is at work/);
    // A cluster that is being made is looked at twice before the plan.
    expect(account.sandbox.clock.now() - start).toBe((patience.aftermath + 45) * 1000);
    expect((await running).result.outcome).toBe("done");
  });

  it("plans are made, and what has nothing to do is done", async () => {
    const account = await open();
    await create(elsewhere(account));
    const lock = await takeLock(elsewhere(account, "build-7"), owner, { command: "to be in the way" });
    expect((await account.plan(file())).changes).toBe(false);
    expect((await apply(elsewhere(account))).result.outcome).toBe("done");
    expect(lockNumbers(account)).toEqual(["1"]);
    await lock?.release();
  });

  it("a cluster of the same name in another region is free", async () => {
    const account = await open();
    const lock = await takeLock(elsewhere(account), owner, { command: "to be in the way" });
    const other = account.session("eu-west-1", { processes: processesOf(2, [], "elsewhere") });
    const otherLock = await takeLock(other, { region: "eu-west-1", cluster: "demo" }, { command: "something" });
    expect(otherLock?.contended).toBe(false);
    await lock?.release();
    await otherLock?.release();
  });
});

describe("a lock that a dead run has left", () => {
  /** A process that takes the lock and is never heard of again. */
  async function killed(account: Account, pid: number, host?: string): Promise<void> {
    const { clock } = account.sandbox;
    const deaf: Clock = { ...clock, sleep: () => new Promise<never>(() => undefined) };
    await takeLock(account.session(region, { clock: deaf, processes: processesOf(pid, [], host) }), owner, {
      command: "create cluster demo",
    });
    await clock.sleep(5000);
  }

  it("on this machine is taken over at once, and said; afterwards nothing is left of either", async () => {
    const account = await open();
    await killed(account, 4711);
    const lock = await takeLock(account.session(region), owner, { command: "something" });
    expect(lockNumbers(account)).toEqual(["1", "2"]);
    expect(notes(account)).toEqual([
      expect.stringMatching(
        /^took over from "create cluster demo" since .* \(process 4711\): its process 4711 .* no more$/,
      ),
    ]);
    await lock?.release();
    expect(lockNumbers(account)).toEqual([]);
  });

  it("elsewhere is taken over two minutes after the last sign of life, and not before", async () => {
    const account = await open();
    await killed(account, 4711, "build-7");
    const take = () => takeLock(account.session(region), owner, { command: "something" });
    await expect(take()).rejects.toMatchObject({ hint: expect.stringMatching(/given up in 115 s/) });
    await account.sandbox.clock.sleep(115_000);
    await expect(take()).rejects.toThrow(RefusedError);
    await account.sandbox.clock.sleep(1000);
    const lock = await take();
    expect(notes(account)).toEqual([
      expect.stringMatching(/^took over from .*: nothing was heard from it for 12\d s$/),
    ]);
    await lock?.release();
  });

  it("goes to one of those who want it at once", async () => {
    const account = await open();
    await killed(account, 4711, "build-7");
    await account.sandbox.clock.sleep(180_000);
    const hosts = ["one", "two", "three", "four"];
    const takers = await Promise.allSettled(
      hosts.map((host) => takeLock(elsewhere(account, host), owner, { command: `of ${host}` })),
    );
    const [winner, ...others] = takers.flatMap((taker) => (taker.status === "fulfilled" ? [taker.value] : []));
    expect(others).toEqual([]);
    for (const taker of takers) if (taker.status === "rejected") expect(taker.reason).toBeInstanceOf(RefusedError);
    await winner?.permit.ask("delete");
    await winner?.release();
    expect(lockNumbers(account)).toEqual([]);
  });

  it("is cleared away by a run that has nothing else to do", async () => {
    const account = await open();
    await killed(account, 4711);
    expect((await remove(account.session(region))).result.outcome).toBe("done");
    expect(lockNumbers(account)).toEqual([]);
  });

  it("is waited for by who waits, and then taken over", async () => {
    const account = await open();
    await killed(account, 4711, "build-7");
    const lock = await takeLock(account.session(region), owner, { command: "something", wait: 600 });
    expect(lock?.contended).toBe(true);
    expect(notes(account)).toHaveLength(2);
    await lock?.release();
  });
});

describe("a run that holds the lock", () => {
  it("gives a sign of life every half minute, and takes no longer for it", async () => {
    const account = await open();
    const { result } = await create(account.session(region));
    const beats = account.sandbox.journal.filter(
      ({ operation, input }) => operation === "PutParameter" && input["Overwrite"],
    );
    expect(beats.length).toBe(Math.floor(result.seconds / 30));
    const unlocked = await open({ faults: [{ service: "ssm", operation: "*", times: 9, effect: "deny" }] });
    const without = await create(unlocked.session(region));
    expect(without.result).toMatchObject({ outcome: "done", seconds: result.seconds });
  });

  it("and lost it while it slept stops before it destroys anything more", async () => {
    const account = await open();
    await create(account.session(region));
    const sleeper = suspendable(account.sandbox.clock);
    const begun = requestOf(account, "DeleteNodegroup");
    const running = remove(elsewhere(account, "laptop", sleeper.clock));
    await begun;
    sleeper.suspend();
    await account.sandbox.clock.sleep(10 * 60_000);
    const lock = await takeLock(elsewhere(account), owner, { command: "apply to cluster demo" });
    account.changes();
    sleeper.resume();
    const { result } = await running;
    expect(account.changes()).toEqual([]);
    expect(result.outcome).toBe("stopped");
    expect(result.stoppedBy).toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(/^the lock of cluster demo was taken over by "apply to cluster demo" since/),
    });
    expect(result.failures).toEqual([]);
    expect(result.skipped.length).toBeGreaterThan(5);
    expect(lockNumbers(account)).toEqual(["2"]);
    await lock?.permit.ask("delete");
    await lock?.release();
    expect((await remove(elsewhere(account))).result).toMatchObject({ outcome: "done", leftovers: [] });
  });

  it("and lost it while it slept before it had looked whether it is alone makes nothing", async () => {
    const account = await open();
    const { clock } = account.sandbox;
    const sleeper = mortalClock(clock);
    const asked = requestOf(account, "PutParameter");
    const taking = takeLock(elsewhere(account, "laptop", sleeper), owner, { command: "create cluster demo" });
    await asked;
    sleeper.suspend();
    await clock.sleep(121_000);
    const other = await takeLock(elsewhere(account), owner, { command: "something" });
    await other?.release();
    sleeper.wake();
    const lock = await taking;
    await expect(lock?.permit.ask("create")).rejects.toThrow("was released by somebody else: this run stops");
    await lock?.release();
  });

  it("stops while it waits when the lock was taken away by hand", async () => {
    const account = await open();
    const begun = requestOf(account, "CreateCluster");
    const running = create(account.session(region));
    await begun;
    const found = await findLock(elsewhere(account), "demo");
    expect(found).toMatchObject({ heldBy: expect.stringContaining('"create cluster demo"'), lapsed: null });
    await found?.release();
    const { result } = await running;
    expect(result.outcome).toBe("stopped");
    expect(result.stoppedBy?.message).toMatch(/released by somebody else/);
    expect(result.rolledBack).toEqual([]);
    expect(lockNumbers(account)).toEqual([]);
    expect((await create(account.session(region))).result.outcome).toBe("done");
  });

  it.each(["scale", "create"] as const)("gives it back when the %s fails or is interrupted", async (what) => {
    const account = await open();
    await create(account.session(region));
    const stop = new AbortController();
    const session = account.session(region, { interrupt: stop.signal });
    if (what === "scale") {
      account.sandbox.faults([{ operation: "UpdateNodegroupConfig", effect: "deny" }]);
      const proposal = await proposeScale(session, "demo", [{ nodegroup: "workers", desired: 5 }], { wait: true });
      expect((await proposal.run({ onFailure: "keep" })).result.outcome).toBe("failed");
    } else {
      void requestOf(account, "CreateNodegroup").then(() => stop.abort(new Error("enough")));
      const more = file().replace("}]", "}, { name: more }]");
      expect((await create(session, usual, more)).result.outcome).toBe("interrupted");
    }
    expect(lockNumbers(account)).toEqual([]);
  });

  it("is not locked out by an answer that was lost", async () => {
    const account = await open({ faults: [{ operation: "PutParameter", nth: 1, effect: "lost" }] });
    const lock = await takeLock(account.session(region), owner, { command: "something" });
    expect(lockNumbers(account)).toEqual(["1"]);
    await account.sandbox.clock.sleep(60_000);
    await lock?.permit.ask("delete");
    await lock?.release();
    expect(lockNumbers(account)).toEqual([]);
  });

  it("outlives AWS's trouble as long as nobody may take over, and then stops", async () => {
    const account = await open();
    const lock = await takeLock(account.session(region), owner, { command: "something" });
    const { clock } = account.sandbox;
    account.sandbox.faults([
      { service: "ssm", operation: "*", times: 1000, effect: { error: { code: "InternalServerError", status: 500 } } },
    ]);
    await clock.sleep(60_000);
    await lock?.permit.ask("delete");
    expect(notes(account)).toEqual([expect.stringMatching(/cannot be told at the moment/)]);
    await clock.sleep(60_000);
    await expect(lock?.permit.ask("delete")).rejects.toThrow(/cannot be told: /);
    account.sandbox.faults([]);
    await lock?.release();
  });
});

describe("an account that denies the Parameter Store", () => {
  it("is warned of, and worked in", async () => {
    const account = await open({ faults: [{ service: "ssm", operation: "*", times: 99, effect: "deny" }] });
    expect((await create(account.session(region))).result.outcome).toBe("done");
    expect(notes(account)).toEqual([
      expect.stringMatching(
        /^the lock of cluster demo cannot be used, so nothing keeps another run .*ssm:PutParameter/,
      ),
    ]);
    expect((await remove(account.session(region))).result).toMatchObject({ outcome: "done", leftovers: [] });
  });

  it("only when the lock is to be deleted has it left over from a cluster's deletion, until that is run again", async () => {
    const account = await open();
    await create(account.session(region));
    account.sandbox.faults([{ operation: "DeleteParameters", times: 2, effect: "deny" }]);
    const { result } = await remove(account.session(region, { processes: processesOf(7) }));
    expect(result).toMatchObject({ outcome: "failed", leftovers: [{ kind: "ssm.parameter", name: path }] });
    const again = () => remove(account.session(region));
    expect((await again()).result).toMatchObject({ outcome: "failed", leftovers: [{ kind: "ssm.parameter" }] });
    expect((await again()).result).toMatchObject({ outcome: "done", leftovers: [] });
    await account.rest();
    expect(JSON.stringify(contents(account.sandbox))).not.toContain("demo");
  });
});

/** A clock whose user can be put to sleep: the lid of a laptop is closed. */
function suspendable(clock: Clock) {
  let asleep: Promise<void> | undefined;
  let wake: (() => void) | undefined;
  return {
    suspend() {
      asleep = new Promise((resolve) => (wake = resolve));
    },
    resume() {
      asleep = undefined;
      wake?.();
    },
    clock: {
      now: () => clock.now(),
      async sleep(ms, signal) {
        await clock.sleep(ms, signal);
        await asleep;
      },
      async hold(work) {
        await asleep;
        return clock.hold(work);
      },
    } satisfies Clock,
  };
}
