/**
 * The keys of eksctl.io/v1alpha5 that are refused, and why, by the place that they stand in (`[]` for any item of a list), so that a
 * file that eksctl understands is never half obeyed.
 */
const refused: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {
    git: "was removed from the format: Flux v1 is gone",
    status: "is no part of the file format",
  },
  kubernetesNetworkConfig: {
    serviceIPv6CIDR: "is chosen by EKS: no cluster can be given one",
  },
  "nodeGroups[]": Object.fromEntries(
    ["instanceTypes", "spot", "nodeRepairConfig", "warmPoolConfig", "releaseVersion", "launchTemplate"].map((key) => [
      key,
      "is for managed nodegroups (managedNodeGroups), not for self-managed ones",
    ]),
  ),
  "managedNodeGroups[]": Object.fromEntries(
    [
      "asgMetricsCollection",
      "classicLoadBalancerNames",
      "clusterDNS",
      "containerRuntime",
      "cpuCredits",
      "enclaveEnabled",
      "instancesDistribution",
      "kubeletExtraConfig",
      "localZones",
      "maxInstanceLifetime",
      "outpostARN",
      "targetGroupARNs",
    ].map((key) => [key, "is for self-managed nodegroups (nodeGroups), not for managed ones"]),
  ),
  "outpost.etcdPlacement": {
    groupName: "is not known to EKS: etcd's instances have a spreadLevel only",
  },
  "managedNodeGroups[].iam": {
    instanceProfileARN: "is not supported for managed nodegroups; use instanceRoleARN",
  },
  "managedNodeGroups[].securityGroups": {
    withLocal: "is not supported for managed nodegroups",
    withShared: "is not supported for managed nodegroups",
  },
  "iam.serviceAccounts[]": {
    status: "is no part of the file format",
  },
  "addons[].podIdentityAssociations[]": {
    createServiceAccount: "is not for add-ons: an add-on makes its service account itself",
    disableSessionTags: "is not for add-ons: EKS does not take it there",
    policy: "is not for add-ons: EKS does not take it there",
    tags: "is not for add-ons: EKS does not take it there",
    targetRoleARN: "is not for add-ons: EKS does not take it there",
    wellKnownPolicies: "is not for add-ons: use permissionPolicyARNs or permissionPolicy",
  },
};

/**
 * Why a key of eksctl's format is refused; undefined for a key that eksctl does not know either.
 *
 * @param place path of the mapping with `[]` for list items: `managedNodeGroups[].iam`.
 */
export function refusalOf(place: string, key: string): string | undefined {
  const reasons = refused[place] ?? {};
  return Object.hasOwn(reasons, key) ? reasons[key] : undefined;
}

/** The names of a place that are known and refused. */
export function refusedKeys(place: string): readonly string[] {
  return Object.keys(refused[place] ?? {});
}

/** Does the value of a refused key ask for nothing? `privateCluster: { enabled: false }`, as eksctl's dry run prints it. */
export function asksForNothing(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).every(asksForNothing);
  return value === null || value === false || value === 0 || value === "";
}

/** Values of amiFamily that eksctl knows. */
export const refusedAmiFamilies: Readonly<Record<string, string>> = {
  Ubuntu1804: "Ubuntu1804 was removed",
  WindowsServer2004CoreContainer: "WindowsServer2004CoreContainer is no longer supported",
  WindowsServer20H2CoreContainer: "WindowsServer20H2CoreContainer is no longer supported",
};
