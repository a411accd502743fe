import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type Shell, connectionTo, openShell } from "./harness.ts";

let sandbox: Sandbox;
let shell: Shell;
let config: string;

const upgrade = ["upgrade", "cluster", "--name", "demo"];
const nodegroup = ["upgrade", "nodegroup", "--cluster", "demo", "--name", "workers"];

function fileWith(metadata: string): string {
  writeFileSync(
    config,
    `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2, ${metadata} }
managedNodeGroups: [{ name: workers, desiredCapacity: 1, minSize: 0 }]
`,
  );
  return config;
}

/** What the version moves of the cluster are asked with, in order. */
async function movesOf(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const before = sandbox.journal.length;
  await work();
  return sandbox.journal
    .slice(before)
    .filter(({ operation }) => operation === "UpdateClusterVersion")
    .map(({ input }) => input);
}

async function versions(): Promise<readonly [string, string]> {
  const [cluster] = JSON.parse((await shell.run("get", "cluster", "demo", "-o", "json")).stdout);
  const [workers] = JSON.parse((await shell.run("get", "nodegroup", "--cluster", "demo", "-o", "json")).stdout);
  return [cluster.version, workers.version];
}

beforeAll(async () => {
  sandbox = await startTestSandbox();
  shell = openShell(connectionTo(sandbox));
  config = join(shell.directory, "cluster.yaml");
  const created = await shell.run("create", "cluster", "-f", fileWith('version: "1.32"'), "--yes");
  expect(created.code, created.stderr).toBe(0);
}, 120_000);
afterAll(async () => {
  shell.remove();
  await sandbox.close();
});

describe("upgrade cluster", () => {
  it("asks first", async () => {
    const { code, stdout, stderr } = await shell.run(...upgrade);
    expect([code, stdout]).toEqual([4, ""]);
    expect(stderr).toContain("1.32 → 1.33");
  });

  it("names what EKS's insights report, which EKS refuses to go on with", async () => {
    const about = { cluster: "demo", kubernetesVersion: "1.33", reason: "beta is called.", recommendation: "Move on." };
    sandbox.scenario({
      insights: [
        { ...about, name: "Deprecated APIs", status: "ERROR" },
        { ...about, name: "Skew", status: "WARNING" },
      ],
    });
    const { code, stderr } = await shell.run(...upgrade, "--approve");
    expect(code).toBe(1);
    expect(stderr).toContain("EKS's insights report ERROR for 1.33, Deprecated APIs: beta is called. Move on.");
    expect(stderr).toContain("EKS's insights report WARNING for 1.33, Skew");
    expect(stderr).toContain("--force goes on all the same");
    expect(stderr).toContain("Upgrade readiness issues detected");
    expect(await movesOf(() => shell.run(...upgrade, "--force", "--yes"))).toMatchObject([
      { version: "1.33", force: true },
    ]);
    sandbox.scenario({});
  });

  it("goes several minors one after the other, and tells what follows", async () => {
    const moves = await movesOf(async () => {
      const { code, stdout, stderr } = await shell.run(...upgrade, "--version", "1.35", "--yes", "-o", "json");
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        cluster: { name: "demo", version: "1.35" },
        remaining: [
          { name: "workers", commands: [expect.stringContaining("--kubernetes-version 1.35")] },
          { kind: "eks.addon", commands: [expect.stringContaining("ekstool update addon --cluster demo")] },
          {},
          {},
        ],
      });
      expect(stderr).toContain("what remains to do");
    });
    expect(moves).toMatchObject([{ version: "1.34" }, { version: "1.35" }]);
    expect(await versions()).toEqual(["1.35", "1.32"]);
    expect((await shell.run("plan", "-f", config)).stdout).toContain("newer than the 1.32 of the file");
  });

  it("does not leave nodes more than three minors behind", async () => {
    const { code, stderr } = await shell.run(...upgrade, "--version", "1.36", "--yes");
    expect(code).toBe(4);
    expect(stderr).toContain("nodes can be 3 minor versions older than the control plane: workers has 1.32");
    expect(stderr).toContain("ekstool upgrade nodegroup --cluster demo --name workers --kubernetes-version 1.35");
    expect((await shell.run(...nodegroup, "--kubernetes-version", "1.35", "--yes")).code).toBe(0);
  });

  it("takes the last upgrade back, after the nodes", async () => {
    const file = fileWith('version: "1.34", rollbackConfig: { timeoutMinutes: 240 }');
    const early = await shell.run("upgrade", "cluster", "-f", file, "--yes");
    expect([early.code, early.stderr]).toEqual([
      4,
      expect.stringContaining("nodes cannot be newer than the control plane: workers has 1.35"),
    ]);
    expect((await shell.run(...nodegroup, "--kubernetes-version", "1.34", "--yes")).code).toBe(0);
    const moves = await movesOf(async () => {
      const { code, stderr } = await shell.run("upgrade", "cluster", "-f", file, "--yes");
      expect(code, stderr).toBe(0);
    });
    expect(moves).toMatchObject([{ version: "1.34", rollbackConfig: { timeoutMinutes: 240 } }]);
    expect(await versions()).toEqual(["1.34", "1.34"]);

    const further = await shell.run(...upgrade, "--version", "1.33", "--force", "--yes");
    expect([further.code, further.stderr]).toEqual([1, expect.stringContaining("takes only the last upgrade back")]);
    const two = await shell.run(...upgrade, "--version", "1.32", "--yes");
    expect([two.code, two.stderr]).toEqual([
      4,
      expect.stringContaining("by one minor version only: from 1.34 to 1.33"),
    ]);
  });

  it("has an older name, and refuses what cannot be", async () => {
    const nothing = await shell.run("update", "cluster", "--name", "demo", "--version", "1.34");
    expect([nothing.code, nothing.stderr]).toEqual([0, expect.stringContaining("Nothing to do")]);
    const unknown = await shell.run(...upgrade, "--version", "1.99", "--yes");
    expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining("EKS does not offer Kubernetes 1.99")]);
    expect((await shell.run("upgrade", "cluster", "-f", config, "--version", "1.35")).code).toBe(3);
    expect((await shell.run("upgrade", "cluster", "--name", "other", "--yes")).code).toBe(1);
  });

  it("waits for an upgrade that is under way, and goes on after it", async () => {
    const impatient = await shell.run(...upgrade, "--version", "1.36", "--yes", "--timeout", "60s");
    expect([impatient.code, impatient.stderr]).toEqual([75, expect.stringContaining("1.35")]);
    const moves = await movesOf(async () => {
      const { code, stderr } = await shell.run(...upgrade, "--version", "1.36", "--yes");
      expect(code, stderr).toBe(0);
      expect(stderr).toContain("it is under way already");
    });
    expect(moves).toMatchObject([{ version: "1.36" }]);
  });
});
