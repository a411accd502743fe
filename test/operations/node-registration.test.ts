import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contextOf } from "../../src/operations/session.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";

const region = "us-west-2";
const file = (nodegroup: string, more = "") => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
${more}
nodeGroups: [{ name: web, instanceType: m5.large, minSize: 1, maxSize: 5, ${nodegroup} }]`;
const before = "labels: { tier: web, old: x }, taints: [{ key: dedicated, value: web, effect: PreferNoSchedule }]";
const after = "labels: { tier: api, new: y }, taints: [{ key: dedicated, value: api, effect: PreferNoSchedule }]";

const node = { apiVersion: "v1", kind: "Node" };
const isOurs = (key: string) => ["tier", "old", "new", "theirs"].includes(key);

describe("other labels and taints of self-managed nodes", () => {
  let base: Account;
  beforeAll(async () => {
    base = await openTestAccount();
    expect(failuresOf(await base.create(file(`desiredCapacity: 2, ${before}`)))).toEqual([]);
  }, 60_000);
  afterAll(() => base.close());

  const apiOf = async (account: Account) => {
    const api = await (await contextOf(account.session(region), "demo")).kubernetes();
    if (!api) throw new Error("the cluster is not up");
    return api;
  };
  const nodesOf = async (account: Account) =>
    (await (await apiOf(account)).list(node)).map(({ metadata, spec }) => ({
      name: metadata.name,
      uid: metadata.uid,
      labels: Object.fromEntries(Object.entries(metadata.labels ?? {}).filter(([key]) => isOurs(key))),
      taints: (spec as { taints?: object[] }).taints,
    }));

  it("reach live nodes and coming ones, and none is replaced", async () => {
    const account = closing(await base.fork());
    const [one] = await nodesOf(account);
    expect(one).toMatchObject({
      labels: { tier: "web", old: "x" },
      taints: [{ key: "dedicated", value: "web", effect: "PreferNoSchedule" }],
    });
    const theirs = {
      metadata: { labels: { theirs: "1" } },
      spec: { taints: [...(one?.taints ?? []), { key: "t", effect: "NoExecute" }] },
    };
    await (await apiOf(account)).merge({ ...node, name: one?.name ?? "" }, theirs);

    const edited = file(`desiredCapacity: 2, ${after}`);
    const { items } = await account.plan(edited);
    expect(items.filter(({ verb }) => verb !== "keep").map(({ id, interrupts }) => [id, interrupts])).toEqual([
      ["launch-template/web", false],
      ["nodegroup/web", false],
    ]);
    expect(failuresOf(await account.apply(edited))).toEqual([]);
    const told = {
      labels: { tier: "api", new: "y" },
      taints: [{ key: "dedicated", value: "api", effect: "PreferNoSchedule" }],
    };
    const nodes = await nodesOf(account);
    expect(nodes.map(({ uid }) => uid).toSorted()).toEqual((await nodesOf(base)).map(({ uid }) => uid).toSorted());
    expect(nodes.find(({ name }) => name === one?.name)).toMatchObject({
      labels: { ...told.labels, theirs: "1" },
      taints: expect.arrayContaining([...told.taints, { key: "t", effect: "NoExecute" }]) as unknown,
    });
    expect(nodes.find(({ name }) => name !== one?.name)).toMatchObject(told);
    expect((await account.plan(edited)).changes).toBe(false);

    const grown = file(`desiredCapacity: 3, ${after}`);
    expect(failuresOf(await account.apply(grown))).toEqual([]);
    await account.rest();
    const all = await nodesOf(account);
    expect(all).toHaveLength(3);
    for (const each of all) expect(each).toMatchObject({ labels: told.labels });
    expect(all.flatMap(({ labels }) => Object.keys(labels))).not.toContain("old");
  });

  it("bring other nodes where more than they changed in what nodes boot with", async () => {
    const account = closing(await base.fork());
    const edited = file(`desiredCapacity: 2, ${after}, preBootstrapCommands: [date]`);
    expect(failuresOf(await account.apply(edited))).toEqual([]);
    await account.rest();
    const names = (await nodesOf(base)).map(({ uid }) => uid);
    const nodes = await nodesOf(account);
    expect(nodes).toHaveLength(2);
    for (const { uid, labels } of nodes) {
      expect(names).not.toContain(uid);
      expect(labels).toEqual({ tier: "api", new: "y" });
    }
    expect((await account.plan(edited)).changes).toBe(false);
  });

  it("reach coming nodes where the Kubernetes API is out of reach, and what remains to do is said", async () => {
    const account = closing(await openTestAccount());
    const closed = "vpc: { clusterEndpoints: { publicAccess: false, privateAccess: true } }";
    expect(failuresOf(await account.create(file(`desiredCapacity: 1, ${before}`, closed)))).toEqual([]);
    const edited = file(`desiredCapacity: 1, ${after}`, closed);
    const { result } = await account.apply(edited);
    expect(result.failures).toEqual([]);
    expect(result.deferred).toMatchObject([
      {
        id: "nodegroup/web",
        because: expect.stringContaining("live nodes keep their labels and taints") as string,
        commands: [
          "kubectl label nodes --selector=alpha.eksctl.io/nodegroup-name=web --overwrite tier=api new=y",
          "kubectl taint nodes --selector=alpha.eksctl.io/nodegroup-name=web --overwrite dedicated=api:PreferNoSchedule",
        ],
      },
    ]);
    expect((await account.plan(edited)).changes).toBe(false);
  });
});
