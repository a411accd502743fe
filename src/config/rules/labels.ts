import type { Path } from "../../yaml.ts";
import { nodeLabels } from "../node-labels.ts";
import { type Report, type Rule, forEachManagedNodegroup, present } from "./rule.ts";

/** Domains whose labels EKS refuses for managed nodegroups, those that a kubelet may set included. */
const reserved = /^(?:[^/]+\.)?((?:kubernetes|k8s)\.io|eks\.amazonaws\.com)\//;

const labels = forEachManagedNodegroup((group, at, report, { metadata }) => {
  const own = new Map(Object.entries(nodeLabels(metadata?.name, group.name)));
  for (const [key, value] of Object.entries(group.labels ?? {})) {
    const path = [...at, "labels", key];
    const domain = reserved.exec(key)?.[1];
    if (domain !== undefined) {
      report(path, `labels of ${domain} are reserved: EKS takes none for a managed nodegroup`, {
        at: "key",
        hint: "use a domain of your own",
      });
      continue;
    }
    const wanted = own.get(key);
    if (wanted === undefined) reportLength(key, path, report, "key");
    if (value === "") report(path, "must not be empty: EKS takes no such label for a managed nodegroup");
    if (wanted !== undefined && value !== wanted) report(path, `is set by ekstool, to ${wanted}`);
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

export const labelRules: readonly Rule[] = [labels, taints];
