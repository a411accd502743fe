import { CreateTagsCommand, DescribeInstancesCommand, DescribeVolumesCommand } from "@aws-sdk/client-ec2";
import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchTemplate } from "../../src/resources/ec2/launch-template.ts";
import { type NodegroupDeps, type NodegroupSpec, nodegroup } from "../../src/resources/eks/nodegroup.ts";
import { bringIn, differing, finished, make, openPlace, type Place, remove, settled, wanting } from "./driver.ts";
import { makeNodeGround } from "./eks-network.ts";

const spec: NodegroupSpec = {
  amiType: "AL2023_x86_64_STANDARD",
  capacityType: "ON_DEMAND",
  minSize: 1,
  maxSize: 4,
  desiredCapacity: 2,
  labels: { role: "worker", "alpha.eksctl.io/nodegroup-name": "workers" },
  taints: [
    { key: "dedicated", value: "batch", effect: "NoSchedule" },
    { key: "dedicated", effect: "NoExecute" },
  ],
  tags: { Name: "demo/nodegroup/workers", team: "blue" },
};

/** The release before the newest. */
const olderRelease = "1.34.6-20261015";

/** One account for all: a control plane takes the longest to make, and each test leaves the nodegroup as wanted. */
let place: Place;
let deps: NodegroupDeps;
beforeAll(async () => {
  place = await openPlace();
  deps = await makeNodeGround(place.ctx);
});
afterAll(() => place.sandbox.close());

let serial = 0;
/** A nodegroup of the test's own. */
async function makeNodes(edit: Partial<NodegroupSpec> = {}) {
  const name = `workers-${++serial}`;
  const wants = (more: Partial<NodegroupSpec> = {}) =>
    wanting(`nodegroup/${name}`, { ...spec, ...edit, ...more }, deps, name);
  const live = await make(nodegroup, wants(), place.ctx);
  place.changes();
  return { name, wants, live };
}

const inputOf = (operation: string) => place.sandbox.journal.findLast((entry) => entry.operation === operation)?.input;

async function instancesOf(name: string) {
  const Filters = [{ Name: "tag:eks:nodegroup-name", Values: [name] }];
  const { Reservations = [] } = await place.ctx.clients.ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances).filter(
    ({ State }) => State?.Name === "pending" || State?.Name === "running",
  );
}

/** Somebody else's scaling. */
async function autoscale(name: string, desiredSize: number) {
  const request = { clusterName: "demo", nodegroupName: name, scalingConfig: { desiredSize } };
  await place.ctx.clients.eks.send(new UpdateNodegroupConfigCommand(request));
  const live = await settled(nodegroup, name, place.ctx);
  place.changes();
  return live;
}

