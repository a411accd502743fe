import {
  defaultAmiFamily,
  defaultGp3IOPS,
  defaultGp3Throughput,
  defaultVolumeSize,
  defaultVolumeType,
} from "../default-values.ts";
import { mainDeviceOf } from "../devices.ts";
import type { NodeGroupBase } from "../types.ts";
import { type Draft, type Report, type Rule, forEachNodegroup, present, whereUnwritten } from "./rule.ts";
import type { Path } from "../../yaml.ts";

interface DiskLimits {
  /** GiB. */
  readonly size: readonly [least: number, most: number];
  readonly iops?: readonly [least: number, most: number];
  /** Most operations a second for each GiB. */
  readonly iopsPerGiB?: number;
  readonly bootable: boolean;
}

/** What EBS makes: "Amazon EBS volume types" in the EBS user guide. */
const limits: Readonly<Record<NonNullable<NodeGroupBase["volumeType"]>, DiskLimits>> = {
  gp3: { size: [1, 65_536], iops: [3000, 16_000], iopsPerGiB: 500, bootable: true },
  gp2: { size: [1, 16_384], bootable: true },
  io1: { size: [4, 16_384], iops: [100, 64_000], iopsPerGiB: 50, bootable: true },
  io2: { size: [4, 65_536], iops: [100, 256_000], iopsPerGiB: 1000, bootable: true },
  st1: { size: [125, 16_384], bootable: false },
  sc1: { size: [125, 16_384], bootable: false },
};

/** Most MiB/s of a gp3 volume for each operation a second. */
const gp3ThroughputPerIOPS = 0.25;

type Disk = Draft<
  Pick<
    NodeGroupBase,
    "volumeSize" | "volumeType" | "volumeIOPS" | "volumeThroughput" | "volumeEncrypted" | "volumeKmsKeyID"
  >
>;

/** A rule about one disk, the nodes' own or an additional one. */
function forEachDisk(rule: (disk: Disk, at: Path, report: Report) => void): Rule {
  return forEachNodegroup((group, at, report) => {
    rule(group, at, report);
    for (const [index, disk] of present(group.additionalVolumes)) {
      rule(disk, [...at, "additionalVolumes", index], report);
    }
  });
}

const type = forEachNodegroup((group, at, report) => {
  const { volumeType, amiFamily = defaultAmiFamily } = group;
  // The disk of Bottlerocket's file is the one for data; others have one for all.
  if (volumeType === undefined || limits[volumeType].bootable || amiFamily.startsWith("Bottlerocket")) return;
  report([...at, "volumeType"], `nodes of ${amiFamily} cannot boot from a volume of the type ${volumeType}`, {
    hint: "use gp3, gp2, io1 or io2",
    reads: [[...at, "amiFamily"]],
  });
});

const size = forEachDisk((disk, at, report) => {
  const { volumeType = defaultVolumeType, volumeSize = defaultVolumeSize } = disk;
  const [least, most] = limits[volumeType].size;
  if (volumeSize >= least && volumeSize <= most) return;
  report([...at, "volumeSize"], `must be from ${least} to ${most} GiB for the type ${volumeType}, not ${volumeSize}`, {
    ...whereUnwritten(disk.volumeSize, volumeSize, "volumeSize"),
    reads: [[...at, "volumeType"]],
  });
});

const iops = forEachDisk((disk, at, report) => {
  const { volumeType = defaultVolumeType, volumeSize = defaultVolumeSize, volumeIOPS } = disk;
  if (volumeIOPS === undefined) return;
  const path = [...at, "volumeIOPS"];
  const reads = [
    [...at, "volumeType"],
    [...at, "volumeSize"],
  ];
  const { iops: range, iopsPerGiB = Infinity } = limits[volumeType];
  if (!range) {
    report(path, `is for the types gp3, io1 and io2, not for ${volumeType}`, { at: "key", reads });
  } else if (volumeIOPS < range[0] || volumeIOPS > range[1]) {
    report(path, `must be from ${range[0]} to ${range[1]} for the type ${volumeType}, not ${volumeIOPS}`, { reads });
  } else if (volumeIOPS > volumeSize * iopsPerGiB && volumeIOPS > range[0]) {
    report(path, `is more than ${iopsPerGiB} for each of the ${volumeSize} GiB, the most that ${volumeType} gives`, {
      ...whereUnwritten(disk.volumeSize, volumeSize, "volumeSize"),
      reads,
    });
  }
});

const throughput = forEachDisk((disk, at, report) => {
  const { volumeType = defaultVolumeType, volumeIOPS = defaultGp3IOPS, volumeThroughput } = disk;
  if (volumeThroughput === undefined) return;
  const path = [...at, "volumeThroughput"];
  if (volumeType !== "gp3") {
    report(path, `is for the type gp3, not for ${volumeType}`, { at: "key", reads: [[...at, "volumeType"]] });
  } else if (volumeThroughput > volumeIOPS * gp3ThroughputPerIOPS && volumeThroughput > defaultGp3Throughput) {
    report(path, `${volumeThroughput} MiB/s need ${volumeThroughput / gp3ThroughputPerIOPS} IOPS, not ${volumeIOPS}`, {
      hint: `set volumeIOPS to ${volumeThroughput / gp3ThroughputPerIOPS}`,
      reads: [[...at, "volumeIOPS"]],
    });
  }
});

const encryption = forEachDisk((disk, at, report) => {
  if (disk.volumeKmsKeyID === undefined || disk.volumeEncrypted === true) return;
  report([...at, "volumeKmsKeyID"], "needs volumeEncrypted: true", { at: "key", reads: [[...at, "volumeEncrypted"]] });
});

/** What comes after /dev/, so that sdf and /dev/sdf are the same. */
const bare = (device: string) => device.replace("/dev/", "");

const devices = forEachNodegroup((group, at, report) => {
  const { volumeName, amiFamily = defaultAmiFamily } = group;
  const main = volumeName ?? mainDeviceOf(amiFamily);
  const taken = new Map([[bare(main), "the nodes' own disk"]]);
  // Beside its disk for data, Bottlerocket has one for itself.
  if (amiFamily.startsWith("Bottlerocket")) taken.set("xvda", "the operating system's disk");
  for (const [index, disk] of present(group.additionalVolumes)) {
    if (disk.volumeName === undefined) continue;
    const name = bare(disk.volumeName);
    const by = taken.get(name);
    if (by !== undefined) {
      report(
        [...at, "additionalVolumes", index, "volumeName"],
        `${disk.volumeName} is ${by}: give each disk a name of its own`,
        {
          reads: [
            [...at, "volumeName"],
            [...at, "amiFamily"],
          ],
        },
      );
    }
    taken.set(name, "another additional disk");
  }
});

export const diskRules: readonly Rule[] = [type, size, iops, throughput, encryption, devices];
