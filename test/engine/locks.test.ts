import { describe, expect, it } from "vitest";
import { virtualClock } from "../../src/clock.ts";
import { InterruptedError } from "../../src/errors.ts";
import { Graph } from "../../src/engine/graph.ts";
import type { Lock } from "../../src/engine/kind.ts";
import { createLocks } from "../../src/engine/locks.ts";
import { type Cloud, createCloud, same, toyKind } from "./toy-cloud.ts";
import { problems, rig, run } from "./toy-cluster.ts";

const shared: Lock = { name: "cluster", mode: "shared" };
const exclusive: Lock = { name: "cluster", mode: "exclusive" };
const fargate: Lock = { name: "fargate", mode: "exclusive" };

describe("locks", () => {
  it("share, exclude, and keep the order in which they were asked for", async () => {
    const locks = createLocks();
    const log: string[] = [];
    const claim = async (name: string, wanted: readonly Lock[]) => {
      const release = await locks.acquire(wanted);
      log.push(name);
      return release;
    };
    const first = await claim("shared 1", [shared]);
    const second = await claim("shared 2", [shared]);
    const writer = claim("exclusive", [exclusive]);
    const third = claim("shared 3", [shared]);
    const apart = await claim("fargate", [fargate]);
    expect(log).toEqual(["shared 1", "shared 2", "fargate"]);
    first();
    first();
    second();
    const release = await writer;
    expect(log.at(-1)).toBe("exclusive");
    release();
    (await third)();
    apart();
    expect(log.at(-1)).toBe("shared 3");
  });

  it("are taken together or not at all", async () => {
    const locks = createLocks();
    const one = await locks.acquire([exclusive]);
    const both = locks.acquire([exclusive, fargate]);
    const other = locks.acquire([fargate, exclusive]);
    one();
    (await both)();
    (await other)();
  });

  it("are given up waiting for when the run is interrupted", async () => {
    const stop = new AbortController();
    const locks = createLocks(stop.signal);
    await locks.acquire([exclusive]);
    const waiting = locks.acquire([shared]);
    stop.abort();
    await expect(waiting).rejects.toBeInstanceOf(InterruptedError);
    await expect(locks.acquire([])).rejects.toBeInstanceOf(InterruptedError);
  });
});

describe("a run", () => {
  const profile = toyKind("eks.profile", { takes: 60, limit: 7200, locks: () => [fargate, shared] });
  const settings = toyKind("eks.settings", {
    aspects: { value: same("value", "value") },
    updates: { value: 100 },
    locks: (verb) => (verb === "value" ? [exclusive] : []),
  });

  it("holds a step's locks for its whole wait", async () => {
    const world = rig(createCloud(virtualClock()), [profile]);
    const graph = new Graph<Cloud>();
    for (const id of ["a", "b", "c"]) graph.add(profile, { id, name: id, spec: {}, deps: {} });
    const result = await run(world, graph);
    expect(problems(result)).toEqual([]);
    expect(result.seconds).toBeGreaterThanOrEqual(180);
    const spans = result.steps.map(({ startedAt, finishedAt }) => [startedAt, finishedAt]);
    for (const [index, [start]] of spans.slice(1).entries())
      expect(start).toBeGreaterThanOrEqual(spans[index]?.[1] ?? Infinity);
  });

  it("does not lock itself up where health waits for what needs the same lock", async () => {
    const ill = toyKind("eks.addon", {
      takes: 40,
      locks: () => [shared],
      health: (_thing, cloud) =>
        [...cloud.things.values()].some(({ kind }) => kind === "eks.profile") ? undefined : "no nodes",
    });
    const world = rig(createCloud(), [ill, settings, profile]);
    const graph = () => {
      const wanted = new Graph<Cloud>();
      const nodes = wanted.add(profile, { id: "nodes", name: "nodes", spec: {}, deps: {}, after: [] });
      wanted.add(ill, { id: "dns", name: "dns", spec: {}, deps: {}, healthyAfter: [nodes] });
      wanted.add(settings, { id: "settings", name: "settings", spec: { value: 2 }, deps: {} });
      return wanted;
    };
    const before = new Graph<Cloud>();
    before.add(settings, { id: "settings", name: "settings", spec: { value: 1 }, deps: {} });
    await run(world, before);
    expect(problems(await run(world, graph()))).toEqual([]);
  });

  it("limits requests in flight, and not the steps that wait", async () => {
    const slow = toyKind("ec2.slow", { takes: 300 });
    const world = rig(createCloud(), [slow], { concurrency: 4 });
    world.cloud.latency = 1;
    const graph = new Graph<Cloud>();
    for (let n = 0; n < 40; n++) graph.add(slow, { id: `n${n}`, name: `n${n}`, spec: {}, deps: {} });
    const result = await run(world, graph);
    expect(problems(result)).toEqual([]);
    expect(world.cloud.mostInFlight).toBe(4);
    expect(result.seconds).toBeLessThan(450);
  });
});
