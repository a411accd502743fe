import type { Tag } from "@aws-sdk/client-auto-scaling";
import { validationError } from "../../autoscaling/errors.ts";
import { settleGroup, terminate } from "../../autoscaling/instances.ts";
import { groupIn } from "../../autoscaling/place.ts";
import type { GroupRecord } from "../../autoscaling/state.ts";
import { versionNumber } from "../../autoscaling/templates.ts";
import type { Place } from "../place.ts";
import type { Json, JsonObject } from "../state.ts";
import { plainText } from "../text.ts";
import type { Making, ResourceType } from "./type.ts";

/** Seconds. */
const lookInterval = 10;

const groupName = ({ properties, name }: Making) => plainText(properties["AutoScalingGroupName"] ?? name);

/** What both requests take, in their form: templates give numbers as text. */
function settings(properties: JsonObject): object {
  const number = (name: string) => {
    const value = properties[name];
    return value === undefined ? {} : { [name]: Number(value) };
  };
  const {
    CapacityRebalance,
    LaunchTemplate,
    MixedInstancesPolicy,
    NewInstancesProtectedFromScaleIn,
    VPCZoneIdentifier = [],
  } = properties;
  return {
    ...number("MinSize"),
    ...number("MaxSize"),
    ...number("DesiredCapacity"),
    ...number("Cooldown"),
    ...number("HealthCheckGracePeriod"),
    ...number("MaxInstanceLifetime"),
    ...(CapacityRebalance === undefined ? {} : { CapacityRebalance: isTrue(CapacityRebalance) }),
    ...(NewInstancesProtectedFromScaleIn === undefined
      ? {}
      : { NewInstancesProtectedFromScaleIn: isTrue(NewInstancesProtectedFromScaleIn) }),
    ...(LaunchTemplate === undefined ? {} : { LaunchTemplate }),
    ...(MixedInstancesPolicy === undefined ? {} : { MixedInstancesPolicy: mixed(MixedInstancesPolicy as JsonObject) }),
    VPCZoneIdentifier: (VPCZoneIdentifier as string[]).join(","),
  };
}

const isTrue = (value: Json) => plainText(value) === "true";

function mixed(policy: JsonObject): object {
  const distribution = (policy["InstancesDistribution"] ?? {}) as JsonObject;
  const numbers = ["OnDemandBaseCapacity", "OnDemandPercentageAboveBaseCapacity", "SpotInstancePools"];
  const numeric = numbers.filter((name) => distribution[name] !== undefined);
  return {
    ...policy,
    InstancesDistribution: {
      ...distribution,
      ...Object.fromEntries(numeric.map((name) => [name, Number(distribution[name])])),
    },
  };
}

/** Stack tags reach the instances, too. */
function tagsOf(group: string, { properties, tags }: Pick<Making, "properties" | "tags">): Tag[] {
  const own = (properties["Tags"] ?? []) as { Key: string; Value: string; PropagateAtLaunch: Json }[];
  const all = new Map(Object.entries(tags).map(([Key, Value]) => [Key, { Key, Value, PropagateAtLaunch: true }]));
  for (const { Key, Value, PropagateAtLaunch } of own) {
    all.set(Key, { Key, Value, PropagateAtLaunch: isTrue(PropagateAtLaunch) });
  }
  return [...all.values()].map((tag) => ({ ...tag, ResourceId: group, ResourceType: "auto-scaling-group" }));
}

function listIn(properties: JsonObject, name: string): string[] {
  return (properties[name] ?? []) as string[];
}

function collect({ ask, properties }: Making, AutoScalingGroupName: string): void {
  const collections = (properties["MetricsCollection"] ?? []) as { Granularity: string; Metrics?: string[] }[];
  for (const { Granularity, Metrics } of collections) {
    ask("autoscaling", "EnableMetricsCollection", {
      AutoScalingGroupName,
      Granularity,
      ...(Metrics === undefined ? {} : { Metrics }),
    });
  }
}

