import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";

const region = "us-west-2";
/** With one nodegroup of these settings. */
const file = (nodegroup: object) =>
  JSON.stringify({
    apiVersion: "eksctl.io/v1alpha5",
    kind: "ClusterConfig",
    metadata: { name: "demo", region },
    vpc: { nat: { gateway: "Disable" } },
    managedNodeGroups: [{ name: "web", ...nodegroup }],
  });
const sizes = { minSize: 1, maxSize: 5, desiredCapacity: 2 };

let base: Account;
beforeAll(async () => {
  base = await openTestAccount();
  expect(failuresOf(await base.create(file(sizes)))).toEqual([]);
}, 60_000);
afterAll(() => base.close());

/** An account in which an autoscaler wants so many nodes. */
async function scaledTo(desiredSize: number): Promise<Account> {
  const account = closing(await base.fork());
  const { eks } = account.session(region).clients;
  const scaling = { clusterName: "demo", nodegroupName: "web", scalingConfig: { desiredSize } };
  await eks.send(new UpdateNodegroupConfigCommand(scaling));
  await account.rest();
  account.changes();
  return account;
}

function scaling({ sandbox }: Account) {
  return sandbox.world.state.regions[region]?.eks.clusters["demo"]?.nodegroups["web"]?.scaling;
}

function updates(account: Account): readonly unknown[] {
  return account
    .changes()
    .filter(({ operation }) => operation === "UpdateNodegroupConfig")
    .map(({ input }) => input["scalingConfig"]);
}

describe("the size that an autoscaler chose", () => {
  it("is kept, and shown as kept", async () => {
    const account = await scaledTo(4);
    const { items, changes } = await account.plan(file(sizes));
    expect(changes).toBe(false);
    expect(items.find(({ id }) => id === "nodegroup/web")?.kept).toEqual(["desiredCapacity: 4 (scaled)"]);
    await account.apply(file(sizes));
    expect(account.changes()).toEqual([]);
  });

  it.each([
    ["a label", { ...sizes, labels: { tier: "web" } }, undefined, { minSize: 1, maxSize: 5, desiredSize: 4 }],
    ["minSize", { ...sizes, minSize: 2 }, { minSize: 2, maxSize: 5, desiredSize: 4 }],
    ["a maxSize above it", { ...sizes, maxSize: 8 }, { minSize: 1, maxSize: 8, desiredSize: 4 }],
    ["a maxSize below it", { ...sizes, maxSize: 3 }, { minSize: 1, maxSize: 3, desiredSize: 3 }],
    ["another desiredCapacity", { ...sizes, desiredCapacity: 3 }, { minSize: 1, maxSize: 5, desiredSize: 3 }],
  ])("and an edit of %s", async (_what, nodegroup, sent, end = sent) => {
    const account = await scaledTo(4);
    const text = file(nodegroup);
    expect(failuresOf(await account.apply(text))).toEqual([]);
    expect(updates(account)).toEqual([sent]);
    expect(scaling(account)).toEqual(end);
    expect((await account.plan(text)).changes).toBe(false);
  });
});

describe("the sizes of the file", () => {
  it.each([
    ["a minSize above the live size", { minSize: 3, maxSize: 5 }, { minSize: 3, maxSize: 5, desiredSize: 3 }],
    ["a maxSize below it", { minSize: 1, maxSize: 1 }, { minSize: 1, maxSize: 1, desiredSize: 1 }],
    ["all three", { minSize: 6, maxSize: 9, desiredCapacity: 7 }, { minSize: 6, maxSize: 9, desiredSize: 7 }],
    ["none at all", { minSize: 0, maxSize: 5, desiredCapacity: 0 }, { minSize: 0, maxSize: 5, desiredSize: 0 }],
  ])("%s", async (_what, nodegroup, sent) => {
    const account = closing(await base.fork());
    const text = file(nodegroup);
    expect(failuresOf(await account.apply(text))).toEqual([]);
    expect(updates(account)).toEqual([sent]);
    expect(scaling(account)).toEqual(sent);
    expect((await account.plan(text)).changes).toBe(false);
  });

  it("that are taken out leave the live ones alone", async () => {
    const account = await scaledTo(4);
    await account.apply(file({}));
    expect(account.changes()).toEqual([]);
    expect(scaling(account)).toEqual({ minSize: 1, maxSize: 5, desiredSize: 4 });
  });
});
