import { describe, expect, it } from "vitest";
import { execute, observeWhole, planDelete } from "../../src/engine/index.ts";
import type { DerivedKind, Holder, Live } from "../../src/engine/kind.ts";
import { removalSteps } from "../../src/engine/removal.ts";
import { type Cloud, changing, createCloud, ToyError, toyKind } from "./toy-cloud.ts";
import { clusterGraph, kinds, problems, rig, run } from "./toy-cluster.ts";

type Toy = DerivedKind<unknown, Cloud>;

/** What a toy controller makes: it holds the subnets. */
function derivedKind(name: "elb.toy" | "ec2.node" | "ec2.disk", more: Partial<Toy> = {}): Toy {
  const { list: _, ...calls } = toyKind(name);
  return {
    ...(calls as unknown as Toy),
    madeFor: "eks.cluster",
    deletedBefore: ["ec2.subnet"],
    list: async (cloud) => {
      const refs = [...cloud.things.values()].filter(({ kind }) => kind === name).map(({ ref }) => ref);
      const lives = await Promise.all(refs.map((ref) => calls.read(ref, cloud)));
      return lives.flatMap((live): Live<unknown>[] => (live ? [live] : []));
    },
    ...more,
  };
}

const registry = kinds.map((kind) =>
  kind.name === "eks.cluster" ? { ...kind, deletedBefore: [...kind.deletedBefore, "elb.toy" as const] } : kind,
);
const balancer = derivedKind("elb.toy");
const node = derivedKind("ec2.node", { deletedBefore: ["eks.cluster", "ec2.subnet"] });
const disk = derivedKind("ec2.disk", { deletedBefore: [], holdsData: true });

async function worldWith(derived: readonly Toy[]) {
  const world = rig(createCloud(), registry, { derived });
  expect(problems(await run(world, clusterGraph()))).toEqual([]);
  world.cloud.calls.length = 0;
  return world;
}

function put(cloud: Cloud, kind: Toy, ref: string, uses: readonly string[] = []): void {
  const thing = { ref, kind: kind.name, id: "", owner: "derived" as const, readyAt: 0, visibleAt: 0, attrs: {}, uses };
  cloud.things.set(ref, thing);
}

const subnetOf = ({ things }: Cloud) => [...things.values()].find(({ kind }) => kind === "ec2.subnet")?.ref;

describe("what was made for a cluster", () => {
  it("is looked for only when the whole cluster goes, and goes between it and what it is made in", async () => {
    const world = await worldWith([balancer, node]);
    put(world.cloud, balancer, "lb-1", [`in ${subnetOf(world.cloud)}`]);
    put(world.cloud, node, "i-1", [`in ${subnetOf(world.cloud)}`]);
    const planned = planDelete(world.engine, await observeWhole(world.engine));
    expect(planned.items.filter(({ owner }) => owner === "derived").map(({ name }) => name)).toEqual(["lb-1", "i-1"]);
    expect(problems(await execute(world.engine, planned, { onFailure: "keep" }))).toEqual([]);
    const order = changing(world.cloud);
    expect(order.indexOf("delete i-1")).toBeLessThan(order.indexOf("delete demo"));
    expect(order.indexOf("delete demo")).toBeLessThan(order.indexOf("delete lb-1"));
    expect(order.indexOf("delete lb-1")).toBeLessThan(order.findIndex((call) => call.includes("ec2.subnet")));
    expect([...world.cloud.things.keys()]).toEqual([]);
  });

  it("goes although no plan has shown it: made while the cluster was being deleted", async () => {
    const world = await worldWith([balancer, node]);
    const planned = planDelete(world.engine, await observeWhole(world.engine));
    void world.cloud.clock.sleep(300_000).then(() => {
      put(world.cloud, balancer, "lb-1", [`in ${subnetOf(world.cloud)}`]);
      put(world.cloud, node, "i-1", [`in ${subnetOf(world.cloud)}`]);
    });
    const result = await execute(world.engine, planned, { onFailure: "keep" });
    expect(problems(result)).toEqual([]);
    expect(result.steps.map(({ name }) => name)).toEqual(expect.arrayContaining(["lb-1", "i-1"]));
    expect([...world.cloud.things.keys()]).toEqual([]);
  });

  it("is looked for again for as long as it may still appear", async () => {
    const late = derivedKind("elb.toy", { deletedLast: true, deletedBefore: [], appearsWithin: () => 120 });
    const world = await worldWith([late]);
    const planned = planDelete(world.engine, await observeWhole(world.engine));
    const end = () => world.events.find((event) => event.type === "step-finished" && event.step === "delete cluster");
    void (async () => {
      while (!end()) await world.cloud.clock.sleep(1000);
      await world.cloud.clock.sleep(100_000);
      put(world.cloud, late, "late-1");
    })();
    const result = await execute(world.engine, planned, { onFailure: "keep" });
    expect(problems(result)).toEqual([]);
    expect(changing(world.cloud).at(-1)).toBe("delete late-1");
    expect(result.seconds).toBeGreaterThan(180 + 180 + 100);
    expect(result.seconds).toBeLessThan(180 + 180 + 130);
  });

  it("stays, and is listed, when it holds data; unless it is to go", async () => {
    const world = await worldWith([disk]);
    put(world.cloud, disk, "disk-1");
    const planned = planDelete(world.engine, await observeWhole(world.engine));
    expect(planned.items.find(({ name }) => name === "disk-1")).toMatchObject({ verb: "keep", owner: "derived" });
    const result = await execute(world.engine, planned, { onFailure: "keep" });
    expect(result).toMatchObject({ outcome: "done", leftovers: [], kept: [{ ref: "disk-1" }] });
    const all = planDelete(world.engine, await observeWhole(world.engine), { withData: true });
    expect((await execute(world.engine, all, { onFailure: "keep" })).kept).toEqual([]);
    expect([...world.cloud.things.keys()]).toEqual([]);
  });

  it("that AWS protects keeps everything from being deleted", async () => {
    const world = await worldWith([
      derivedKind("elb.toy", {
        list: async () => [{ id: "", ref: "lb-1", owner: "derived", phase: "ready", attrs: {}, protection: "guarded" }],
      }),
    ]);
    const planned = planDelete(world.engine, await observeWhole(world.engine));
    await expect(execute(world.engine, planned, { onFailure: "keep" })).rejects.toThrow("guarded");
    expect(changing(world.cloud)).toEqual([]);
  });

  it("that cannot be deleted is left and named; the rest that does not need it goes", async () => {
    const world = await worldWith([balancer]);
    put(world.cloud, balancer, "lb-1");
    world.cloud.fault = ({ operation, of }) =>
      operation === "delete" && of === "lb-1" ? { before: new ToyError("OperationNotPermitted") } : undefined;
    const planned = planDelete(world.engine, await observeWhole(world.engine));
    const result = await execute(world.engine, planned, { onFailure: "keep" });
    expect(result.outcome).toBe("failed");
    expect(result.leftovers).toContainEqual(expect.objectContaining({ ref: "lb-1", because: "OperationNotPermitted" }));
    expect([...world.cloud.things.values()].some(({ kind }) => kind === "eks.cluster")).toBe(false);
  });
});

