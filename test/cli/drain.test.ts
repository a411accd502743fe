import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type Shell, connectionTo, openShell } from "./harness.ts";

const file = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
managedNodeGroups: [{ name: web }, { name: batch }]
nodeGroups: [{ name: own, maxSize: 4 }]
`;

describe("nodegroups are drained", () => {
  let sandbox: Sandbox;
  let shell: Shell;
  let run: Shell["run"];
  /** What was done inside the cluster since the last call. */
  let seen = 0;
  const inside = () => {
    const fresh = sandbox.journal.slice(seen).filter(({ service, changes }) => service === "kubernetes" && changes);
    seen = sandbox.journal.length;
    return fresh.map(({ operation, input }) => [operation, (input["body"] as { spec?: object })?.spec]);
  };
  const web = ["--cluster", "demo", "--name", "web"];

  beforeAll(async () => {
    shell = openShell();
    sandbox = await startTestSandbox();
    const connection = connectionTo(sandbox);
    run = (...argv) => shell.runWith({ connection }, ...argv);
    const config = join(shell.directory, "cluster.yaml");
    writeFileSync(config, file);
    expect((await run("create", "cluster", "-f", config)).code).toBe(0);
  }, 60_000);
  afterAll(async () => {
    await sandbox.close();
    shell.remove();
  });

  it("after a yes, node by node", async () => {
    expect((await run("drain", "nodegroup", ...web)).code).toBe(4);
    expect(inside()).toEqual([]);
    const { code, stderr } = await run("drain", "nodegroup", ...web, "--yes", "--parallel", "2");
    expect([code, stderr]).toEqual([0, expect.stringContaining("drain nodegroup web of cluster demo")]);
    const cordons = inside().filter(([operation]) => operation === "patch nodes");
    expect(cordons).toEqual(Array.from({ length: 2 }, () => ["patch nodes", { unschedulable: true }]));
  });

  it("and let pods come again", async () => {
    expect((await run("drain", "nodegroup", ...web, "--undo")).code).toBe(0);
    expect(inside()).toEqual(Array.from({ length: 2 }, () => ["patch nodes", { unschedulable: null }]));
  });

  it("with pods deleted where disruption budgets are not to count", async () => {
    const options = ["--disable-eviction", "--max-grace-period", "5s", "--parallel", "2"];
    expect((await run("drain", "nodegroup", ...web, "--yes", ...options)).code).toBe(0);
    expect(inside().map(([operation]) => operation)).not.toContain("create pods/eviction");
    expect((await run("drain", "nodegroup", ...web, "--undo")).code).toBe(0);
    inside();
  });

  it("also where they are self-managed", async () => {
    const own = ["--cluster", "demo", "--name", "own"];
    expect((await run("drain", "nodegroup", ...own, "--yes", "--parallel", "2")).code).toBe(0);
    const cordons = inside().filter(([operation]) => operation === "patch nodes");
    expect(cordons).toEqual(Array.from({ length: 2 }, () => ["patch nodes", { unschedulable: true }]));
    expect((await run("drain", "nodegroup", ...own, "--undo")).code).toBe(0);
    inside();
  });

  it("self-managed ones are scaled by their Auto Scaling group, and apply keeps the size", async () => {
    const own = ["--cluster", "demo", "--name", "own"];
    const before = sandbox.journal.length;
    const scaled = await run("scale", "nodegroup", ...own, "--nodes", "3", "-o", "json");
    expect([scaled.code, scaled.stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(scaled.stdout)).toMatchObject([{ name: "own", desiredCapacity: 3, maxSize: 4 }]);
    const sent = sandbox.journal.slice(before).filter(({ service, changes }) => service === "autoscaling" && changes);
    expect(sent.map(({ operation, input }) => [operation, input])).toMatchObject([
      ["UpdateAutoScalingGroup", { MinSize: 2, MaxSize: 4, DesiredCapacity: 3 }],
    ]);
    const plan = await run("plan", "-f", join(shell.directory, "cluster.yaml"), "-o", "json");
    expect(JSON.parse(plan.stdout)).toMatchObject({ changes: false });
    const many = await run("scale", "nodegroup", ...own, "--nodes", "9");
    expect([many.code, many.stderr]).toEqual([3, expect.stringContaining("raise the maximum too: --nodes-max 9")]);
    const listed = await run("get", "nodegroup", "--cluster", "demo", "-o", "json");
    expect(JSON.parse(listed.stdout)).toContainEqual(
      expect.objectContaining({
        name: "own",
        instanceTypes: ["m5.large"],
        imageId: expect.stringMatching(/^ami-/) as string,
        autoScalingGroups: [expect.stringMatching(/^ekstool-demo-nodegroup-own-/)],
      }),
    );
    const table = (await run("get", "nodegroup", "--cluster", "demo")).stdout;
    expect(table).toMatch(/ own .* m5\.large +- +ami-\w+ +ekstool-demo-nodegroup-own-\S+ +self-managed/u);
    const upgrade = await run("upgrade", "nodegroup", ...own, "--yes");
    expect([upgrade.code, upgrade.stderr]).toEqual([0, expect.stringContaining("Nothing to do")]);
    inside();
  });

  it("not where nobody can reach the API, which is said", async () => {
    sandbox.faults([{ service: "kubernetes", effect: "reset" }]);
    const { code, stderr } = await run("drain", "nodegroup", ...web, "--yes");
    expect([code, stderr]).toEqual([1, expect.stringContaining("the Kubernetes API cannot be reached from here")]);
    sandbox.faults([]);
  });

  it("not by who may not do it in the cluster, and nothing goes then", async () => {
    sandbox.faults([{ service: "kubernetes", operation: "list nodes", effect: "deny" }]);
    const { code, stderr } = await run("delete", "nodegroup", ...web, "--yes");
    expect([code, stderr]).toEqual([1, expect.stringContaining("leave it out with --drain=false")]);
    expect(sandbox.journal.some(({ operation }) => operation === "DeleteNodegroup")).toBe(false);
    sandbox.faults([]);
    inside();
  });

  it("by delete, unless it is told not to", async () => {
    const { code, stderr } = await run("delete", "nodegroup", ...web, "--drain=false", "--yes");
    expect([code, stderr]).toEqual([0, expect.stringContaining("nodes are not drained before they go")]);
    expect(inside()).toEqual([]);
    expect((await run("delete", "nodegroup", "--cluster", "demo", "--name", "batch", "--yes")).code).toBe(0);
    // Nothing is left that could take its pods: they end with it.
    expect(inside().map(([operation]) => operation)).toContain("patch nodes");
  });

  it("with options as eksctl has them", async () => {
    const { code, stderr } = await run("drain", "nodegroup", ...web, "--parallel", "26");
    expect([code, stderr]).toEqual([3, expect.stringContaining("at most 25")]);
  });
});
