import type { ClusterConfig } from "./types.ts";

/** The names that a file chooses for roles that are made for it, without those of add-ons. */
export function chosenRoleNames({
  iam,
  nodeGroups = [],
  managedNodeGroups = [],
}: Pick<ClusterConfig, "iam" | "nodeGroups" | "managedNodeGroups">): readonly string[] {
  return [
    ...(iam?.serviceAccounts ?? []).map(({ roleName }) => roleName),
    ...(iam?.podIdentityAssociations ?? []).map(({ roleName }) => roleName),
    ...[...nodeGroups, ...managedNodeGroups].map((group) => group.iam?.instanceRoleName),
  ].filter((name) => name !== undefined);
}
