import { defaultAmiFamily } from "../default-values.ts";
import { selectsTypes } from "../instance-selector.ts";
import { type Rule, forEachSelfManagedNodegroup, present } from "./rule.ts";

const instanceTypes = forEachSelfManagedNodegroup((group, at, report) => {
  const { instanceType, instancesDistribution } = group;
  const isSelected = selectsTypes(group);
  if (instancesDistribution !== undefined && instanceType !== undefined && instanceType !== "mixed") {
    report([...at, "instanceType"], "cannot stand beside instancesDistribution, unless it is mixed", { at: "key" });
  }
  if (instancesDistribution === undefined && !isSelected && instanceType === "mixed") {
    report([...at, "instanceType"], "mixed needs instancesDistribution, which says of which types", {
      reads: [[...at, "instancesDistribution"]],
    });
  }
  if (instancesDistribution === undefined || (instancesDistribution.instanceTypes !== undefined) !== isSelected) return;
  const path = [...at, "instancesDistribution"];
  if (isSelected)
    report([...path, "instanceTypes"], "cannot stand beside instanceSelector: use one of the two", { at: "key" });
  else
    report(path, "needs instanceTypes, or an instanceSelector beside it", {
      at: "key",
      reads: [[...path, "instanceTypes"]],
    });
});

const spot = forEachSelfManagedNodegroup(({ instancesDistribution }, at, report) => {
  const { spotInstancePools, spotAllocationStrategy = "lowest-price" } = instancesDistribution ?? {};
  if (spotInstancePools === undefined || spotAllocationStrategy === "lowest-price") return;
  const path = [...at, "instancesDistribution", "spotInstancePools"];
  report(path, `is for the strategy lowest-price, not for ${spotAllocationStrategy}`, { at: "key" });
});

const marketOptions = forEachSelfManagedNodegroup((group, at, report) => {
  if (group.instanceMarketOptions?.marketType === undefined || group.instancesDistribution === undefined) return;
  report([...at, "instanceMarketOptions"], "cannot stand beside instancesDistribution: use one of the two", {
    at: "key",
  });
});

const cpuCredits = forEachSelfManagedNodegroup((group, at, report) => {
  if (group.cpuCredits === undefined || selectsTypes(group)) return;
  const types = group.instancesDistribution?.instanceTypes ?? [group.instanceType ?? "m5.large"];
  const other = types.find((type) => type !== undefined && !type.startsWith("t"));
  if (other === undefined) return;
  report([...at, "cpuCredits"], `is for burstable instances (T types), and ${other} is none`, {
    at: "key",
    reads: [
      [...at, "instanceType"],
      [...at, "instancesDistribution", "instanceTypes"],
    ],
  });
});

const taints = forEachSelfManagedNodegroup((group, at, report) => {
  if (!Array.isArray(group.taints)) return;
  const seen = new Set<string>();
  for (const [index, { key, effect }] of present(group.taints)) {
    if (key === undefined || effect === undefined) continue;
    const name = `${key}:${effect}`;
    if (seen.has(name)) report([...at, "taints", index], `the taint ${name} is listed already`);
    seen.add(name);
  }
});

/** What joining the cluster takes, and is set for it. */
const ofJoining = [
  "kind",
  "apiVersion",
  "address",
  "clusterDomain",
  "authentication",
  "authorization",
  "serverTLSBootstrap",
];

const kubelet = forEachSelfManagedNodegroup((group, at, report) => {
  for (const key of Object.keys(group.kubeletExtraConfig ?? {})) {
    if (!ofJoining.includes(key)) continue;
    report([...at, "kubeletExtraConfig", key], "is set for the node to join the cluster", { at: "key" });
  }
  const { amiFamily = "" } = group;
  if (group.kubeletExtraConfig === undefined || !/^(Bottlerocket|Windows)/.test(amiFamily)) return;
  report([...at, "kubeletExtraConfig"], `is for Amazon Linux and Ubuntu, not for ${amiFamily}`, {
    at: "key",
    reads: [[...at, "amiFamily"]],
  });
});

/** Their images join IPv6 clusters by themselves (nodeadm, and Bottlerocket); the scripts of others are told IPv4 only. */
const joinsIpv6 = /^(AmazonLinux2023$|Bottlerocket)/;

const ipFamily = forEachSelfManagedNodegroup((group, at, report, { kubernetesNetworkConfig }) => {
  const isIpv6 = kubernetesNetworkConfig?.ipFamily === "IPv6";
  const reads = [["kubernetesNetworkConfig", "ipFamily"]];
  const { amiFamily = defaultAmiFamily, clusterDNS } = group;
  if (isIpv6 && !joinsIpv6.test(amiFamily)) {
    report([...at, "amiFamily"], `${amiFamily} is not for IPv6 clusters`, {
      hint: "use AmazonLinux2023 or Bottlerocket",
      reads,
    });
  }
  if (clusterDNS === undefined || clusterDNS.includes(":") === isIpv6) return;
  report([...at, "clusterDNS"], `must be an ${isIpv6 ? "IPv6" : "IPv4"} address, as the cluster's are`, { reads });
});

export const selfManagedNodegroupRules: readonly Rule[] = [
  instanceTypes,
  spot,
  marketOptions,
  cpuCredits,
  taints,
  kubelet,
  ipFamily,
];
