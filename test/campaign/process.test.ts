import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { FaultRule } from "../../src/sandbox/index.ts";
import { type Bench, openBench } from "../support/campaign-cli.ts";
import { plainFile, region } from "../support/campaign-journeys.ts";
import { type Point, changes, product, sample } from "../support/campaign-points.ts";

/** Never answered: not done, or done. */
const moments = {
  "before it is done": "stall",
  "after it is done": { latency: { seconds: 3600 } },
} as const satisfies Record<string, FaultRule["effect"]>;
type Moment = keyof typeof moments;

const create = (file: string) => ["create", "cluster", "-f", file, "--yes"];
const remove = ["delete", "cluster", "--name", "demo", "--region", region, "--yes"];

const empty = await openBench(plainFile());
const full = await empty.fork();
const made = await full.run(...create(full.file));
expect(made).toMatchObject({ code: 0 });
const creating = await full.journal();
const kubeconfig = full.kubeconfig();
const inventory = await full.inventory();
const trial = await full.fork();
const removed = await trial.run(...remove);
expect(removed).toMatchObject({ code: 0 });
const removing = (await trial.journal()).slice(creating.length);
await trial.close();
afterAll(async () => {
  await empty.close();
  await full.close();
});

let bench: Bench;
afterEach(() => bench.close());

function cases(points: readonly Point[], count: number) {
  const all = product(points, Object.keys(moments) as Moment[]);
  return sample(all, count).map(([point, moment]) => ({ ...point, moment }));
}

async function killedAt({ moment, ...point }: Point & { moment: Moment }, argv: readonly string[]): Promise<void> {
  await bench.faults({ ...point, effect: moments[moment] });
  const killed = bench.start(...argv);
  await bench.met();
  killed.signal("SIGKILL");
  expect(await killed.ended).toMatchObject({ code: null, stdout: "" });
}

describe("the built tool, killed and run again", () => {
  it.each(cases(changes(creating), 6))("create: at $service:$operation no. $nth, $moment", async (at) => {
    bench = await empty.fork();
    const argv = create(bench.file);
    await killedAt(at, argv);
    const again = await bench.run(...argv);
    expect(again.stderr).not.toMatch(/fail/i);
    expect(again.code).toBe(0);
    expect(await bench.inventory()).toEqual(inventory);
    expect(bench.kubeconfig()).toBe(kubeconfig);
  });

  it.each(cases(changes(removing), 3))("delete: at $service:$operation no. $nth, $moment", async (at) => {
    bench = await full.fork();
    await killedAt(at, remove);
    const again = await bench.run(...remove);
    expect(again.code, again.stderr).toBe(0);
    expect(await bench.inventory()).toEqual({});
    expect(bench.kubeconfig()).not.toContain("demo");
  });
});

describe("the built tool, interrupted and run again", () => {
  it("stops when what is in flight has been answered, says what to type, and goes on from there", async () => {
    bench = await empty.fork();
    await bench.faults({ operation: "CreateSecurityGroup", nth: 1, effect: { latency: { seconds: 1 } } });
    const argv = create(bench.file);
    const interrupted = bench.start(...argv);
    await bench.met();
    interrupted.signal("SIGINT");
    const { code, stdout, stderr } = await interrupted.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/^Stopped: create cluster demo/m);
    expect(stderr).toMatch(/^What was done is kept: \d+ resources\.$/m);
    expect(stderr).toMatch(/^to continue: ekstool create cluster -f \S+cluster\.yaml --yes/m);
    const after = (await bench.journal()).filter(({ service }) => service !== "ssm");
    expect(after.filter(({ operation }) => /^(Delete|CreateCluster)/.test(operation))).toEqual([]);
    const again = await bench.run(...argv);
    expect(again.code, again.stderr).toBe(0);
    expect(await bench.inventory()).toEqual(inventory);
  });

  it("leaves at once when it is asked a second time", async () => {
    bench = await empty.fork();
    await bench.faults({ operation: "CreateNatGateway", nth: 1, effect: "stall" });
    const argv = create(bench.file);
    const interrupted = bench.start(...argv);
    await bench.met();
    interrupted.signal("SIGINT");
    await interrupted.says("press Ctrl-C again to leave at once");
    interrupted.signal("SIGINT");
    expect(await interrupted.ended).toMatchObject({ code: 130, stdout: "" });
    const again = await bench.run(...argv);
    expect(again.code, again.stderr).toBe(0);
    expect(await bench.inventory()).toEqual(inventory);
  });
});
