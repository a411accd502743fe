import type * as Asg from "@aws-sdk/client-auto-scaling";
import { subnetOf } from "../ec2/internal.ts";
import { serviceLinkedRoleArn } from "../iam/internal.ts";
import type { Place } from "./place.ts";
import type { GroupInstance, GroupRecord, GroupTag, TemplateUse } from "./state.ts";

export function groupView(group: GroupRecord, place: Place): Asg.AutoScalingGroup {
  const { template, mixed } = group;
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    ...(mixed
      ? {
          MixedInstancesPolicy: {
            LaunchTemplate: {
              LaunchTemplateSpecification: templateView(template),
              Overrides: mixed.overrides.map((each) => ({
                InstanceType: each.instanceType,
                ...(each.weight === 1 ? {} : { WeightedCapacity: String(each.weight) }),
                ...(each.template ? { LaunchTemplateSpecification: templateView(each.template) } : {}),
              })),
            },
            InstancesDistribution: mixed.distribution,
          },
        }
      : { LaunchTemplate: templateView(template) }),
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desired,
    DefaultCooldown: group.cooldown,
    AvailabilityZones: zonesOf(group.subnetIds, place),
    VPCZoneIdentifier: group.subnetIds.join(","),
    HealthCheckType: "EC2",
    HealthCheckGracePeriod: group.healthCheckGracePeriod,
    Instances: group.instances.map((instance) => instanceView(instance, group.template)),
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: suspendedViews(group.suspended, group.createdAt),
    EnabledMetrics: group.metrics.map((Metric) => ({ Metric, Granularity: "1Minute" })),
    TargetGroupARNs: group.targetGroupArns,
    LoadBalancerNames: group.loadBalancerNames,
    ...(group.deleting ? { Status: "Delete in progress" } : {}),
    Tags: tagViews(group.name, group.tags),
    TerminationPolicies: ["Default"],
    NewInstancesProtectedFromScaleIn: group.newInstancesProtected,
    ServiceLinkedRoleARN: serviceLinkedRoleArn(place.world, "autoscaling.amazonaws.com"),
    ...(group.maxInstanceLifetime === undefined ? {} : { MaxInstanceLifetime: group.maxInstanceLifetime }),
    CapacityRebalance: group.capacityRebalance,
  };
}

export function zonesOf(subnetIds: readonly string[], { world, region }: Place): string[] {
  return [...new Set(subnetIds.map((id) => subnetOf(world, region, id)?.AvailabilityZone ?? ""))].sort();
}

export function suspendedViews(processes: readonly string[], since: number): Asg.SuspendedProcess[] {
  const SuspensionReason = `User suspended at ${new Date(since).toISOString()}`;
  return processes.map((ProcessName) => ({ ProcessName, SuspensionReason }));
}

export function tagViews(group: string, tags: readonly GroupTag[]): Asg.TagDescription[] {
  return tags.map(({ key, value, propagate }) => ({
    ResourceId: group,
    ResourceType: "auto-scaling-group",
    Key: key,
    Value: value,
    PropagateAtLaunch: propagate,
  }));
}

export function instanceView({ id, type, zone, version }: GroupInstance, template: TemplateUse): Asg.Instance {
  return {
    InstanceId: id,
    InstanceType: type,
    AvailabilityZone: zone,
    LifecycleState: "InService",
    HealthStatus: "Healthy",
    LaunchTemplate: templateView({ ...template, version }),
    ProtectedFromScaleIn: false,
  };
}

function templateView({ id, name, version }: TemplateUse): Asg.LaunchTemplateSpecification {
  return { LaunchTemplateId: id, LaunchTemplateName: name, Version: version };
}
