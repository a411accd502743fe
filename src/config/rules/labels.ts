import type { Path } from "../../yaml.ts";
import { nodeLabels } from "../node-labels.ts";
import { type Report, type Rule, forEachManagedNodegroup, forEachNodegroup, present } from "./rule.ts";

/** Labels of Kubernetes that a kubelet may give its own node (NodeRestriction); with another one it does not start. */
const kubeletLabel =
  /^((kubelet|node)\.kubernetes\.io\/|(beta\.)?kubernetes\.io\/(arch|os|hostname|instance-type)$|topology\.kubernetes\.io\/(zone|region)$|failure-domain\.beta\.kubernetes\.io\/(zone|region)$)/;
const ofEks = /^(?:[^/]+\.)?eks\.amazonaws\.com\//;

function isReserved(key: string): boolean {
  return /^(?:[^/]+\.)?(?:kubernetes|k8s)\.io\//.test(key) && !kubeletLabel.test(key);
}

const labels = forEachNodegroup((group, at, report, { metadata }) => {
  const own = new Map(Object.entries(nodeLabels(metadata?.name, group.name)));
  for (const [key, value] of Object.entries(group.labels ?? {})) {
    const path = [...at, "labels", key];
    if (isReserved(key)) {
      report(path, "is reserved: a node cannot give itself this label", {
        at: "key",
        hint: "use a domain of your own, or node.kubernetes.io",
      });
    }
    const wanted = own.get(key);
    if (wanted !== undefined && value !== wanted) report(path, `is set by ekstool, to ${wanted}`);
  }
});

const managedLabels = forEachManagedNodegroup((group, at, report, { metadata }) => {
  const own = nodeLabels(metadata?.name, group.name);
  for (const [key, value] of Object.entries(group.labels ?? {})) {
    const path = [...at, "labels", key];
    if (ofEks.test(key)) {
      report(path, "labels of eks.amazonaws.com are reserved: EKS takes none for a managed nodegroup", {
        at: "key",
        hint: "use a domain of your own",
      });
    } else if (!isReserved(key)) {
      if (!Object.hasOwn(own, key)) reportLength(key, path, report, "key");
      if (value === "") report(path, "must not be empty: EKS takes no such label for a managed nodegroup");
    }
  }
});

/** The API of EKS counts the DNS prefix, too. */
const longest = 63;

function reportLength(key: string, path: Path, report: Report, at: "key" | "value" = "value"): void {
  if (key.length <= longest) return;
  report(path, `is ${key.length} characters long; EKS takes ${longest}, the DNS prefix counted`, { at });
}

const taints = forEachManagedNodegroup((group, at, report) => {
  const seen = new Set<string>();
  for (const [index, { key, effect }] of present(group.taints)) {
    if (key === undefined) continue;
    reportLength(key, [...at, "taints", index, "key"], report);
    if (effect === undefined) continue;
    const name = `${key}:${effect}`;
    if (seen.has(name)) report([...at, "taints", index], `the taint ${name} is listed already`);
    seen.add(name);
  }
});

export const labelRules: readonly Rule[] = [labels, managedLabels, taints];
