import { runInstances } from "../ec2/internal.ts";
import { autoModeInstances } from "../eks/auto-mode.ts";
import type { ClusterAtWork } from "./cluster.ts";

/** Launches what is missing of so many instances of EKS Auto Mode, which it tags and alone can end. */
export function launchAutoModeNodes({ place, record }: ClusterAtWork, count: number): void {
  const [pool] = record.autoMode.nodePools;
  const missing = count - autoModeInstances(place, record).length;
  if (pool === undefined || missing <= 0) return;
  const { world, region } = place;
  runInstances(world, region, {
    count: missing,
    subnetIds: record.vpc.subnetIds,
    groupIds: [record.clusterSecurityGroupId],
    instanceType: "m5.large",
    operator: "eks.amazonaws.com",
    tags: {
      "eks:eks-cluster-name": record.name,
      "eks:kubernetes-node-class-name": "default",
      "eks:kubernetes-node-pool-name": pool,
    },
  });
}
