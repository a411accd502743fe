import { CreateAccessEntryCommand, DescribeAccessEntryCommand, ListAccessEntriesCommand } from "@aws-sdk/client-eks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AccessEntrySpec, type AccessPolicy, accessEntry } from "../../src/resources/eks/access-entry.ts";
import { bringIn, differing, make, openPlace, type Place, remove, wanting } from "./driver.ts";
import { clusterSpec, makeCluster, makeRole } from "./eks-network.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace();
  await makeCluster(place.ctx);
});
afterAll(() => place.sandbox.close());

const deps = { cluster: { name: "demo" }, role: [] };
const policy = (name: string, ...namespaces: readonly string[]): AccessPolicy => ({
  policyArn: `arn:aws:eks::aws:cluster-access-policy/${name}`,
  scope: namespaces.length > 0 ? { type: "namespace", namespaces } : { type: "cluster" },
});

let serial = 0;
/** An entry of the test's own, for a role of its own. */
async function makeEntry(edit: Partial<AccessEntrySpec> = {}) {
  const { attrs } = await makeRole(place.ctx, `access/${++serial}`, "ec2.amazonaws.com", []);
  await place.ctx.clock.sleep(30_000);
  const spec: AccessEntrySpec = {
    principalArn: attrs.arn,
    type: "STANDARD",
    kubernetesGroups: ["viewers", "editors"],
    policies: [policy("AmazonEKSViewPolicy"), policy("AmazonEKSEditPolicy", "web", "api")],
    tags: { Name: "demo" },
    ...edit,
  };
  const wants = (more: Partial<AccessEntrySpec> = {}) =>
    wanting(`access-entry/${attrs.arn}`, { ...spec, ...more }, deps, attrs.arn);
  place.changes();
  return { principal: attrs.arn, wants };
}

describe("eks.access-entry", () => {
  it("is made, then gets its policies, and has no differences", async () => {
    const { principal, wants } = await makeEntry();
    const { ref } = await accessEntry.create(wants(), place.ctx);
    const { live, groups } = await bringIn(accessEntry, wants(), ref, place.ctx);
    expect(groups).toEqual(["policies"]);
    expect(place.changes()).toEqual(["CreateAccessEntry", "AssociateAccessPolicy", "AssociateAccessPolicy"]);
    expect(live).toMatchObject({ id: `access-entry/${principal}`, ref: principal, owner: "us", phase: "ready" });
    expect(live.attrs).toMatchObject({ principalArn: principal, kubernetesGroups: ["editors", "viewers"] });
    expect((await accessEntry.list(place.ctx)).map((one) => one.ref)).toContain(principal);
    expect(await accessEntry.find(principal, place.ctx)).toEqual(live);
    await remove(accessEntry, ref, place.ctx);
  });

  it("takes edits of groups, user name and policies", async () => {
    const { wants } = await makeEntry();
    const live = await make(accessEntry, wants(), place.ctx);
    place.changes();
    const want = wants({
      kubernetesGroups: [],
      kubernetesUsername: "ann",
      policies: [policy("AmazonEKSEditPolicy", "web"), policy("AmazonEKSAdminPolicy")],
    });
    expect(differing(accessEntry, want, live)).toEqual(["kubernetesGroups", "kubernetesUsername", "policies"]);
    const { groups } = await bringIn(accessEntry, want, live.ref, place.ctx);
    expect(groups).toEqual(["identity", "policies"]);
    expect(place.changes()).toEqual([
      "UpdateAccessEntry",
      "TagResource",
      "AssociateAccessPolicy",
      "AssociateAccessPolicy",
      "DisassociateAccessPolicy",
      "TagResource",
    ]);
  });

  it("lets nodes in without policies", async () => {
    const { wants } = await makeEntry({ type: "EC2_LINUX", policies: [] });
    const want = wants();
    const nodes = { ...want, spec: { type: "EC2_LINUX", policies: [], tags: want.spec.tags } };
    const role = [{ arn: want.name }];
    const live = await make(accessEntry, { ...nodes, deps: { ...deps, role } }, place.ctx);
    expect(place.changes()).toEqual(["CreateAccessEntry"]);
    expect(live.attrs).toMatchObject({ principalArn: want.name, type: "EC2_LINUX" });
  });

  it("that EKS made for the creator is shared, and is not listed as ours", async () => {
    const { eks } = place.ctx.clients;
    const { accessEntries = [] } = await eks.send(new ListAccessEntriesCommand({ clusterName: "demo" }));
    const creator = accessEntries.find((principal) => principal.endsWith(":user/sandbox")) ?? "";
    const request = { clusterName: "demo", principalArn: creator };
    expect((await eks.send(new DescribeAccessEntryCommand(request))).accessEntry?.tags).toEqual({});
    expect(await accessEntry.find(creator, place.ctx)).toMatchObject({ id: "", owner: "shared" });
    expect((await accessEntry.list(place.ctx)).map((live) => live.ref)).not.toContain(creator);

    const { wants } = await makeEntry({ principalArn: creator });
    await bringIn(accessEntry, wants(), creator, place.ctx);
    const changed = await accessEntry.find(creator, place.ctx);
    expect(changed).toMatchObject({ id: "", owner: "shared", attrs: { kubernetesGroups: ["editors", "viewers"] } });
    expect(changed?.attrs.policies).toHaveLength(3);
  });

  it("that somebody made is foreign, and a name that is no ARN is nobody's", async () => {
    const { principal } = await makeEntry();
    const request = { clusterName: "demo", principalArn: principal, tags: { by: "hand" } };
    await place.ctx.clients.eks.send(new CreateAccessEntryCommand(request));
    expect(await accessEntry.find(principal, place.ctx)).toMatchObject({ id: "", owner: "foreign" });
    expect(await accessEntry.find("ann", place.ctx)).toBeNull();
  });

  it("is unknown to a cluster of the mode CONFIG_MAP", async () => {
    const other = await openPlace();
    try {
      await makeCluster(other.ctx, { ...clusterSpec, authenticationMode: "CONFIG_MAP" });
      expect(await accessEntry.list(other.ctx)).toEqual([]);
      expect(await accessEntry.find("arn:aws:iam::111122223333:role/x", other.ctx)).toBeNull();
    } finally {
      await other.sandbox.close();
    }
  });
});
