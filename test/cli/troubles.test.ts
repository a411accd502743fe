import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox, WrittenScenario } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type Shell, openShell, connectionTo } from "./harness.ts";

const file = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
managedNodeGroups:
  - { name: workers, instanceType: m5.large, desiredCapacity: 2 }
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

/** What is said at the end of a create in such an account. */
async function createdIn(scenario: WrittenScenario): Promise<string> {
  sandbox.scenario(scenario);
  const { code, stdout, stderr } = await shell.run("create", "cluster", "-f", config);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  return stderr.slice(stderr.indexOf("\nFailed: ") + 1);
}

describe("a create that fails says first what stands in its way, and what to do", () => {
  it.each<[string, WrittenScenario, RegExp, string]>([
    [
      "no more addresses",
      { quotas: { addresses: 0 } },
      /^Failed: .*\nerror: creating elastic IP .*: AddressLimitExceeded: The maximum number of addresses has been reached/i,
      "The quota for Elastic IP addresses is used up.",
    ],
    [
      "no more VPCs",
      { quotas: { vpcs: 0 } },
      /^Failed: .*\nerror: creating VPC .*: VpcLimitExceeded/,
      "The quota for VPCs per region is used up.",
    ],
    [
      "no more nodegroups",
      { quotas: { nodegroups: 0 } },
      /^Failed: .*\nerror: creating managed nodegroup .*: ResourceLimitExceededException/,
      "The quota for managed nodegroups per cluster is used up.",
    ],
    [
      "no more vCPUs",
      { quotas: { onDemandVcpus: 2 } },
      /^Failed: .*\nerror: creating managed nodegroup .*VcpuLimitExceeded - .* current vCPU limit of 2 /,
      "The quota for vCPUs of running on-demand standard instances is used up.",
    ],
    [
      "no capacity",
      { shortages: [{ instanceType: "m5.large" }] },
      /^Failed: .*\nerror: creating managed nodegroup .*InsufficientInstanceCapacity - We currently do not have sufficient m5\.large/,
      "Name more instanceTypes or other availabilityZones for the nodegroup",
    ],
    [
      "zones without control planes",
      { zonesWithoutControlPlane: ["us-west-2b", "us-west-2c"] },
      /^Failed: .*\nerror: creating EKS cluster .*: UnsupportedAvailabilityZoneException/,
      "EKS has room for a control plane in us-west-2a, us-west-2d: name some of them, two at least, in availabilityZones",
    ],
  ])("%s", async (_title, scenario, cause, hint) => {
    const said = await createdIn(scenario);
    expect(said).toMatch(cause);
    expect(said).toContain(hint);
  });
});

it("a create goes on by the same command when the quota has been raised", async () => {
  await createdIn({ quotas: { nodegroups: 0 } });
  sandbox.scenario({});
  expect(await shell.run("create", "cluster", "-f", config)).toMatchObject({ code: 0 });
  expect(await shell.run("plan", "-f", config)).toMatchObject({ code: 0 });
});

it("updates that EKS begins by itself only make it wait", async () => {
  const each = { cluster: "demo", seconds: 90 } as const;
  sandbox.scenario({ ownUpdates: [each, { ...each, after: "addon", delaySeconds: 5 }] });
  expect(await shell.run("create", "cluster", "-f", config)).toMatchObject({ code: 0 });
  const { updates } = sandbox.world.region("us-west-2").eks.clusters["demo"] ?? {};
  expect(updates?.length).toBeGreaterThan(1);
  await sandbox.clock.sleep(600_000);
  expect(await shell.run("plan", "-f", config)).toMatchObject({ code: 0 });
});

it("an upgrade that EKS's insights forbid is left undone, and says where to look", async () => {
  writeFileSync(config, file.replace("us-west-2 }", 'us-west-2, version: "1.34" }'));
  expect(await shell.run("create", "cluster", "-f", config)).toMatchObject({ code: 0 });
  const insight = { cluster: "demo", name: "Deprecated APIs", kubernetesVersion: "1.35" } as const;
  sandbox.scenario({ insights: [{ ...insight, status: "ERROR" }] });
  writeFileSync(config, file.replace("us-west-2 }", 'us-west-2, version: "1.35" }'));
  const { code, stderr } = await shell.run("apply", "-f", config, "--yes");
  expect(code).toBe(1);
  expect(stderr).toMatch(/error: .*InvalidStateException: Upgrade readiness issues detected/);
  expect(stderr).toContain("aws eks list-insights --cluster-name");
  sandbox.scenario({ insights: [{ ...insight, status: "WARNING" }] });
  expect(await shell.run("apply", "-f", config, "--yes")).toMatchObject({ code: 0 });
});
