import type { Workload } from "../../scenario.ts";
import { addVolume, subnetOf } from "../ec2/internal.ts";
import type { ClusterAtWork } from "./cluster.ts";

type Wanted = Workload["volumes"][number];

/** What the EBS CSI driver makes for a persistent volume claim, attached to a node; nothing when it is there. */
export function provision(cluster: ClusterAtWork, { name, sizeGiB }: Wanted): void {
  const { place, record } = cluster;
  const { world, region } = place;
  const owner = `kubernetes.io/cluster/${record.name}`;
  const claim = "kubernetes.io/created-for/pvc/name";
  const there = Object.values(world.region(region).ec2.volumes);
  if (there.some(({ tags }) => tags[owner] === "owned" && tags[claim] === name)) return;
  const [node] = cluster.nodes();
  const zone = node?.zone ?? subnetOf(world, region, record.vpc.subnetIds[0] ?? "")?.AvailabilityZone ?? "";
  addVolume(world, region, {
    zone,
    size: sizeGiB,
    tags: {
      [owner]: "owned",
      "ebs.csi.aws.com/cluster": "true",
      [claim]: name,
      "kubernetes.io/created-for/pvc/namespace": "default",
    },
    ...(node ? { instanceId: node.InstanceId } : {}),
  });
}
