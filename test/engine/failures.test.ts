import { describe, expect, it } from "vitest";
import { StillWorkingError } from "../../src/errors.ts";
import type { EngineEvent } from "../../src/engine/events.ts";
import { always, denied, everything, failing, owned } from "./faults.ts";
import { createCloud } from "./toy-cloud.ts";
import { clusterGraph, kinds, problems, rig, run, verbs } from "./toy-cluster.ts";

describe("a failure", () => {
  it.each([...clusterGraph().nodes.keys()])(
    "of %s skips only what depends on it, and the next run ends it right",
    async (id) => {
      const world = rig(createCloud());
      world.cloud.fault = failing("create", id, denied, always);
      const result = await run(world, clusterGraph(), { mode: "create", onFailure: "keep" });
      expect(result.outcome).toBe("failed");
      expect(problems(result)).toEqual([`create ${id}: AccessDenied: you may not`]);
      const skipped = result.skipped.map((step) => step.id);
      expect(result.skipped.every(({ because }) => because === `create ${id} failed`)).toBe(true);
      expect([...owned(world), id, ...skipped.filter((one) => !owned(world).includes(one))].toSorted()).toEqual(
        everything,
      );
      expect([...result.live.keys()].toSorted()).toEqual(owned(world));

      world.cloud.fault = () => undefined;
      expect(problems(await run(world, clusterGraph(), { mode: "create" }))).toEqual([]);
      expect(owned(world)).toEqual(everything);
      expect(await verbs(world, clusterGraph())).toEqual([]);
    },
  );

  it("is reported first where it is the cause", async () => {
    const world = rig(createCloud());
    const faults = [failing("create", "addon/vpc-cni", denied), failing("create", "nat", denied)];
    world.cloud.fault = (call) => faults.map((fault) => fault(call)).find(Boolean);
    const result = await run(world, clusterGraph(), { onFailure: "keep" });
    expect(result.failures.map(({ id }) => id)).toEqual(["nat", "addon/vpc-cni"]);
    expect(result.skipped.map(({ id }) => id)).toContain("nodegroup/ng-1");
  });

  it("ends early, with AWS's own words, when a thing will never come up", async () => {
    const world = rig(createCloud());
    world.cloud.fault = (call) => {
      const control = world.cloud.things.get("demo");
      if (call.operation === "read" && control) {
        control.failure = "InsufficientCapacity in us-east-1e";
        control.readyAt = Math.min(control.readyAt, call.at + 1000);
      }
      return undefined;
    };
    const result = await run(world, clusterGraph(), { onFailure: "keep" });
    expect(problems(result)).toEqual(["create cluster: cluster demo: failed: InsufficientCapacity in us-east-1e"]);
    const failed = world.events.find((event) => event.type === "step-failed");
    expect(failed).toMatchObject({ step: "create cluster" });
    expect((failed?.type === "step-failed" && failed.seconds) || 0).toBeLessThan(120);
  });

  it("of the control plane is rolled back to nothing, earlier unfinished runs included", async () => {
    const world = rig(createCloud());
    world.cloud.fault = failing("create", "cluster", denied, always);
    await run(world, clusterGraph({ nodes: [] }), { onFailure: "keep" });
    const earlier = owned(world);
    expect(earlier).toContain("nat");
    const result = await run(world, clusterGraph(), { mode: "create" });
    expect(result.outcome).toBe("failed");
    expect(owned(world)).toEqual([]);
    expect(result.rolledBack.map(({ id }) => id).toSorted()).toEqual([...earlier, "template/ng-1"].toSorted());
    expect(result.leftovers).toEqual([]);
    expect(world.events.filter(({ type }) => type === "rollback-started")).toHaveLength(1);
    expect([...result.live.keys()]).toEqual([]);
  });

  it("of a nodegroup keeps the cluster, and only its own attempt goes when asked to roll back", async () => {
    const world = rig(createCloud());
    expect(problems(await run(world, clusterGraph({ nodes: [] })))).toEqual([]);
    const before = owned(world);
    world.cloud.fault = failing("create", "nodegroup/ng-1", denied, always);
    const kept = await run(world, clusterGraph(), { mode: "create" });
    expect(kept.rolledBack).toEqual([]);
    expect(owned(world)).toEqual([...before, "template/ng-1"].toSorted());
    const again = rig(world.cloud);
    world.cloud.things.delete("demo-ng-1");
    const back = await run(again, clusterGraph(), { mode: "create", onFailure: "rollback" });
    expect(back.rolledBack.map(({ id }) => id)).toEqual(["template/ng-1"]);
    expect(owned(world)).toEqual(before);
  });

  it("of a nodegroup in a fresh create is kept, and with rollback all goes", async () => {
    const world = rig(createCloud());
    world.cloud.fault = failing("create", "nodegroup/ng-1", denied, always);
    expect((await run(world, clusterGraph(), { mode: "create" })).rolledBack).toEqual([]);
    expect(owned(world)).toContain("cluster");
    const other = rig(createCloud());
    other.cloud.fault = failing("create", "nodegroup/ng-1", denied, always);
    await run(other, clusterGraph(), { mode: "create", onFailure: "rollback" });
    expect(owned(other)).toEqual([]);
  });

  it("never makes a living cluster that is at work on an update fall to a rollback", async () => {
    const world = rig(createCloud());
    expect(problems(await run(world, clusterGraph({ nodes: [] })))).toEqual([]);
    const control = world.cloud.things.get("demo");
    if (control) control.busyUntil = world.cloud.clock.now() + 60_000;
    world.cloud.fault = failing("create", "nodegroup/ng-1", denied, always);
    await run(world, clusterGraph(), { mode: "create", onFailure: "rollback" });
    expect(owned(world)).toContain("cluster");
    expect(owned(world)).not.toContain("template/ng-1");
  });

  it("of a control plane that was begun by an earlier run is rolled back too", async () => {
    const world = rig(createCloud());
    const stop = new AbortController();
    const impatient = rig(world.cloud, kinds, { interrupt: stop.signal });
    void world.cloud.clock.sleep(200_000).then(() => stop.abort());
    expect((await run(impatient, clusterGraph(), { mode: "create" })).outcome).toBe("interrupted");
    const control = world.cloud.things.get("demo");
    if (control) control.failure = "InternalFailure";
    const result = await run(world, clusterGraph(), { mode: "create" });
    expect(problems(result)).toEqual(["wait cluster: cluster demo: failed: InternalFailure"]);
    expect(owned(world)).toEqual([]);
  });
});

