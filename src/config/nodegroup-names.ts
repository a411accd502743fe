import type { ClusterConfig } from "./types.ts";

/** The names of all nodegroups that a file lists, self-managed ones first. */
export function nodegroupNames({
  nodeGroups = [],
  managedNodeGroups = [],
}: Pick<ClusterConfig, "nodeGroups" | "managedNodeGroups">): readonly string[] {
  return [...nodeGroups, ...managedNodeGroups].map(({ name }) => name);
}
