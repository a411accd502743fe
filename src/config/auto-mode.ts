/** What matters of a config to what EKS Auto Mode brings. Also of a draft, of which parts are missing. */
interface Computing {
  readonly autoModeConfig?: { readonly enabled?: boolean | undefined } | undefined;
  readonly nodeGroups?: readonly unknown[] | undefined;
  readonly managedNodeGroups?: readonly unknown[] | undefined;
  readonly fargateProfiles?: readonly unknown[] | undefined;
  readonly remoteNetworkConfig?: unknown;
}

/** Add-ons that nodes of EKS Auto Mode bring with them. */
export const broughtByAutoMode: readonly string[] = ["vpc-cni", "kube-proxy", "coredns"];

export function hasAutoMode({ autoModeConfig }: Computing): boolean {
  return autoModeConfig?.enabled === true;
}

/** Whether all nodes are EKS's: others need the add-ons that those of Auto Mode bring. */
export function hasOnlyAutoMode(config: Computing): boolean {
  const { nodeGroups = [], managedNodeGroups = [], fargateProfiles = [], remoteNetworkConfig } = config;
  const others = [nodeGroups, managedNodeGroups, fargateProfiles].some((list) => list.length > 0);
  return hasAutoMode(config) && !others && remoteNetworkConfig === undefined;
}
