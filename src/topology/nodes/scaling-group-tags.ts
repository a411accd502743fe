import { propagatedTags } from "../../config/propagated-tags.ts";
import type { ManagedNodeGroup, NodeGroup } from "../../config/types.ts";
import type { Scope } from "../scope.ts";

/** What Cluster Autoscaler reads of the nodes' Auto Scaling group: nothing, unless the file wants it there. */
export function scalingGroupTags(scope: Scope, group: NodeGroup | ManagedNodeGroup): Readonly<Record<string, string>> {
  return group.propagateASGTags === true ? propagatedTags(scope.name, group) : {};
}
