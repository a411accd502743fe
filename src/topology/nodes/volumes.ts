import { defaultAmiFamily, defaultVolumeSize } from "../../config/default-values.ts";
import { mainDeviceOf } from "../../config/devices.ts";
import { defaultVolumeTypeOf } from "../../config/nodegroup-defaults.ts";
import type { NodeGroupBase, PlacedNodeGroup } from "../../config/types.ts";
import type { Image } from "../../facts/types.ts";
import type { LaunchTemplateVolume } from "../../resources/ec2/launch-template.ts";
import type { Wanted } from "./wanted.ts";

/**
 * Who names a volume type also means its usual performance, where the file does not say otherwise. Who names Local Zones or an
 * Outpost means the type that they all have.
 */
export function withPerformance({ config, full }: Wanted<PlacedNodeGroup>): PlacedNodeGroup {
  const { volumeType, volumeIOPS, volumeThroughput, outpostARN } = full;
  const isOutside = (config.localZones ?? []).length > 0 || outpostARN !== undefined;
  if (volumeType === undefined || (config.volumeType === undefined && !isOutside)) return config;
  return {
    ...config,
    ...(outpostARN === undefined ? {} : { outpostARN }),
    volumeType,
    ...(volumeIOPS === undefined ? {} : { volumeIOPS }),
    ...(volumeThroughput === undefined ? {} : { volumeThroughput }),
  };
}

/**
 * The disks that a nodegroup asks for.
 *
 * @param image the file's own, which says what it boots from.
 */
export function volumes(group: PlacedNodeGroup, image?: Image): readonly LaunchTemplateVolume[] {
  const { amiFamily = defaultAmiFamily } = group;
  const isForData = amiFamily.startsWith("Bottlerocket");
  const { volumeName = (isForData ? undefined : image?.rootDevice) ?? mainDeviceOf(amiFamily) } = group;
  const main = { device: volumeName, ...performance(group), ...encryption(group) };
  // Bottlerocket's images have a volume for the system beside the one for data.
  const system = amiFamily.startsWith("Bottlerocket") && group.volumeEncrypted === true;
  return [
    main,
    ...(system ? [{ device: systemDevice, ...encryption(group) }] : []),
    ...(group.additionalVolumes ?? []).map((disk) => additionalVolume(disk, defaultVolumeTypeOf(group))),
  ];
}

const systemDevice = "/dev/xvda";

type AdditionalVolume = NonNullable<NodeGroupBase["additionalVolumes"]>[number];
type Disk = Omit<AdditionalVolume, "volumeName" | "snapshotID">;

/** Of an additional disk nothing is left open: a disk without a size cannot be made. */
function additionalVolume(disk: AdditionalVolume, volumeType: "gp2" | "gp3"): LaunchTemplateVolume {
  const size = disk.snapshotID === undefined ? { volumeSize: defaultVolumeSize } : {};
  return {
    device: disk.volumeName,
    ...(disk.snapshotID === undefined ? {} : { snapshotId: disk.snapshotID }),
    ...performance({ ...size, volumeType, ...disk }),
    ...encryption(disk),
  };
}

function performance(disk: Disk): Omit<LaunchTemplateVolume, "device"> {
  return {
    ...(disk.volumeSize === undefined ? {} : { size: disk.volumeSize }),
    ...(disk.volumeType === undefined ? {} : { type: disk.volumeType }),
    ...(disk.volumeIOPS === undefined ? {} : { iops: disk.volumeIOPS }),
    ...(disk.volumeThroughput === undefined ? {} : { throughput: disk.volumeThroughput }),
  };
}

function encryption(disk: Disk): Omit<LaunchTemplateVolume, "device"> {
  return {
    ...(disk.volumeEncrypted === undefined ? {} : { encrypted: disk.volumeEncrypted }),
    ...(disk.volumeKmsKeyID === undefined ? {} : { kmsKeyId: disk.volumeKmsKeyID }),
  };
}
