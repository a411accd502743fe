import { describe, expect, it } from "vitest";
import { withDefaults } from "../../src/config/defaults.ts";
import { loadClusterConfig, validateClusterConfig } from "../../src/config/load.ts";
import { formatYaml } from "../../src/yaml.ts";
import { clusterFile, exampleNames, exampleText, nodegroupFile } from "./support.ts";

const load = (text: string) => loadClusterConfig({ text, name: "x" }).config;
const nodegroup = (...lines: readonly string[]) => withDefaults(load(nodegroupFile(...lines))).managedNodeGroups[0];

describe("withDefaults", () => {
  it("fills a bare file in as eksctl does", () => {
    expect(withDefaults(load(clusterFile("")))).toEqual({
      apiVersion: "eksctl.io/v1alpha5",
      kind: "ClusterConfig",
      metadata: { name: "c", region: "us-west-2", version: "1.34" },
      kubernetesNetworkConfig: { ipFamily: "IPv4" },
      vpc: {
        cidr: "192.168.0.0/16",
        nat: { gateway: "Single" },
        clusterEndpoints: { publicAccess: true, privateAccess: false },
      },
      iam: { withOIDC: false, vpcResourceControllerPolicy: true },
      accessConfig: { authenticationMode: "API_AND_CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: true },
      addonsConfig: { autoApplyPodIdentityAssociations: false, disableDefaultAddons: false },
      addons: [{ name: "vpc-cni" }, { name: "kube-proxy" }, { name: "coredns" }, { name: "metrics-server" }],
      nodeGroups: [],
      managedNodeGroups: [],
    });
  });

  it("fills a bare nodegroup in as eksctl does", () => {
    expect(nodegroup()).toEqual({
      name: "a",
      amiFamily: "AmazonLinux2023",
      instanceType: "m5.large",
      spot: false,
      minSize: 2,
      maxSize: 2,
      desiredCapacity: 2,
      volumeSize: 80,
      volumeType: "gp3",
      volumeIOPS: 3000,
      volumeThroughput: 125,
      privateNetworking: false,
      disableIMDSv1: true,
      disablePodIMDS: false,
      labels: { "alpha.eksctl.io/cluster-name": "c", "alpha.eksctl.io/nodegroup-name": "a" },
    });
  });

  it("sets no label that EKS would refuse", () => {
    const name = "c".repeat(64);
    const full = withDefaults({
      apiVersion: "eksctl.io/v1alpha5",
      kind: "ClusterConfig",
      metadata: { name, region: "us-west-2" },
      managedNodeGroups: [{ name: "workers" }, { name: "ends-in-a-hyphen-" }],
    });
    expect(full.managedNodeGroups.map(({ labels }) => labels)).toEqual([
      { "alpha.eksctl.io/nodegroup-name": "workers" },
      {},
    ]);
  });

  it.each([
    [["desiredCapacity: 3"], [3, 3, 3]],
    [["minSize: 3"], [3, 3, 3]],
    [["minSize: 0"], [0, 1, 0]],
    [["maxSize: 5"], [2, 5, 2]],
    [
      ["minSize: 1", "maxSize: 5"],
      [1, 5, 1],
    ],
    [
      ["desiredCapacity: 4", "maxSize: 5"],
      [4, 5, 4],
    ],
    [
      ["desiredCapacity: 0", "minSize: 0", "maxSize: 5"],
      [0, 5, 0],
    ],
  ])("sizes of %j are %j", (lines, [minSize, maxSize, desiredCapacity]) => {
    expect(nodegroup(...lines)).toMatchObject({ minSize, maxSize, desiredCapacity });
  });

  it("keeps what is written", () => {
    const text = clusterFile(
      "vpc: { nat: { gateway: Disable }, clusterEndpoints: { privateAccess: true } }\niam: { withOIDC: true }",
    );
    expect(withDefaults(load(text))).toMatchObject({
      vpc: {
        cidr: "192.168.0.0/16",
        nat: { gateway: "Disable" },
        clusterEndpoints: { publicAccess: true, privateAccess: true },
      },
      iam: { withOIDC: true, vpcResourceControllerPolicy: true },
    });
  });

  it.each([
    ["serviceAccountRoleARN: 'arn:aws:iam::111122223333:role/x'", true],
    ["wellKnownPolicies: { ebsCSIController: true }", true],
    ["wellKnownPolicies: { ebsCSIController: false }", false],
    ["attachPolicyARNs: []", false],
    ["useDefaultPodIdentityAssociations: true }, { name: eks-pod-identity-agent", false],
  ])("makes an OIDC provider for an add-on with %s: %s", (keys, withOIDC) => {
    const text = clusterFile(`addons: [{ name: aws-ebs-csi-driver, ${keys} }]`);
    expect(withDefaults(load(text)).iam.withOIDC).toBe(withOIDC);
  });

  it("gives a disk only the performance that its type has", () => {
    expect(nodegroup("volumeType: io2")).toMatchObject({ volumeType: "io2", volumeIOPS: 100 });
    expect(nodegroup("volumeType: io2")).not.toHaveProperty("volumeThroughput");
    expect(nodegroup("volumeType: gp2")).not.toHaveProperty("volumeIOPS");
  });

  it("has no instanceType beside instanceTypes", () => {
    expect(nodegroup("instanceTypes: [m5.large, m6i.large]")).not.toHaveProperty("instanceType");
  });

  it("turns SSH on when a key is named", () => {
    expect(nodegroup("ssh: { publicKeyName: k }")?.ssh).toEqual({ allow: true, publicKeyName: "k" });
    expect(nodegroup("ssh: { publicKeyName: k, allow: false }")?.ssh?.allow).toBe(false);
  });

  it("puts the cluster's tags below the nodegroup's", () => {
    const text = clusterFile("managedNodeGroups: [{ name: a, tags: { b: ng } }]").replace(
      "region:",
      "tags: { a: cluster, b: cluster }, region:",
    );
    expect(withDefaults(load(text)).managedNodeGroups[0]?.tags).toEqual({ a: "cluster", b: "ng" });
  });

  it.each([
    ["addons: [{ name: CoreDNS, version: latest }]", ["vpc-cni", "kube-proxy", "metrics-server", "CoreDNS"]],
    ["addonsConfig: { disableDefaultAddons: true }\naddons: [{ name: coredns }]", ["coredns"]],
    ["addonsConfig: { disableDefaultAddons: true }", []],
  ])("add-ons of %s", (body, names) => {
    expect(withDefaults(load(clusterFile(body))).addons.map(({ name }) => name)).toEqual(names);
  });

  it("leaves metrics-server out where AWS does not offer it", () => {
    const text = clusterFile("").replace("us-west-2", "cn-north-1");
    expect(withDefaults(load(text)).addons.map(({ name }) => name)).toEqual(["vpc-cni", "kube-proxy", "coredns"]);
  });

  it.each(exampleNames)("gives a config again: %s", (name) => {
    const full = withDefaults(load(exampleText(name)));
    expect(load(formatYaml(full))).toEqual(full);
    expect(validateClusterConfig(JSON.parse(JSON.stringify(full)), "x")).toEqual(full);
    expect(withDefaults(full)).toEqual(full);
  });
});
