import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type Shell, openShell, connectionTo } from "./harness.ts";

let sandbox: Sandbox;
let shell: Shell;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  shell = openShell(connectionTo(sandbox));
});
afterAll(async () => {
  await sandbox.close();
  shell.remove();
});

const demo = ["--region", "us-west-2"];

describe.sequential("a cluster on Fargate", () => {
  it("is made without a nodegroup, and its CoreDNS is healthy", async () => {
    const { code, stdout, stderr } = await shell.run("create", "cluster", "demo", ...demo, "--fargate", "-o", "json");
    expect(code, stderr).toBe(0);
    const { nodegroups, addons } = JSON.parse(stdout) as { nodegroups: unknown[]; addons: unknown[] };
    expect(nodegroups).toEqual([]);
    expect(addons).toContainEqual(
      expect.objectContaining({ name: "coredns", status: "ready", configurationValues: '{"computeType":"Fargate"}' }),
    );
  });

  it("lists its profiles, a line for each selector", async () => {
    const { stdout } = await shell.run("get", "fargateprofile", "--cluster", "demo", ...demo);
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^NAME +SELECTOR_NAMESPACE +SELECTOR_LABELS +POD_EXECUTION_ROLE_ARN/);
    expect(lines[1]).toMatch(/^fp-default +default .*ready$/);
    expect(lines[2]).toMatch(/^fp-default +kube-system .*ready$/);
  });

  it("has no other profile", async () => {
    const { code, stderr } = await shell.run("get", "fargateprofile", "apps", "--cluster", "demo", ...demo);
    expect(code).toBe(1);
    expect(stderr).toContain("the cluster demo has no Fargate profile apps");
    expect(stderr).toContain("it has fp-default");
  });
});

describe("--fargate", () => {
  it("stands beside a nodegroup that is asked for", async () => {
    const { stdout } = await shell.run("create", "cluster", "other", ...demo, "--fargate", "--managed", "--dry-run");
    expect(stdout).toMatch(/fargateProfiles:\n +- name: fp-default/);
    expect(stdout).toMatch(/managedNodeGroups:\n +- /);
  });
});
