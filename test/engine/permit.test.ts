import { describe, expect, it } from "vitest";
import type { ChangingCall, Permit } from "../../src/engine/index.ts";
import { RefusedError } from "../../src/errors.ts";
import { type Cloud, ToyError, changing, createCloud } from "./toy-cloud.ts";
import { clusterGraph, destroy, kinds, problems, rig, run, verbs } from "./toy-cluster.ts";

const taken = new RefusedError("somebody else is at work now");
const endless = new AbortController().signal;

/** A permit that is refused from the nth time on that it is asked for. */
function permitFor(times: number): Permit & { readonly asked: readonly ChangingCall[] } {
  const asked: ChangingCall[] = [];
  return {
    asked,
    ended: endless,
    async ask(call) {
      asked.push(call);
      if (asked.length > times) throw taken;
    },
  };
}

/** The calls that changed something, as the engine names them. */
function operations(cloud: Cloud): readonly string[] {
  const plain: ReadonlySet<string> = new Set(["create", "retire", "delete"]);
  return changing(cloud)
    .map((call) => call.split(" ")[0] ?? "")
    .map((operation) => (plain.has(operation) ? operation : "update"));
}

describe("a permit", () => {
  it("is asked for before each changing call, and for what", async () => {
    const permit = permitFor(Infinity);
    const world = rig(createCloud(), kinds, { permit });
    await run(world, clusterGraph({ endpoint: "private" }));
    await run(world, clusterGraph({ endpoint: "private", version: "1.35", type: "m8" }));
    await destroy(world);
    expect(permit.asked.toSorted()).toEqual(operations(world.cloud).toSorted());
    expect(new Set(permit.asked)).toEqual(new Set(["create", "update", "retire", "delete"]));
  });

  it("that is refused stops the run before that call, whatever was to be done on failure; run again, it ends right", async () => {
    const whole = rig(createCloud());
    await run(whole, clusterGraph());
    const calls = operations(whole.cloud).length;
    for (let n = 0; n < calls; n++) {
      const world = rig(createCloud(), kinds, { permit: permitFor(n) });
      const result = await run(world, clusterGraph(), { onFailure: "rollback" });
      expect(result, `call ${n}`).toMatchObject({ outcome: "stopped", stoppedBy: taken, failures: [], rolledBack: [] });
      expect(operations(world.cloud), `call ${n}`).toHaveLength(n);
      expect(new Set(result.skipped.map(({ because }) => because))).toEqual(new Set([taken.message]));
      const free = rig(world.cloud);
      expect(problems(await run(free, clusterGraph())), `call ${n}`).toEqual([]);
      expect(await verbs(free, clusterGraph()), `call ${n}`).toEqual([]);
      expect(world.cloud.things.size).toBe(whole.cloud.things.size);
    }
  });

  it("that ends stops the run at once, while it waits too", async () => {
    const end = new AbortController();
    const world = rig(createCloud(), kinds, { permit: { ended: end.signal, ask: async () => undefined } });
    void world.cloud.clock.sleep(100_000).then(() => end.abort(taken));
    const result = await run(world, clusterGraph());
    expect(result).toMatchObject({ outcome: "stopped", stoppedBy: taken, seconds: 100 });
    const calls = operations(world.cloud).length;
    await world.cloud.clock.sleep(3_600_000);
    expect(operations(world.cloud)).toHaveLength(calls);
  });

  it("holds for the way back as well", async () => {
    const asked: ChangingCall[] = [];
    const permit: Permit = {
      ended: endless,
      async ask(call) {
        asked.push(call);
        if (call === "delete") throw taken;
      },
    };
    const world = rig(createCloud(), kinds, { permit });
    world.cloud.fault = ({ operation, of }) =>
      operation === "create" && of === "cluster" ? { before: new ToyError("no") } : undefined;
    const result = await run(world, clusterGraph(), { onFailure: "rollback" });
    expect(result.outcome).toBe("failed");
    expect(asked).toContain("delete");
    expect(operations(world.cloud)).not.toContain("delete");
    expect(result.leftovers.length).toBeGreaterThan(0);
    expect(result.leftovers.every(({ because }) => because === taken.message)).toBe(true);
  });

  it("is no answer when it cannot be asked for: that is the step's own failure", async () => {
    const broken = new TypeError("a defect");
    const permit: Permit = { ended: endless, ask: () => Promise.reject(broken) };
    const result = await run(rig(createCloud(), kinds, { permit }), clusterGraph(), { onFailure: "keep" });
    expect(result.outcome).toBe("failed");
    expect(result.failures[0]?.error).toBe(broken);
  });
});
