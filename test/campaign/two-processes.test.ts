import { afterAll, describe, expect, it } from "vitest";
import { inventory } from "../support/campaign-inventory.ts";
import { closeKeptAccounts, inhabited, made } from "./accounts.ts";
import { create, remove, waiting } from "./commands.ts";
import { files } from "./files.ts";
import { type Served, type Typed, served } from "./served.ts";

afterAll(closeKeptAccounts);

const [creation, removal] = [create(files.plain), remove(files.plain)];
const unlock: Typed = { file: "", argv: () => ["utils", "unlock", "--cluster=demo", "--region=us-west-2"] };

const inhabitedByOurs = () => made(files.plain);

/** Milliseconds: the first case makes the account that others start from. */
const timeout = 180_000;

describe("two processes on one cluster", { timeout }, () => {
  it.each([
    ["create", "delete", { first: creation, second: removal, operation: "CreateNodegroup", from: inhabited }],
    [
      "delete",
      "create",
      { first: removal, second: creation, operation: "DeleteLaunchTemplate", from: inhabitedByOurs },
    ],
  ])(
    "%s comes first: %s is told so; killed, the first one is continued at once",
    async (_first, _second, { first, second, operation, from }) => {
      await using(from, async (sandbox) => {
        await sandbox.faults({ operation, nth: 1, effect: "stall" });
        const running = sandbox.start(first);
        await sandbox.met(running);
        const refused = await sandbox.start(second).ended;
        expect(refused).toMatchObject({ code: 4, stdout: "" });
        expect(refused.stderr).toMatch(
          new RegExp(
            `another run is at work on the cluster demo: "${first.name} cluster demo" since .* \\(process \\d+\\)`,
          ),
        );
        running.signal("SIGKILL");
        await running.ended;
        await sandbox.faults();
        const again = await sandbox.start(first).ended;
        expect(again.code, again.stderr).toBe(0);
        expect(again.stderr).toMatch(/took over from .*: its process \d+ on this host is no more/);
        expect(await sandbox.start(removal).ended).toMatchObject({ code: 0 });
      });
    },
  );

  it("one waits for the other, and both end right", async () => {
    await using(inhabited, async (sandbox) => {
      await sandbox.faults({ operation: "CreateNatGateway", nth: 1, effect: { latency: { seconds: 2 } } });
      const first = sandbox.start(creation);
      await sandbox.met(first);
      const second = sandbox.start(waiting(creation));
      await second.says("waiting for");
      const ended = await Promise.all([first.ended, second.ended]);
      expect(ended.map(({ code }) => code)).toEqual([0, 0]);
      expect(ended[1]?.stderr).toContain("waiting for");
      expect(ended[1]?.stderr).toContain("this is the plan now");
      expect(await madeIn(sandbox, /^Create(Cluster|Vpc|NatGateway|Nodegroup)$/)).toEqual([
        "CreateCluster",
        "CreateNatGateway",
        "CreateNodegroup",
        "CreateVpc",
      ]);
      expect(await sandbox.start(removal).ended).toMatchObject({ code: 0 });
    });
  });

  it("of several that begin in the same moment one works, and nothing is made twice", async () => {
    await using(inhabited, async (sandbox) => {
      const runs = await Promise.all([1, 2, 3].map(() => sandbox.start(creation).ended));
      expect(runs.map(({ code }) => code).toSorted()).toEqual([0, 4, 4]);
      expect(await madeIn(sandbox, /^CreateVpc$/)).toHaveLength(1);
      expect(await sandbox.start(creation).ended).toMatchObject({ code: 0 });
      expect(await sandbox.start(removal).ended).toMatchObject({ code: 0 });
    });
  });

  it("an interrupted one gives the lock back", async () => {
    await using(inhabited, async (sandbox) => {
      await sandbox.faults({ operation: "CreateSecurityGroup", nth: 1, effect: { latency: { seconds: 1 } } });
      const interrupted = sandbox.start(creation);
      await sandbox.met(interrupted);
      interrupted.signal("SIGINT");
      expect(await interrupted.ended).toMatchObject({ code: 130 });
      expect(await sandbox.start(unlock).ended).toMatchObject({ code: 0, stdout: "nobody holds the lock of demo\n" });
      expect(await sandbox.start(removal).ended).toMatchObject({ code: 0 });
    });
  });
});

/** Serves an account for as long as the work takes, at whose end the cluster is deleted: then nothing is left of it. */
async function using(from: () => ReturnType<typeof inhabited>, work: (sandbox: Served) => Promise<void>) {
  const account = await (await from()).fork();
  await served(account, work);
  await account.rest();
  const [found, before] = [account, await inhabited()].map(({ sandbox }) => inventory(sandbox.world.state));
  expect(found).toEqual(before);
  await account.close();
}

/** Sorted, what was sent and done while the account was served. */
async function madeIn(sandbox: Served, operations: RegExp): Promise<readonly string[]> {
  const done = (await sandbox.journal()).filter(({ outcome }) => outcome === "ok");
  return done
    .map(({ operation }) => operation)
    .filter((operation) => operations.test(operation))
    .toSorted();
}
