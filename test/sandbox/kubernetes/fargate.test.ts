import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../src/kube/objects.ts";
import { contextOf } from "../../../src/operations/session.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../../support/account.ts";

const region = "us-west-2";
const file = (more = "") => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
availabilityZones: [us-west-2a, us-west-2b]
fargateProfiles:
  - name: default
    selectors: [{ namespace: kube-system }, { namespace: default, labels: { run: there } }]
${more}`;
const deployment = (name: string, labels: object, annotations = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "default" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, ...labels }, annotations },
      spec: { containers: [{ name, image: name }] },
    },
  },
});

async function open(more?: string) {
  const account = closing(await openTestAccount());
  expect(failuresOf(await account.create(file(more)))).toEqual([]);
  return { account, api: await apiOf(account) };
}

async function apiOf(account: Account) {
  const api = await (await contextOf(account.session(region), "demo")).kubernetes();
  if (!api) throw new Error("the cluster is not up");
  const list = async (kind: string, labelSelector: string) =>
    (await api.list({ apiVersion: "v1", kind }, { labelSelector })) as readonly Listed[];
  return {
    apply: api.apply,
    delete: api.delete,
    nodes: () => list("Node", "eks.amazonaws.com/compute-type=fargate"),
    pods: (app: string) => list("Pod", app),
  };
}
interface Listed extends KubernetesObject {
  readonly spec: { readonly nodeName?: string; readonly taints?: unknown };
  readonly status: { readonly phase?: string };
}

describe("pods that a Fargate profile selects", { timeout: 60_000 }, () => {
  it("have a node each: CoreDNS is ready without any other", async () => {
    const { account, api } = await open();
    await account.sandbox.clock.sleep(60_000);
    await api.nodes();
    await account.sandbox.clock.sleep(10_000);
    const pods = await api.pods("k8s-app=kube-dns");
    expect(pods.map(({ status }) => status.phase)).toEqual(["Running", "Running"]);
    const nodes = await api.nodes();
    const names = nodes.map(({ metadata }) => metadata.name);
    expect(names).toEqual(expect.arrayContaining(pods.map(({ spec }) => spec.nodeName)));
    for (const { metadata, spec } of nodes) {
      expect(metadata.name).toMatch(/^fargate-ip-192-168-\d+-\d+\.us-west-2\.compute\.internal$/);
      expect(spec.taints).toEqual([{ key: "eks.amazonaws.com/compute-type", value: "fargate", effect: "NoSchedule" }]);
    }
    expect(new Set(names).size).toBe(names.length);
    expect(pods[0]?.metadata.labels?.["eks.amazonaws.com/fargate-profile"]).toBe("default");
  });

  it("take it with them; all others wait for nodes, those that ask for nodes among them", async () => {
    const { account, api } = await open();
    const before = (await api.nodes()).length;
    const here = deployment("here", {});
    const onNodes = deployment("nodes", { run: "there" }, { "eks.amazonaws.com/compute-type": "ec2" });
    const there = deployment("there", { run: "there" });
    for (const each of [here, onNodes, there]) await api.apply(each);
    await account.sandbox.clock.sleep(60_000);
    await api.nodes();
    await account.sandbox.clock.sleep(10_000);
    const phases = await Promise.all(
      ["here", "nodes", "there"].map(async (app) => (await api.pods(`app=${app}`))[0]?.status.phase),
    );
    expect(phases).toEqual(["Pending", "Pending", "Running"]);
    const [pod] = await api.pods("app=there");
    expect((await api.nodes()).map(({ metadata }) => metadata.name)).toContain(pod?.spec.nodeName);
    await api.delete({ ...there, ...there.metadata });
    await account.sandbox.clock.sleep(60_000);
    const left = (await api.nodes()).map(({ metadata }) => metadata.name);
    expect(left).not.toContain(pod?.spec.nodeName);
    expect(left.length).toBeGreaterThanOrEqual(before);
  });
});
