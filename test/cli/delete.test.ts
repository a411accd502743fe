import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { addNetworkInterface, releaseNetworkInterfaces } from "../../src/sandbox/services/ec2/internal.ts";
import { busyCluster } from "../support/kubernetes.ts";
import { type Shell, openShell, connectionTo } from "./harness.ts";

const region = "us-west-2";
const file = (more = "") => `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
${more}
managedNodeGroups: [{ name: workers }]
`;

let sandbox: Sandbox;
let shell: Shell;
let config: string;
beforeAll(() => {
  shell = openShell();
  config = join(shell.directory, "cluster.yaml");
});
afterAll(() => shell.remove());

/** The cluster in an account of its own. */
async function created(more?: string): Promise<Shell["run"]> {
  sandbox = await startTestSandbox();
  const connection = connectionTo(sandbox);
  writeFileSync(config, file(more));
  const run: Shell["run"] = (...argv) => shell.runWith({ connection }, ...argv);
  expect((await run("create", "cluster", "-f", config)).code).toBe(0);
  return run;
}

const remove = ["delete", "cluster", "--name", "demo", "--region", region];

describe("delete cluster", () => {
  it("shows in a section of its own what Kubernetes made, sweeps it, and says what it kept", async () => {
    const run = await created();
    sandbox.scenario({ kubernetes: [busyCluster] });
    await run("get", "cluster", "--region", region);
    await sandbox.clock.sleep(10_000);
    const asked = await run(...remove);
    expect(asked.code).toBe(4);
    expect(asked.stderr).toMatch(
      /\n\nmade for the cluster by Kubernetes and EKS\n(.*\n)*? +- load balancer +arn:aws:elasticloadbalancing:/,
    );
    expect(asked.stderr).toMatch(
      / = volume +vol-\w+ {2}10 GiB, of the claim data\n +kept; --volumes delete deletes it\n/,
    );

    const { code, stdout, stderr } = await run(...remove, "--yes", "-o", "json");
    expect(code).toBe(0);
    expect(stderr).toContain("Deleted demo in us-west-2, but for what is kept");
    expect(stderr).toMatch(/swept +.*2 load balancers.*made for the cluster by Kubernetes and EKS/);
    expect(stderr).toMatch(/kept +volume (vol-\w+): .*\n +to delete it: aws ec2 delete-volume --volume-id \1 --region/);
    const output = JSON.parse(stdout) as { swept: unknown[]; kept: { kind: string }[]; leftovers: unknown[] };
    expect(output.swept.length).toBeGreaterThan(8);
    expect(output.kept.map(({ kind }) => kind)).toEqual(["ec2.volume"]);
    expect(output.leftovers).toEqual([]);
    await sandbox.close();
  });

  it("deletes volumes when it is told to, and nothing else than what it may be told", async () => {
    const run = await created();
    sandbox.scenario({ kubernetes: [{ cluster: "demo", volumes: [{ name: "data" }] }] });
    await run("get", "cluster", "--region", region);
    await sandbox.clock.sleep(10_000);
    const wrong = await run(...remove, "--volumes", "perhaps");
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining("keep, delete")]);
    const { code, stderr } = await run(...remove, "--yes", "--volumes", "delete");
    expect(code).toBe(0);
    expect(stderr).toContain("Nothing of demo is left in us-west-2");
    expect(Object.values(sandbox.world.region(region).ec2.volumes)).toEqual([]);
    await sandbox.close();
  });

  it("ends with 1 and the name of what is in the way, and goes on when that is gone", async () => {
    const run = await created();
    const { world } = sandbox;
    const subnet = Object.values(world.region(region).ec2.subnets)[0]?.SubnetId ?? "";
    const id = addNetworkInterface(world, region, { subnetId: subnet, description: "RDSNetworkInterface" });
    const blocked = await run(...remove, "--yes");
    expect(blocked.code).toBe(1);
    expect(blocked.stderr).toContain(`(held by network interface ${id} (RDSNetworkInterface))`);
    expect(blocked.stderr).toContain("Remove it, or what it belongs to, and run the same command again.");
    expect(blocked.stderr).toMatch(/still there:\n(.*\n)*? +subnet/);
    releaseNetworkInterfaces(world, region, [id], world.now());
    expect((await run(...remove, "--yes")).code).toBe(0);
    await sandbox.close();
  });

  it("is refused with 4 while the cluster is protected, and says how that is turned off", async () => {
    const run = await created("deletionProtection: true");
    const before = sandbox.journal.filter(({ changes }) => changes).length;
    const refused = await run(...remove, "--yes");
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain("aws eks update-cluster-config --name demo --no-deletion-protection");
    expect(sandbox.journal.filter(({ changes }) => changes)).toHaveLength(before);
    writeFileSync(config, file("deletionProtection: false"));
    expect((await run("apply", "-f", config, "--yes")).code).toBe(0);
    expect((await run(...remove, "--yes")).code).toBe(0);
    await sandbox.close();
  });
});
