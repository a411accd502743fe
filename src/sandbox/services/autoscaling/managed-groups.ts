import type * as Asg from "@aws-sdk/client-auto-scaling";
import { instanceOf } from "../ec2/internal.ts";
import type { NodegroupRecord } from "../eks/state.ts";
import { autoScalingOf, type Place } from "./place.ts";
import type { GroupTag } from "./state.ts";
import { instanceView, tagViews, zonesOf } from "./views.ts";

interface ManagedGroup {
  readonly cluster: string;
  readonly nodegroup: NodegroupRecord;
}

/** The groups that EKS keeps for managed nodegroups: anyone can look at them and tag them. */
export function managedGroups(place: Place): Asg.AutoScalingGroup[] {
  return allManaged(place).map((group) => view(group, place));
}

/** Tags of the group of a managed nodegroup; undefined when there is none of this name. */
export function managedTags(place: Place, name: string): GroupTag[] | undefined {
  const group = allManaged(place).find(({ nodegroup }) => nodegroup.autoScalingGroup === name);
  return group && tagsOf(group, place);
}

function allManaged({ world, region }: Place): ManagedGroup[] {
  return Object.values(world.region(region).eks.clusters).flatMap((cluster) =>
    Object.values(cluster.nodegroups).map((nodegroup) => ({ cluster: cluster.name, nodegroup })),
  );
}

function tagsOf({ cluster, nodegroup }: ManagedGroup, place: Place): GroupTag[] {
  const { autoScalingGroup, name } = nodegroup;
  const byEks = {
    "eks:cluster-name": cluster,
    "eks:nodegroup-name": name,
    "k8s.io/cluster-autoscaler/enabled": "true",
    [`k8s.io/cluster-autoscaler/${cluster}`]: "owned",
    [`kubernetes.io/cluster/${cluster}`]: "owned",
  };
  return [
    ...Object.entries(byEks).map(([key, value]) => ({ key, value, propagate: true })),
    ...(autoScalingOf(place).tagsOfManaged[autoScalingGroup] ?? []),
  ];
}

function view(group: ManagedGroup, place: Place): Asg.AutoScalingGroup {
  const { world, region } = place;
  const { autoScalingGroup: name, scaling, subnets, instanceIds, createdAt, launchTemplate } = group.nodegroup;
  const template = {
    id: launchTemplate?.id ?? "",
    name: launchTemplate?.name ?? "",
    version: launchTemplate?.version ?? "1",
  };
  const { partition, account } = world.state;
  return {
    AutoScalingGroupName: name,
    AutoScalingGroupARN: `arn:${partition}:autoscaling:${region}:${account}:autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/${name}`,
    MinSize: scaling.minSize,
    MaxSize: scaling.maxSize,
    DesiredCapacity: scaling.desiredSize,
    DefaultCooldown: 300,
    AvailabilityZones: zonesOf(subnets, place),
    VPCZoneIdentifier: subnets.join(","),
    HealthCheckType: "EC2",
    CreatedTime: new Date(createdAt),
    Instances: instanceIds.flatMap((id) => {
      const instance = instanceOf(world, region, id);
      if (!instance) return [];
      const { InstanceType: type, zone, spot } = instance;
      return [instanceView({ id, type, zone, spot, version: template.version }, template)];
    }),
    Tags: tagViews(name, tagsOf(group, place)),
  };
}
