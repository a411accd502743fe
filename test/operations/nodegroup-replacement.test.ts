import { SuspendProcessesCommand } from "@aws-sdk/client-auto-scaling";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contextOf } from "../../src/operations/session.ts";
import { listNodegroups } from "../../src/operations/inventory.ts";
import { proposeScale } from "../../src/operations/scale.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";

const region = "us-west-2";
const file = (nodegroup: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
managedNodeGroups: [{ name: web, desiredCapacity: 2, minSize: 1, maxSize: 5, ${nodegroup} }]`;
const onDemand = file("instanceTypes: [m5.large, m5a.large]");
const spot = file("instanceTypes: [m5.large, m5a.large], spot: true");

const pdb = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "shop", namespace: "default" },
  spec: { maxUnavailable: 0, selector: { matchLabels: { app: "shop" } } },
};
const shopOn = (nodeSelector: object) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "shop", namespace: "default" },
  spec: {
    replicas: 4,
    selector: { matchLabels: { app: "shop" } },
    template: {
      metadata: { labels: { app: "shop" } },
      spec: { nodeSelector, containers: [{ name: "shop", image: "shop" }] },
    },
  },
});
const shop = shopOn({});

describe("a nodegroup is replaced", () => {
  let base: Account;
  beforeAll(async () => {
    base = await openTestAccount();
    await base.create(onDemand);
    base.changes();
  }, 60_000);
  afterAll(() => base.close());

  const nodegroupsOf = async (account: Account) =>
    (await listNodegroups(account.session(region), "demo")).map((each) => ({
      arn: each.arn.split("/").at(-2),
      name: each.name,
      size: each.desiredCapacity,
      type: each.capacityType,
    }));
  const apiOf = async (account: Account) => {
    const api = await (await contextOf(account.session(region), "demo")).kubernetes();
    if (!api) throw new Error("the cluster is not up");
    return api;
  };

  it("as the plan shows, and asks", async () => {
    const proposal = await base.plan(spot);
    const items = proposal.items.filter(({ kind, verb }) => kind === "eks.nodegroup" && verb !== "keep");
    expect(items.map(({ verb, ref, interrupts }) => [verb, ref, interrupts])).toEqual([
      ["replace", "web", true],
      ["delete", "web", true],
    ]);
  });

  it("by a successor of the live size, which is there before the old one goes", async () => {
    const account = closing(await base.fork());
    const scaled = await proposeScale(account.session(region), "demo", [{ nodegroup: "web", desired: 3 }], {
      wait: true,
    });
    await scaled.run({ onFailure: "keep" });
    account.changes();
    const api = await apiOf(account);
    await api.apply(shop);
    await account.sandbox.clock.sleep(10_000);
    const before = account.sandbox.journal.length;

    const done = await account.apply(spot);
    expect(failuresOf(done)).toEqual([]);
    const journal = account.sandbox.journal.slice(before);
    const steps = journal
      .filter(({ changes, outcome }) => changes && outcome === "ok")
      .map(({ operation }) => operation)
      .filter((operation) => /Nodegroup$|^patch nodes$|eviction/.test(operation));
    expect([...new Set(steps)]).toEqual(["CreateNodegroup", "patch nodes", "create pods/eviction", "DeleteNodegroup"]);
    const [group, ...others] = await nodegroupsOf(account);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ name: "web", size: 3, type: "SPOT" });
    expect(group?.arn).toMatch(/^web-[0-9a-f]{6}$/);
    const pods = await api.list({ apiVersion: "v1", kind: "Pod" }, { labelSelector: "app=shop" });
    expect(pods.filter(({ status }) => (status as { phase: string }).phase === "Running")).toHaveLength(4);
    expect((await account.plan(spot)).changes).toBe(false);
  });

  it("and goes by its name in the file from then on", async () => {
    const account = closing(await base.fork());
    await account.apply(spot);
    const session = account.session(region);
    const scaled = await proposeScale(session, "demo", [{ nodegroup: "web", desired: 1 }], { wait: true });
    await scaled.run({ onFailure: "keep" });
    expect(await nodegroupsOf(account)).toMatchObject([{ name: "web", size: 1 }]);
    // And back again.
    await account.apply(onDemand);
    expect(await nodegroupsOf(account)).toMatchObject([{ name: "web", size: 1, type: "ON_DEMAND" }]);
    await account.delete("demo", region);
  });

  it("not where a disruption budget keeps its pods: what is left is named", { timeout: 240_000 }, async () => {
    const account = closing(await base.fork());
    const api = await apiOf(account);
    await api.apply(shop);
    await api.apply(pdb);
    await account.sandbox.clock.sleep(20_000);
    const done = await account.apply(spot);
    expect(failuresOf(done)).toMatchObject([
      expect.stringMatching(/pods are left; a disruption budget keeps default\/shop-/),
    ]);
    expect((await nodegroupsOf(account)).map(({ type }) => type)).toEqual(["ON_DEMAND", "SPOT"]);
    await api.delete({ ...pdb, ...pdb.metadata });
    expect(failuresOf(await account.apply(spot))).toEqual([]);
    expect(await nodegroupsOf(account)).toMatchObject([{ name: "web", type: "SPOT" }]);
  });

  it("without a drain where the API cannot be reached, and says so", async () => {
    const account = closing(await base.fork());
    account.sandbox.faults([{ service: "kubernetes", effect: "reset" }]);
    const done = await account.apply(spot);
    expect(failuresOf(done)).toEqual([]);
    const notes = account.events.flatMap((event) => (event.type === "note" ? [event.text] : []));
    expect(notes).toContainEqual(expect.stringMatching(/web goes without being drained: the Kubernetes API cannot/));
    expect(await nodegroupsOf(account)).toMatchObject([{ name: "web", type: "SPOT" }]);
  });
});

describe("self-managed nodes", () => {
  const selfManaged = (more: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
availabilityZones: [us-west-2a, us-west-2b]
vpc: { nat: { gateway: Disable } }
nodeGroups:
  - { name: other, desiredCapacity: 1, instanceType: m5.large }
  - { name: web, desiredCapacity: 2, minSize: 1, maxSize: 5, instanceType: m5.large${more} }`;
  const smaller = selfManaged(", volumeSize: 80");
  const larger = selfManaged(", volumeSize: 120");

  let base: Account;
  beforeAll(async () => {
    base = await openTestAccount();
    await base.create(smaller);
    base.changes();
  }, 60_000);
  afterAll(() => base.close());

  const groupOf = ({ sandbox }: Account) => {
    const { autoscaling, ec2 } = sandbox.world.region(region);
    const group = Object.values(autoscaling.groups).find(({ name }) => name.includes("-web-"));
    const nodes = group?.instances.map(({ id }) => id).filter((id) => ec2.instances[id]?.state === "running") ?? [];
    return { group, nodes, subnets: group?.subnetIds };
  };
  const apiOf = async (account: Account) => {
    const api = await (await contextOf(account.session(region), "demo")).kubernetes();
    if (!api) throw new Error("the cluster is not up");
    return api;
  };

  it("are replaced one after the other in their group, at the size and in the subnets that it has, as the plan shows", async () => {
    const account = closing(await base.fork());
    const scaled = await proposeScale(account.session(region), "demo", [{ nodegroup: "web", desired: 3 }], {
      wait: true,
    });
    await scaled.run({ onFailure: "keep" });
    const before = groupOf(account);
    expect(before.nodes).toHaveLength(3);

    const proposal = await account.plan(larger);
    const item = proposal.items.find(({ id }) => id === "nodegroup/web");
    expect(item).toMatchObject({ verb: "update", interrupts: true, kept: ["desiredCapacity: 3 (scaled)"] });
    let fewest = 3;
    account.sandbox.onRequest(() => (fewest = Math.min(fewest, groupOf(account).nodes.length)));
    expect(failuresOf(await proposal.run({ onFailure: "auto" }))).toEqual([]);
    const after = groupOf(account);
    expect(after).toMatchObject({ group: { name: before.group?.name, desired: 3 }, subnets: before.subnets });
    expect(after.nodes).toHaveLength(3);
    expect(after.nodes.filter((node) => before.nodes.includes(node))).toEqual([]);
    expect(fewest).toBeGreaterThanOrEqual(2);
    expect((await account.plan(larger)).changes).toBe(false);
  });

  it("are drained before they go, and go on where a run was cut short", async () => {
    const account = closing(await base.fork());
    const api = await apiOf(account);
    const before = groupOf(account);
    await api.apply(shopOn({ "alpha.eksctl.io/nodegroup-name": "web" }));
    await api.apply(pdb);
    await account.sandbox.clock.sleep(20_000);
    expect(failuresOf(await account.apply(larger))).toMatchObject([
      expect.stringMatching(/pods are left; a disruption budget keeps default\/shop-/),
    ]);
    const left = groupOf(account).nodes;
    expect(left).toHaveLength(2);
    expect(left.filter((node) => before.nodes.includes(node)).length).toBeGreaterThan(0);
    const again = await account.plan(larger);
    expect(again.items.find(({ id }) => id === "nodegroup/web")).toMatchObject({ verb: "update", interrupts: true });

    await api.delete({ ...pdb, ...pdb.metadata });
    const from = account.sandbox.journal.length;
    expect(failuresOf(await account.apply(larger))).toEqual([]);
    const after = groupOf(account).nodes;
    expect(after).toHaveLength(2);
    expect(after.filter((node) => before.nodes.includes(node))).toEqual([]);
    const steps = account.sandbox.journal
      .slice(from)
      .filter(({ changes, outcome }) => changes && outcome === "ok")
      .map(({ operation }) => operation);
    expect(steps.indexOf("create pods/eviction")).toBeLessThan(steps.indexOf("TerminateInstanceInAutoScalingGroup"));
    expect((await account.plan(larger)).changes).toBe(false);
  });

  it("go without a drain where the Kubernetes API cannot be reached", async () => {
    const account = closing(await base.fork());
    const before = groupOf(account).nodes;
    account.sandbox.faults([{ service: "kubernetes", effect: "reset" }]);
    expect(failuresOf(await account.apply(larger))).toEqual([]);
    const after = groupOf(account).nodes;
    expect(after).toHaveLength(2);
    expect(after.filter((node) => before.includes(node))).toEqual([]);
  });

  it("are kept where nothing follows the first one, until there is room again", async () => {
    const account = closing(await base.fork());
    const before = groupOf(account).nodes;
    account.sandbox.scenario({ shortages: [{ instanceType: "m5.large" }] });
    expect(failuresOf(await account.apply(larger))).toEqual([
      expect.stringContaining("1 new of 2 nodes are not ready after 20 minutes: the others are kept"),
    ]);
    expect(groupOf(account).nodes).toEqual([before.at(1)]);
    account.sandbox.scenario({});
    expect(failuresOf(await account.apply(larger))).toEqual([]);
    expect(groupOf(account).nodes).toHaveLength(2);
    expect(groupOf(account).nodes).not.toContain(before.at(1));
  });

  it("are not replaced where nobody would follow them", async () => {
    const account = closing(await base.fork());
    const { group, nodes } = groupOf(account);
    await account
      .session(region)
      .clients.autoscaling.send(
        new SuspendProcessesCommand({ AutoScalingGroupName: group?.name, ScalingProcesses: ["Launch"] }),
      );
    expect(failuresOf(await account.apply(larger))).toEqual([
      expect.stringContaining("the group's process Launch is suspended"),
    ]);
    expect(groupOf(account).nodes).toEqual(nodes);
  });

  it(
    "are drained before their group is deleted, and what a disruption budget keeps is named",
    { timeout: 240_000 },
    async () => {
      const account = closing(await base.fork());
      const api = await apiOf(account);
      await api.apply(shopOn({ "alpha.eksctl.io/nodegroup-name": "web" }));
      await api.apply(pdb);
      await account.sandbox.clock.sleep(20_000);
      const without = smaller.replace(/^.*name: web.*$/m, "");
      expect(failuresOf(await account.apply(without, { prune: true }))).toMatchObject([
        expect.stringMatching(/pods are left; a disruption budget keeps default\/shop-/),
      ]);
      expect(groupOf(account).nodes).toHaveLength(2);
      await api.delete({ ...pdb, ...pdb.metadata });
      const from = account.sandbox.journal.length;
      expect(failuresOf(await account.apply(without, { prune: true }))).toEqual([]);
      const steps = account.sandbox.journal
        .slice(from)
        .filter(({ changes, outcome }) => changes && outcome === "ok")
        .map(({ operation }) => operation)
        .filter((operation) => /^DeleteStack$|^patch nodes$|eviction/.test(operation));
      expect([...new Set(steps)].slice(-2)).toEqual(["create pods/eviction", "DeleteStack"]);
      expect(groupOf(account)).toMatchObject({ group: undefined, nodes: [] });
    },
  );
});