describe("eks.nodegroup", () => {
  it("is made in one call, says what it is, and has no differences", async () => {
    const want = wanting("nodegroup/first", spec, deps, "first");
    place.changes();
    const { ref } = await nodegroup.create(want, place.ctx);
    expect(await nodegroup.read(ref, place.ctx)).toMatchObject({
      phase: "pending",
      id: "nodegroup/first",
      owner: "us",
    });
    const { live, groups } = await bringIn(nodegroup, want, ref, place.ctx);
    expect(groups).toEqual([]);
    expect(place.changes()).toEqual(["CreateNodegroup"]);
    expect(live).toMatchObject({ phase: "ready", owner: "us" });
    expect(live.attrs).toMatchObject({
      name: "first",
      cluster: "demo",
      version: "1.34",
      capacityType: "ON_DEMAND",
      minSize: 1,
      maxSize: 4,
      desiredCapacity: 2,
      taints: spec.taints,
      launchTemplate: { id: deps.launchTemplate.id, version: 1 },
      autoScalingGroups: [expect.any(String)],
      tags: { team: "blue", "ekstool.dev/id": "nodegroup/first", "ekstool.dev/desired-capacity": "2" },
    });
    expect((await nodegroup.list(place.ctx, "nodegroup/first")).map((one) => one.ref)).toEqual(["first"]);
    expect(await nodegroup.find("first", place.ctx)).toEqual(live);
    await remove(nodegroup, "first", place.ctx);
  });

  it("is nowhere without a cluster", async () => {
    const nowhere = place.elsewhere("us-west-2", "nobody");
    expect(await nodegroup.list(nowhere)).toEqual([]);
    expect(await nodegroup.read("first", nowhere)).toBeNull();
  });

  it("changes labels, taints, sizes and settings in one call that says only what differs", async () => {
    const { wants, live } = await makeNodes();
    const want = wants({
      labels: { role: "web", "alpha.eksctl.io/nodegroup-name": "workers", tier: "2" },
      taints: [
        { key: "dedicated", value: "web", effect: "NoSchedule" },
        { key: "spare", effect: "PreferNoSchedule" },
      ],
      minSize: 2,
      desiredCapacity: 3,
      updateConfig: { maxUnavailable: 2 },
      nodeRepairConfig: { enabled: true },
    });
    const { groups } = await bringIn(nodegroup, want, live.ref, place.ctx);
    expect(groups).toEqual(["config"]);
    // Remembered before it is there: the new label and taint; forgotten after it is gone: the old taint.
    expect(place.changes()).toEqual(["TagResource", "UpdateNodegroupConfig", "TagResource"]);
    expect(inputOf("UpdateNodegroupConfig")).toMatchObject({
      labels: { addOrUpdateLabels: { role: "web", tier: "2" }, removeLabels: [] },
      taints: {
        addOrUpdateTaints: [
          { key: "dedicated", value: "web", effect: "NO_SCHEDULE" },
          { key: "spare", effect: "PREFER_NO_SCHEDULE" },
        ],
        removeTaints: [{ key: "dedicated", effect: "NO_EXECUTE" }],
      },
      scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 3 },
      updateConfig: { maxUnavailable: 2 },
      nodeRepairConfig: { enabled: true },
    });
  });

  it.each<readonly [string, Partial<NodegroupSpec>]>([
    ["a label's value", { labels: { ...spec.labels, role: "web" } }],
    [
      "a taint's value",
      { taints: [{ key: "dedicated", value: "x", effect: "NoSchedule" }, ...(spec.taints ?? []).slice(1)] },
    ],
    ["the maximum", { maxSize: 5 }],
    ["the update settings", { updateConfig: { maxUnavailablePercentage: 50 } }],
  ])("needs one request for %s", async (_, edit) => {
    const { wants, live } = await makeNodes();
    const want = wants(edit);
    expect(differing(nodegroup, want, live)).toHaveLength(1);
    expect((await bringIn(nodegroup, want, live.ref, place.ctx)).groups).toEqual(["config"]);
    expect(place.changes()).toEqual(["UpdateNodegroupConfig"]);
  });

  it("leaves alone what the file does not say", async () => {
    const { live, name } = await makeNodes();
    const silent: NodegroupSpec = { amiType: spec.amiType, capacityType: "ON_DEMAND", tags: spec.tags };
    expect(differing(nodegroup, wanting(`nodegroup/${name}`, silent, deps, name), live)).toEqual([]);
    const want = wanting(`nodegroup/${name}`, { ...silent, maxSize: 6 }, deps, name);
    const { live: after } = await bringIn(nodegroup, want, live.ref, place.ctx);
    expect(after.attrs).toMatchObject({ labels: spec.labels, taints: spec.taints, minSize: 1, maxSize: 6 });
    expect(place.changes()).toEqual(["UpdateNodegroupConfig"]);
  });

  describe("capacity", () => {
    it("keeps what an autoscaler chose, and says so", async () => {
      const { wants, name } = await makeNodes();
      const live = await autoscale(name, 4);
      expect(differing(nodegroup, wants(), live)).toEqual([]);
      expect(nodegroup.aspects["desiredCapacity"]?.kept?.(live.attrs, 2)).toEqual(["4 (scaled)"]);
    });

    it("takes the user's edit", async () => {
      const { wants, name } = await makeNodes();
      const scaled = await autoscale(name, 4);
      expect(nodegroup.aspects["desiredCapacity"]?.have(scaled.attrs, 3)).toBe(4);
      const { live } = await bringIn(nodegroup, wants({ desiredCapacity: 3 }), name, place.ctx);
      expect(live.attrs.desiredCapacity).toBe(3);
      expect(place.changes()).toEqual(["TagResource", "UpdateNodegroupConfig", "TagResource"]);
    });

    it("is moved only as far as new bounds demand", async () => {
      const { wants, name } = await makeNodes();
      await autoscale(name, 3);
      const up = await bringIn(nodegroup, wants({ minSize: 4, maxSize: 8, desiredCapacity: 2 }), name, place.ctx);
      expect(up.live.attrs).toMatchObject({ minSize: 4, maxSize: 8, desiredCapacity: 4 });
      const down = await bringIn(nodegroup, wants({ minSize: 1, maxSize: 3 }), name, place.ctx);
      expect(down.live.attrs).toMatchObject({ minSize: 1, maxSize: 3, desiredCapacity: 3 });
    });

    it("is only remembered when it is there already", async () => {
      const { wants, name } = await makeNodes();
      await autoscale(name, 3);
      await bringIn(nodegroup, wants({ desiredCapacity: 3 }), name, place.ctx);
      expect(place.changes()).toEqual(["TagResource"]);
    });
  });

  it("tags what is alive without touching the launch template, and keeps the instances' own names", async () => {
    const { wants, live, name } = await makeNodes();
    const want = wants({ tags: { Name: "renamed", cost: "42" } });
    await bringIn(nodegroup, want, live.ref, place.ctx);
    expect(new Set(place.changes())).toEqual(new Set(["UntagResource", "TagResource", "CreateTags", "DeleteTags"]));
    const [instance] = await instancesOf(name);
    const tags = Object.fromEntries((instance?.Tags ?? []).map(({ Key = "", Value }) => [Key, Value]));
    expect(tags).toMatchObject({ cost: "42", Name: "demo-workers-Node" });
    expect(tags).not.toHaveProperty("team");
    const volumes = (instance?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []);
    const { Volumes = [] } = await place.ctx.clients.ec2.send(new DescribeVolumesCommand({ VolumeIds: volumes }));
    expect(Volumes.length).toBeGreaterThan(0);
    for (const { Tags } of Volumes) expect(Tags).toContainEqual({ Key: "cost", Value: "42" });
    await place.ctx.clients.ec2.send(
      new CreateTagsCommand({ Resources: [instance?.InstanceId ?? ""], Tags: [{ Key: "theirs", Value: "1" }] }),
    );
    place.changes();
    await bringIn(nodegroup, wants({ tags: { Name: "again", cost: "42" } }), live.ref, place.ctx);
    expect(place.changes()).toEqual(["TagResource"]);
  });

  it("rolls once for a new template version, with the release that runs", async () => {
    const { live, name } = await makeNodes();
    const before = await instancesOf(name);
    const template = await launchTemplate.read(deps.launchTemplate.id, place.ctx);
    if (!template) throw new Error("the launch template is gone");
    const templateWant = wanting(
      "launch-template/workers",
      { ...template.attrs.data, imds: { tokens: "required" as const, hopLimit: 1 }, tags: { Name: "demo" } },
      { securityGroups: [], keyPair: [], cluster: [], placementGroup: [] },
    );
    const { live: newer } = await bringIn(launchTemplate, templateWant, template.ref, place.ctx);
    const old = deps;
    deps = { ...deps, launchTemplate: newer.attrs };
    const want = wanting(`nodegroup/${name}`, spec, deps, name);
    expect(differing(nodegroup, want, live)).toEqual(["launchTemplateVersion"]);
    expect(differing(nodegroup, wanting(`nodegroup/${name}`, spec, old, name), live)).toEqual([]);
    place.changes();
    const { live: after, groups } = await bringIn(nodegroup, want, name, place.ctx);
    expect([groups, place.changes()]).toEqual([["version"], ["UpdateNodegroupVersion"]]);
    expect(inputOf("UpdateNodegroupVersion")).toMatchObject({
      launchTemplate: { id: newer.ref, version: "2" },
      releaseVersion: live.attrs.releaseVersion,
    });
    expect(after.attrs).toMatchObject({ releaseVersion: live.attrs.releaseVersion, launchTemplate: { version: 2 } });
    await place.ctx.clock.sleep(5000);
    const now = (await instancesOf(name)).map(({ InstanceId }) => InstanceId);
    expect(now).toHaveLength(before.length);
    expect(before.filter(({ InstanceId }) => now.includes(InstanceId))).toEqual([]);
  });

  it("moves to a named release, and never back", async () => {
    const { wants, live: newest } = await makeNodes();
    const { live } = await makeNodes({ releaseVersion: olderRelease });
    const want = wanting(live.id, { ...spec, releaseVersion: newest.attrs.releaseVersion }, deps, live.ref);
    expect(differing(nodegroup, want, live)).toEqual(["releaseVersion"]);
    expect((await bringIn(nodegroup, want, live.ref, place.ctx)).groups).toEqual(["version"]);
    expect(inputOf("UpdateNodegroupVersion")).not.toHaveProperty("launchTemplate");
    expect(differing(nodegroup, wants({ releaseVersion: live.attrs.releaseVersion }), newest)).toEqual([]);
  });

  it("fails with EKS's reasons when nodes cannot be drained", async () => {
    const { live: newest } = await makeNodes();
    const { live } = await makeNodes({ releaseVersion: olderRelease });
    const message = "Reached max retries while trying to evict pods from nodes";
    place.sandbox.scenario({
      failures: [{ resource: "nodegroup", name: live.ref, code: "PodEvictionFailure", message, times: 1 }],
    });
    const want = wanting(live.id, { ...spec, releaseVersion: newest.attrs.releaseVersion }, deps, live.ref);
    const operation = await nodegroup.updates.version(want, live, place.ctx);
    await expect(finished(operation, place.ctx)).rejects.toThrow(
      `VersionUpdate failed: PodEvictionFailure: ${message}`,
    );
  });

  it("has failed when its instances never came, with the reason", async () => {
    const want = wanting("nodegroup/broken", spec, deps, "broken");
    place.sandbox.scenario({
      failures: [
        {
          resource: "nodegroup",
          name: "broken",
          code: "NodeCreationFailure",
          message: "Instances failed to join",
          times: 1,
        },
      ],
    });
    const { ref } = await nodegroup.create(want, place.ctx);
    const live = await settled(nodegroup, ref, place.ctx);
    expect(live).toMatchObject({ phase: "failed", owner: "us" });
    expect(live.detail).toMatch(/^NodeCreationFailure: Instances failed to join/);
    await remove(nodegroup, ref, place.ctx);
  });

  it("is degraded when it cannot grow, and can be changed all the same", async () => {
    const { wants, live, name } = await makeNodes();
    place.sandbox.scenario({
      failures: [
        { resource: "nodegroup", name, code: "InstanceLimitExceeded", message: "No more instances", times: 1 },
      ],
    });
    await finished(await nodegroup.updates.config(wants({ desiredCapacity: 4 }), live, place.ctx), place.ctx);
    const degraded = await settled(nodegroup, name, place.ctx);
    expect(degraded.phase).toBe("degraded");
    expect(degraded.detail).toContain("InstanceLimitExceeded: No more instances");
    const { live: after } = await bringIn(nodegroup, wants({ desiredCapacity: 2 }), name, place.ctx);
    expect(after.attrs.desiredCapacity).toBe(2);
  });
});
