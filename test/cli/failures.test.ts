import { CreateClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, sandboxCredentials } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type Shell, openShell, connectionTo } from "./harness.ts";

const file = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
managedNodeGroups:
  - { name: workers, desiredCapacity: 2 }
`;

let sandbox: Sandbox;
let shell: Shell;
let config: string;

beforeEach(async () => {
  sandbox = await startTestSandbox();
  shell = openShell(connectionTo(sandbox));
  config = join(shell.directory, "cluster.yaml");
  writeFileSync(config, file);
});
afterEach(async () => {
  await sandbox.close();
  shell.remove();
});

const create = () => shell.run("create", "cluster", "-f", config);
/** Nobody types faster than AWS's lists catch up. */
const aMoment = () => sandbox.clock.sleep(10_000);
const changesSince = (index: number) =>
  sandbox.journal.slice(index).filter((entry) => entry.changes && entry.outcome === "ok");

describe("a create that fails", () => {
  it("is rolled back while the control plane never came up; the cause stands first", async () => {
    const failure = { code: "InsufficientFreeAddresses", message: "no addresses left" } as const;
    sandbox.scenario({ failures: [{ resource: "cluster", name: "demo", ...failure, times: 1 }] });
    const { code, stdout, stderr } = await create();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    const end = stderr.slice(stderr.indexOf("Failed: create cluster demo"));
    expect(end).toMatch(
      /^Failed: .*\nerror: creating EKS cluster demo: .*InsufficientFreeAddresses.*no addresses left/,
    );
    expect(end).toMatch(/rolled back \(deleted again\): \d+ resources/);
    expect(end).toContain("to try again: ekstool create cluster -f");
    expect((await shell.run("delete", "cluster", "--name", "demo", "--yes")).stdout).toContain(
      "nothing of demo was there",
    );
    expect(await create()).toMatchObject({ code: 0 });
  });

  it("is kept once there is a control plane, and repaired by the same command", async () => {
    const failure = { code: "AsgInstanceLaunchFailures", message: "no capacity for m5.large" } as const;
    sandbox.scenario({ failures: [{ resource: "nodegroup", name: "workers", ...failure, times: 1 }] });
    const first = await create();
    expect(first).toMatchObject({ code: 1, stdout: "" });
    expect(first.stderr).toMatch(/AsgInstanceLaunchFailures.*no capacity for m5.large/);
    expect(first.stderr).toMatch(/What was done is kept: \d+ resources/);
    expect(first.stderr).toContain("to continue: ekstool create cluster -f");
    const plan = await shell.run("plan", "-f", config);
    expect(plan.code).toBe(2);
    expect(plan.stdout).toMatch(/↻ managed nodegroup +workers/);
    expect(await create()).toMatchObject({ code: 0 });
    expect(await shell.run("plan", "-f", config)).toMatchObject({ code: 0 });
  });

  it("names the call, the code and the cause when AWS says no", async () => {
    sandbox.faults([{ operation: "CreateVpc", effect: "deny" }]);
    const { code, stdout, stderr } = await create();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/error: creating VPC demo\/vpc: UnauthorizedOperation: .*\(ec2:CreateVpc, request /);
    expect(stderr).toContain("comes from: a missing permission");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("says so before anything is changed when a read is refused", async () => {
    sandbox.faults([{ operation: "DescribeClusterVersions", effect: "deny" }]);
    const { code, stdout, stderr } = await create();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error: AccessDenied.*eks:DescribeClusterVersions/);
    expect(changesSince(0)).toEqual([]);
  });
});

describe("a create that is stopped", () => {
  it("ends at the limit of waiting with 75, and goes on when it is run again", async () => {
    const first = await shell.run("create", "cluster", "-f", config, "--timeout", "5m");
    expect(first).toMatchObject({ code: 75, stdout: "" });
    expect(first.stderr).toContain("AWS is still working: create cluster demo, after 5m");
    expect(first.stderr).toContain("to continue: ekstool create cluster -f");
    await aMoment();
    const second = await create();
    expect(second.code, second.stderr).toBe(0);
    expect(changesSince(0).filter(({ operation }) => operation === "CreateCluster")).toHaveLength(1);
  });

  it("by Ctrl-C ends with 130, and goes on when it is run again", async () => {
    let interrupt = () => {};
    sandbox.onRequest(({ operation }) => operation === "CreateCluster" && interrupt());
    const onInterrupt = (listener: () => void) => {
      interrupt = listener;
      return () => {
        interrupt = () => {};
      };
    };
    const first = await shell.runWith({ onInterrupt }, "create", "cluster", "-f", config);
    expect(first).toMatchObject({ code: 130, stdout: "" });
    expect(first.stderr).toContain("press Ctrl-C again to leave at once");
    expect(first.stderr).toContain("to continue: ekstool create cluster -f");
    await aMoment();
    const second = await create();
    expect(second.code, second.stderr).toBe(0);
    expect(changesSince(0).filter(({ operation }) => operation === "CreateCluster")).toHaveLength(1);
  });
});

describe("Ctrl-C", () => {
  it.each([
    ["when it is asked whether to do it", "\u0003"],
    ["in the middle of the answer", "dem\u0003"],
  ])("%s ends with 130, and nothing was changed", async (_when, answer) => {
    expect(await create()).toMatchObject({ code: 0 });
    const before = sandbox.journal.length;
    const { code, stdout, stderr } = await shell.runWith({ answer }, "delete", "cluster", "--name", "demo");
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toContain("nothing was changed");
    expect(changesSince(before)).toEqual([]);
  });

  it("in the first look of a run ends with 130, and nothing of value is made any more", async () => {
    let interrupt = () => {};
    sandbox.onRequest(({ operation }) => operation === "DescribeVpcs" && interrupt());
    const onInterrupt = (listener: () => void) => {
      interrupt = listener;
      return () => {
        interrupt = () => {};
      };
    };
    const { code, stdout } = await shell.runWith({ onInterrupt }, "create", "cluster", "-f", config);
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(changesSince(0).filter(({ operation }) => operation === "CreateCluster")).toEqual([]);
  });
});

describe("--progress json", () => {
  it("is one object a line, and nothing else on stderr", async () => {
    const { code, stdout, stderr } = await shell.run(
      "create",
      "cluster",
      "-f",
      config,
      "--progress=json",
      "-o",
      "json",
    );
    expect(code).toBe(0);
    const events = stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; step?: string });
    expect(events[0]?.type).toBe("plan");
    expect(events.at(-1)).toEqual({ type: "result", outcome: "done", exitCode: 0, remaining: [] });
    expect(events.find(({ type, step }) => type === "step-finished" && step === "create cluster")).toBeDefined();
    expect(JSON.parse(stdout)).toHaveProperty("timings.criticalPath");
    const wrong = await shell.run("apply", "--progress=json");
    expect(JSON.parse(wrong.stderr)).toMatchObject({ type: "error", exitCode: 3 });
  });
});

describe("a cluster that was made elsewhere", () => {
  beforeEach(async () => {
    const client = { region: "us-west-2", endpoint: sandbox.endpoint, credentials: sandboxCredentials };
    const ec2 = new EC2Client(client);
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
    const subnetIds = [];
    for (const [zone, block] of [
      ["us-west-2a", "10.0.0.0/20"],
      ["us-west-2b", "10.0.16.0/20"],
    ]) {
      const { Subnet } = await ec2.send(
        new CreateSubnetCommand({ VpcId: Vpc?.VpcId ?? "", AvailabilityZone: zone, CidrBlock: block }),
      );
      subnetIds.push(Subnet?.SubnetId ?? "");
    }
    const trust = {
      Effect: "Allow",
      Principal: { Service: "eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    };
    const { Role } = await new IAMClient(client).send(
      new CreateRoleCommand({
        RoleName: "theirs",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
      }),
    );
    await sandbox.clock.sleep(60_000);
    await new EKSClient(client).send(
      new CreateClusterCommand({ name: "demo", roleArn: Role?.Arn ?? "", resourcesVpcConfig: { subnetIds } }),
    );
    await sandbox.clock.sleep(20 * 60_000);
  });

  it("can be read, planned against and given a kubeconfig, and is never changed", async () => {
    const before = sandbox.journal.length;
    expect((await shell.run("get", "cluster")).stdout).toMatch(/demo .* elsewhere/);
    const written = await shell.run("utils", "write-kubeconfig", "--cluster", "demo");
    expect(written.code, written.stderr).toBe(0);
    expect(readFileSync(join(shell.directory, ".kube/config"), "utf8")).toContain("demo.us-west-2.eksctl.io");
    const plan = await shell.run("plan", "-f", config);
    expect(plan.code, plan.stderr).toBe(2);
    for (const command of [
      ["create", "cluster", "-f", config],
      ["create", "nodegroup", "-f", config],
      ["apply", "-f", config, "--yes"],
      ["delete", "cluster", "-f", config, "--yes"],
    ]) {
      const { code, stdout, stderr } = await shell.run(...command);
      expect({ command, code, stdout }).toEqual({ command, code: 4, stdout: "" });
      expect(stderr).toContain("was not made by ekstool");
    }
    expect(changesSince(before)).toEqual([]);
  });
});