describe("a wait that passes its limit", () => {
  it("is no failure: AWS is still working, and nothing is rolled back", async () => {
    const world = rig(createCloud());
    const result = await run(world, clusterGraph(), { mode: "create", timeout: 200 });
    expect(result.outcome).toBe("still-working");
    expect(result.failures.every(({ error }) => error instanceof StillWorkingError)).toBe(true);
    expect(result.rolledBack).toEqual([]);
    expect(result.seconds).toBe(200);
    expect(await verbs(world, clusterGraph(), { mode: "create" })).toContain("wait cluster");
    expect((await run(world, clusterGraph(), { mode: "create" })).outcome).toBe("done");
    expect(owned(world)).toEqual(everything);
  });

  it("is a failure where nobody is at work: unhealthy is unhealthy", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph({ nodes: [] }));
    const shortly = { mode: "create" } as const;
    world.cloud.fault = ({ operation }) => {
      const dns = world.cloud.things.get("coredns");
      if (operation === "create" && dns) dns.illness = "no memory";
      return undefined;
    };
    const result = await run(world, clusterGraph(), shortly);
    expect(problems(result)).toEqual(["wait addon/coredns: addon coredns: degraded: no memory"]);
    expect(result.outcome).toBe("failed");
  });
});

describe("events", () => {
  it("start and end every visible step once", async () => {
    const world = rig(createCloud());
    world.cloud.fault = failing("create", "nodegroup/ng-1", denied, always);
    await run(world, clusterGraph({ endpoint: "private" }), { onFailure: "rollback" });
    const steps = (type: EngineEvent["type"]) =>
      world.events.flatMap((event) => (event.type === type && "step" in event ? [event.step] : []));
    const ended = [...steps("step-finished"), ...steps("step-failed"), ...steps("step-skipped")];
    expect(new Set(ended).size).toBe(ended.length);
    expect(steps("step-started").filter((step) => !ended.includes(step))).toEqual([]);
    expect(steps("step-skipped")).toEqual(expect.arrayContaining(["create addon/coredns", "update cluster:endpoint"]));
  });
});
