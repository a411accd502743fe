import { describe, expect, it } from "vitest";
import { loadClusterConfig } from "../../src/config/load.ts";
import { clusterFile, problemsOf } from "./support.ts";

/** A file in which the key stands at its place, with a value of its own. */
function fileWith(path: string, value: string): string {
  const steps = path.split(".");
  const nested = steps.reduceRight((inner, step) => {
    const list = step.endsWith("[]");
    return `{ ${list ? `${step.slice(0, -2)}: [${inner}]` : `${step}: ${inner}`} }`;
  }, value);
  const whole = nested
    .slice(2, -2)
    .replace("managedNodeGroups: [{ ", "managedNodeGroups: [{ name: a, ")
    .replace("fargateProfiles: [{ ", "fargateProfiles: [{ name: a, selectors: [{ namespace: a }], ");
  return clusterFile(whole);
}

const managedOnly = "is for self-managed nodegroups (nodeGroups), not for managed ones";
const notForAddons = "is not for add-ons: EKS does not take it there";

/** Keys of eksctl.io/v1alpha5 that are refused, with something that they could say, and why. */
const refused: readonly (readonly [path: string, value: string, reason: string])[] = [
  ["git", "{ repo: a }", "was removed from the format: Flux v1 is gone"],
  ["status", "{ a: b }", "is no part of the file format"],
  ["managedNodeGroups[].asgMetricsCollection", "[{ granularity: a }]", managedOnly],
  ["managedNodeGroups[].classicLoadBalancerNames", "[a]", managedOnly],
  ["managedNodeGroups[].clusterDNS", "10.0.0.10", managedOnly],
  ["managedNodeGroups[].containerRuntime", "containerd", managedOnly],
  ["managedNodeGroups[].cpuCredits", "standard", managedOnly],
  ["managedNodeGroups[].enclaveEnabled", "true", managedOnly],
  ["managedNodeGroups[].instancesDistribution", "{ maxPrice: 1 }", managedOnly],
  ["managedNodeGroups[].kubeletExtraConfig", "{ a: b }", managedOnly],
  ["managedNodeGroups[].localZones", "[a]", managedOnly],
  ["managedNodeGroups[].maxInstanceLifetime", "86400", managedOnly],
  ["managedNodeGroups[].outpostARN", "a", managedOnly],
  ["managedNodeGroups[].targetGroupARNs", "[a]", managedOnly],
  ["managedNodeGroups[].iam.instanceProfileARN", "a", "is not supported for managed nodegroups; use instanceRoleARN"],
  ["managedNodeGroups[].securityGroups.withLocal", "true", "is not supported for managed nodegroups"],
  ["managedNodeGroups[].securityGroups.withShared", "true", "is not supported for managed nodegroups"],
];

describe("keys of eksctl's format that are refused", () => {
  it.each(refused)("%s: %s %s", (path, value, reason) => {
    const [problem, ...more] = problemsOf(fileWith(path, value));
    expect(problem?.endsWith(`${path.split(".").at(-1)}: ${reason}`), problem).toBe(true);
    expect(more).toEqual([]);
  });

  it.each([
    ["createServiceAccount: true", "is not for add-ons: an add-on makes its service account itself"],
    ["disableSessionTags: true", notForAddons],
    ["policy: a", notForAddons],
    ["tags: { a: b }", notForAddons],
    ["targetRoleARN: a", notForAddons],
    [
      "wellKnownPolicies: { ebsCSIController: true }",
      "is not for add-ons: use permissionPolicyARNs or permissionPolicy",
    ],
  ])("in an add-on's association: %s", (key, reason) => {
    const file = clusterFile(
      `addons: [{ name: eks-pod-identity-agent }, { name: a, podIdentityAssociations: [{ ${key}, serviceAccountName: s, roleARN: 'arn:aws:iam::111122223333:role/r' }] }]`,
    );
    expect(problemsOf(file)).toEqual([`6:83 addons[1].podIdentityAssociations[0].${key.split(":")[0]}: ${reason}`]);
  });

  it.each([
    ["ubuntu1804", "Ubuntu1804 was removed"],
    ["WindowsServer2004CoreContainer", "WindowsServer2004CoreContainer is no longer supported"],
  ])("amiFamily %s", (family, reason) => {
    const [problem, ...more] = problemsOf(fileWith("managedNodeGroups[].amiFamily", family));
    expect(problem?.startsWith(`6:43 managedNodeGroups[0].amiFamily: ${reason} (allowed: AmazonLinux2023, `)).toBe(
      true,
    );
    expect(more).toEqual([]);
  });

  it("AmazonLinux2 from Kubernetes 1.33 on", () => {
    const file = (version: string) =>
      `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: c, region: us-west-2, version: "${version}" }
managedNodeGroups: [{ name: a, amiFamily: AmazonLinux2 }]
`;
    expect(problemsOf(file("1.32"))).toEqual([]);
    expect(problemsOf(file("1.33"))).toEqual([
      "4:43 managedNodeGroups[0].amiFamily: AmazonLinux2 ended with Kubernetes 1.32, and the cluster has 1.33 (use AmazonLinux2023)",
    ]);
  });

  it("the block of an IPv6 cluster's services", () => {
    expect(problemsOf(fileWith("kubernetesNetworkConfig.serviceIPv6CIDR", "'fc00::/108'"))).toEqual([
      "6:28 kubernetesNetworkConfig.serviceIPv6CIDR: is chosen by EKS: no cluster can be given one",
    ]);
  });

  it("a misspelt one is known by name, too", () => {
    expect(problemsOf(clusterFile("fargateProfile: []"))).toEqual([
      "6:1 fargateProfile: is not a known key (did you mean fargateProfiles?)",
    ]);
  });
});

describe("refused keys that ask for nothing", () => {
  it("are left out, as eksctl's own dry run prints them", () => {
    const text = clusterFile(`status: {}
vpc: { autoAllocateIPv6: false, manageSharedNodeSecurityGroupRules: true, cidr: 10.0.0.0/16 }
managedNodeGroups:
  - name: a
    instanceSelector: {}
    securityGroups: { withLocal: null, withShared: null }
    ssh: { allow: false, publicKeyPath: "" }
    iam: { withAddonPolicies: { albIngress: false, ebs: true } }
    releaseVersion: ""
    maxPodsPerNode: 0`);
    const { config } = loadClusterConfig({ text, name: "x" });
    expect(Object.keys(config)).toEqual(["apiVersion", "kind", "metadata", "vpc", "managedNodeGroups"]);
    expect(config.vpc).toEqual({
      autoAllocateIPv6: false,
      cidr: "10.0.0.0/16",
      manageSharedNodeSecurityGroupRules: true,
    });
    expect(config.managedNodeGroups).toEqual([
      {
        name: "a",
        instanceSelector: {},
        maxPodsPerNode: 0,
        securityGroups: {},
        ssh: { allow: false },
        iam: { withAddonPolicies: { albIngress: false, ebs: true } },
      },
    ]);
  });
});
