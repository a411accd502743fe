import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proposeClusterUpgrade } from "../../src/operations/upgrade-cluster.ts";
import { type NodegroupUpgrade, proposeNodegroupUpgrade } from "../../src/operations/upgrade-nodegroup.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";

const region = "us-west-2";
const file = (more: string, version = "1.33") => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region}, version: "${version}" }
availabilityZones: [us-west-2a, us-west-2b]
vpc: { nat: { gateway: Disable } }
nodeGroups: [{ name: web, instanceType: m5.large, minSize: 1, maxSize: 4, desiredCapacity: 2${more} }]`;
const request: NodegroupUpgrade = { cluster: "demo", nodegroup: "web", force: false, wait: true };

let base: Account;
beforeAll(async () => {
  base = await openTestAccount();
  expect(failuresOf(await base.create(file("")))).toEqual([]);
  base.changes();
}, 60_000);
afterAll(() => base.close());

/** An account whose control plane is a version ahead of its nodes; and what is told to be left to do. */
async function ahead() {
  const account = closing(await base.fork());
  const upgrade = { cluster: "demo", version: "1.34", force: false };
  const upgraded = await (await proposeClusterUpgrade(account.session(region), upgrade)).run({ onFailure: "keep" });
  expect(failuresOf(upgraded)).toEqual([]);
  account.changes();
  return { account, remaining: upgraded.result.deferred };
}

const propose = (account: Account, more: Partial<NodegroupUpgrade> = {}) =>
  proposeNodegroupUpgrade(account.session(region), { ...request, ...more });
/** Without what moves from node to node. */
const sent = (account: Account) =>
  account.changes().flatMap(({ operation }) => (operation === "create pods/eviction" ? [] : operation));
const replaced = ["patch nodes", "TerminateInstanceInAutoScalingGroup"];

function group({ sandbox }: Account) {
  const { autoscaling, ec2 } = sandbox.world.region(region);
  const [found] = Object.values(autoscaling.groups);
  const instances = Object.values(ec2.instances).filter(({ state }) => state === "running");
  return {
    desired: found?.desired,
    images: [...new Set(instances.map(({ ImageId }) => ImageId))],
    nodes: instances.map(({ InstanceId }) => InstanceId),
  };
}

describe("self-managed nodes follow their control plane", { timeout: 60_000 }, () => {
  it("as is told when that was upgraded, by the newest image of its version, once", async () => {
    const { account, remaining } = await ahead();
    expect(remaining.filter(({ id }) => id === "nodegroup/web")).toMatchObject([
      {
        commands: [`ekstool upgrade nodegroup --cluster demo --name web --kubernetes-version 1.34 --region ${region}`],
      },
    ]);
    const before = group(account);
    const proposal = await propose(account);
    expect(proposal.items).toMatchObject([
      { verb: "update", id: "nodegroup/web", interrupts: true, changes: [{ aspect: "image", from: before.images[0] }] },
    ]);
    expect(account.changes()).toEqual([]);

    expect(failuresOf(await proposal.run({ onFailure: "keep" }))).toEqual([]);
    expect(sent(account)).toEqual([
      "CreateLaunchTemplateVersion",
      "ModifyLaunchTemplate",
      "CreateChangeSet",
      "ExecuteChangeSet",
      ...replaced,
      ...replaced,
    ]);
    const after = group(account);
    expect(after).toMatchObject({ desired: 2, images: [proposal.items[0]?.changes[0]?.to] });
    expect(after.nodes.filter((node) => before.nodes.includes(node))).toEqual([]);
    expect((await propose(account)).items).toMatchObject([{ verb: "keep", changes: [] }]);
    // The file leaves the image open, so that it stays.
    expect((await account.plan(file("", "1.34"))).changes).toBe(false);
  });

  it("and go on where the template was made and no node was replaced", async () => {
    const { account } = await ahead();
    account.sandbox.faults([
      { operation: "CreateChangeSet", effect: { error: { code: "ValidationError", status: 400 } } },
    ]);
    const broken = await (await propose(account)).run({ onFailure: "keep" });
    expect(failuresOf(broken)).toHaveLength(1);
    account.sandbox.faults([]);
    account.changes();
    const proposal = await propose(account);
    expect(proposal.items).toMatchObject([{ changes: [{ aspect: "launch template version", from: 1, to: 2 }] }]);
    expect(failuresOf(await proposal.run({ onFailure: "keep" }))).toEqual([]);
    expect(sent(account)).toEqual(["CreateChangeSet", "ExecuteChangeSet", ...replaced, ...replaced]);
    expect((await propose(account)).changes).toBe(false);
  });

  it("and wait for what an earlier run began", async () => {
    const { account } = await ahead();
    const interrupt = new AbortController();
    account.sandbox.onRequest(({ operation }) => operation === "ExecuteChangeSet" && interrupt.abort());
    const session = account.session(region, { interrupt: interrupt.signal });
    const begun = await (await proposeNodegroupUpgrade(session, request)).run({ onFailure: "keep" });
    expect(begun.result.outcome).toBe("interrupted");
    account.changes();
    const proposal = await propose(account);
    expect(proposal.items).toMatchObject([{ verb: "wait", reason: "it is under way already" }]);
    expect(failuresOf(await proposal.run({ onFailure: "keep" }))).toEqual([]);
    expect(sent(account)).toEqual([...replaced, ...replaced]);
    expect((await propose(account)).changes).toBe(false);
  });

  it("and go on where some nodes were replaced", async () => {
    const { account } = await ahead();
    const before = group(account).nodes;
    const interrupt = new AbortController();
    account.sandbox.onRequest(
      ({ operation }) => operation === "TerminateInstanceInAutoScalingGroup" && interrupt.abort(),
    );
    const session = account.session(region, { interrupt: interrupt.signal });
    const begun = await (await proposeNodegroupUpgrade(session, request)).run({ onFailure: "keep" });
    expect(begun.result.outcome).toBe("interrupted");
    await account.rest();
    account.changes();
    const proposal = await propose(account);
    expect(proposal.items).toMatchObject([{ changes: [{ aspect: "launch template version", from: 1, to: 2 }] }]);
    expect(failuresOf(await proposal.run({ onFailure: "keep" }))).toEqual([]);
    expect(sent(account).filter((operation) => operation === "TerminateInstanceInAutoScalingGroup")).toHaveLength(1);
    expect(group(account).nodes.filter((node) => before.includes(node))).toEqual([]);
    expect((await propose(account)).changes).toBe(false);
  });

  it("but not to a version that is newer than it, nor by what only EKS knows", async () => {
    await expect(propose(base, { kubernetesVersion: "1.34" })).rejects.toThrow(
      "nodes cannot be newer than the control plane: it has 1.33, 1.34 is asked for",
    );
    await expect(propose(base, { releaseVersion: "1.33.1-20261015", force: true })).rejects.toThrow(
      "the nodegroup web is self-managed: --release-version and --force-upgrade cannot be used with it",
    );
    expect(base.changes()).toEqual([]);
  });

  it("nor where the file names the image, which is what changes it", async () => {
    const account = closing(await base.fork());
    const own = file(", ami: ami-0fedcba9876543210, amiFamily: AmazonLinux2023");
    expect(failuresOf(await account.apply(own))).toEqual([]);
    await expect(propose(account)).rejects.toThrow("the nodegroup web is self-managed, and its file names the image");
  });
});
