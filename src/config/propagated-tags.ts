import { nodeLabels } from "./node-labels.ts";
import { taintList } from "./taints.ts";
import type { NodeGroup } from "./types.ts";

const template = "k8s.io/cluster-autoscaler/node-template";

/** What is said of the nodes of either kind of nodegroup. */
export interface Described {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: NodeGroup["taints"];
  /** GiB. */
  readonly volumeSize?: number;
}

/**
 * The tags by which Cluster Autoscaler knows the nodes of a group that has none (Cluster Autoscaler on AWS, "Auto-Discovery
 * Setup"): it reads one taint a key.
 */
export function propagatedTags(cluster: string | undefined, group: Described): Readonly<Record<string, string>> {
  const labels = Object.entries({ ...group.labels, ...nodeLabels(cluster, group.name) });
  return {
    ...Object.fromEntries(labels.map(([key, value]) => [labelTag(key), value])),
    ...Object.fromEntries(
      taintList(group.taints).map(({ key, value = "", effect }) => [taintTag(key), `${value}:${effect}`]),
    ),
    ...(group.volumeSize === undefined ? {} : { [resourceTag("ephemeral-storage")]: `${group.volumeSize}Gi` }),
  };
}

export const labelTag = (key: string) => `${template}/label/${key}`;
export const taintTag = (key: string) => `${template}/taint/${key}`;
/** How much of a Kubernetes resource one node has. */
export const resourceTag = (name: string) => `${template}/resources/${name}`;
