import { describe, expect, it } from "vitest";
import { type Cloud, changing, createCloud } from "./toy-cloud.ts";
import { clusterGraph, destroy, kinds, problems, rig, run, verbs } from "./toy-cluster.ts";

const file = () => clusterGraph({ endpoint: "private" });

/** What exists, without what differs from run to run. */
function summary(cloud: Cloud): readonly string[] {
  return [...cloud.things.values()]
    .map(({ id, kind, owner, attrs }) => JSON.stringify([kind, id, owner, { ...attrs, arn: "", dependencies: "" }]))
    .toSorted();
}

/** The numbers of the calls that change something, and of those that come next. */
function moments({ calls }: Cloud): readonly number[] {
  const changes = calls.flatMap((call, index) => (call.changes ? [index + 1, index + 2] : []));
  return [...new Set(changes)].filter((n) => n < calls.length);
}

async function undisturbed(): Promise<{ readonly cloud: Cloud; readonly events: number }> {
  const world = rig(createCloud());
  expect(problems(await run(world, file(), { mode: "create" }))).toEqual([]);
  return { cloud: world.cloud, events: world.events.length };
}

/** Ends a run at its nth event, as the first Ctrl-C would. */
async function interruptedAt(n: number, onFailure: "auto" | "rollback") {
  const stop = new AbortController();
  const world = rig(createCloud());
  let events = 0;
  const engine = {
    ...world.engine,
    interrupt: stop.signal,
    emit: () => {
      if (++events === n) stop.abort();
    },
  };
  const result = await run({ ...world, engine }, file(), { mode: "create", onFailure });
  return { world, result };
}

describe("an interrupt", () => {
  it("at any event stops at once, and the next run ends as if nothing had been", async () => {
    const whole = await undisturbed();
    for (let n = 1; n < whole.events; n++) {
      const { world, result } = await interruptedAt(n, "auto");
      expect(["interrupted", "done"], `event ${n}`).toContain(result.outcome);
      expect(problems(result), `event ${n}`).toEqual([]);
      expect(result.rolledBack).toEqual([]);
      if (result.outcome === "interrupted") expect(result.skipped.length, `event ${n}`).toBeGreaterThan(0);
      expect(problems(await run(world, file(), { mode: "create" })), `event ${n}`).toEqual([]);
      expect(summary(world.cloud), `event ${n}`).toEqual(summary(whole.cloud));
      expect(await verbs(world, file()), `event ${n}`).toEqual([]);
    }
  });

  it("leaves waits at once and starts nothing more", async () => {
    const stop = new AbortController();
    const world = rig(createCloud(), kinds, { interrupt: stop.signal });
    void world.cloud.clock.sleep(100_000).then(() => stop.abort());
    const result = await run(world, file(), { mode: "create" });
    expect(result.outcome).toBe("interrupted");
    expect(result.seconds).toBe(100);
    const calls = changing(world.cloud).length;
    await world.cloud.clock.sleep(3_600_000);
    expect(changing(world.cloud)).toHaveLength(calls);
  });

  it("rolls back where that was asked for", async () => {
    const { world, result } = await interruptedAt(12, "rollback");
    expect(result.outcome).toBe("interrupted");
    expect(result.rolledBack.length).toBeGreaterThan(0);
    expect(summary(world.cloud)).toEqual([]);
  });
});

describe("a killed process", () => {
  it.each(["before", "after"] as const)(
    "leaves at any call, %s it is done, what the next run completes",
    async (moment) => {
      const whole = await undisturbed();
      for (const n of moments(whole.cloud)) {
        const world = rig(createCloud());
        let calls = 0;
        world.cloud.fault = () =>
          ++calls < n ? undefined : moment === "after" ? { after: "silence" } : { before: "silence" };
        void run(world, file(), { mode: "create" });
        await world.cloud.clock.sleep(n * 20_000);
        world.cloud.fault = () => undefined;
        expect(problems(await run(rig(world.cloud), file(), { mode: "create" })), `call ${n}`).toEqual([]);
        expect(summary(world.cloud), `call ${n}`).toEqual(summary(whole.cloud));
        expect(await verbs(rig(world.cloud), file()), `call ${n}`).toEqual([]);
      }
    },
  );

  it("leaves at any call of a deletion what the next one ends", async () => {
    const whole = await undisturbed();
    whole.cloud.calls.length = 0;
    await destroy(rig(whole.cloud));
    for (const n of moments(whole.cloud)) {
      const { cloud } = await undisturbed();
      let calls = 0;
      cloud.fault = () => (++calls < n ? undefined : { after: "silence" });
      void destroy(rig(cloud));
      await cloud.clock.sleep(30_000);
      cloud.fault = () => undefined;
      expect((await destroy(rig(cloud))).outcome, `call ${n}`).toBe("done");
      expect(summary(cloud), `call ${n}`).toEqual([]);
    }
  });
});
