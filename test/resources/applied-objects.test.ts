import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../src/kube/objects.ts";
import { appliedObject, contentOf, marked, seenOf } from "../../src/resources/kube/applied-objects.ts";
import { devicePlugin } from "../../src/resources/kube/device-plugin.ts";
import { serviceAccount } from "../../src/resources/kube/service-account.ts";
import { make, openPlace, type Place, remove, wanting } from "./driver.ts";
import { makeCluster } from "./eks-network.ts";

const daemonSet = (spec: object) => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "plugin", namespace: "kube-system" },
  spec,
});

describe("what counts of an object of ours", () => {
  const wanted = daemonSet({ containers: [{ name: "plugin", env: "a" }], hostNetwork: true });
  const asKubernetesHasIt = { ...marked("device-plugin/nvidia", wanted), status: { ready: 1 } };
  const seen = (object: KubernetesObject, want: KubernetesObject) => seenOf(appliedObject(object), contentOf(want));

  it("is what we speak of, in lists too", () => {
    const filledIn = { containers: [{ name: "plugin", env: "a", pullPolicy: "Always" }], hostNetwork: true, min: 0 };
    expect(seen({ ...asKubernetesHasIt, spec: filledIn }, wanted)).toEqual(contentOf(wanted));
  });

  it("shows of what others have set only where they differ from us", () => {
    const edited = { ...wanted.spec, hostNetwork: false, min: 0 };
    expect(seen({ ...asKubernetesHasIt, spec: edited }, wanted)).toEqual({
      spec: { ...wanted.spec, hostNetwork: false },
    });
  });

  it("is all of it where we want less than we have applied", () => {
    const less = daemonSet({ containers: [{ name: "plugin", env: "a" }] });
    expect(seen(asKubernetesHasIt, less)).toEqual(contentOf(wanted));
  });
});

describe("objects of ours", () => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace();
    await makeCluster(place.ctx);
  });
  afterAll(() => place.sandbox.close());

  it("are parts of one thing alone: a plugin's service account is not one of the file's", async () => {
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "plugin", namespace: "kube-system" },
    };
    const containers = [{ name: "plugin", image: "nvcr.io/nvidia/k8s-device-plugin:v0.19.0" }];
    const labels = { app: "plugin" };
    const template = { metadata: { labels }, spec: { containers } };
    const objects = [account, daemonSet({ selector: { matchLabels: labels }, template })];
    const cluster = { name: "demo" };
    await make(devicePlugin, wanting("device-plugin/nvidia", { objects }, { cluster }, "nvidia"), place.ctx);
    expect(await serviceAccount.list(place.ctx)).toEqual([]);
    expect(await serviceAccount.find("kube-system/plugin", place.ctx)).toMatchObject({ id: "", owner: "shared" });
  });

  it("that are left of a deletion cut short are seen, and go", async () => {
    const api = await place.ctx.kubernetes();
    await api?.delete({ ...daemonSet({}), name: "plugin", namespace: "kube-system" });
    const [left] = await devicePlugin.list(place.ctx);
    expect(left?.attrs.objects.map(({ name }) => name)).toEqual(["ServiceAccount/kube-system/plugin"]);
    await remove(devicePlugin, "nvidia", place.ctx);
    expect(await devicePlugin.list(place.ctx)).toEqual([]);
  });
});
