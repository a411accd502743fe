import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import { describe, expect, it } from "vitest";
import type { RunResult } from "../../src/engine/index.ts";
import type { Scenario } from "../../src/sandbox/scenario.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";
import { inventory } from "../support/campaign-inventory.ts";
import { contents, owned } from "../support/holdings.ts";

const region = "us-west-2";
const file = (nodegroups = "web", more = "") => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
iam: { withOIDC: true }
cloudWatch: { clusterLogging: { enableTypes: [api] } }
${more}
managedNodeGroups: [${nodegroups
  .split(" ")
  .map((name) => `{ name: ${name} }`)
  .join(", ")}]`;

type Failure = Scenario["failures"][number];
const noAddresses: Failure = {
  resource: "cluster",
  name: "demo",
  code: "InsufficientFreeAddresses",
  message: "Amazon EKS does not have enough free addresses in the subnets",
  times: 1,
};
const noCapacity: Failure = {
  resource: "nodegroup",
  name: "web",
  code: "AsgInstanceLaunchFailures",
  message: "Could not launch On-Demand Instances. InsufficientInstanceCapacity",
  times: 1,
};
const conflict: Failure = {
  resource: "addon",
  name: "kube-proxy",
  code: "ConfigurationConflict",
  message: "Conflicts found when trying to apply",
  times: 1,
};

async function accountWith(...failures: Failure[]): Promise<Account> {
  const account = closing(await openTestAccount());
  // Copies: the account counts in them how often they are still to happen.
  account.sandbox.scenario({ failures: failures.map((failure) => ({ ...failure })) });
  return account;
}

const undisturbed = new Map<string, Promise<unknown>>();

/** What an account holds after a create in which nothing went wrong. */
async function madeInPeace(text: string): Promise<unknown> {
  const account = await openTestAccount();
  expect(failuresOf(await account.create(text))).toEqual([]);
  await account.rest();
  await account.close();
  return inventory(account.sandbox.world.state);
}

async function expectUndisturbed(account: Account, text: string): Promise<void> {
  expect((await account.plan(text)).changes).toBe(false);
  await account.rest();
  if (!undisturbed.has(text)) undisturbed.set(text, madeInPeace(text));
  expect(inventory(account.sandbox.world.state)).toEqual(await undisturbed.get(text));
}

function skipped({ skipped: steps }: RunResult): readonly string[] {
  return steps.map(({ id }) => id);
}

function families(account: Account): readonly string[] {
  return [...new Set(owned(account.sandbox).map(({ family }) => family))].toSorted();
}

describe("a control plane that fails", () => {
  it("is rolled back to nothing owned, in AWS's own words", async () => {
    const account = await accountWith(noAddresses);
    const nothing = contents(account.sandbox);
    const finished = await account.create(file());
    expect(finished.result.outcome).toBe("failed");
    expect(failuresOf(finished)).toEqual([
      expect.stringMatching(/^create cluster: .*InsufficientFreeAddresses: Amazon EKS does not have enough/),
    ]);
    expect(skipped(finished.result)).toContain("nodegroup/web");
    expect(finished.result.rolledBack.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["cluster", "vpc", "role/cluster"]),
    );
    expect(finished.result.leftovers).toEqual([]);
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);

    expect(failuresOf(await account.create(file()))).toEqual([]);
    await expectUndisturbed(account, file());
  });

  it("is kept with --on-failure keep, and repaired by the next create", async () => {
    const account = await accountWith(noAddresses);
    const { result } = await account.create(file(), { onFailure: "keep" });
    expect(result).toMatchObject({ outcome: "failed", rolledBack: [] });
    expect(families(account)).toEqual(expect.arrayContaining(["clusters", "vpcs", "subnets", "roles"]));

    const { items } = await account.plan(file());
    expect(items.find(({ id }) => id === "cluster")).toMatchObject({
      verb: "repair",
      reason: expect.stringContaining("InsufficientFreeAddresses") as string,
    });
    account.changes();
    expect(failuresOf(await account.create(file()))).toEqual([]);
    const again = account.changes().map(({ operation }) => operation);
    expect(again.filter((operation) => /^(Create|Delete)Cluster$/.test(operation))).toEqual([
      "DeleteCluster",
      "CreateCluster",
    ]);
    expect(again).not.toContain("CreateVpc");
    await expectUndisturbed(account, file());
  });

  it("that was kept is rolled back whole when the next one fails too", async () => {
    const account = await accountWith({ ...noAddresses, times: 2 });
    const nothing = contents(account.sandbox);
    await account.create(file(), { onFailure: "keep" });
    expect((await account.create(file())).result.outcome).toBe("failed");
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });

  it("is deleted by name", async () => {
    const account = await accountWith(noAddresses);
    const nothing = contents(account.sandbox);
    await account.create(file(), { onFailure: "keep" });
    expect((await account.delete("demo", region)).result).toMatchObject({ outcome: "done", leftovers: [] });
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });
});

describe("a nodegroup that fails", () => {
  it("is kept and explained, and repaired by the next create; the others are not touched", async () => {
    const account = await accountWith(noCapacity);
    const finished = await account.create(file("web batch"));
    expect(finished.result).toMatchObject({ outcome: "failed", rolledBack: [], leftovers: [] });
    expect(failuresOf(finished)).toEqual([
      expect.stringMatching(
        /^create nodegroup\/web: .*AsgInstanceLaunchFailures: Could not launch On-Demand Instances/,
      ),
    ]);
    const nodegroups = account.sandbox.world.state.regions[region]?.eks.clusters["demo"]?.nodegroups;
    expect(nodegroups).toMatchObject({ web: { status: "CREATE_FAILED" }, batch: { status: "ACTIVE" } });

    await account.rest();
    const { items } = await account.plan(file("web batch"));
    expect(items.flatMap(({ verb, id, reason }) => (verb === "keep" ? [] : [{ verb, id, reason }]))).toEqual([
      { verb: "repair", id: "nodegroup/web", reason: expect.stringContaining("AsgInstanceLaunchFailures") as string },
    ]);
    account.changes();
    expect(failuresOf(await account.create(file("web batch")))).toEqual([]);
    const again = account.changes().map(({ operation, input }) => `${operation} ${String(input["nodegroupName"])}`);
    expect(again).toEqual(["DeleteNodegroup web", "CreateNodegroup web"]);
    await expectUndisturbed(account, file("web batch"));
  });

  it("is rolled back with all the rest by --on-failure rollback", async () => {
    const account = await accountWith(noCapacity);
    const nothing = contents(account.sandbox);
    const { result } = await account.create(file("web batch"), { onFailure: "rollback" });
    expect(result).toMatchObject({ outcome: "failed", leftovers: [] });
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });

  it("is rolled back alone where the cluster was there before", async () => {
    const account = await accountWith();
    expect(failuresOf(await account.create(file("batch")))).toEqual([]);
    await account.rest();
    const there = contents(account.sandbox);
    account.sandbox.scenario({ failures: [{ ...noCapacity }] });
    const { result } = await account.apply(file("batch web"), { onFailure: "rollback" });
    expect(result).toMatchObject({ outcome: "failed", leftovers: [] });
    expect(result.rolledBack.map(({ id }) => id).toSorted()).toEqual([
      "access-entry/nodegroup/web",
      "launch-template/web",
      "nodegroup/web",
      "role/nodegroup/web",
    ]);
    await account.rest();
    expect(contents(account.sandbox)).toEqual(there);
  });

  it("is kept where the cluster was there before, and repaired by apply", async () => {
    const account = await accountWith();
    expect(failuresOf(await account.create(file("batch")))).toEqual([]);
    account.sandbox.scenario({ failures: [{ ...noCapacity }] });
    expect((await account.apply(file("batch web"))).result).toMatchObject({ outcome: "failed", rolledBack: [] });
    expect(failuresOf(await account.apply(file("batch web")))).toEqual([]);
    await expectUndisturbed(account, file("batch web"));
  });
});

describe("an add-on that fails", () => {
  it("is explained, and repaired by the next create", async () => {
    const account = await accountWith(conflict);
    const finished = await account.create(file());
    expect(finished.result.outcome).toBe("failed");
    expect(failuresOf(finished)[0]).toMatch(/^create addon\/kube-proxy: .*ConfigurationConflict: Conflicts found/);
    account.changes();
    expect(failuresOf(await account.create(file()))).toEqual([]);
    const addons = account.changes().filter(({ input }) => input["addonName"] === "kube-proxy");
    expect(addons.map(({ operation }) => operation)).toEqual(["DeleteAddon", "CreateAddon"]);
    await expectUndisturbed(account, file());
  });
});

describe("what is degraded", () => {
  it("is shown with AWS's reason and left; it can still be changed", async () => {
    const account = await accountWith();
    const [few, many] = ["2", "3"].map((desired) =>
      file().replace("name: web", `name: web, maxSize: 3, desiredCapacity: ${desired}`),
    );
    expect(failuresOf(await account.create(few ?? ""))).toEqual([]);
    account.sandbox.scenario({ failures: [{ ...noCapacity }] });
    const { eks } = account.session(region).clients;
    const scaling = { clusterName: "demo", nodegroupName: "web", scalingConfig: { desiredSize: 3 } };
    await eks.send(new UpdateNodegroupConfigCommand(scaling));
    await account.rest();
    account.changes();

    const { items, changes } = await account.plan(few ?? "");
    expect(changes).toBe(false);
    expect(items.find(({ id }) => id === "nodegroup/web")).toMatchObject({
      verb: "keep",
      reason: expect.stringContaining("AsgInstanceLaunchFailures") as string,
    });
    expect((await account.create(few ?? "")).result.outcome).toBe("done");
    expect(account.changes()).toEqual([]);

    expect(failuresOf(await account.apply(many ?? ""))).toEqual([]);
    expect(account.changes().map(({ operation }) => operation)).toEqual(["TagResource"]);
    const more = (many ?? "").replace("maxSize: 3", "maxSize: 4");
    expect(failuresOf(await account.apply(more))).toEqual([]);
    const healthy = (await account.plan(more)).items.find(({ id }) => id === "nodegroup/web");
    expect(healthy?.reason).toBeUndefined();
  });

  it("for want of nodes that nobody wants is deferred, not waited for", async () => {
    const account = await accountWith();
    const text = file().replace(/managedNodeGroups:.*/, "managedNodeGroups: []");
    const { result } = await account.create(text);
    expect(result).toMatchObject({ outcome: "done", failures: [] });
    expect(result.deferred.map(({ id }) => id).toSorted()).toEqual(["addon/coredns", "addon/metrics-server"]);
    expect((await account.plan(text)).changes).toBe(false);
    expect(failuresOf(await account.apply(file()))).toEqual([]);
    await expectUndisturbed(account, file());
  });
});
