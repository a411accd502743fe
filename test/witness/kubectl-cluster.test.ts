import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Account, openAccount } from "./account.ts";
import { programs } from "./programs.ts";

const cluster = "quickstart";
const manifest = (replicas: number) => `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop }
data: { colour: "${replicas} times blue" }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web, ports: [{ containerPort: 80 }] }] }
`;

const budget = `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: shop }
spec: { maxUnavailable: 0, selector: { matchLabels: { app: web } } }
`;

/** With the kubeconfig that ekstool has written, and nothing else. */
describe.skipIf(!programs.aws || !programs.kubectl)("kubectl works in a cluster", () => {
  let account: Account;
  const kubectl = async (...args: readonly string[]) => {
    const { status, stdout, stderr } = await account.kubectl(...args);
    expect([status, stderr], args.join(" ")).toEqual([0, expect.anything()]);
    return stdout;
  };
  const lines = async (...args: readonly string[]) => (await kubectl(...args)).trim().split("\n");

  beforeAll(async () => {
    account = await openAccount("us-west-2");
    await account.ekstoolJson("create", "cluster", "-f", `examples/${cluster}.yaml`, "--yes");
  });
  afterAll(() => account.close());

  it("get", async () => {
    const [head, ...nodes] = await lines("get", "nodes");
    expect(head).toMatch(/^NAME +STATUS +ROLES +AGE +VERSION$/);
    expect(nodes).toHaveLength(2);
    for (const node of nodes)
      expect(node).toMatch(/^ip-[\d-]+\.us-west-2\.compute\.internal +Ready +<none> .* v1\.\d+/);
    const namespaces = await lines("get", "ns", "-o", "name");
    expect(namespaces).toEqual(
      ["default", "kube-node-lease", "kube-public", "kube-system"].map((name) => `namespace/${name}`),
    );
    expect(await kubectl("get", "pods", "-A")).toMatch(/kube-system +aws-node-\w+ /);
    expect(await kubectl("get", "ds,deploy", "-n", "kube-system")).toMatch(/deployment\.apps\/coredns/);
  });

  it("apply, once more, and with an edit", async () => {
    const file = join(account.home, "shop.yaml");
    writeFileSync(file, manifest(2));
    expect(await lines("apply", "-f", file)).toEqual([
      "namespace/shop created",
      "configmap/settings created",
      "deployment.apps/web created",
    ]);
    expect((await lines("apply", "-f", file)).every((line) => line.endsWith("unchanged"))).toBe(true);
    writeFileSync(file, manifest(3));
    expect(await lines("apply", "-f", file)).toEqual([
      "namespace/shop unchanged",
      "configmap/settings configured",
      "deployment.apps/web configured",
    ]);
    await kubectl("rollout", "status", "deployment/web", "-n", "shop", "--timeout", "60s");
    expect(await lines("get", "pods", "-n", "shop", "-o", "name")).toHaveLength(3);
  });

  it("apply at the server's side", async () => {
    const file = join(account.home, "server.yaml");
    writeFileSync(file, manifest(3).replaceAll("shop", "store"));
    const args = ["apply", "--server-side", "-f", file];
    expect(await lines(...args)).toEqual([
      "namespace/store serverside-applied",
      "configmap/settings serverside-applied",
      "deployment.apps/web serverside-applied",
    ]);
    await kubectl("delete", "namespace", "store");
  });

  it("wait, label, patch, scale, describe", async () => {
    await kubectl("wait", "--for=condition=Ready", "nodes", "--all", "--timeout", "60s");
    await kubectl("label", "configmap/settings", "-n", "shop", "tier=web");
    await kubectl("patch", "configmap/settings", "-n", "shop", "-p", '{"data":{"more":"1"}}');
    expect(await kubectl("get", "cm", "-n", "shop", "-l", "tier=web", "-o", "jsonpath={.items[0].data.more}")).toBe(
      "1",
    );
    await kubectl("scale", "deployment/web", "-n", "shop", "--replicas", "2");
    expect(await kubectl("describe", "configmap/settings", "-n", "shop")).toMatch(/colour/);
  });

  it("cordon, drain and uncordon", async () => {
    const [node = ""] = await lines("get", "nodes", "-o", "name");
    await kubectl("cordon", node);
    expect(await kubectl("get", node)).toMatch(/Ready,SchedulingDisabled/);
    await kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout", "120s");
    const left = await lines(
      "get",
      "pods",
      "-A",
      "--field-selector",
      `spec.nodeName=${node.replace("node/", "")}`,
      "-o",
      "name",
    );
    expect(left.map((name) => name.replace(/-\w+$/, "")).toSorted()).toEqual(["pod/aws-node", "pod/kube-proxy"]);
    await kubectl("uncordon", node);
    expect(await kubectl("get", node)).not.toMatch(/SchedulingDisabled/);
  });

  it("is kept from a pod by a disruption budget", async () => {
    const file = join(account.home, "budget.yaml");
    writeFileSync(file, budget);
    await kubectl("apply", "-f", file);
    const [node = ""] = await lines("get", "pods", "-n", "shop", "-o", "jsonpath={.items[0].spec.nodeName}");
    const { status, stderr } = await account.kubectl("drain", node, "--ignore-daemonsets", "--timeout", "3s");
    expect([status, stderr]).toEqual([1, expect.stringContaining("Cannot evict pod as it would violate")]);
    await kubectl("delete", "pdb", "web", "-n", "shop");
    await kubectl("uncordon", node);
  });

  it("nobody without a token", async () => {
    const { status, stderr } = await account.kubectl("get", "nodes", "--token", "k8s-aws-v1.wrong");
    expect([status, stderr]).toEqual([1, expect.stringMatching(/Unauthorized|must be logged in/)]);
  });
});
