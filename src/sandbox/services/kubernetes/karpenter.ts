import { addNetworkInterface, runInstances } from "../ec2/internal.ts";
import { ensureInstanceProfile } from "../iam/internal.ts";
import type { ClusterAtWork } from "./cluster.ts";
import { hash } from "./load-balancers.ts";

/** Launches what is missing of so many instances. Karpenter needs a node of a nodegroup to run on, whose role it uses. */
export function launchNodes(cluster: ClusterAtWork, count: number): void {
  const { place, record } = cluster;
  const { world, region } = place;
  const [nodegroup] = Object.values(record.nodegroups);
  if (cluster.nodes().length === 0 || !nodegroup) return;
  const owned = { [`kubernetes.io/cluster/${record.name}`]: "owned", "eks:eks-cluster-name": record.name };
  ensureInstanceProfile(world, {
    name: `${record.name}_${hash(record.name, region, 20)}`,
    path: `/karpenter/${region}/${record.name}/`,
    roleName: nodegroup.nodeRole.split("/").at(-1) ?? "",
    tags: { ...owned, "karpenter.k8s.aws/ec2nodeclass": "default", "topology.kubernetes.io/region": region },
  });
  const running = Object.values(world.region(region).ec2.instances).filter(
    ({ tags, state }) =>
      state === "running" && "karpenter.sh/nodepool" in tags && tags["eks:eks-cluster-name"] === record.name,
  );
  if (running.length >= count) return;
  runInstances(world, region, {
    count: count - running.length,
    subnetIds: nodegroup.subnets,
    groupIds: [record.clusterSecurityGroupId],
    instanceType: "m5.large",
    tags: { ...owned, "karpenter.sh/nodepool": "default", "karpenter.k8s.aws/ec2nodeclass": "default" },
  });
}

/** The VPC CNI gives each node a second interface, which the CNI alone would delete. */
export function addSecondaryInterfaces(cluster: ClusterAtWork): void {
  const { place, record } = cluster;
  const { networkInterfaces } = place.world.region(place.region).ec2;
  for (const { InstanceId, SubnetId } of cluster.nodes()) {
    const tag = "node.k8s.amazonaws.com/instance_id";
    if (Object.values(networkInterfaces).some(({ tags }) => tags[tag] === InstanceId)) continue;
    addNetworkInterface(place.world, place.region, {
      subnetId: SubnetId,
      groupIds: [record.clusterSecurityGroupId],
      description: `aws-K8S-${InstanceId}`,
      instanceId: InstanceId,
      tags: { [tag]: InstanceId, "cluster.k8s.amazonaws.com/name": record.name, "eks:eni:owner": "amazon-vpc-cni" },
    });
  }
}