/** AWS::AutoScaling::AutoScalingGroup. */
export const autoScalingGroupType: ResourceType = {
  properties: {
    AutoScalingGroupName: "string",
    CapacityRebalance: "boolean",
    Cooldown: "string",
    DesiredCapacity: "string",
    HealthCheckGracePeriod: "number",
    LaunchTemplate: "object",
    LoadBalancerNames: "array",
    MaxInstanceLifetime: "number",
    MaxSize: "string",
    MetricsCollection: "array",
    MinSize: "string",
    MixedInstancesPolicy: "object",
    NewInstancesProtectedFromScaleIn: "boolean",
    Tags: "array",
    TargetGroupARNs: "array",
    VPCZoneIdentifier: "array",
  },
  required: ["MinSize", "MaxSize"],
  createOnly: ["AutoScalingGroupName"],
  durations: { create: "stackAutoScalingGroup", update: "stackResource", delete: "stackResource" },
  create(making) {
    const { ask, properties } = making;
    const AutoScalingGroupName = groupName(making);
    ask("autoscaling", "CreateAutoScalingGroup", {
      AutoScalingGroupName,
      ...settings(properties),
      LoadBalancerNames: listIn(properties, "LoadBalancerNames"),
      TargetGroupARNs: listIn(properties, "TargetGroupARNs"),
      Tags: tagsOf(AutoScalingGroupName, making),
    });
    collect(making, AutoScalingGroupName);
    return AutoScalingGroupName;
  },
  update(changing) {
    const { ask, physicalId: AutoScalingGroupName, properties, before } = changing;
    ask("autoscaling", "UpdateAutoScalingGroup", { AutoScalingGroupName, ...settings(properties) });
    const tags = tagsOf(AutoScalingGroupName, changing);
    if (tags.length > 0) ask("autoscaling", "CreateOrUpdateTags", { Tags: tags });
    const stale = tagsOf(AutoScalingGroupName, { properties: before, tags: changing.tagsBefore }).filter(
      ({ Key }) => !tags.some((tag) => tag.Key === Key),
    );
    if (stale.length > 0) ask("autoscaling", "DeleteTags", { Tags: stale });
    move(changing, "TargetGroupARNs", "AttachLoadBalancerTargetGroups", "DetachLoadBalancerTargetGroups");
    move(changing, "LoadBalancerNames", "AttachLoadBalancers", "DetachLoadBalancers");
    if (JSON.stringify(before["MetricsCollection"]) !== JSON.stringify(properties["MetricsCollection"])) {
      ask("autoscaling", "DisableMetricsCollection", { AutoScalingGroupName });
      collect(changing, AutoScalingGroupName);
    }
  },
  delete(AutoScalingGroupName, ask) {
    ask("autoscaling", "DeleteAutoScalingGroup", { AutoScalingGroupName, ForceDelete: true });
  },
  attribute(physicalId, name, place) {
    return name === "AutoScalingGroupARN" ? groupIn(place, physicalId)?.arn : undefined;
  },
  mark(physicalId, tags, place) {
    const group = groupIn(place, physicalId);
    group?.tags.push(...Object.entries(tags).map(([key, value]) => ({ key, value, propagate: true })));
  },
  /** CloudFormation waits for the group to have its instances. */
  unfinished(physicalId, since, place) {
    const group = groupIn(place, physicalId);
    if (!group || group.instances.length >= group.desired || group.suspended.includes("Launch")) return undefined;
    const waited = place.world.now() - since;
    if (waited < place.world.duration("stackGroupStabilization", physicalId)) return lookInterval;
    const failed = group.activities.findLast(({ status }) => status === "Failed");
    const { minSize, maxSize, instances } = group;
    const size = `{current/minSize/maxSize group size = ${instances.length}/${minSize}/${maxSize}}`;
    throw validationError(`Group did not stabilize. ${size}. Failed Scaling Activity: ${failed?.message ?? "none"}`);
  },
  /** Instances of older templates, types and subnets go, a batch at a time; the group launches others. */
  roll(physicalId, policy, place) {
    const rolling = policy["AutoScalingRollingUpdate"] as JsonObject | undefined;
    const group = groupIn(place, physicalId);
    if (!rolling || !group) return undefined;
    const older = olderInstances(group, place);
    if (older.length === 0) return undefined;
    const batch = older.slice(0, Number(rolling["MaxBatchSize"] ?? 1));
    terminate(place, group, batch, "a rolling update");
    settleGroup(place, group);
    return place.world.duration("stackRollingBatch", physicalId) / 1000;
  },
  gone: (physicalId, place) => groupIn(place, physicalId) === undefined,
};

function olderInstances(group: GroupRecord, place: Place): string[] {
  const wanted = versionNumber(place, group.template);
  const types = group.mixed?.overrides.map(({ instanceType }) => instanceType);
  const { instances } = place.world.region(place.region).ec2;
  return group.instances
    .filter(
      ({ id, version, type }) =>
        version !== wanted ||
        (types !== undefined && !types.includes(type)) ||
        !group.subnetIds.includes(instances[id]?.SubnetId ?? ""),
    )
    .map(({ id }) => id);
}

function move(
  { ask, physicalId, properties, before }: { readonly physicalId: string; readonly before: JsonObject } & Making,
  property: string,
  attach: string,
  detach: string,
): void {
  const [had, wanted] = [listIn(before, property), listIn(properties, property)];
  const added = wanted.filter((each) => !had.includes(each));
  const gone = had.filter((each) => !wanted.includes(each));
  if (added.length > 0) ask("autoscaling", attach, { AutoScalingGroupName: physicalId, [property]: added });
  if (gone.length > 0) ask("autoscaling", detach, { AutoScalingGroupName: physicalId, [property]: gone });
}
