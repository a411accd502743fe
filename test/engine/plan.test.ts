import { describe, expect, it } from "vitest";
import { Graph } from "../../src/engine/graph.ts";
import { deletionCycle, execute, observe, plan, planDelete } from "../../src/engine/index.ts";
import { UnobservableError } from "../../src/engine/kind.ts";
import { type Cloud, type ToyKind, changing, createCloud, same, toyKind } from "./toy-cloud.ts";
import { clusterGraph, destroy, kinds, problems, rig, run, verbs } from "./toy-cluster.ts";

const notOurs = { id: "", readyAt: 0, visibleAt: 0, uses: [] } as const;

describe("a plan", () => {
  it("expects the longest chain of times, not their sum", async () => {
    const world = rig(createCloud());
    const create = plan(world.engine, clusterGraph(), await observe(world.engine), { mode: "create" });
    expect(create.expectSeconds).toBe(540 + 150);
    expect(create.items.reduce((sum, { expectSeconds }) => sum + expectSeconds, 0)).toBe(540 + 150 + 120 + 80);
    await run(world, clusterGraph());
    const nothing = plan(world.engine, clusterGraph(), await observe(world.engine), { mode: "apply" });
    expect(nothing).toMatchObject({ changes: false, expectSeconds: 0 });
    expect(planDelete(world.engine, await observe(world.engine)).expectSeconds).toBe(180 + 180);
  });

  it("does not count on what goes with something that is being deleted", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const cluster = [...world.cloud.things.values()].find(({ id }) => id === "cluster");
    if (cluster) cluster.goneAt = world.cloud.clock.now() + 100_000;
    const planned = await verbs(world, clusterGraph());
    expect(planned).toContain("create cluster");
    expect(planned).toContain("create addon/vpc-cni");
  });

  it("sends no changing request", async () => {
    const world = rig(createCloud());
    plan(world.engine, clusterGraph(), await observe(world.engine, clusterGraph()), { mode: "create" });
    expect(changing(world.cloud)).toEqual([]);
  });

  it("is plain data in its items", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const { items } = plan(world.engine, clusterGraph({ disk: 100, type: "m8" }), await observe(world.engine), {
      mode: "apply",
    });
    expect(JSON.parse(JSON.stringify(items))).toEqual(items);
  });

  it("has the same fingerprint for the same, and another one for anything else", async () => {
    const world = rig(createCloud());
    const print = async (file = clusterGraph()) =>
      plan(world.engine, file, await observe(world.engine, file), { mode: "apply" }).fingerprint;
    const empty = await print();
    expect(await print()).toBe(empty);
    expect(await print(clusterGraph({ nodes: ["other"] }))).not.toBe(empty);
    await run(world, clusterGraph());
    const made = await print();
    expect(made).not.toBe(empty);
    expect(await print(clusterGraph({ labels: { a: "1" } }))).not.toBe(made);
    const nodes = world.cloud.things.get("ng-1");
    if (nodes) nodes.attrs.type = "m6";
    expect(await print()).not.toBe(made);
  });

  it("sees a conflict by name, and never touches it", async () => {
    const world = rig(createCloud());
    world.cloud.things.set("demo", {
      ...notOurs,
      ref: "demo",
      kind: "eks.cluster",
      owner: "foreign",
      attrs: { arn: "arn:theirs" },
    });
    const file = clusterGraph();
    const planned = plan(world.engine, file, await observe(world.engine, file), { mode: "create" });
    expect(planned.items.find(({ id }) => id === "cluster")).toMatchObject({
      verb: "conflict",
      reason: "arn:theirs exists and is not ours",
    });
    await expect(execute(world.engine, planned, { onFailure: "auto" })).rejects.toThrow(
      "arn:theirs exists and is not ours",
    );
    expect(changing(world.cloud)).toEqual([]);
  });

  it("uses and updates what is shared, and does not create or delete it", async () => {
    const world = rig(createCloud());
    world.cloud.things.set("vpc-cni", {
      ...notOurs,
      ref: "vpc-cni",
      kind: "eks.addon",
      owner: "shared",
      attrs: { arn: "arn:vpc-cni", revision: 1, version: "0" },
    });
    const file = clusterGraph();
    const { items } = plan(world.engine, file, await observe(world.engine, file), { mode: "apply" });
    expect(items.find(({ id }) => id === "addon/vpc-cni")).toMatchObject({ verb: "update", owner: "shared" });
    expect(problems(await run(world, file))).toEqual([]);
    expect(changing(world.cloud)).toContain("update:config addon/vpc-cni");
    expect(changing(world.cloud)).not.toContain("create addon/vpc-cni");
    await destroy(world);
    expect([...world.cloud.things.keys()]).toEqual(["vpc-cni"]);
  });

  it("compares a cluster that is not ours by names, and cannot be carried out", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    for (const thing of world.cloud.things.values()) Object.assign(thing, { owner: "foreign", id: "" });
    world.cloud.calls.length = 0;
    const same = clusterGraph();
    const options = { mode: "apply", readOnlyForeign: true } as const;
    const nothing = plan(world.engine, same, await observe(world.engine, same), options);
    expect(nothing.items.map(({ verb, id }) => `${verb} ${id}`)).toEqual([
      "keep cluster",
      "keep addon/vpc-cni",
      "keep template/ng-1",
      "keep nodegroup/ng-1",
      "keep addon/coredns",
    ]);
    expect(nothing.changes).toBe(false);
    const file = clusterGraph({ version: "1.35", nodes: ["ng-1", "ng-2"] });
    const different = plan(world.engine, file, await observe(world.engine, file), options);
    expect(different.changes).toBe(true);
    expect(different.items.filter(({ verb }) => verb !== "keep")).toMatchObject([
      { verb: "update", id: "cluster", listedOnly: true },
      { verb: "create", id: "template/ng-2", listedOnly: true },
      { verb: "create", id: "nodegroup/ng-2", listedOnly: true },
    ]);
    await expect(execute(world.engine, different, { onFailure: "auto" })).rejects.toThrow("not ours");
    expect(changing(world.cloud)).toEqual([]);
  });

  it("defers what cannot be seen from here, and nothing hangs", async () => {
    const hidden: ToyKind = {
      ...toyKind("kube.config-map"),
      list: async (cloud) => {
        if (cloud.things.size > 0) throw new UnobservableError("the endpoint is private");
        return [];
      },
    };
    const registry = [...kinds, hidden];
    const file = () => {
      const graph = clusterGraph();
      graph.add(hidden, {
        id: "aws-auth",
        name: "aws-auth",
        spec: {},
        deps: {},
        after: [{ on: { id: "cluster" }, until: "ready" }],
      });
      return graph;
    };
    const world = rig(createCloud(), registry);
    const first = await run(world, file());
    expect(problems(first)).toEqual([]);
    expect(first.deferred.map(({ id, because }) => [id, because])).toEqual([["aws-auth", "the endpoint is private"]]);
    expect(await verbs(world, file())).toEqual(["deferred aws-auth"]);
    const second = await run(world, file());
    expect(second.outcome).toBe("done");
    expect(second.deferred.map(({ id }) => id)).toEqual(["aws-auth"]);
  });

  it("fails when something cannot be asked", async () => {
    const blind: ToyKind = { ...toyKind("ec2.vpc"), list: () => Promise.reject(new Error("UnauthorizedOperation")) };
    const world = rig(createCloud(), [...kinds.filter(({ name }) => name !== blind.name), blind]);
    await expect(observe(world.engine)).rejects.toThrow("UnauthorizedOperation");
  });

  it("never waits for itself", async () => {
    const thing = toyKind("ec2.thing");
    const graph = new Graph<Cloud>();
    const first = graph.add(thing, {
      id: "first",
      name: "first",
      spec: {},
      deps: {},
      healthyAfter: [{ id: "second" }],
    });
    graph.add(thing, { id: "second", name: "second", spec: {}, deps: {}, after: [{ on: first, until: "ready" }] });
    const world = rig(createCloud(), [thing]);
    const observation = await observe(world.engine);
    expect(() => plan(world.engine, graph, observation, { mode: "apply" })).toThrow("steps wait for each other");
  });

  it("gives handles to parts and to what the file knows", async () => {
    const group = toyKind("ec2.group", { aspects: { source: same("source", "replace") } });
    const user = toyKind("ec2.user", {
      aspects: {
        of: {
          want: (_spec, deps) => (deps.group as { arn: string }).arn,
          have: (attrs) => attrs.of,
          change: () => "x",
        },
      },
    });
    const graph = new Graph<Cloud>();
    const given = graph.given("given", { arn: "arn:given", revision: 1 });
    graph.add(group, { id: "group", name: "group", spec: {}, deps: { given } });
    graph.add(user, { id: "user", name: "user", spec: { of: "arn:given" }, deps: { group: given } });
    const world = rig(createCloud(), [group, user]);
    expect(problems(await run(world, graph))).toEqual([]);
    expect(await verbs(world, graph)).toEqual([]);
  });

  it("takes the place of what was made before, unless it is that very thing", async () => {
    const group = toyKind("ec2.group");
    const world = rig(createCloud(), [group]);
    const made = new Graph<Cloud>();
    made.add(group, { id: "group", name: "group", spec: {}, deps: {} });
    expect(problems(await run(world, made))).toEqual([]);
    const [live] = await group.list(world.cloud);
    const arn = (live?.attrs as { arn: string } | undefined)?.arn;
    const given = (arn: unknown) => {
      const graph = new Graph<Cloud>();
      graph.given("group", { arn });
      return graph;
    };
    expect(await verbs(world, given("arn:other"))).toEqual(["orphan group"]);
    expect(await verbs(world, given(arn))).toEqual([]);
  });
});

