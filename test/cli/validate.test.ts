import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterFile } from "../config/support.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { type Shell, connectionTo, openShell } from "./harness.ts";

let sandbox: Sandbox;
let shell: Shell;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  shell = openShell(connectionTo(sandbox));
});
afterAll(async () => {
  shell.remove();
  await sandbox.close();
});

function written(body: string, version?: string): string {
  const path = join(shell.directory, "cluster.yaml");
  writeFileSync(path, clusterFile(body, version));
  return path;
}

const right = `availabilityZones: [us-west-2a, us-west-2b]
addons:
  - { name: coredns, version: latest, configurationValues: '{"replicaCount": 3}' }
managedNodeGroups: [{ name: a, instanceTypes: [m5.large, m5.xlarge] }]`;

describe("validate", () => {
  it("says what it could not check, and asks AWS nothing", async () => {
    const before = sandbox.journal.length;
    const path = written(right);
    expect((await shell.run("validate", "-f", path)).stdout).toBe(
      [
        `${path} is valid: cluster c in us-west-2, 1 nodegroups`,
        "not checked (--online asks AWS):",
        "  Kubernetes 1.34: whether EKS offers it",
        "  us-west-2a, us-west-2b: whether they are zones of us-west-2 that can host a cluster",
        "  m5.large, m6i.large, m7i.large, m5.xlarge: whether us-west-2 offers them and where, their architecture, their accelerators",
        "  vpc-cni, kube-proxy, metrics-server, coredns: which versions there are for the Kubernetes version",
        "  coredns: whether their configurationValues fit the schema of their version",
        "",
      ].join("\n"),
    );
    expect(sandbox.journal.length).toBe(before);
  });

  it("--online asks for it, and changes nothing", async () => {
    const { code, stdout } = await shell.run("validate", "--online", "-f", written(right), "-o", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: true,
      notChecked: [],
    });
    expect(sandbox.journal.filter(({ changes }) => changes)).toEqual([]);
  });

  it("--online finds everything that is wrong at once, and where", async () => {
    const path = written(`addons:
  - { name: coredns, configurationValues: '{"replicaCount": "three", "replicas": 3}' }
  - { name: vpc-cni, version: v0.1 }
  - { name: no-such-addon }
  - { name: metrics-server, owners: [aws] }
managedNodeGroups:
  - { name: a, instanceTypes: [m5.large, m6g.large] }
  - { name: b, instanceType: x9.huge }
  - { name: selected, instanceSelector: { vCPUs: 3, memory: 7 } }
  - { name: c }`);
    const { code, stderr } = await shell.run("validate", "--online", "-f", path);
    expect(code).toBe(3);
    for (const problem of [
      ':7:43  addons[0].configurationValues  the configurationValues of coredns do not fit v1.12.4-eksbuild.1: replicaCount: must be a number, not "three"',
      ":7:43  addons[0].configurationValues  the configurationValues of coredns do not fit v1.12.4-eksbuild.1: replicas: is not a known key",
      ":8:31  addons[1].version  vpc-cni has no version v0.1 for Kubernetes 1.34",
      ":9:13  addons[2].name  EKS offers no add-on no-such-addon for Kubernetes 1.34",
      ":10:29  addons[3].owners  EKS offers no add-on metrics-server of these publishers, types and owners for Kubernetes 1.34",
      ":12:5  managedNodeGroups[0]  nodegroup a: its instance types are of different architectures",
      ":13:30  managedNodeGroups[1].instanceType  nodegroup b: us-west-2 does not offer x9.huge",
      ":14:23  managedNodeGroups[2].instanceSelector  nodegroup selected: no instance type of us-west-2 is what instanceSelector asks for",
    ]) {
      expect(stderr).toContain(problem);
    }
    const lines = [...stderr.matchAll(/cluster\.yaml:(\d+):/g)].map(([, line]) => Number(line));
    expect(lines).toEqual([7, 7, 8, 9, 10, 12, 13, 14]);
  });

  it("--online names the versions that EKS has", async () => {
    const { code, stderr } = await shell.run("validate", "--online", "-f", written("", '"1.99"'));
    expect(code).toBe(3);
    expect(stderr).toContain(":4:42  metadata.version  EKS does not offer Kubernetes 1.99");
  });

  it("says what nobody looks for, and with --online what could not be looked at", async () => {
    const others = "arn:aws:kms:us-west-2:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const policy = "arn:aws:iam::444455556666:policy/elsewhere";
    const path = written(`secretsEncryption: { keyARN: ${others} }
managedNodeGroups:
  - name: a
    iam: { attachPolicyARNs: [${policy}] }
    additionalVolumes: [{ volumeName: sdf, snapshotID: snap-0123456789abcdef0 }]`);
    const notChecked = async (...flags: readonly string[]) => {
      const { code, stdout } = await shell.run("validate", "-f", path, "-o", "json", ...flags);
      expect(code).toBe(0);
      return (JSON.parse(stdout) as { readonly notChecked: readonly string[] }).notChecked;
    };
    const open = "snap-0123456789abcdef0: whether they exist";
    expect((await notChecked()).slice(-2)).toEqual([
      `${policy}, ${others}: whether they exist, and are fit for what they are named for`,
      open,
    ]);
    expect(await notChecked("--online")).toEqual([`${policy}, ${others}: whether they exist`, open]);
  });

  it("--online names each key and image that does not do, with its place", async () => {
    const key = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const id = "ami-0123456789abcdef0";
    sandbox.residents({ images: [{ region: "us-west-2", id, instanceType: "m7g.large" }] });
    const targetGroup = "arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/web/0123456789abcdef";
    const path = written(`secretsEncryption: { keyARN: ${key} }
managedNodeGroups:
  - { name: a, volumeEncrypted: true, volumeKmsKeyID: alias/none, ami: ${id}, amiFamily: AmazonLinux2023, instanceType: m5.large }
nodeGroups:
  - { name: b, ami: ami-0000000000000000b, amiFamily: AmazonLinux2023, targetGroupARNs: [${targetGroup}], classicLoadBalancerNames: [old] }`);
    const { code, stderr } = await shell.run("validate", "--online", "-f", path);
    expect(code).toBe(3);
    for (const problem of [
      `:6:30  secretsEncryption.keyARN  there is no KMS key ${key} in the region`,
      ":8:55  managedNodeGroups[0].volumeKmsKeyID  there is no KMS key alias/none in the region",
      `nodegroup a: the image ${id} is for arm64, and m5.large is x86_64`,
      "nodegroup b: there is no image ami-0000000000000000b in us-west-2",
      `there is no target group ${targetGroup}`,
      "there is no classic load balancer old",
    ]) {
      expect(stderr).toContain(problem);
    }
  });

  it("--online looks for what the file takes as given", async () => {
    const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
    const path = written(`iam: { serviceRoleARN: ${role("no-such-role")} }
remoteNetworkConfig: { vpcGatewayID: vgw-0123456789abcdef0, remoteNodeNetworks: [{ cidrs: [10.80.0.0/16] }] }
managedNodeGroups:
  - name: a
    iam: { attachPolicyARNs: ["arn:aws:iam::111122223333:policy/none", "arn:aws:iam::444455556666:policy/elsewhere"] }
    ssh: { publicKeyName: none }
    securityGroups: { attachIDs: [sg-0123456789abcdef0] }`);
    const { code, stderr } = await shell.run("validate", "--online", "-f", path);
    expect(code).toBe(3);
    const missing = [
      `there is no role ${role("no-such-role")}`,
      "there is no policy arn:aws:iam::111122223333:policy/none",
      "there is no key pair none",
      "there is no security group sg-0123456789abcdef0",
      "there is no virtual private gateway vgw-0123456789abcdef0",
    ];
    const places = [
      ":6:24  iam.serviceRoleARN",
      ":10:31  managedNodeGroups[0].iam.attachPolicyARNs[0]",
      ":11:27  managedNodeGroups[0].ssh.publicKeyName",
      ":12:35  managedNodeGroups[0].securityGroups.attachIDs[0]",
      ":7:38  remoteNetworkConfig.vpcGatewayID",
    ];
    for (const [index, problem] of missing.entries()) expect(stderr).toContain(`${places[index]}  ${problem}`);
    expect(stderr).not.toContain("elsewhere");
    const planned = await shell.run("plan", "-f", path);
    expect(planned.code).toBe(3);
    for (const problem of missing) expect(planned.stderr).toContain(problem);
  });
});
