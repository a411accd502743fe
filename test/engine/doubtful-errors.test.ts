import { describe, expect, it } from "vitest";
import { RefusedError } from "../../src/errors.ts";
import { always, everything, failing, lost, owned } from "./faults.ts";
import { ToyError, changing, createCloud, toyKind } from "./toy-cloud.ts";
import { clusterGraph, destroy, kinds, problems, rig, run, verbs } from "./toy-cluster.ts";

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
    expect(problems(result)).toEqual(["create cluster: cluster arn:demo exists and is not ours"]);
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
    other.cloud.fault = failing("create", "vpc", missing, always);
    expect(problems(await run(other, clusterGraph(), { onFailure: "keep" }))).toEqual([
      "create vpc: InvalidVpcID.NotFound",
    ]);
  });

  it("is tried once more as another request: not found, where nothing new is named and so a token's thing is gone", async () => {
    const missing = { before: new ToyError("InvalidRouteTableID.NotFound", "not-found") };
    const world = rig(createCloud());
    world.cloud.fault = failing("create", "vpc", missing);
    expect(problems(await run(world, clusterGraph()))).toEqual([]);
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
