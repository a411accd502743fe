import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AddonSpec, addon } from "../../src/resources/eks/addon.ts";
import { bringIn, differing, make, openPlace, type Place, remove, settled } from "./driver.ts";
import { addonWant, makeCluster, makeRole } from "./eks-network.ts";

/** One account for all: a control plane takes the longest to make. Each test removes the add-ons that it made. */
let place: Place;
beforeAll(async () => {
  place = await openPlace();
  await makeCluster(place.ctx);
});
afterAll(() => place.sandbox.close());
beforeEach(async () => {
  for (const { ref } of await addon.list(place.ctx)) await remove(addon, ref, place.ctx);
  place.changes();
});

const inputOf = (operation: string) => place.sandbox.journal.findLast((entry) => entry.operation === operation)?.input;
const values = '{"env":{"ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"1"}}';

describe("eks.addon", () => {
  it("is made in one call, says what it is, and has no differences", async () => {
    const want = addonWant("vpc-cni", { version: "v1.20.4-eksbuild.2", configurationValues: values });
    const { ref } = await addon.create(want, place.ctx);
    expect(await addon.read(ref, place.ctx)).toMatchObject({ id: "addon/vpc-cni", owner: "us", phase: "pending" });
    const { live, groups } = await bringIn(addon, want, ref, place.ctx);
    expect([groups, place.changes()]).toEqual([[], ["CreateAddon"]]);
    expect(live).toMatchObject({ phase: "ready", attrs: { version: "v1.20.4-eksbuild.2", issues: [] } });
    expect(inputOf("CreateAddon")).toMatchObject({ resolveConflicts: "OVERWRITE" });
    expect((await addon.list(place.ctx, "addon/vpc-cni")).map((one) => one.ref)).toEqual(["vpc-cni"]);
    expect(await addon.find("vpc-cni", place.ctx)).toEqual(live);
    expect(await addon.list(place.elsewhere("us-west-2", "nobody"))).toEqual([]);
  });

  it.each<readonly [string, Partial<AddonSpec>]>([
    ["version", { version: "v1.20.5-eksbuild.1" }],
    ["configurationValues", { configurationValues: '{"env":{"WARM_IP_TARGET":"3"}}' }],
    ["serviceAccountRole", { serviceAccountRoleArn: "given" }],
  ])("takes another %s by one update, and says all that is wanted", async (aspect, edit) => {
    const given = await makeRole(place.ctx, `addon/${aspect}`, "eks.amazonaws.com", []);
    await place.ctx.clock.sleep(30_000);
    const first = { version: "v1.20.4-eksbuild.2", configurationValues: values };
    const live = await make(addon, addonWant("vpc-cni", first), place.ctx);
    const change = "serviceAccountRoleArn" in edit ? { serviceAccountRoleArn: given.attrs.arn } : edit;
    const want = addonWant("vpc-cni", { ...first, ...change });
    expect(differing(addon, want, live)).toEqual([aspect]);
    place.changes();
    const { groups } = await bringIn(addon, want, live.ref, place.ctx);
    expect([groups, place.changes()]).toEqual([["config"], ["UpdateAddon"]]);
    expect(inputOf("UpdateAddon")).toMatchObject({
      resolveConflicts: "PRESERVE",
      addonVersion: want.spec.version,
      configurationValues: want.spec.configurationValues,
    });
  });

  it("compares configuration values as data", async () => {
    const live = await make(addon, addonWant("vpc-cni", { configurationValues: values }), place.ctx);
    const reordered = '{ "env": { "WARM_PREFIX_TARGET": "1", "ENABLE_PREFIX_DELEGATION": "true" } }';
    expect(differing(addon, addonWant("vpc-cni", { configurationValues: reordered }), live)).toEqual([]);
    const none = { ...live, attrs: { ...live.attrs, configurationValues: null } };
    expect(differing(addon, addonWant("vpc-cni", { configurationValues: "{}" }), none)).toEqual([]);
    const yaml = { ...live, attrs: { ...live.attrs, configurationValues: "env:\n  A: b\n" } };
    expect(differing(addon, addonWant("vpc-cni", { configurationValues: values }), yaml)).toEqual([
      "configurationValues",
    ]);
  });

  it("is not compared with what the file leaves open", async () => {
    const live = await make(
      addon,
      addonWant("vpc-cni", { version: "v1.20.4-eksbuild.2", configurationValues: values }),
      place.ctx,
    );
    expect(differing(addon, addonWant("vpc-cni"), live)).toEqual([]);
  });

  it("has its pod identity associations with roles, given and made, whatever their order", async () => {
    await make(addon, addonWant("eks-pod-identity-agent"), place.ctx);
    const role = await makeRole(place.ctx, "pod-identity/vpc-cni", "pods.eks.amazonaws.com", []);
    await place.ctx.clock.sleep(30_000);
    const base = addonWant("vpc-cni", { podIdentityAssociations: [{ serviceAccount: "aws-node" }] });
    const want = { ...base, deps: { ...base.deps, podIdentityRoles: [role.attrs] } };
    const live = await make(addon, want, place.ctx);
    const associations = [{ serviceAccount: "aws-node", roleArn: role.attrs.arn }];
    expect(live.attrs.podIdentityAssociations).toEqual(associations);
    expect(differing(addon, addonWant("vpc-cni", { podIdentityAssociations: associations }), live)).toEqual([]);

    const { live: after } = await bringIn(
      addon,
      addonWant("vpc-cni", { podIdentityAssociations: [] }),
      live.ref,
      place.ctx,
    );
    expect(after.attrs.podIdentityAssociations).toEqual([]);
  });

  it("is degraded while no node runs it, and failed when it never came up", async () => {
    const { ref } = await addon.create(addonWant("coredns"), place.ctx);
    const degraded = await settled(addon, ref, place.ctx);
    expect(degraded).toMatchObject({
      phase: "degraded",
      detail: expect.stringMatching(/^InsufficientNumberOfReplicas: /) as unknown,
    });

    place.sandbox.scenario({
      failures: [
        { resource: "addon", name: "kube-proxy", code: "ConfigurationConflict", message: "Conflicts found", times: 1 },
      ],
    });
    await addon.create(addonWant("kube-proxy"), place.ctx);
    expect(await settled(addon, "kube-proxy", place.ctx)).toMatchObject({
      phase: "failed",
      detail: expect.stringContaining("ConfigurationConflict: Conflicts found") as unknown,
    });
  });
});
