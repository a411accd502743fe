import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubernetesApi } from "../../src/kube/api.ts";
import type { KubernetesObject } from "../../src/kube/objects.ts";
import { UnobservableError } from "../../src/engine/kind.ts";
import { contextOf } from "../../src/operations/session.ts";
import { reachedApi } from "../../src/resources/kube/reached-api.ts";
import { type Account, example, openTestAccount } from "../support/account.ts";

const region = "us-west-2";
const node = { apiVersion: "v1", kind: "Node" };
const configMap = (data: Readonly<Record<string, string>>): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "default" },
  data,
});
const settings = { apiVersion: "v1", kind: "ConfigMap", name: "settings", namespace: "default" };

describe("the Kubernetes API of a cluster", () => {
  let account: Account;
  let api: KubernetesApi;
  const connect = async () => (await contextOf(account.session(region), "quickstart")).kubernetes();

  beforeAll(async () => {
    account = await openTestAccount();
    await account.create(example("quickstart.yaml"));
    const reached = await connect();
    if (!reached) throw new Error("the cluster is not up");
    api = reached;
  }, 60_000);
  afterAll(() => account.close());

  it("lists nodes that have become ready", async () => {
    const nodes = await api.list(node);
    expect(nodes).toHaveLength(2);
    const labels = nodes[0]?.metadata.labels;
    expect(labels?.["alpha.eksctl.io/cluster-name"]).toBe("quickstart");
    for (const { status } of nodes) expect(status).toMatchObject({ conditions: [{ type: "Ready", status: "True" }] });
  });

  it("has what is no type and no object", async () => {
    expect(await api.list({ apiVersion: "karpenter.sh/v1", kind: "NodePool" })).toEqual([]);
    expect(await api.get({ ...settings, name: "other" })).toBeNull();
    await api.delete({ ...settings, name: "other" });
    await expect(api.apply({ ...configMap({}), kind: "Other" })).rejects.toMatchObject({ code: "NotFound" });
  });

  it("applies: sets what is said, takes away what is said no more, and leaves to others what is theirs", async () => {
    await api.apply(configMap({ ours: "1", both: "1" }));
    await api.merge(settings, { data: { theirs: "1" } });
    const after = await api.apply(configMap({ both: "2" }));
    expect(after["data"]).toEqual({ both: "2", theirs: "1" });
    await api.delete(settings);
    expect(await api.get(settings)).toBeNull();
  });

  it("is no API where there is no cluster", async () => {
    const ctx = await contextOf(account.session(region), "nowhere");
    expect(await ctx.kubernetes()).toBeNull();
  });

  it("says why it cannot be reached", async () => {
    account.sandbox.faults([{ service: "kubernetes", effect: "reset" }]);
    await expect(connect()).rejects.toThrow(/^the Kubernetes API cannot be reached from here: /);
    account.sandbox.faults([{ service: "kubernetes", effect: "expired" }]);
    await expect(connect()).rejects.toThrow("the Kubernetes API does not let these credentials in");
    account.sandbox.faults([]);
  });

  it("is deferred for kinds whose things are in there", async () => {
    account.sandbox.faults([{ service: "kubernetes", effect: "reset" }]);
    const ctx = await contextOf(account.session(region), "quickstart");
    await expect(reachedApi(ctx)).rejects.toBeInstanceOf(UnobservableError);
    account.sandbox.faults([]);
    expect(await reachedApi(await contextOf(account.session(region), "nowhere"))).toBeNull();
  });
});
