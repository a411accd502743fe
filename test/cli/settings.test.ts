import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type Shell, connectionTo, openShell } from "./harness.ts";

let sandbox: Sandbox;
let shell: Shell;

const demo = ["--cluster", "demo"];
const key = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const otherKey = key.replace("1234abcd", "4321abcd");

function fileWith(content: string): string {
  const path = join(shell.directory, "cluster.yaml");
  const header = "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: { name: demo, region: us-west-2 }\n";
  writeFileSync(path, `${header}${content}\n`);
  return path;
}
const workers = "managedNodeGroups: [{ name: workers, desiredCapacity: 2 }]";

/** What it prints on stdout. */
async function run(...argv: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await shell.run(...argv, "-o", "json");
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

/** The changing requests of AWS that a command sends, and what it asks with them. */
async function sentBy(...argv: readonly string[]): Promise<readonly (readonly [string, unknown])[]> {
  const before = sandbox.journal.length;
  await run(...argv, "--yes");
  return sandbox.journal
    .slice(before)
    .filter(({ service, changes, outcome }) => changes && outcome === "ok" && !["ssm", "kubernetes"].includes(service))
    .map(({ operation, input }) => [operation, input] as const);
}

async function refusal(...argv: readonly string[]): Promise<readonly [number, string]> {
  const { code, stderr } = await shell.run(...argv);
  return [code, stderr];
}

beforeAll(async () => {
  sandbox = await startTestSandbox();
  sandbox.residents({ keys: [key, otherKey].map((name) => ({ region: "us-west-2", name })) });
  shell = openShell(connectionTo(sandbox));
  await run("create", "cluster", "-f", fileWith(workers), "--yes");
}, 120_000);
afterAll(async () => {
  shell.remove();
  await sandbox.close();
});

describe("a setting of a cluster is changed by itself", () => {
  it("its logging, by types that are added to those that are on", async () => {
    const logging = ["utils", "update-cluster-logging", ...demo];
    expect(await refusal(...logging, "--enable-types", "api")).toEqual([4, expect.stringContaining("logging: []")]);
    expect(await sentBy(...logging, "--enable-types", "api,audit")).toMatchObject([
      ["CreateLogGroup", {}],
      ["UpdateClusterConfig", { logging: { clusterLogging: [{ types: ["api", "audit"], enabled: true }, {}] } }],
    ]);
    expect(await sentBy(...logging, "--enable-types", "scheduler", "--disable-types", "api")).toMatchObject([
      ["UpdateClusterConfig", { logging: { clusterLogging: [{ types: ["audit", "scheduler"] }, {}] } }],
    ]);
    expect(await refusal(...logging, "--yes")).toEqual([3, expect.stringContaining("say which")]);
    const { changes, items } = (await run("plan", "-f", fileWith(workers))) as { changes: boolean; items: object[] };
    expect([changes, items.filter((item) => "verb" in item && item.verb === "orphan")]).toEqual([false, []]);
  });

  it("its endpoint, and what is not named stays", async () => {
    const vpc = ["utils", "update-cluster-vpc-config", ...demo];
    const both = { endpointPrivateAccess: true, endpointPublicAccess: true };
    expect(await sentBy(...vpc, "--private-access")).toMatchObject([
      ["UpdateClusterConfig", { resourcesVpcConfig: both }],
    ]);
    expect(await sentBy("utils", "set-public-access-cidrs", "203.0.113.0/24", ...demo)).toMatchObject([
      ["UpdateClusterConfig", { resourcesVpcConfig: { ...both, publicAccessCidrs: ["203.0.113.0/24"] } }],
    ]);
    expect(await sentBy("utils", "update-cluster-endpoints", ...demo, "--private-access")).toEqual([]);
    const neither = await refusal(...vpc, "--private-access=false", "--public-access=false", "--yes");
    expect(neither).toEqual([3, expect.stringContaining("leaves the Kubernetes API without any endpoint")]);
    const subnets = await refusal(...vpc, "--control-plane-subnet-ids", "subnet-1", "--yes");
    expect(subnets).toEqual([3, expect.stringContaining("vpc.controlPlaneSubnetIDs")]);
  });

  it("zonal shift, and components of the control plane by a file, of which the rest is left alone", async () => {
    expect(await sentBy("utils", "update-zonal-shift-config", ...demo)).toMatchObject([
      ["UpdateClusterConfig", { zonalShiftConfig: { enabled: true } }],
    ]);
    const components = ["utils", "update-control-plane-component-config"];
    const file = fileWith(`kubeAPIServerConfig: { eventTTL: 30m }\nzonalShiftConfig: { enabled: false }\n${workers}`);
    expect(await sentBy(...components, "-f", file)).toMatchObject([
      ["UpdateClusterConfig", { kubeApiServerConfig: { eventTtl: "30m" } }],
    ]);
    expect(await refusal(...components, ...demo)).toEqual([3, expect.stringContaining("--config-file/-f must be set")]);
  });

  it("the encryption of secrets, which are all written anew", async () => {
    const encrypt = ["utils", "enable-secrets-encryption", ...demo, "--key-arn", key];
    expect(await sentBy(...encrypt, "--encrypt-existing-secrets=false")).toMatchObject([
      ["AssociateEncryptionConfig", { encryptionConfig: [{ provider: { keyArn: key } }] }],
    ]);
    const before = sandbox.journal.length;
    expect(await sentBy(...encrypt)).toEqual([]);
    const inside = sandbox.journal.slice(before).filter(({ service }) => service === "kubernetes");
    expect(inside.map(({ operation }) => operation)).toContain("list secrets");
    const other = await refusal(...encrypt.slice(0, -1), otherKey, "--yes");
    expect(other).toEqual([4, expect.stringContaining("cannot change the key")]);
  });

  it("public addresses in public subnets, where somebody has changed that", async () => {
    const { subnets } = sandbox.world.region("us-west-2").ec2;
    const changed = Object.values(subnets).find(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch);
    if (changed) changed.MapPublicIpOnLaunch = false;
    expect(await sentBy("utils", "update-legacy-subnet-settings", ...demo)).toMatchObject([
      ["ModifySubnetAttribute", { SubnetId: changed?.SubnetId, MapPublicIpOnLaunch: { Value: true } }],
    ]);
  });

  it("EKS Auto Mode, with what runs on nodegroups moved away", async () => {
    const file = fileWith(`autoModeConfig: { enabled: true }\nzonalShiftConfig: { enabled: false }\n${workers}`);
    sandbox.scenario({ kubernetes: [{ cluster: "demo", autoModeNodes: 3 }] });
    const sent = await sentBy(
      "update",
      "auto-mode-config",
      "-f",
      file,
      "--drain-all-nodegroups",
      "--drain-parallel",
      "2",
    );
    expect(new Set(sent.map(([operation]) => operation))).toEqual(
      new Set(["CreateRole", "AttachRolePolicy", "TagRole", "UpdateClusterConfig"]),
    );
    expect(sent.filter(([operation]) => operation === "UpdateClusterConfig")).toMatchObject([
      ["UpdateClusterConfig", { computeConfig: { enabled: true } }],
      ["UpdateClusterConfig", { resourcesVpcConfig: {} }],
    ]);
    const alone = await refusal("update", "auto-mode-config", "-f", file, "--drain-parallel", "2");
    expect(alone).toEqual([3, expect.stringContaining("--drain-all-nodegroups")]);
  });

  it("who says who enters, one step forward, after a word on what that means", async () => {
    const mode = ["utils", "update-authentication-mode", ...demo];
    const [code, told] = await refusal(...mode, "--authentication-mode", "API");
    expect(code).toBe(4);
    expect(told).toContain("API_AND_CONFIG_MAP → API");
    expect(told).toContain("nobody is let in by the ConfigMap aws-auth any more");
    expect(await sentBy(...mode, "--authentication-mode", "API")).toMatchObject([
      ["UpdateClusterConfig", { accessConfig: { authenticationMode: "API" } }],
    ]);
    expect(await sentBy(...mode, "--authentication-mode", "API")).toEqual([]);
    const back = await refusal(...mode, "--authentication-mode", "API_AND_CONFIG_MAP", "--yes");
    expect(back).toEqual([4, expect.stringContaining("cannot take an authentication mode back")]);
    expect(await refusal(...mode, "--authentication-mode", "ConfigMap")).toEqual([
      3,
      expect.stringContaining("accessConfig.authenticationMode"),
    ]);
    expect(await refusal(...mode)).toEqual([3, expect.stringContaining("say which")]);
  });

  it("not of a cluster that is not there, or was made elsewhere", async () => {
    const shift = ["utils", "update-zonal-shift-config", "--cluster", "other"];
    expect(await refusal(...shift)).toEqual([1, expect.stringContaining("there is no cluster other")]);
  });
});

describe("create cluster --enable-auto-mode", () => {
  it("makes no nodegroup, and takes no options of nodes", async () => {
    const create = ["create", "cluster", "--name", "auto", "--enable-auto-mode"];
    expect(await run(...create, "--dry-run")).toMatchObject({ autoModeConfig: { enabled: true } });
    expect(await run(...create, "--dry-run")).not.toHaveProperty("managedNodeGroups.0");
    for (const option of ["--nodes=3", "--fargate", "--without-nodegroup"]) {
      const [name] = option.split("=");
      expect(await refusal(...create, option)).toEqual([3, expect.stringContaining(`${name} cannot be used with`)]);
    }
  });
});

describe("labels of nodes", () => {
  const group = [...demo, "--nodegroup", "workers"];

  it("are set and taken away, on any managed nodegroup", async () => {
    expect(await sentBy("set", "labels", ...group, "--labels", "team=web,tier=front")).toMatchObject([
      ["UpdateNodegroupConfig", { labels: { addOrUpdateLabels: { team: "web", tier: "front" } } }],
    ]);
    expect(await sentBy("unset", "labels", ...group, "--labels", "tier,none")).toMatchObject([
      ["UpdateNodegroupConfig", { labels: { removeLabels: ["tier"] } }],
    ]);
    expect(await run("get", "labels", ...group)).toMatchObject([{ name: "workers", labels: { team: "web" } }]);
    expect((await shell.run("get", "labels", ...demo)).stdout).toMatch(
      /^CLUSTER +NODEGROUP +LABELS\ndemo +workers .*team=web/,
    );
    const reserved = await refusal("set", "labels", ...group, "--labels", "kubernetes.io/a=b");
    expect(reserved).toEqual([3, expect.stringContaining("is reserved: a node cannot give itself this label")]);
    expect(await refusal("unset", "labels", ...group)).toEqual([3, expect.stringContaining("say which labels")]);
  });

  it("are set by a file, and nothing else of it", async () => {
    const file = fileWith("managedNodeGroups: [{ name: workers, desiredCapacity: 1, labels: { team: shop } }]");
    const sent = await sentBy("set", "labels", "-f", file);
    expect(sent.filter(([operation]) => operation === "UpdateNodegroupConfig")).toEqual([
      ["UpdateNodegroupConfig", expect.not.objectContaining({ scalingConfig: expect.anything() })],
    ]);
    expect(await run("get", "labels", ...group)).toMatchObject([{ labels: { team: "shop" } }]);
    expect(await sentBy("update", "nodegroup", "-f", file)).toMatchObject([
      ["TagResource", {}],
      ["UpdateNodegroupConfig", { scalingConfig: { desiredSize: 1 } }],
      ["TagResource", {}],
    ]);
    expect((await shell.run("plan", "-f", file)).stdout).toContain("Nothing to do");
  });
});

describe("what EKS says", () => {
  it("of a nodegroup that is not well", async () => {
    const health = ["utils", "nodegroup-health", ...demo, "--name", "workers"];
    expect(await run(...health)).toEqual([]);
    const { workers: record } = sandbox.world.region("us-west-2").eks.clusters["demo"]?.nodegroups ?? {};
    if (record) record.issues = [{ code: "AccessDenied", message: "not let in", resourceIds: ["i-1"] }];
    expect(await run(...health)).toEqual([{ code: "AccessDenied", message: "not let in", resourceIds: ["i-1"] }]);
    expect((await shell.run(...health)).stdout).toContain("AccessDenied  not let in  i-1");
    if (record) record.issues = [];
  });

  it("of add-ons, their versions and settings", async () => {
    const versions = await run("utils", "describe-addon-versions", "--name", "coredns", ...demo);
    expect(versions).toMatchObject([
      { addonName: "coredns", addonVersions: [{ addonVersion: "v1.13.2-eksbuild.4" }, {}, {}, {}] },
    ]);
    const settings = ["utils", "describe-addon-configuration", "--name", "coredns"];
    expect(await run(...settings, "--version", "v1.13.2-eksbuild.4")).toMatchObject({ type: "object" });
    expect(await refusal(...settings, "--version", "v9")).toEqual([1, expect.stringContaining("EKS offers no add-on")]);
  });
});

describe("enable flux", () => {
  it("needs a file that says which repository", async () => {
    expect(await refusal("enable", "flux", "-f", fileWith(workers))).toEqual([
      3,
      expect.stringContaining("the file has no gitops.flux"),
    ]);
    const flux = "gitops: { flux: { gitProvider: github, flags: { owner: acme, repository: clusters } } }";
    const { code, stderr } = await shell.run("enable", "flux", "-f", fileWith(`${workers}\n${flux}`));
    expect([code, stderr]).toEqual([0, expect.stringContaining("there is no flux on PATH")]);
  });
});
