import type { World } from "../../world.ts";
import type { InstanceRecord } from "../ec2/state.ts";
import type { ClusterRecord } from "../eks/state.ts";

/** A cluster whose control plane is up. */
export interface ClusterAtWork {
  readonly place: { readonly world: World; readonly region: string };
  readonly record: ClusterRecord;
  /** Running instances of its nodegroups. */
  nodes(): readonly InstanceRecord[];
  /** The security groups that its nodes are in, and its own. */
  nodeGroups(): readonly string[];
}

export function clustersAtWork(world: World, name: string): ClusterAtWork[] {
  return Object.keys(world.state.regions).flatMap((region) => {
    const { ec2, eks } = world.region(region);
    const record = eks.clusters[name];
    if (record?.status !== "ACTIVE") return [];
    const nodes = () =>
      Object.values(record.nodegroups)
        .flatMap(({ instanceIds }) => instanceIds.flatMap((id) => ec2.instances[id] ?? []))
        .filter(({ state }) => state === "running");
    return {
      place: { world, region },
      record,
      nodes,
      nodeGroups: () => [...new Set([record.clusterSecurityGroupId, ...nodes().flatMap(({ groupIds }) => groupIds)])],
    };
  });
}
