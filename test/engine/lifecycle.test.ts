import { describe, expect, it } from "vitest";
import { changing, createCloud } from "./toy-cloud.ts";
import { type ClusterFile, clusterGraph, destroy, kinds, problems, rig, run, started, verbs } from "./toy-cluster.ts";

const made = async (file: ClusterFile = {}) => {
  const world = rig(createCloud());
  expect(problems(await run(world, clusterGraph(file)))).toEqual([]);
  world.events.length = 0;
  world.cloud.calls.length = 0;
  return world;
};

describe("create", () => {
  it("makes everything, and a second run changes nothing", async () => {
    const world = rig(createCloud());
    const result = await run(world, clusterGraph({ endpoint: "private" }));
    expect(problems(result)).toEqual([]);
    expect(result.outcome).toBe("done");
    expect([...result.live.keys()].toSorted()).toEqual([...clusterGraph().nodes.keys()].toSorted());
    expect(started(world.events).at(-1)).toBe("update cluster:endpoint");
    world.cloud.calls.length = 0;
    expect(await verbs(world, clusterGraph({ endpoint: "private" }))).toEqual([]);
    expect((await run(world, clusterGraph({ endpoint: "private" }), { mode: "create" })).outcome).toBe("done");
    expect(changing(world.cloud)).toEqual([]);
    void kinds;
  });

  it("deletes without a file", async () => {
    const world = await made();
    const result = await destroy(world);
    expect(problems(result)).toEqual([]);
    expect([...world.cloud.things.keys()]).toEqual([]);
    expect(result.outcome).toBe("done");
  });
});
