import { describe, expect, it } from "vitest";
import { RefusedError } from "../../src/errors.ts";
import { execute, observe, plan } from "../../src/engine/index.ts";
import { changing, createCloud } from "./toy-cloud.ts";
import { clusterGraph, rig, run, verbs } from "./toy-cluster.ts";

describe("a plan that has become stale", () => {
  it("does not do more than it said", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const file = clusterGraph({ labels: { a: "1" } });
    const planned = plan(world.engine, file, await observe(world.engine), { mode: "apply" });
    const nodes = world.cloud.things.get("ng-1");
    if (nodes) nodes.attrs.type = "m6";
    world.cloud.calls.length = 0;
    const result = await execute(world.engine, planned, { onFailure: "auto", heart: "cluster" });
    expect(result.failures[0]?.error).toBeInstanceOf(RefusedError);
    expect(changing(world.cloud).filter((call) => !call.startsWith("update:config"))).toEqual([]);
  });

  it("does less when somebody has done it already", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const file = clusterGraph({ labels: { a: "1" } });
    const planned = plan(world.engine, file, await observe(world.engine), { mode: "apply" });
    const nodes = world.cloud.things.get("ng-1");
    if (nodes) nodes.attrs.labels = { a: "1" };
    world.cloud.calls.length = 0;
    const result = await execute(world.engine, planned, { onFailure: "auto", heart: "cluster" });
    expect(result.outcome).toBe("done");
    expect(changing(world.cloud)).toEqual([]);
  });

  it("finds what somebody has made meanwhile", async () => {
    const world = rig(createCloud());
    const planned = plan(world.engine, clusterGraph(), await observe(world.engine), { mode: "create" });
    await run(world, clusterGraph(), { mode: "create" });
    world.cloud.calls.length = 0;
    expect((await execute(world.engine, planned, { onFailure: "auto", heart: "cluster" })).outcome).toBe("done");
    expect(changing(world.cloud)).toEqual([]);
  });

  it("is not stretched to what shows late and is not wanted: that is listed, and goes with the next run", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const file = clusterGraph({ labels: { a: "1" } });
    const late = { ref: "lt-late", kind: "ec2.launch-template", id: "launch-template/late", owner: "us" } as const;
    const visibleAt = world.engine.clock.now() + 12_000;
    world.cloud.things.set("lt-late", { ...late, readyAt: 0, visibleAt, attrs: {}, uses: [] });
    const first = await run(world, file, { prune: true });
    expect(first).toMatchObject({ outcome: "failed", failures: [], leftovers: [{ ref: "lt-late" }] });
    expect(await run(world, file, { prune: true })).toMatchObject({ outcome: "done", leftovers: [] });
    expect(world.cloud.things.has("lt-late")).toBe(false);
  });

  it("is not carried out at all when something in it is refused", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    world.cloud.calls.length = 0;
    const file = clusterGraph({ cidr: "10.1.0.0/16", labels: { a: "1" } });
    expect(await verbs(world, file)).toEqual(["refuse vpc", "update nodegroup/ng-1"]);
    await expect(run(world, file)).rejects.toThrow("a VPC keeps its CIDR");
    expect(changing(world.cloud)).toEqual([]);
  });
});