describe("what holds a thing", () => {
  type Look = () => Promise<readonly Holder[]>;
  const anInterface =
    (leaves: boolean): Look =>
    () =>
      Promise.resolve([{ name: "network interface eni-1", leaves }]);

  async function destroyHeld(look: Look, goneAfter?: number) {
    const holding = registry.map((kind) => (kind.name === "ec2.vpc" ? { ...kind, holders: look } : kind));
    const world = rig(createCloud(), holding);
    await run(world, clusterGraph());
    const vpc = [...world.cloud.things.values()].find(({ id }) => id === "vpc")?.ref;
    const eni = { ref: "eni-1", kind: "ec2.subnet", id: "", owner: "foreign", readyAt: 0, visibleAt: 0 } as const;
    const goneAt = goneAfter === undefined ? {} : { goneAt: world.cloud.clock.now() + goneAfter * 1000 };
    world.cloud.things.set("eni-1", { ...eni, ...goneAt, attrs: {}, uses: [`in ${vpc}`] });
    const planned = planDelete(world.engine, await observeWhole(world.engine));
    const result = await execute(world.engine, planned, { onFailure: "keep" });
    return { result, notes: world.events.flatMap((event) => (event.type === "note" ? [event.text] : [])) };
  }

  it("for good ends the wait soon, by name", async () => {
    const { result } = await destroyHeld(anInterface(false));
    expect(problems(result)).toEqual([expect.stringMatching(/DependencyViolation.*held by network interface eni-1/)]);
    expect(result.seconds).toBeLessThan(180 + 180 + 120);
  });

  it("and goes by itself is waited for", async () => {
    expect((await destroyHeld(anInterface(true), 900)).result.outcome).toBe("done");
  });

  it("and was to go is named when the limit has passed", async () => {
    const { result } = await destroyHeld(anInterface(true));
    expect(problems(result)).toEqual([expect.stringContaining("held by network interface eni-1")]);
  });

  it("and cannot be seen is told of once; AWS's own words have to do", async () => {
    const { result, notes } = await destroyHeld(() => Promise.reject(new ToyError("AccessDenied")));
    expect(problems(result)).toEqual([expect.stringMatching(/DependencyViolation: \S+ is used by eni-1$/)]);
    expect(notes).toEqual(["what keeps vpc ec2.vpc-1 from being deleted cannot be seen: AccessDenied"]);
  });
});

it("nothing waits for the second look that has to be over before the first", () => {
  const steps = removalSteps({
    kinds: registry,
    sweeps: [node, balancer],
    goes: [],
    stays: [],
    whole: true,
    retires: false,
  });
  expect(steps.map(({ key }) => key)).toEqual(["ec2.node sweep", "elb.toy sweep"]);
  expect(steps.find(({ key }) => key === "elb.toy sweep")?.needs).toEqual(["ec2.node sweep"]);
});
