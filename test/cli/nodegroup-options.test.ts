import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseYaml } from "../../src/yaml.ts";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { givenThings } from "../../src/operations/given-things.ts";
import { parse } from "../support/account.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type Shell, connectionTo, openShell } from "./harness.ts";

let sandbox: Sandbox;
let shell: Shell;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  sandbox.residents(
    givenThings(
      parse(`
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: c, region: us-west-2 }
vpc: { subnets: { private: { a: { id: subnet-0a0a0a0a }, b: { id: subnet-0b0b0b0b } } } }
`),
    ),
  );
  shell = openShell(connectionTo(sandbox));
});
afterAll(async () => {
  await sandbox.close();
  shell.remove();
});

const region = ["--region", "us-west-2"];

describe("options of a nodegroup say what a file would", () => {
  it.each([
    ["--managed=false", "nodeGroups", { name: "a", desiredCapacity: 2 }],
    ["--max-pods-per-node=40", "managedNodeGroups", { maxPodsPerNode: 40 }],
    [
      "--node-ami=ami-0123456789abcdef0 --node-ami-family=AmazonLinux2023",
      "managedNodeGroups",
      { ami: "ami-0123456789abcdef0" },
    ],
    [
      "--instance-selector-vcpus=2 --instance-selector-memory=4 --instance-selector-cpu-architecture=arm64",
      "managedNodeGroups",
      { instanceSelector: { vCPUs: 2, memory: "4", cpuArchitecture: "arm64" } },
    ],
  ])("%s", async (options, section, group) => {
    const argv = ["create", "cluster", "c", ...region, "--nodegroup-name", "a", ...options.split(" "), "--dry-run"];
    const { code, stdout, stderr } = await shell.run(...argv);
    expect(code, stderr).toBe(0);
    expect(parseYaml(stdout).value).toMatchObject({ [section]: [group] });
  });

  it("where EKS manages the nodegroup, and not otherwise", async () => {
    const { code, stderr } = await shell.run("create", "cluster", "c", ...region, "--managed=false", "--spot");
    expect(code).toBe(3);
    expect(stderr).toContain("nodeGroups[0].spot  is for managed nodegroups");
  });
});

describe.sequential("a cluster in a VPC that exists, by options", () => {
  const subnets = "subnet-0a0a0a0a,subnet-0b0b0b0b";

  it("is made in its subnets", async () => {
    const argv = ["create", "cluster", "c", ...region, "--vpc-private-subnets", subnets, "--without-nodegroup"];
    const { code, stderr } = await shell.run(...argv, "-o", "json");
    expect(code, stderr).toBe(0);
    const calls = sandbox.journal.map(({ operation }) => operation);
    expect(calls).toContain("CreateCluster");
    expect(calls).not.toContain("CreateVpc");
  });

  it("gets nodegroups in all of them, or in those that are named", async () => {
    const made = ["create", "nodegroup", "--cluster", "c", ...region, "-P", "--nodes", "1"];
    for (const [name, more] of [
      ["all", []],
      ["one", ["--subnet-ids", "subnet-0b0b0b0b"]],
    ] as const) {
      const { code, stderr } = await shell.run(...made, "--name", name, ...more);
      expect(code, stderr).toBe(0);
    }
    const placed = sandbox.journal
      .filter(({ operation }) => operation === "CreateNodegroup")
      .map(({ input }) => (input as { subnets: readonly string[] }).subnets.join());
    expect(placed).toEqual([subnets, "subnet-0b0b0b0b"]);
  });
});
