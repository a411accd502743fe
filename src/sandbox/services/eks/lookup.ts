import { invalidRequest, resourceInUse, resourceNotFound } from "./errors.ts";
import { eksOf, type Place } from "./place.ts";
import type { AddonRecord, CapabilityRecord, ClusterRecord, FargateProfileRecord, NodegroupRecord } from "./state.ts";

/** Throws ResourceNotFoundException. */
export function clusterOf(place: Place, name: string): ClusterRecord {
  const { clusters } = eksOf(place);
  const cluster = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
  if (!cluster) throw resourceNotFound(`No cluster found for name: ${name}.`, { clusterName: name });
  return cluster;
}

/** Throws ResourceNotFoundException. */
export function nodegroupOf(cluster: ClusterRecord, name: string): NodegroupRecord {
  const nodegroup = Object.hasOwn(cluster.nodegroups, name) ? cluster.nodegroups[name] : undefined;
  if (nodegroup) return nodegroup;
  throw resourceNotFound(`No node group found for name: ${name}.`, { clusterName: cluster.name, nodegroupName: name });
}

/** Throws ResourceNotFoundException. */
export function addonOf(cluster: ClusterRecord, name: string): AddonRecord {
  const addon = Object.hasOwn(cluster.addons, name) ? cluster.addons[name] : undefined;
  if (addon) return addon;
  throw resourceNotFound(`No addon: ${name} found in cluster: ${cluster.name}`, {
    clusterName: cluster.name,
    addonName: name,
  });
}

/** Throws ResourceNotFoundException. */
export function capabilityOf({ name: clusterName, capabilities }: ClusterRecord, name: string): CapabilityRecord {
  const capability = Object.hasOwn(capabilities, name) ? capabilities[name] : undefined;
  if (capability) return capability;
  throw resourceNotFound(`No capability found for name: ${name}.`, { clusterName });
}

/** Throws ResourceNotFoundException. */
export function fargateProfileOf(
  { name: clusterName, fargateProfiles }: ClusterRecord,
  name: string,
): FargateProfileRecord {
  const profile = Object.hasOwn(fargateProfiles, name) ? fargateProfiles[name] : undefined;
  if (profile) return profile;
  throw resourceNotFound(`No Fargate Profile found with name: ${name}.`, { clusterName, fargateProfileName: name });
}

/** Whether an update runs, whatever the status says. */
export function hasRunningUpdate({ updates }: { readonly updates: readonly { readonly status: string }[] }): boolean {
  return updates.some((update) => update.status === "InProgress");
}

/**
 * For what may be made only on a cluster that is up and not being updated. Throws InvalidRequestException, the 400 that
 * EKS answers here where elsewhere it answers 409.
 */
export function requireActive(cluster: ClusterRecord): void {
  if (cluster.status === "ACTIVE" && !hasRunningUpdate(cluster)) return;
  throw invalidRequest(`Cluster '${cluster.name}' is not in ACTIVE status`, { clusterName: cluster.name });
}

/** For updates: throws ResourceInUseException while another one of the cluster runs, InvalidRequestException before it is up. */
export function requireIdle(cluster: ClusterRecord): void {
  if (hasRunningUpdate(cluster)) {
    throw resourceInUse("Cluster currently has an update in progress", {
      clusterName: cluster.name,
    });
  }
  requireActive(cluster);
}
