import type { NodeGroupBase } from "../../config/types.ts";
import type { LaunchTemplateVolume } from "../../resources/ec2/launch-template.ts";
import type { Wanted } from "./wanted.ts";

/** Who names a volume type also means its usual performance, where the file does not say otherwise. */
export function withPerformance({ config, full }: Wanted): NodeGroupBase {
  const { volumeIOPS, volumeThroughput } = full;
  if (config.volumeType === undefined) return config;
  return {
    ...config,
    ...(volumeIOPS === undefined ? {} : { volumeIOPS }),
    ...(volumeThroughput === undefined ? {} : { volumeThroughput }),
  };
}

/** The disks that a nodegroup asks for. */
export function volumes(group: NodeGroupBase): readonly LaunchTemplateVolume[] {
  const bottlerocket = group.amiFamily === "Bottlerocket";
  const encryption = {
    ...(group.volumeEncrypted === undefined ? {} : { encrypted: group.volumeEncrypted }),
    ...(group.volumeKmsKeyID === undefined ? {} : { kmsKeyId: group.volumeKmsKeyID }),
  };
  const main: LaunchTemplateVolume = {
    device: bottlerocket ? "/dev/xvdb" : "/dev/xvda",
    ...(group.volumeSize === undefined ? {} : { size: group.volumeSize }),
    ...(group.volumeType === undefined ? {} : { type: group.volumeType }),
    ...(group.volumeIOPS === undefined ? {} : { iops: group.volumeIOPS }),
    ...(group.volumeThroughput === undefined ? {} : { throughput: group.volumeThroughput }),
    ...encryption,
  };
  // Bottlerocket's images have a volume for the system beside the one for data.
  return bottlerocket && group.volumeEncrypted === true ? [main, { device: "/dev/xvda", ...encryption }] : [main];
}