describe("the order of deletion", () => {
  it("has no cycle, or says which", () => {
    expect(deletionCycle(rig(createCloud()).engine.kinds)).toBeUndefined();
    const a = toyKind("ec2.a", { deletedBefore: ["ec2.b"] });
    const b = toyKind("ec2.b", { deletedBefore: ["ec2.c"] });
    const c = toyKind("ec2.c", { deletedBefore: ["ec2.a"] });
    expect(deletionCycle(rig(createCloud(), [a, b, c]).engine.kinds)).toEqual(["ec2.a", "ec2.b", "ec2.c", "ec2.a"]);
  });
});

describe("client tokens", () => {
  it("are the same for the same request of another run, where no name keeps a second one from being made", async () => {
    const world = rig(createCloud());
    await run(world, clusterGraph());
    const tokenOfVpc = () => world.cloud.tokens[changing(world.cloud).indexOf("create vpc")];
    const first = tokenOfVpc();
    world.cloud.things.clear();
    world.cloud.tokens.length = 0;
    world.cloud.calls.length = 0;
    await world.cloud.clock.sleep(1000);
    await run(world, clusterGraph());
    expect(tokenOfVpc()).toBe(first);
    expect(new Set(world.cloud.tokens).size).toBe(world.cloud.tokens.length);
    expect(world.cloud.tokens.every((token) => /^[0-9a-f]{64}$/.test(token))).toBe(true);
  });
});
