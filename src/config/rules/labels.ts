import { clusterNameLabel, nodegroupNameLabel } from "../default-values.ts";
import { type Rule, forEachNodegroup, present } from "./rule.ts";

/** Labels below Kubernetes' own domains that a kubelet may set: the NodeRestriction admission plugin. */
const kubeletLabels: ReadonlySet<string> = new Set([
  "beta.kubernetes.io/arch",
  "beta.kubernetes.io/instance-type",
  "beta.kubernetes.io/os",
  "failure-domain.beta.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "kubernetes.io/arch",
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "node.kubernetes.io/instance-type",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
]);
const kubeletDomains = /^(?:[^/]+\.)?(?:kubelet|node)\.kubernetes\.io\//;
const kubernetesDomains = /^(?:[^/]+\.)?(?:kubernetes|k8s)\.io\//;
const eksDomain = /^eks\.amazonaws\.com\//;

function isReserved(key: string): boolean {
  if (eksDomain.test(key)) return true;
  return kubernetesDomains.test(key) && !kubeletDomains.test(key) && !kubeletLabels.has(key);
}

const labels = forEachNodegroup((group, at, report, { metadata }) => {
  const own = new Map([
    [clusterNameLabel, metadata?.name],
    [nodegroupNameLabel, group.name],
  ]);
  for (const [key, value] of Object.entries(group.labels ?? {})) {
    const path = [...at, "labels", key];
    if (isReserved(key)) {
      report(path, `labels below ${key.slice(0, key.indexOf("/"))} are reserved: a node may not set this one itself`, {
        at: "key",
      });
    }
    const wanted = own.get(key);
    if (wanted !== undefined && value !== wanted) report(path, `is set by ekstool, to ${wanted}`);
  }
});

const taints = forEachNodegroup((group, at, report) => {
  const seen = new Set<string>();
  for (const [index, { key, effect }] of present(group.taints)) {
    if (key === undefined || effect === undefined) continue;
    const name = `${key}:${effect}`;
    if (seen.has(name)) report([...at, "taints", index], `the taint ${name} is listed already`);
    seen.add(name);
  }
});

export const labelRules: readonly Rule[] = [labels, taints];
