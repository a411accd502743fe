import type * as Asg from "@aws-sdk/client-auto-scaling";
import { instanceOf } from "../ec2/internal.ts";
import type { NodegroupRecord } from "../eks/state.ts";
import type { Place } from "./place.ts";
import type { GroupTag } from "./state.ts";
import { instanceView, suspendedViews, tagViews, zonesOf } from "./views.ts";

interface ManagedGroup {
  readonly cluster: string;
  readonly nodegroup: NodegroupRecord;
}

/** The groups that EKS keeps for managed nodegroups: anyone can look at them and tag them. */
export function managedGroups(place: Place): Asg.AutoScalingGroup[] {
  return allManaged(place).map((group) => view(group, place));
}

/** The nodegroup whose group has this name. */
export function nodegroupOf(place: Place, name: string): NodegroupRecord | undefined {
  return allManaged(place).find(({ nodegroup }) => nodegroup.autoScalingGroup === name)?.nodegroup;
}

/** What somebody put on the group of a nodegroup. */
export function onGroup(nodegroup: NodegroupRecord): NonNullable<NodegroupRecord["onGroup"]> {
  return (nodegroup.onGroup ??= { tagged: [], suspended: [] });
}

/** Tags of the group of a managed nodegroup; undefined when there is none of this name. */
export function managedTags(place: Place, name: string): GroupTag[] | undefined {
  const group = allManaged(place).find(({ nodegroup }) => nodegroup.autoScalingGroup === name);
  return group && tagsOf(group);
}

function allManaged({ world, region }: Place): ManagedGroup[] {
  return Object.values(world.region(region).eks.clusters).flatMap((cluster) =>
    Object.values(cluster.nodegroups).map((nodegroup) => ({ cluster: cluster.name, nodegroup })),
  );
}

function tagsOf({ cluster, nodegroup }: ManagedGroup): GroupTag[] {
  const byEks = {
    "eks:cluster-name": cluster,
    "eks:nodegroup-name": nodegroup.name,
    "k8s.io/cluster-autoscaler/enabled": "true",
    [`k8s.io/cluster-autoscaler/${cluster}`]: "owned",
    [`kubernetes.io/cluster/${cluster}`]: "owned",
  };
  return [
    ...Object.entries(byEks).map(([key, value]) => ({ key, value, propagate: true })),
    ...(nodegroup.onGroup?.tagged ?? []),
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
    SuspendedProcesses: suspendedViews(group.nodegroup.onGroup?.suspended ?? [], createdAt),
    Tags: tagViews(name, tagsOf(group)),
  };
}
