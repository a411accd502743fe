import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultRule } from "../../src/sandbox/index.ts";
import { type Bench, openBench } from "../support/campaign-cli.ts";
import { plainFile, region } from "../support/campaign-journeys.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench(plainFile());
});
afterEach(() => bench.close());

const remove = ["delete", "cluster", "--name", "demo", "--region", region, "--yes"];
const create = () => ["create", "cluster", "-f", bench.file, "--yes"];
const stall = (operation: string): FaultRule => ({ operation, nth: 1, effect: "stall" });

describe("two processes on one cluster", () => {
  it.each([
    ["create", "delete", "CreateNatGateway"],
    ["delete", "create", "DeleteLaunchTemplate"],
  ])("%s comes first: %s is told so; killed, the first one is continued at once", async (first, _second, operation) => {
    if (first === "delete") expect(await bench.run(...create())).toMatchObject({ code: 0 });
    const [before, after] = first === "create" ? [create(), remove] : [remove, create()];
    await bench.faults(stall(operation));
    const running = bench.start(...before);
    await bench.met();
    const refused = await bench.run(...after);
    expect(refused).toMatchObject({ code: 4, stdout: "" });
    expect(refused.stderr).toMatch(
      new RegExp(`another run is at work on the cluster demo: "${first} cluster demo" since .* \\(process \\d+\\)`),
    );
    running.signal("SIGKILL");
    await running.ended;
    await bench.faults();
    const again = await bench.run(...before);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toMatch(/took over from .*: its process \d+ on this host is no more/);
    expect(await bench.run(...remove)).toMatchObject({ code: 0 });
    expect(await bench.inventory()).toEqual({});
  });

  it("one waits for the other, and both end right", async () => {
    await bench.faults({ operation: "CreateNatGateway", nth: 1, effect: { latency: { seconds: 2 } } });
    const first = bench.start(...create());
    await bench.met();
    const second = bench.start(...create(), "--wait-lock");
    await second.says("waiting for");
    const ended = await Promise.all([first.ended, second.ended]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(ended[1]?.stderr).toContain("this is the plan now");
    const made = (await bench.journal()).filter(
      ({ operation, outcome }) => operation.startsWith("Create") && outcome === "ok",
    );
    const clusters = made.filter(({ operation }) => /^Create(Cluster|Vpc|NatGateway|Nodegroup)$/.test(operation));
    expect(clusters.map(({ operation }) => operation).toSorted()).toEqual([
      "CreateCluster",
      "CreateNatGateway",
      "CreateNodegroup",
      "CreateVpc",
    ]);
  });

  it("of several that begin in the same moment one works, and nothing is made twice", async () => {
    const runs = await Promise.all([1, 2, 3].map(() => bench.run(...create())));
    expect(runs.map(({ code }) => code).toSorted()).toEqual([0, 4, 4]);
    const vpcs = (await bench.journal()).filter(({ operation }) => operation === "CreateVpc");
    expect(vpcs).toHaveLength(1);
    expect(await bench.run(...create())).toMatchObject({ code: 0 });
    expect(await bench.run(...remove)).toMatchObject({ code: 0 });
    expect(await bench.inventory()).toEqual({});
  });

  it("an interrupted one gives the lock back", async () => {
    await bench.faults({ operation: "CreateSecurityGroup", nth: 1, effect: { latency: { seconds: 1 } } });
    const interrupted = bench.start(...create());
    await bench.met();
    interrupted.signal("SIGINT");
    expect(await interrupted.ended).toMatchObject({ code: 130 });
    expect(await bench.run("utils", "unlock", "--cluster", "demo", "--region", region)).toMatchObject({
      code: 0,
      stdout: "nobody holds the lock of demo\n",
    });
  });
});
