import { CreateClusterCommand, TagResourceCommand, UpdateClusterConfigCommand } from "@aws-sdk/client-eks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ClusterSpec, cluster } from "../../src/resources/eks/cluster.ts";
import { bringIn, differing, openPlace, type Place, remove, settled } from "./driver.ts";
import { clusterSpec, clusterWant, makeCluster, makeGround } from "./eks-network.ts";

let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.sandbox.close());

/** The inputs of the requests of one operation, in order. */
function inputs(operation: string): readonly unknown[] {
  return place.sandbox.journal.filter((entry) => entry.operation === operation).map((entry) => entry.input);
}

describe("eks.cluster", () => {
  it("is made with everything in one call and needs no update", async () => {
    const deps = await makeGround(place.ctx);
    place.changes();
    const want = clusterWant(deps);
    const { ref } = await cluster.create(want, place.ctx);
    const young = await cluster.read(ref, place.ctx);
    expect(young).toMatchObject({ id: "cluster", ref: "demo", owner: "us", phase: "pending" });
    const { live, groups } = await bringIn(cluster, want, ref, place.ctx);
    expect(groups).toEqual([]);
    expect(place.changes()).toEqual(["CreateCluster"]);
    expect(live).toMatchObject({ phase: "ready", owner: "us", id: "cluster" });
    expect(live.attrs).toMatchObject({
      version: "1.34",
      endpoint: expect.stringMatching(/^https:/) as unknown,
      oidcIssuer: expect.stringMatching(/^https:/) as unknown,
      publicAccessCidrs: ["198.51.100.7/32", "203.0.113.0/24"],
      logging: ["api", "audit"],
      authenticationMode: "API_AND_CONFIG_MAP",
      tags: { team: "blue", "ekstool.dev/cluster": "demo", "ekstool.dev/layout": "1" },
    });
    expect(inputs("CreateCluster")).toEqual([expect.objectContaining({ bootstrapSelfManagedAddons: false })]);
  });

  it("is found by name whoever owns it, and listed for its owner only", async () => {
    const { deps } = await makeCluster(place.ctx);
    await place.ctx.clients.eks.send(
      new CreateClusterCommand({
        name: "theirs",
        roleArn: deps.role.arn,
        resourcesVpcConfig: { subnetIds: deps.subnets.map(({ id }) => id) },
      }),
    );
    expect(await cluster.find("theirs", place.ctx)).toMatchObject({ id: "", owner: "foreign", phase: "pending" });
    expect(await cluster.list(place.elsewhere("us-west-2", "theirs"))).toEqual([]);
    expect(await cluster.list(place.elsewhere("eu-west-1", "demo"))).toEqual([]);
    expect(await cluster.list(place.ctx, "another")).toEqual([]);
    expect((await cluster.list(place.ctx, "cluster")).map(({ ref }) => ref)).toEqual(["demo"]);
    expect(await cluster.find("nobody", place.ctx)).toBeNull();
  });

  const edits: readonly (readonly [string, Partial<ClusterSpec>, string, readonly string[]])[] = [
    ["version", { version: "1.35" }, "version", ["UpdateClusterVersion"]],
    ["logging", { logging: ["scheduler"] }, "logging", ["UpdateClusterConfig"]],
    ["logging", { logging: [] }, "logging", ["UpdateClusterConfig"]],
    ["publicAccessCidrs", { publicAccessCidrs: ["0.0.0.0/0"] }, "endpoint", ["UpdateClusterConfig"]],
    ["endpointPrivateAccess", { endpointPrivateAccess: false }, "endpoint", ["UpdateClusterConfig"]],
    ["endpointPrivateAccess", { endpointPrivateAccess: true }, "endpoint", ["UpdateClusterConfig"]],
    ["endpointPublicAccess", { endpointPublicAccess: false }, "endpoint", ["UpdateClusterConfig"]],
    ["authenticationMode", { authenticationMode: "API" }, "authenticationMode", ["UpdateClusterConfig"]],
    ["supportType", { supportType: "EXTENDED" }, "supportType", ["UpdateClusterConfig"]],
    ["zonalShift", { zonalShift: true }, "zonalShift", ["UpdateClusterConfig"]],
    ["scalingTier", { scalingTier: "tier-xl" }, "scalingTier", ["UpdateClusterConfig"]],
    [
      "secretsEncryptionKey",
      { secretsEncryptionKeyArn: "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" },
      "encryption",
      ["AssociateEncryptionConfig"],
    ],
    ["tags", { tags: { Name: "demo", cost: "42" } }, "tags", ["UntagResource", "TagResource"]],
  ];

  it("takes each edit by one update of its own, and leaves no difference", async () => {
    const { deps, live } = await makeCluster(place.ctx);
    let spec = clusterSpec;
    for (const [aspect, edit, group, operations] of edits) {
      spec = { ...spec, ...edit };
      const want = clusterWant(deps, spec);
      const now = await settled(cluster, live.ref, place.ctx);
      expect(differing(cluster, want, now), aspect).toEqual([aspect]);
      place.changes();
      const { groups } = await bringIn(cluster, want, live.ref, place.ctx);
      expect([groups, place.changes()], aspect).toEqual([[group], operations]);
    }
  });

  it("takes several edits one kind after the other", async () => {
    const { deps, live } = await makeCluster(place.ctx);
    const want = clusterWant(deps, {
      ...clusterSpec,
      logging: [],
      endpointPrivateAccess: false,
      supportType: "EXTENDED",
    });
    const { groups } = await bringIn(cluster, want, live.ref, place.ctx);
    expect(groups.toSorted()).toEqual(["endpoint", "logging", "supportType"]);
  });

  it.each<readonly [string, Partial<ClusterSpec>, RegExp]>([
    ["version", { version: "1.36" }, /one minor version at a time: from 1\.34 go to 1\.35 first, then on to 1\.36/],
    ["serviceIpv4Cidr", { serviceIpv4Cidr: "10.100.0.0/16" }, /cannot change the service CIDR.*172\.20\.0\.0\/16/],
    ["authenticationMode", { authenticationMode: "CONFIG_MAP" }, /cannot take an authentication mode back/],
  ])("refuses another %s with the way out", async (aspect, edit, reason) => {
    const { deps, live } = await makeCluster(place.ctx);
    const { spec } = clusterWant(deps, { ...clusterSpec, ...edit });
    const row = cluster.aspects[aspect];
    const want = row?.want(spec, deps);
    expect(row?.change(row.have(live.attrs, want), want)).toEqual({ refuse: expect.stringMatching(reason) as unknown });
  });

  it("refuses another network and role, also one that does not exist yet", async () => {
    const { live } = await makeCluster(place.ctx);
    for (const aspect of ["role", "subnets", "securityGroups"]) {
      const row = cluster.aspects[aspect];
      expect(row?.change(row.have(live.attrs, undefined), "(known after apply)")).toHaveProperty("refuse");
    }
  });

  it("takes a newer live version for information", async () => {
    const { deps, live } = await makeCluster(place.ctx);
    expect(differing(cluster, clusterWant(deps, { ...clusterSpec, version: "1.33" }), live)).toEqual([]);
  });

  it("is pending while an update runs that somebody else began", async () => {
    const { live } = await makeCluster(place.ctx);
    const { eks } = place.ctx.clients;
    await eks.send(new UpdateClusterConfigCommand({ name: "demo", upgradePolicy: { supportType: "EXTENDED" } }));
    expect(await cluster.read(live.ref, place.ctx)).toMatchObject({
      phase: "pending",
      detail: expect.stringContaining("in progress") as unknown,
    });
    expect((await settled(cluster, live.ref, place.ctx)).phase).toBe("ready");
  });

  it("keeps tags of others, and says so", async () => {
    const { deps, live } = await makeCluster(place.ctx);
    await place.ctx.clients.eks.send(
      new TagResourceCommand({ resourceArn: live.attrs.arn, tags: { "their/tag": "x", team: "red" } }),
    );
    const want = clusterWant(deps);
    const { live: after } = await bringIn(cluster, want, live.ref, place.ctx);
    expect(after.attrs.tags).toMatchObject({ "their/tag": "x", team: "blue" });
    expect(cluster.aspects["tags"]?.kept?.(after.attrs, want.spec.tags)).toEqual(["their/tag"]);
  });

  it("has failed when it never came up", async () => {
    place.sandbox.scenario({
      failures: [{ resource: "cluster", name: "demo", code: "InternalFailure", message: "It did not come up." }],
    });
    const deps = await makeGround(place.ctx);
    const { ref } = await cluster.create(clusterWant(deps), place.ctx);
    const live = await settled(cluster, ref, place.ctx);
    expect(live).toMatchObject({ phase: "failed", owner: "us" });
    expect(live.detail).toContain("It did not come up.");
    await remove(cluster, ref, place.ctx);
  });

  it("refuses to touch what a newer ekstool made", async () => {
    const { live } = await makeCluster(place.ctx);
    const tags = { "ekstool.dev/layout": "2" };
    await place.ctx.clients.eks.send(new TagResourceCommand({ resourceArn: live.attrs.arn, tags }));
    await expect(cluster.list(place.ctx)).rejects.toThrow("made by a newer ekstool (layout 2; this one knows 1)");
  });

  it("goes, and is gone", async () => {
    const { live } = await makeCluster(place.ctx);
    await cluster.delete(live, place.ctx);
    expect(await cluster.read(live.ref, place.ctx)).toMatchObject({ phase: "deleting" });
    await remove(cluster, live.ref, place.ctx);
    expect(await cluster.list(place.ctx)).toEqual([]);
  });
});
