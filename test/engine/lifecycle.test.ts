import { describe, expect, it } from "vitest";
import { Graph } from "../../src/engine/graph.ts";
import { execute, observe, plan } from "../../src/engine/index.ts";
import { type Cloud, changing, createCloud, same, toyKind } from "./toy-cloud.ts";
import {
  type ClusterFile,
  type Rig,
  clusterGraph,
  destroy,
  problems,
  rig,
  run,
  started,
  verbs,
} from "./toy-cluster.ts";

/** A cluster that was made from this file, with nothing recorded yet. */
async function made(file: ClusterFile = {}): Promise<Rig> {
  const world = rig(createCloud());
  expect(problems(await run(world, clusterGraph(file)))).toEqual([]);
  world.events.length = 0;
  world.cloud.calls.length = 0;
  return world;
}

const onlyOne = toyKind("ec2.only", { named: true, onlyOne: true, aspects: { url: same("url", "replace") } });

function withOnly(url: string, name = "only"): Graph<Cloud> {
  const graph = new Graph<Cloud>();
  graph.add(onlyOne, { id: "only", name, spec: { url }, deps: {} });
  return graph;
}

const thing = ({ cloud }: Rig, id: string) => [...cloud.things.values()].find((one) => one.id === id);

describe("create", () => {
  it("makes everything, and a second run changes nothing", async () => {
    const world = rig(createCloud());
    const file = clusterGraph({ endpoint: "private" });
    const result = await run(world, file, { mode: "create" });
    expect(problems(result)).toEqual([]);
    expect(result.outcome).toBe("done");
    expect([...result.live.keys()].toSorted()).toEqual([...file.nodes.keys()].toSorted());
    expect(started(world.events).at(-1)).toBe("update cluster:endpoint");
    world.cloud.calls.length = 0;
    expect(await verbs(world, file)).toEqual([]);
    expect((await run(world, file, { mode: "create" })).outcome).toBe("done");
    expect((await run(world, file, { mode: "apply" })).outcome).toBe("done");
    expect(changing(world.cloud)).toEqual([]);
  });

  it("sends every request as soon as its own predecessors allow it", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const sent = (step: string) =>
      world.cloud.calls.find(({ operation, of }) => `${operation} ${of}` === step)?.at ?? NaN;
    const at = (step: string) => (sent(step) - sent("create vpc")) / 1000;
    expect(sent("create template/ng-1")).toBe(world.cloud.calls[0]?.at);
    expect(at("create cluster")).toBe(0);
    expect(at("create nat")).toBe(0);
    expect(at("create nodegroup/ng-1")).toBe(540);
    expect(at("create addon/coredns")).toBe(540);
  });

  it.each([false, true])(
    "makes nothing twice that a run made right before it was killed (named: %s)",
    async (named) => {
      const kind = toyKind("ec2.thing", { visibleAfter: 3, named });
      const world = rig(createCloud(), [kind]);
      const graph = new Graph<Cloud>();
      graph.add(kind, { id: "thing", name: "thing", spec: {}, deps: {} });
      await kind.create({ id: "thing", name: "thing", token: "", spec: {}, deps: {} }, world.cloud);
      const result = await run(world, graph);
      expect(problems(result)).toEqual([]);
      expect(result.outcome).toBe("done");
      expect(world.cloud.things.size).toBe(1);
    },
  );

  it("shows one step for a creation and its wait, and judges health when that is due", async () => {
    const world = rig(createCloud());
    const result = await run(world, clusterGraph());
    const dns = result.steps.find(({ step }) => step === "create addon/coredns");
    const nodes = result.steps.find(({ step }) => step === "create nodegroup/ng-1");
    expect(dns?.startedAt).toBe(nodes?.startedAt);
    expect(dns?.finishedAt).toBeGreaterThanOrEqual(nodes?.finishedAt ?? Infinity);
    expect(started(world.events).filter((step) => step.includes("coredns"))).toEqual(["create addon/coredns"]);
  });

  it("does not wait for health that nothing will bring", async () => {
    const world = rig(createCloud());
    const result = await run(world, clusterGraph({ nodes: [] }));
    expect(result.outcome).toBe("done");
    expect(result.deferred.map(({ id }) => id)).toEqual(["addon/coredns"]);
    expect(result.seconds).toBeLessThan(620);
    expect(await verbs(world, clusterGraph({ nodes: [] }))).toEqual(["deferred addon/coredns"]);
    const again = plan(world.engine, clusterGraph({ nodes: [] }), await observe(world.engine), { mode: "apply" });
    expect(again.changes).toBe(false);
  });

  it("uses a given VPC and never deletes it", async () => {
    const world = rig(createCloud());
    const given = {
      ref: "vpc-given",
      kind: "ec2.vpc",
      id: "",
      owner: "foreign",
      readyAt: 0,
      visibleAt: 0,
      uses: [],
    } as const;
    world.cloud.things.set("vpc-given", { ...given, attrs: { arn: "arn:vpc-given" } });
    expect(problems(await run(world, clusterGraph({ vpc: "vpc-given" })))).toEqual([]);
    expect(changing(world.cloud)).not.toContain("create vpc");
    expect(problems(await destroy(world))).toEqual([]);
    expect([...world.cloud.things.keys()]).toEqual(["vpc-given"]);
  });

  it("says at once when a given thing does not exist", async () => {
    const world = rig(createCloud());
    await expect(run(world, clusterGraph({ vpc: "vpc-none" }))).rejects.toThrow("vpc vpc-none does not exist");
    expect(changing(world.cloud)).toEqual([]);
  });

  it("completes what its one call cannot make, also after a kill in between", async () => {
    const world = await made();
    const role = thing(world, "role/node");
    if (role) delete role.attrs.policies;
    const labelled = clusterGraph({ labels: { team: "a" } });
    const planned = plan(world.engine, labelled, await observe(world.engine), { mode: "create" });
    expect(planned.items.filter(({ verb }) => verb === "update")).toMatchObject([
      { id: "role/node", listedOnly: false },
      { id: "nodegroup/ng-1", listedOnly: true, changes: [{ aspect: "labels", listedOnly: true }] },
    ]);
    expect((await run(world, labelled, { mode: "create" })).outcome).toBe("done");
    expect(changing(world.cloud)).toEqual(["update:policies role/node"]);
  });

  it("ends the values of birth, also after a kill in between, and no other ones", async () => {
    const world = await made({ endpoint: "private" });
    const control = thing(world, "cluster");
    if (control) control.attrs.endpoint = "public";
    expect((await run(world, clusterGraph({ endpoint: "private" }), { mode: "create" })).outcome).toBe("done");
    expect(changing(world.cloud)).toEqual(["update:endpoint cluster"]);
    world.cloud.calls.length = 0;
    if (control) control.attrs.endpoint = "by hand";
    expect((await run(world, clusterGraph({ endpoint: "private" }), { mode: "create" })).outcome).toBe("done");
    expect(changing(world.cloud)).toEqual([]);
  });
});

