import type { Path } from "../../yaml.ts";
import { labelTag, propagatedTags, taintTag } from "../propagated-tags.ts";
import type { NodeGroup } from "../types.ts";
import {
  type Draft,
  type Report,
  type Rule,
  forEachManagedNodegroup,
  forEachSelfManagedNodegroup,
  present,
} from "./rule.ts";

/** Of an Auto Scaling group, and of their keys. */
const maxTags = 50;
const longestKey = 128;

/** EKS's own: cluster, nodegroup, Kubernetes' and two of Cluster Autoscaler. */
const setByEks = 5;
/** Ours on a stack and its group, Kubernetes' and Cluster Autoscaler's. */
const setOnStacks = 12;

type Group = Draft<Pick<NodeGroup, "name" | "labels" | "taints" | "volumeSize">>;

const managed = forEachManagedNodegroup((group, at, report, { metadata }) => {
  if (group.propagateASGTags === true) judge(group, at, report, metadata?.name, setByEks);
});

const selfManaged = forEachSelfManagedNodegroup((group, at, report, { metadata }) => {
  if (group.propagateASGTags !== true) return;
  const tags = Object.keys({ ...metadata?.tags, ...group.tags }).length;
  judge(group, at, report, metadata?.name, setOnStacks + tags);
});

/** @param others tags that the group has besides. */
function judge(group: Group, at: Path, report: Report, cluster: string | undefined, others: number): void {
  const labels = Object.keys(group.labels ?? {});
  const taints = taintKeys(group, at);
  for (const key of labels) reportLength(labelTag(key), [...at, "labels", key], report);
  const seen = new Set<string>();
  for (const { key, path } of taints) {
    reportLength(taintTag(key), path, report);
    if (seen.has(key)) {
      report(path, `Cluster Autoscaler reads one taint of a key, and ${key} is listed already`, {
        hint: "give the key one effect, or leave propagateASGTags out",
      });
    }
    seen.add(key);
  }
  const count = Object.keys(
    propagatedTags(cluster, {
      name: group.name ?? "",
      labels: Object.fromEntries(labels.map((key) => [key, ""])),
      taints: taints.map(({ key }) => ({ key, effect: "NoSchedule" as const })),
      ...(group.volumeSize === undefined ? {} : { volumeSize: group.volumeSize }),
    }),
  ).length;
  if (count + others <= maxTags) return;
  report(
    [...at, "propagateASGTags"],
    `makes ${count} tags of labels and taints, beside ${others} others; an Auto Scaling group takes ${maxTags}`,
    {
      at: "key",
      reads: [
        [...at, "labels"],
        [...at, "taints"],
        [...at, "tags"],
        ["metadata", "tags"],
      ],
    },
  );
}

function taintKeys({ taints = {} }: Group, at: Path): readonly { readonly key: string; readonly path: Path }[] {
  if (!Array.isArray(taints)) return Object.keys(taints).map((key) => ({ key, path: [...at, "taints", key] }));
  return present(taints).flatMap(([index, { key }]) =>
    key === undefined ? [] : [{ key, path: [...at, "taints", index] }],
  );
}

function reportLength(tag: string, path: Path, report: Report): void {
  if (tag.length <= longestKey) return;
  report(path, `makes a tag key of ${tag.length} characters for propagateASGTags; AWS takes ${longestKey}`, {
    at: "key",
  });
}

export const propagatedTagsRules: readonly Rule[] = [managed, selfManaged];
