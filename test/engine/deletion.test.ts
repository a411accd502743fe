import { describe, expect, it } from "vitest";
import { execute, observe, planRemoval } from "../../src/engine/index.ts";
import { owned } from "./faults.ts";
import { changing, createCloud } from "./toy-cloud.ts";
import { clusterGraph, destroy, kinds, problems, rig, run } from "./toy-cluster.ts";

describe("delete", () => {
  it("keeps to the order: nothing goes before what uses it, and the rest goes at once", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    world.cloud.calls.length = 0;
    expect((await destroy(world)).outcome).toBe("done");
    const order = changing(world.cloud);
    expect(order).not.toContain("delete coredns");
    expect(order.filter((call) => call.startsWith("retire"))).toEqual([]);
    expect(order.indexOf("delete ng-1")).toBeLessThan(order.indexOf("delete demo"));
    expect(order.findIndex((call) => call.includes("oidc"))).toBeLessThan(order.indexOf("delete demo"));
    expect(order.indexOf("delete demo")).toBeLessThan(order.findIndex((call) => call.includes("ec2.subnet")));
    expect(order.at(-1)).toContain("ec2.vpc");
  });

  it("tells by name who holds what cannot be deleted", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const [vpc] = [...world.cloud.things.values()].filter(({ id }) => id === "vpc");
    const foreign = { ref: "eni-1", kind: "ec2.subnet", id: "", owner: "foreign", readyAt: 0, visibleAt: 0 } as const;
    world.cloud.things.set("eni-1", { ...foreign, attrs: {}, uses: [`vpc ${vpc?.ref}`] });
    const result = await destroy(world);
    expect(result.outcome).toBe("failed");
    expect(result.leftovers).toEqual([
      expect.objectContaining({ id: "vpc", ref: vpc?.ref, because: expect.stringContaining("is used by eni-1") }),
    ]);
    expect([...result.live.keys()]).toEqual(["vpc"]);
    const tries = world.cloud.calls.filter(({ operation, of }) => operation === "delete" && of === vpc?.ref);
    expect(tries.length).toBeGreaterThan(10);
    world.cloud.things.delete("eni-1");
    expect((await destroy(world)).outcome).toBe("done");
    expect(owned(world)).toEqual([]);
  });

  it("waits out what lets go late", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const [vpc] = [...world.cloud.things.values()].filter(({ id }) => id === "vpc");
    const lingering = { ref: "eni-1", kind: "ec2.subnet", id: "", owner: "foreign", readyAt: 0, visibleAt: 0 } as const;
    const goneAt = world.cloud.clock.now() + 600_000;
    world.cloud.things.set("eni-1", { ...lingering, goneAt, attrs: {}, uses: [`vpc ${vpc?.ref}`] });
    expect((await destroy(world)).outcome).toBe("done");
  });

  it("leaves what is shared, and what somebody else has taken over", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const [role] = [...world.cloud.things.values()].filter(({ id }) => id === "role/node");
    if (role) role.owner = "shared";
    expect((await destroy(world)).outcome).toBe("done");
    expect(owned(world)).toEqual(["role/node"]);
  });

  it("leaves what somebody else has made anew under the same name", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const removal = planRemoval(world.engine, await observe(world.engine), () => true);
    const [old] = [...world.cloud.things.values()].filter(({ id }) => id === "role/node");
    if (!old) throw new Error("no node role");
    world.cloud.things.set(old.ref, { ...old, uid: "made anew" });
    const result = await execute(world.engine, removal, { onFailure: "keep" });
    expect(result.outcome).toBe("failed");
    expect(problems(result)).toEqual([expect.stringMatching(/made anew by somebody else/)]);
    expect(changing(world.cloud)).not.toContain(`delete ${old.ref}`);
    expect(owned(world)).toEqual(["role/node"]);
  });

  it("removes some things in an orderly way", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph({ nodes: ["ng-1", "ng-2"] }));
    world.cloud.calls.length = 0;
    const planned = planRemoval(world.engine, await observe(world.engine), ({ id }) => id.endsWith("/ng-2"));
    expect(planned.items.map(({ verb, id, interrupts }) => [verb, id, interrupts])).toEqual([
      ["delete", "template/ng-2", false],
      ["delete", "nodegroup/ng-2", true],
    ]);
    const result = await execute(world.engine, planned, { onFailure: "keep" });
    expect(result.outcome).toBe("done");
    expect(changing(world.cloud)).toEqual(["retire ng-2", "delete ng-2", "delete demo-ng-2"]);
    expect(result.live.has("nodegroup/ng-1")).toBe(true);
    expect(result.live.has("nodegroup/ng-2")).toBe(false);
  });

  it("goes on from what an interrupted deletion left", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const stop = new AbortController();
    const impatient = rig(world.cloud, kinds, { interrupt: stop.signal });
    void world.cloud.clock.sleep(200_000).then(() => stop.abort());
    const result = await destroy(impatient);
    expect(result.outcome).toBe("interrupted");
    expect(result.leftovers.map(({ id }) => id)).toContain("vpc");
    expect((await destroy(world)).outcome).toBe("done");
    expect(owned(world)).toEqual([]);
  });
});
