import { AwsError } from "../../aws-error.ts";
import {
  instanceOf,
  placementOf,
  runInstances,
  securityGroupsIn,
  subnetOf,
  terminateInstances,
  volumeKeysOf,
  zonesWithCapacity,
} from "../ec2/internal.ts";
import { knownInstanceProfile } from "../iam/internal.ts";
import { onDemandOf } from "./mixed.ts";
import { autoScalingOf, type Place } from "./place.ts";
import type { ActivityRecord, GroupRecord } from "./state.ts";
import { templateData, versionNumber } from "./templates.ts";

/** How long Auto Scaling waits before it tries a launch again. */
const retryInterval = 60_000;
const rememberedActivities = 100;

/** Lets a group have as many instances as it desires, as far as its processes run. */
export function settleGroup(place: Place, group: GroupRecord): void {
  forgetGone(place, group);
  if (group.deleting) return removeWhenEmpty(place, group);
  const missing = group.desired - group.instances.length;
  if (missing > 0 && !group.suspended.includes("Launch") && group.retryAt <= place.world.now()) {
    launchMissing(place, group, missing);
  }
  if (missing < 0 && !group.suspended.includes("Terminate")) {
    terminate(place, group, oldest(group, -missing), "a difference between desired and actual capacity");
  }
}

/** What somebody else has terminated is replaced, unless that is suspended. */
function forgetGone(place: Place, group: GroupRecord): void {
  const runs = (id: string) => instanceOf(place.world, place.region, id)?.state === "running";
  group.instances = group.instances.filter(({ id }) => runs(id));
}

function removeWhenEmpty(place: Place, group: GroupRecord): void {
  const left = Object.values(place.world.region(place.region).ec2.instances).filter(
    ({ tags, state }) => tags["aws:autoscaling:groupName"] === group.name && state !== "terminated",
  );
  if (left.length === 0) delete autoScalingOf(place).groups[group.name];
}

function oldest(group: GroupRecord, count: number): string[] {
  return group.instances.slice(0, count).map(({ id }) => id);
}

function launchMissing(place: Place, group: GroupRecord, missing: number): void {
  const { mixed } = group;
  const onDemandNow = group.instances.filter(({ spot }) => !spot).length;
  const onDemand = mixed
    ? Math.min(missing, Math.max(0, onDemandOf(group.desired, mixed.distribution) - onDemandNow))
    : spotByTemplate(place, group)
      ? 0
      : missing;
  launch(place, group, onDemand, false);
  launch(place, group, missing - onDemand, true);
}

function spotByTemplate(place: Place, group: GroupRecord): boolean {
  return templateData(place, group.template).InstanceMarketOptions?.MarketType === "spot";
}

/** All or nothing. */
function launch(place: Place, group: GroupRecord, count: number, spot: boolean): void {
  if (count === 0) return;
  const { world, region } = place;
  const override = overrideFor(place, group);
  const template = override?.template ?? group.template;
  const data = templateData(place, template);
  const instanceType = override?.instanceType ?? data.InstanceType ?? "";
  const profile = data.IamInstanceProfile?.Arn ?? data.IamInstanceProfile?.Name;
  const rootVolume = data.BlockDeviceMappings?.find(({ Ebs }) => Ebs?.VolumeSize !== undefined)?.Ebs?.VolumeSize;
  const volumeTypes = (data.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeType ?? []);
  const version = versionNumber(place, template);
  try {
    const ids = runInstances(world, region, {
      count,
      subnetIds: group.subnetIds,
      groupIds: securityGroupsIn(data),
      instanceType,
      launchTemplateTags: data.TagSpecifications ?? [],
      tags: launchTags(group, { id: template.id, version }),
      spot,
      ...(data.ImageId === undefined ? {} : { imageId: data.ImageId }),
      ...(rootVolume === undefined ? {} : { volumeSize: rootVolume }),
      volumeTypes,
      ...volumeKeysOf(data),
      ...placementOf(data),
      ...(data.UserData === undefined ? {} : { userData: data.UserData }),
      ...(profile === undefined ? {} : { profileArn: knownInstanceProfile(world, profile)?.arn ?? profile }),
    });
    for (const id of ids) {
      const zone = instanceOf(world, region, id)?.zone ?? "";
      group.instances.push({ id, type: instanceType, zone, spot, version });
      record(place, group, {
        status: "Successful",
        description: `Launching a new EC2 instance: ${id}`,
        cause: "an instance was started in response to a difference between desired and actual capacity",
      });
    }
    group.retryAt = 0;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    group.retryAt = world.now() + retryInterval;
    record(place, group, {
      status: "Failed",
      description: "Launching a new EC2 instance",
      cause: "an instance was started in response to a difference between desired and actual capacity",
      message: error.code.startsWith("Client.") ? error.message : `${error.message} Launching EC2 instance failed.`,
    });
  }
}

/** The first of its types that one of its zones has room for. */
function overrideFor(place: Place, { mixed, subnetIds }: GroupRecord) {
  const { world, region } = place;
  const zones = subnetIds.map((id) => subnetOf(world, region, id)?.AvailabilityZone);
  const able = mixed?.overrides.find(({ instanceType }) =>
    zonesWithCapacity(world, region, instanceType).some((zone) => zones.includes(zone)),
  );
  return able ?? mixed?.overrides[0];
}

function launchTags(group: GroupRecord, template: { id: string; version: string }): Record<string, string> {
  const own = group.tags.filter(({ propagate }) => propagate).map(({ key, value }) => [key, value] as const);
  return {
    ...Object.fromEntries(own),
    "aws:autoscaling:groupName": group.name,
    "aws:ec2launchtemplate:id": template.id,
    "aws:ec2launchtemplate:version": template.version,
  };
}

/** They leave the group at once, and EC2 in its own time. */
export function terminate(place: Place, group: GroupRecord, ids: readonly string[], why: string): ActivityRecord[] {
  terminateInstances(place.world, place.region, ids);
  group.instances = group.instances.filter(({ id }) => !ids.includes(id));
  return ids.map((id) =>
    record(place, group, {
      status: "Successful",
      description: `Terminating EC2 instance: ${id}`,
      cause: `an instance was taken out of service in response to ${why}`,
    }),
  );
}

function record(place: Place, group: GroupRecord, activity: Omit<ActivityRecord, "id" | "at">): ActivityRecord {
  const made = { ...activity, id: place.world.hex(32), at: place.world.now() };
  group.activities = [...group.activities, made].slice(-rememberedActivities);
  return made;
}