describe("apply", () => {
  it("brings in differences and keeps what others wrote", async () => {
    const world = await made();
    const nodes = thing(world, "nodegroup/ng-1");
    if (nodes) nodes.attrs.labels = { foreign: "x" };
    const file = clusterGraph({ labels: { mine: "1" } });
    const planned = plan(world.engine, file, await observe(world.engine, file), { mode: "apply" });
    expect(planned.items.find(({ verb }) => verb === "update")).toMatchObject({
      id: "nodegroup/ng-1",
      kept: ["labels: foreign"],
      interrupts: false,
      changes: [{ aspect: "labels", from: {}, to: { mine: "1" }, group: "config" }],
    });
    expect(problems(await run(world, file))).toEqual([]);
    expect(nodes?.attrs.labels).toEqual({ foreign: "x", mine: "1" });
    expect(await verbs(world, file)).toEqual([]);
  });

  it("knows that an update will give others something new", async () => {
    const world = await made();
    const file = clusterGraph({ disk: 100 });
    const planned = plan(world.engine, file, await observe(world.engine), { mode: "apply" });
    expect(planned.items.filter(({ verb }) => verb === "update")).toMatchObject([
      { id: "template/ng-1", changes: [{ aspect: "disk", from: 80, to: 100 }] },
      {
        id: "nodegroup/ng-1",
        interrupts: true,
        changes: [{ aspect: "template", to: "(known after apply)", group: "roll" }],
      },
    ]);
    expect(problems(await run(world, file))).toEqual([]);
    expect(started(world.events)).toEqual(["update template/ng-1:version", "update nodegroup/ng-1:roll"]);
    expect(await verbs(world, file)).toEqual([]);
  });

  it("replaces: the old one goes when the new one is ready, after its work has moved", async () => {
    const world = await made();
    expect(problems(await run(world, clusterGraph({ type: "m8" })))).toEqual([]);
    expect(started(world.events)).toEqual(["replace nodegroup/ng-1", "retire nodegroup/ng-1", "delete nodegroup/ng-1"]);
    expect(thing(world, "nodegroup/ng-1")?.ref).toMatch(/^ng-1-[0-9a-f]{6}$/);
    expect(await verbs(world, clusterGraph({ type: "m8" }))).toEqual([]);
  });

  it("takes what it replaces away first where there can be only one", async () => {
    const world = rig(createCloud(), [onlyOne]);
    await run(world, withOnly("one"));
    world.events.length = 0;
    world.cloud.calls.length = 0;
    expect(problems(await run(world, withOnly("other")))).toEqual([]);
    expect(started(world.events)).toEqual(["replace only"]);
    expect(changing(world.cloud)).toEqual(["delete only", "create only"]);
    expect(thing(world, "only")).toMatchObject({ ref: "only", attrs: { url: "other" } });
    expect(await verbs(world, withOnly("other"))).toEqual([]);
  });

  it("takes nothing away for a successor whose name somebody else's has", async () => {
    const world = rig(createCloud(), [onlyOne]);
    await run(world, withOnly("one"));
    const theirs = { ref: "theirs", kind: "ec2.only", id: "", owner: "foreign", readyAt: 0, visibleAt: 0 } as const;
    world.cloud.things.set("theirs", { ...theirs, attrs: {}, uses: [] });
    world.cloud.calls.length = 0;
    expect(await verbs(world, withOnly("other", "theirs"))).toEqual(["conflict only"]);
    await expect(run(world, withOnly("other", "theirs"))).rejects.toThrow("theirs exists and is not ours");
    expect(changing(world.cloud)).toEqual([]);
    expect(thing(world, "only")).toMatchObject({ attrs: { url: "one" } });
  });

  it("makes what can be only one, when it was killed after it had taken the old one away", async () => {
    const world = rig(createCloud(), [onlyOne]);
    await run(world, withOnly("one"));
    world.cloud.fault = ({ operation }) => (operation === "create" ? { before: "silence" } : undefined);
    void run(world, withOnly("other"));
    await world.cloud.clock.sleep(3_600_000);
    expect(world.cloud.things.size).toBe(0);
    world.cloud.fault = () => undefined;
    expect(problems(await run(world, withOnly("other")))).toEqual([]);
    expect(thing(world, "only")).toMatchObject({ attrs: { url: "other" } });
  });

  it("ends a replacement that was killed when both exist", async () => {
    const world = await made();
    world.cloud.fault = ({ operation }) => (operation === "retire" ? { before: "silence" } : undefined);
    void run(world, clusterGraph({ type: "m8" }));
    await world.cloud.clock.sleep(3_600_000);
    const nodegroups = () => [...world.cloud.things.values()].filter(({ kind }) => kind === "eks.nodegroup");
    expect(nodegroups()).toHaveLength(2);
    world.cloud.fault = () => undefined;
    world.cloud.calls.length = 0;
    expect(problems(await run(world, clusterGraph({ type: "m8" })))).toEqual([]);
    expect(changing(world.cloud)).toEqual(["retire ng-1", "delete ng-1"]);
    expect(nodegroups()).toHaveLength(1);
  });

  it("says before it begins what a lost role will cost", async () => {
    const world = await made();
    const role = thing(world, "role/node");
    if (role) world.cloud.things.delete(role.ref);
    expect(await verbs(world, clusterGraph())).toEqual([
      "create role/node",
      "replace nodegroup/ng-1",
      "delete nodegroup/ng-1",
    ]);
    expect(await verbs(world, clusterGraph(), { mode: "create" })).toEqual([
      "create role/node",
      "replace nodegroup/ng-1",
    ]);
    expect((await run(world, clusterGraph(), { mode: "create" })).outcome).toBe("done");
    expect(changing(world.cloud).filter((call) => call.includes("ng-1"))).toEqual([]);
  });

  it("does several minors as one graph each, and only the rest of them after a stop", async () => {
    const world = await made({ version: "1.31" });
    const upgrade = async () => {
      await observe(world.engine);
      const now = Number(String(thing(world, "cluster")?.attrs.version).split(".")[1]);
      for (let minor = now; minor <= 34; minor++) await run(world, clusterGraph({ version: `1.${minor}` }));
    };
    const stop = new AbortController();
    const impatient = { ...world, engine: { ...world.engine, interrupt: stop.signal } };
    void world.cloud.clock.sleep(700_000).then(() => stop.abort());
    await run(impatient, clusterGraph({ version: "1.32" }));
    const second = await run(impatient, clusterGraph({ version: "1.33" }));
    expect(second.outcome).toBe("interrupted");
    await world.cloud.clock.sleep(3_600_000);
    await upgrade();
    expect(thing(world, "cluster")?.attrs.version).toBe("1.34");
    expect(changing(world.cloud)).toEqual(Array(3).fill("update:version cluster"));
  });

  it("takes a failed update for a failure, in AWS's words", async () => {
    const world = await made();
    const nodes = thing(world, "nodegroup/ng-1");
    if (nodes) nodes.attrs.failUpdates = true;
    const result = await run(world, clusterGraph({ disk: 100 }));
    expect(problems(result)).toEqual([
      "update nodegroup/ng-1:roll: nodegroup ng-1: update roll: failed: PodEvictionFailure",
    ]);
  });

  it("takes an aspect that did not move for a failure, whatever the status says", async () => {
    const world = await made();
    const nodes = thing(world, "nodegroup/ng-1");
    if (nodes) Object.defineProperty(nodes.attrs, "labels", { get: () => ({}), set: () => {}, enumerable: true });
    const result = await run(world, clusterGraph({ labels: { a: "1" } }));
    expect(problems(result)).toEqual([
      'update nodegroup/ng-1:config: nodegroup/ng-1 is unchanged after the update: labels is {}, wanted {"a":"1"}',
    ]);
  });

  it("waits for what is pending, and compares then", async () => {
    const world = await made();
    const nodes = thing(world, "nodegroup/ng-1");
    if (nodes) nodes.busyUntil = world.cloud.clock.now() + 300_000;
    const file = clusterGraph({ labels: { a: "1" } });
    expect(await verbs(world, file)).toEqual(["wait nodegroup/ng-1"]);
    expect(problems(await run(world, file))).toEqual([]);
    expect(started(world.events)).toEqual(["wait nodegroup/ng-1", "update nodegroup/ng-1:config"]);
  });

  it("waits until what is being deleted has gone, and makes it again", async () => {
    const world = await made();
    const nodes = thing(world, "nodegroup/ng-1");
    if (nodes) nodes.goneAt = world.cloud.clock.now() + 100_000;
    expect(await verbs(world, clusterGraph())).toEqual(["create nodegroup/ng-1"]);
    const result = await run(world, clusterGraph());
    expect(problems(result)).toEqual([]);
    expect(result.seconds).toBeGreaterThan(250);
    expect(await verbs(world, clusterGraph())).toEqual([]);
  });

  it("lists what is no longer wanted, and deletes it when asked to", async () => {
    const world = await made({ nodes: ["ng-1", "ng-2"] });
    const file = clusterGraph({ nodes: ["ng-1"] });
    expect(await verbs(world, file)).toEqual(["orphan template/ng-2", "orphan nodegroup/ng-2"]);
    const listed = plan(world.engine, file, await observe(world.engine), { mode: "apply" });
    expect(listed.changes).toBe(false);
    await execute(world.engine, listed, { onFailure: "auto" });
    expect(changing(world.cloud)).toEqual([]);
    expect(problems(await run(world, file, { prune: true }))).toEqual([]);
    expect(changing(world.cloud)).toEqual(["retire ng-2", "delete ng-2", "delete demo-ng-2"]);
    expect(await verbs(world, file)).toEqual([]);
  });

  it("repairs what failed before it came up", async () => {
    const world = await made();
    const nodes = thing(world, "nodegroup/ng-1");
    if (nodes) nodes.failure = "AsgInstanceLaunchFailures";
    const planned = plan(world.engine, clusterGraph(), await observe(world.engine), { mode: "create" });
    expect(planned.items.find(({ verb }) => verb === "repair")).toMatchObject({
      id: "nodegroup/ng-1",
      reason: "failed: AsgInstanceLaunchFailures",
    });
    expect(problems(await run(world, clusterGraph(), { mode: "create" }))).toEqual([]);
    expect(changing(world.cloud)).toEqual(["delete ng-1", "create nodegroup/ng-1"]);
    expect(started(world.events)).toEqual(["repair nodegroup/ng-1"]);
  });

  it("never touches what is unhealthy and otherwise as wanted", async () => {
    const world = await made();
    const nodes = thing(world, "nodegroup/ng-1");
    if (nodes) nodes.illness = "Ec2SubnetInvalidConfiguration";
    const planned = plan(world.engine, clusterGraph(), await observe(world.engine), { mode: "apply" });
    expect(planned.changes).toBe(false);
    expect(planned.items.find(({ id }) => id === "nodegroup/ng-1")).toMatchObject({
      verb: "keep",
      reason: "degraded: Ec2SubnetInvalidConfiguration",
    });
  });
});
