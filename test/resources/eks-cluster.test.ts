import { TagResourceCommand, UpdateClusterConfigCommand } from "@aws-sdk/client-eks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClusterDeps, type ClusterSpec, cluster } from "../../src/resources/eks/cluster.ts";
import { bringIn, differing, make, openPlace, type Place, remove, settled, wanting } from "./driver.ts";
import { clusterSpec, makeGround } from "./eks-network.ts";

/** One account and network for all; each test has a cluster of its own name. */
let place: Place;
let deps: ClusterDeps;
/** For tests that change nothing. */
let standing: Awaited<ReturnType<typeof makeOne>>;
beforeAll(async () => {
  place = await openPlace();
  deps = await makeGround(place.ctx);
  standing = await makeOne();
});
afterAll(() => place.sandbox.close());

let serial = 0;
function nextCluster() {
  const name = `demo-${++serial}`;
  const wants = (edit: Partial<ClusterSpec> = {}) => wanting("cluster", { ...clusterSpec, ...edit }, deps, name);
  place.changes();
  return { name, wants, ctx: place.elsewhere("us-west-2", name) };
}

async function makeOne() {
  const { name, wants, ctx } = nextCluster();
  return { name, wants, ctx, live: await make(cluster, wants(), ctx) };
}

describe("eks.cluster", () => {
  it("is made with everything in one call and needs no update", async () => {
    const { name, wants, ctx } = nextCluster();
    const { ref } = await cluster.create(wants(), ctx);
    expect(await cluster.read(ref, ctx)).toMatchObject({ id: "cluster", ref: name, owner: "us", phase: "pending" });
    const { live, groups } = await bringIn(cluster, wants(), ref, ctx);
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
      tags: { team: "blue", "ekstool.dev/cluster": name, "ekstool.dev/layout": "1" },
    });
    const created = place.sandbox.journal.find((entry) => entry.operation === "CreateCluster");
    expect(created?.input).toMatchObject({ bootstrapSelfManagedAddons: false });
  });

  it("takes several edits one kind after the other", async () => {
    const { wants, live, ctx } = await makeOne();
    const want = wants({
      logging: [],
      endpointPrivateAccess: false,
      supportType: "EXTENDED",
    });
    const { groups } = await bringIn(cluster, want, live.ref, ctx);
    expect(groups.toSorted()).toEqual(["endpoint", "logging", "supportType"]);
  });

  it("refuses another network and role, also one that does not exist yet", () => {
    const { live } = standing;
    for (const aspect of ["role", "subnets", "securityGroups"]) {
      const row = cluster.aspects[aspect];
      expect(row?.change(row.have(live.attrs, undefined), "(known after apply)")).toHaveProperty("refuse");
    }
  });

  it("takes a newer live version for information", () => {
    const { wants, live } = standing;
    expect(differing(cluster, wants({ version: "1.33" }), live)).toEqual([]);
  });

  it("is pending while an update runs that somebody else began", async () => {
    const { live, ctx } = await makeOne();
    const { eks } = ctx.clients;
    await eks.send(new UpdateClusterConfigCommand({ name: live.ref, upgradePolicy: { supportType: "EXTENDED" } }));
    expect(await cluster.read(live.ref, ctx)).toMatchObject({
      phase: "pending",
      detail: expect.stringContaining("in progress") as unknown,
    });
    expect((await settled(cluster, live.ref, ctx)).phase).toBe("ready");
  });

  it("has failed when it never came up", async () => {
    const { name, wants, ctx } = nextCluster();
    place.sandbox.scenario({
      failures: [{ resource: "cluster", name, code: "InternalFailure", message: "It did not come up." }],
    });
    const { ref } = await cluster.create(wants(), ctx);
    const live = await settled(cluster, ref, ctx);
    expect(live).toMatchObject({ phase: "failed", owner: "us" });
    expect(live.detail).toContain("It did not come up.");
    await remove(cluster, ref, ctx);
  });

  it("refuses to touch what a newer ekstool made", async () => {
    const { live, ctx } = await makeOne();
    const tags = { "ekstool.dev/layout": "2" };
    await ctx.clients.eks.send(new TagResourceCommand({ resourceArn: live.attrs.arn, tags }));
    await expect(cluster.list(ctx)).rejects.toThrow("made by a newer ekstool (layout 2; this one knows 1)");
  });
});
