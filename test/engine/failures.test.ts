import { describe, expect, it } from "vitest";
import { RefusedError, StillWorkingError } from "../../src/errors.ts";
import type { EngineEvent } from "../../src/engine/events.ts";
import { execute, observe, plan, planRemoval } from "../../src/engine/index.ts";
import { type Call, type Fault, ToyError, changing, createCloud, toyKind } from "./toy-cloud.ts";
import { clusterGraph, destroy, kinds, problems, rig, run, verbs } from "./toy-cluster.ts";

/** Fails the first `times` calls of this operation on this thing. */
function failing(operation: string, of: string, fault: Fault, times = 1): (call: Call) => Fault {
  let left = times;
  return (call) => (call.operation === operation && call.of === of && left-- > 0 ? fault : undefined);
}
const always = Infinity;
const denied = { before: new ToyError("AccessDenied: you may not") };
const lost = { after: new ToyError("ECONNRESET", "ambiguous") };

const owned = (world: ReturnType<typeof rig>) => [...world.cloud.things.values()].map(({ id }) => id).toSorted();
const everything = [...clusterGraph().nodes.keys()].toSorted();

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

describe("an error that need not be believed", () => {
  it.each([...clusterGraph().nodes.keys()])("is not: the answer to creating %s was lost", async (id) => {
    const world = rig(createCloud());
    world.cloud.fault = failing("create", id, lost);
    expect(problems(await run(world, clusterGraph()))).toEqual([]);
    expect(changing(world.cloud).filter((call) => call === `create ${id}`)).toHaveLength(1);
    expect(owned(world)).toEqual(everything);
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: "note", text: expect.stringContaining("ECONNRESET") }),
    );
  });

  it("is not, either, where the name has been used before: the answer to a repair was lost", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const nodes = world.cloud.things.get("ng-1");
    if (nodes) nodes.failure = "AsgInstanceLaunchFailures";
    world.cloud.fault = failing("create", "nodegroup/ng-1", lost);
    expect(problems(await run(world, clusterGraph()))).toEqual([]);
    expect(owned(world)).toEqual(everything);
  });

  it("is looked into for as long as reads may lag behind", async () => {
    const slow = toyKind("ec2.vpc", { visibleAfter: 12 });
    const registry = kinds.map((kind) => (kind.name === slow.name ? slow : kind));
    const world = rig(createCloud(), registry);
    const graph = () => clusterGraph({}, { vpc: slow });
    world.cloud.fault = failing("create", "vpc", lost);
    expect(problems(await run(world, graph()))).toEqual([]);
    expect(owned(world)).toEqual(everything);
  });

  it("is believed when nothing is there", async () => {
    const world = rig(createCloud());
    world.cloud.fault = failing("create", "vpc", { before: new ToyError("socket hang up", "ambiguous") });
    const result = await run(world, clusterGraph(), { onFailure: "keep" });
    expect(problems(result)).toEqual(["create vpc: socket hang up"]);
    expect(changing(world.cloud).filter((call) => call === "create vpc")).toHaveLength(1);
  });

  it("is a conflict when what is there is not ours", async () => {
    const world = rig(createCloud());
    const foreign = {
      ref: "demo",
      kind: "eks.cluster",
      id: "",
      owner: "foreign",
      readyAt: 0,
      visibleAt: 0,
      uses: [],
    } as const;
    world.cloud.fault = (call) => {
      if (call.operation !== "create" || call.of !== "cluster") return undefined;
      world.cloud.things.set("demo", { ...foreign, attrs: { arn: "arn:demo" } });
      return { before: new ToyError("ResourceInUse: demo", "busy") };
    };
    const result = await run(world, clusterGraph(), { onFailure: "keep" });
    expect(problems(result)).toEqual(["create cluster: cluster demo exists and is not ours"]);
    expect(result.failures[0]?.error).toBeInstanceOf(RefusedError);
  });

  it("passes: a role that is not known everywhere yet", async () => {
    const world = rig(createCloud());
    world.cloud.fault = failing(
      "create",
      "cluster",
      { before: new ToyError("role cannot be assumed", "propagation") },
      4,
    );
    expect(problems(await run(world, clusterGraph()))).toEqual([]);
    world.cloud.fault = () => undefined;
    const never = rig(createCloud());
    never.cloud.fault = failing(
      "create",
      "cluster",
      { before: new ToyError("role cannot be assumed", "propagation") },
      always,
    );
    const result = await run(never, clusterGraph(), { onFailure: "keep" });
    expect(problems(result)).toEqual(["create cluster: role cannot be assumed"]);
    const failed = never.events.find((event) => event.type === "step-failed");
    expect((failed?.type === "step-failed" && failed.seconds) || 0).toBeGreaterThanOrEqual(120);
  });

  it("passes: not found, where this run made what the call names", async () => {
    const missing = { before: new ToyError("InvalidVpcID.NotFound", "not-found") };
    const world = rig(createCloud());
    world.cloud.fault = failing("create", "subnet/a", missing, 3);
    expect(problems(await run(world, clusterGraph()))).toEqual([]);
    const other = rig(createCloud());
    other.cloud.fault = failing("create", "vpc", missing);
    expect(problems(await run(other, clusterGraph(), { onFailure: "keep" }))).toEqual([
      "create vpc: InvalidVpcID.NotFound",
    ]);
  });

  it("passes: AWS is busy with something else", async () => {
    const world = rig(createCloud());
    world.cloud.fault = failing("create", "addon/vpc-cni", { before: new ToyError("cluster is UPDATING", "busy") }, 20);
    expect(problems(await run(world, clusterGraph()))).toEqual([]);
  });

  it("passes: reads fail for a while", async () => {
    const world = rig(createCloud());
    let failed = 0;
    world.cloud.fault = ({ operation, of }) =>
      operation === "read" && of === "demo" && ++failed > 2 && failed < 12
        ? { before: new ToyError("ServiceUnavailable", "transient") }
        : undefined;
    expect(problems(await run(world, clusterGraph()))).toEqual([]);
  });

  it("does not pass: nobody knows what it means", async () => {
    const world = rig(createCloud());
    let reads = 0;
    world.cloud.fault = ({ operation, of }) =>
      operation === "read" && of === "demo" && ++reads > 2 ? { before: new ToyError("AccessDenied") } : undefined;
    const result = await run(world, clusterGraph(), { onFailure: "keep" });
    expect(problems(result)).toEqual(["create cluster: AccessDenied"]);
  });

  it("is not: the answer to an update was lost", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    world.cloud.calls.length = 0;
    world.cloud.fault = failing("update:config", "nodegroup/ng-1", lost);
    const file = clusterGraph({ labels: { a: "1" } });
    expect(problems(await run(world, file))).toEqual([]);
    expect(changing(world.cloud)).toEqual(["update:config nodegroup/ng-1"]);
    expect(await verbs(world, file)).toEqual([]);
  });

  it("is not: the answer to a deletion was lost", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    world.cloud.fault = failing("delete", "demo", lost);
    expect(problems(await destroy(world))).toEqual([]);
    expect(owned(world)).toEqual([]);
  });
});

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
