import { labelValue } from "./schema/values.ts";

export const nodegroupLabel = "alpha.eksctl.io/nodegroup-name";

/**
 * The labels that every node has, as eksctl's do: workloads select on them. A name that no label can hold, such as one of
 * more than 63 characters, gives none: EKS refuses nodegroups with invalid labels, and takes such names.
 */
export function nodeLabels(cluster: string | undefined, nodegroup: string | undefined): Record<string, string> {
  const labels = { "alpha.eksctl.io/cluster-name": cluster, [nodegroupLabel]: nodegroup };
  return Object.fromEntries(Object.entries(labels).filter((one): one is [string, string] => fits(one[1])));
}

function fits(name: string | undefined): boolean {
  return name !== undefined && labelValue().safeParse(name).success;
}
