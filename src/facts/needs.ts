import type { ClusterConfig } from "../config/types.ts";

/** Types tried, in this order, where the file names none: not every region offers the first. */
export const defaultInstanceTypes = ["m5.large", "m6i.large", "m7i.large"] as const;

/** Which questions AWS must be asked before a graph can be built from a file. Plain data. */
export interface Needs {
  readonly cluster: string;
  readonly region: string;
  /** As in the file: `1.34`, `default`, `auto`, `latest`, or absent. */
  readonly version?: string;
  readonly instanceTypes: readonly string[];
  /** Names of the add-ons of the cluster. */
  readonly addons: readonly string[];
  /** Add-ons whose recommended pod identity associations are asked for. */
  readonly podIdentity: readonly string[];
}

/** @param config with defaults filled in, so that default add-ons are seen. */
export function needsOf(config: ClusterConfig): Needs {
  const addons = config.addons ?? [];
  const autoApply = config.addonsConfig?.autoApplyPodIdentityAssociations === true;
  const version = config.metadata.version;
  return {
    cluster: config.metadata.name,
    region: config.metadata.region,
    ...(version === undefined ? {} : { version }),
    instanceTypes: unique([
      ...defaultInstanceTypes,
      ...(config.managedNodeGroups ?? []).flatMap((group) => [
        ...(group.instanceTypes ?? []),
        ...(group.instanceType === undefined ? [] : [group.instanceType]),
      ]),
    ]),
    addons: unique(addons.map((addon) => addon.name)),
    podIdentity: addons
      .filter((addon) => addon.useDefaultPodIdentityAssociations === true || autoApply)
      .map((addon) => addon.name),
  };
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
