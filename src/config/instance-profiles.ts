import type { ClusterConfig } from "./types.ts";

/** The ARNs of instance profiles that nodegroups are given, each with that of the role in it where the file says it, too. */
export function givenInstanceProfiles({
  nodeGroups = [],
}: Pick<ClusterConfig, "nodeGroups">): ReadonlyMap<string, string | undefined> {
  const profiles = new Map<string, string | undefined>();
  for (const { iam } of nodeGroups) {
    if (iam?.instanceProfileARN === undefined) continue;
    profiles.set(iam.instanceProfileARN, profiles.get(iam.instanceProfileARN) ?? iam.instanceRoleARN);
  }
  return profiles;
}
