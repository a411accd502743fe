import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type Shell, openShell, connectionTo } from "./harness.ts";

const file = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: demo
  region: us-west-2
managedNodeGroups:
  - name: workers
    desiredCapacity: 2
    maxSize: 4
`;

let sandbox: Sandbox;
let shell: Shell;
let config: string;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  shell = openShell(connectionTo(sandbox));
  config = join(shell.directory, "cluster.yaml");
  writeFileSync(config, file);
});
afterAll(async () => {
  await sandbox.close();
  shell.remove();
});

/** Changing calls that `work` leads to, as `eks:CreateCluster`; apart from those of the lock. */
async function changesOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = sandbox.journal.length;
  await work();
  return sandbox.journal
    .slice(before)
    .filter((entry) => entry.changes && entry.service !== "ssm")
    .map(({ service, operation }) => `${service}:${operation}`);
}

describe.sequential("one cluster, from file to nothing", () => {
  it("plan shows what would be made and makes nothing", async () => {
    const changes = await changesOf(async () => {
      const { code, stdout } = await shell.run("plan", "-f", config);
      expect(code).toBe(2);
      expect(stdout).toMatch(/plan for cluster demo in us-west-2/);
      expect(stdout).toMatch(/account 111122223333/);
      expect(stdout).toMatch(/\+ EKS cluster +demo +about 9 min/);
      expect(stdout).toMatch(/\d+ to create; about \d+ min\n$/);
    });
    expect(changes).toEqual([]);
  });

  it("is created; stdout is one JSON document", async () => {
    const { code, stdout, stderr } = await shell.run("create", "cluster", "-f", config, "-o", "json");
    expect(code, stderr).toBe(0);
    const output = JSON.parse(stdout) as Record<string, unknown>;
    expect(output).toMatchObject({
      cluster: { name: "demo", region: "us-west-2", status: "ready", owned: true },
      endpoint: expect.stringMatching(/^https:/) as string,
      vpc: { id: expect.stringMatching(/^vpc-/) as string, cidr: "192.168.0.0/16" },
      nodegroups: [{ name: "workers", desiredCapacity: 2, maxSize: 4, status: "ready" }],
      kubeconfigContext: "sandbox@demo.us-west-2.eksctl.io",
    });
    expect(output["subnets"]).toHaveLength(6);
    expect((output["addons"] as { name: string }[]).map(({ name }) => name).toSorted()).toEqual([
      "coredns",
      "kube-proxy",
      "metrics-server",
      "vpc-cni",
    ]);
    expect(stderr).toMatch(/demo is ready in us-west-2, Kubernetes 1\.\d+, after \d+m\d+s/);
    expect(stderr).toMatch(/kubectl get nodes/);
    expect(stderr).toMatch(/slowest .*EKS cluster demo .*managed nodegroup workers/i);
    const kubeconfig = readFileSync(join(shell.directory, ".kube/config"), "utf8");
    expect(kubeconfig).toContain("current-context: sandbox@demo.us-west-2.eksctl.io");
    expect(kubeconfig).toContain("- /opt/ekstool/bin/ekstool.js");
  });

  it("a second create, apply and plan change nothing", async () => {
    const changes = await changesOf(async () => {
      for (const verb of [["create", "cluster"], ["apply"], ["plan"]]) {
        const { code, stderr, stdout } = await shell.run(...verb, "-f", config, "-o", "json");
        expect(code, stderr).toBe(0);
        expect(JSON.parse(stdout)).toBeTypeOf("object");
      }
    });
    expect(changes).toEqual([]);
  });

  it("get lists it", async () => {
    expect((await shell.run("get", "cluster")).stdout).toMatch(/demo +us-west-2 +1\.\d+ +ready +ekstool/);
    expect((await shell.run("get", "cluster", "--name", "demo", "-o", "yaml")).stdout).toMatch(/name: demo/);
    expect((await shell.run("get", "ng", "--cluster", "demo")).stdout).toMatch(/demo +workers +ready .* 2 +4 +2/);
    const addons = JSON.parse((await shell.run("get", "addon", "--cluster", "demo", "-o", "json")).stdout) as object[];
    expect(addons).toHaveLength(4);
    const missing = await shell.run("get", "nodegroup", "--cluster", "other");
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toContain("there is no cluster other in us-west-2");
  });

  it("scale sends one call, and apply keeps the size", async () => {
    const scale = ["scale", "nodegroup", "--cluster", "demo", "--name", "workers"];
    expect(await changesOf(() => shell.run(...scale, "--nodes", "3"))).toEqual(["eks:UpdateNodegroupConfig"]);
    expect((await shell.run("get", "ng", "--cluster", "demo")).stdout).toMatch(/ 2 +4 +3 /);
    expect(await changesOf(() => shell.run("apply", "-f", config))).toEqual([]);
    const tooMany = await shell.run(...scale, "--nodes", "9");
    expect(tooMany).toMatchObject({ code: 3, stdout: "" });
    expect(tooMany.stderr).toContain("--nodes-max 9");
    expect(await changesOf(() => shell.run(...scale, "--nodes", "3"))).toEqual([]);
  });

  it("upgrade needs a yes, and a version that nodes may have", async () => {
    const upgrade = ["upgrade", "nodegroup", "--cluster", "demo", "--name", "workers"];
    expect(await shell.run(...upgrade)).toMatchObject({ code: 4, stdout: "" });
    expect(await shell.run(...upgrade, "--kubernetes-version", "1.99", "--yes")).toMatchObject({ code: 4 });
    expect(await shell.run(...upgrade, "--kubernetes-version", "1.10", "--yes")).toMatchObject({ code: 4 });
    const both = await shell.run(...upgrade, "--kubernetes-version", "1.34", "--release-version", "x", "--yes");
    expect(both).toMatchObject({ code: 3 });
    const { code, stderr } = await shell.run(...upgrade, "--yes", "-o", "json");
    expect(code, stderr).toBe(0);
  });

  it("nodegroups come and go by name", async () => {
    const create = ["create", "nodegroup", "--cluster", "demo", "--name", "extra", "--nodes", "1"];
    const created = await shell.run(...create, "-o", "json");
    expect(created.code, created.stderr).toBe(0);
    expect(JSON.parse(created.stdout)).toMatchObject({ nodegroups: [{ name: "extra", desiredCapacity: 1 }] });
    expect((await shell.run("plan", "-f", config)).stdout).toContain("no longer in the file");
    const remove = ["delete", "nodegroup", "--cluster", "demo", "--name", "extra"];
    expect(await shell.run(...remove)).toMatchObject({ code: 4, stdout: "" });
    const removed = await shell.run(...remove, "--yes");
    expect(removed.code, removed.stderr).toBe(0);
    expect((await shell.run("get", "ng", "--cluster", "demo", "-o", "json")).stdout).not.toContain("extra");
    expect((await shell.run("plan", "-f", config)).code).toBe(0);
    expect((await shell.run(...remove, "--yes")).stderr).toContain("no nodegroup extra");
  });

  it("an edit is planned, saved, and carried out once", async () => {
    writeFileSync(config, `${file}    labels: { tier: web }\n`);
    const plan = join(shell.directory, "change.plan");
    const planned = await shell.run("plan", "-f", config, "--out", plan);
    expect(planned).toMatchObject({ code: 2 });
    expect(planned.stdout).toMatch(/~ .*workers/);
    expect(await shell.run("apply", plan)).toMatchObject({ code: 4, stdout: "" });
    const applied = await shell.run("apply", plan, "--yes");
    expect(applied.code, applied.stderr).toBe(0);
    const again = await shell.run("apply", plan, "--yes");
    expect(again).toMatchObject({ code: 4, stdout: "" });
    expect(again.stderr).toContain("the plan is stale");
    expect(await shell.run("apply", config)).toMatchObject({ code: 3 });
  });

  it("the wrong account is refused", async () => {
    for (const verb of [["plan"], ["apply"], ["delete", "cluster"]]) {
      const { code, stderr, stdout } = await shell.run(...verb, "-f", config, "--expect-account", "999999999999", "-y");
      expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
      expect(stderr).toContain("not 999999999999");
    }
  });

  it("is deleted from its name alone, after a yes", async () => {
    const remove = ["delete", "cluster", "--name", "demo", "--region", "us-west-2"];
    expect(await shell.run(...remove)).toMatchObject({ code: 4, stdout: "" });
    const wrong = await shell.runWith({ answer: "dmeo" }, ...remove);
    expect(wrong).toMatchObject({ code: 4, stdout: "" });
    const { code, stdout, stderr } = await shell.runWith({ answer: "demo" }, ...remove, "-o", "json");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("Delete the cluster demo and all of the above? (type demo)");
    expect(JSON.parse(stdout)).toMatchObject({ cluster: "demo", leftovers: [] });
    expect(readFileSync(join(shell.directory, ".kube/config"), "utf8")).not.toContain("demo");
    const again = await shell.run(...remove, "--yes");
    expect(again.code, again.stderr).toBe(0);
    expect((await shell.run("get", "cluster")).stdout).toBe("No clusters found\n");
  });
});
