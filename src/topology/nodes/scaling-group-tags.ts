import { propagatedTags, resourceTag } from "../../config/propagated-tags.ts";
import type { ManagedNodeGroup, NodeGroup } from "../../config/types.ts";
import type { InstanceType } from "../../facts/types.ts";
import type { Scope } from "../scope.ts";
import { efaInterfaces } from "./fabric.ts";
import type { Wanted } from "./wanted.ts";

/** What Cluster Autoscaler reads of the nodes' Auto Scaling group: nothing, unless the file wants it there. */
export function scalingGroupTags(
  scope: Scope,
  wanted: Wanted<NodeGroup> | Wanted<ManagedNodeGroup>,
  types: readonly InstanceType[],
): Readonly<Record<string, string>> {
  if (wanted.config.propagateASGTags !== true) return {};
  const adapters = efaInterfaces(wanted, types);
  return {
    ...propagatedTags(scope.name, wanted.config),
    // As the device plugin of the adapters calls it.
    ...(adapters > 0 ? { [resourceTag("vpc.amazonaws.com/efa")]: String(adapters) } : {}),
  };
}
