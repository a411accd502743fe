import {
  defaultAmiFamily,
  defaultDisableIMDSv1,
  defaultDisablePodIMDS,
  defaultGp3IOPS,
  defaultGp3Throughput,
  defaultPrivateNetworking,
  defaultProvisionedIOPS,
  defaultVolumeSize,
  defaultVolumeType,
  defaultVolumeTypeOutsideRegion,
} from "./default-values.ts";
import { nodeLabels } from "./node-labels.ts";
import { nodegroupSize } from "./nodegroup-size.ts";
import type { ClusterConfig, FullNodeGroup, NodeGroupBase, PlacedNodeGroup } from "./types.ts";

/** The defaults that nodegroups of both kinds have. */
export function nodegroupWithDefaults(group: NodeGroupBase, { metadata }: ClusterConfig): FullNodeGroup {
  const tags = { ...metadata.tags, ...group.tags };
  return {
    amiFamily: defaultAmiFamily,
    privateNetworking: defaultPrivateNetworking,
    ...group,
    ...nodegroupSize(group),
    labels: { ...group.labels, ...nodeLabels(metadata.name, group.name) },
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(group.ssh === undefined ? {} : { ssh: { allow: hasKey(group.ssh), ...group.ssh } }),
  };
}

/** Of a disk whose type the file leaves open. */
export function defaultVolumeTypeOf({ localZones = [], outpostARN }: PlacedNodeGroup) {
  return localZones.length > 0 || outpostARN !== undefined ? defaultVolumeTypeOutsideRegion : defaultVolumeType;
}

/** What the launch template that is made for a nodegroup says beside that; one of somebody's own says it itself. */
export function templateDefaults(group: PlacedNodeGroup): Partial<NodeGroupBase> {
  const volumeType = group.volumeType ?? defaultVolumeTypeOf(group);
  return {
    volumeSize: defaultVolumeSize,
    volumeType,
    ...diskPerformance(volumeType),
    disableIMDSv1: defaultDisableIMDSv1,
    disablePodIMDS: defaultDisablePodIMDS,
  };
}

function hasKey({ publicKey, publicKeyName, publicKeyPath }: NonNullable<NodeGroupBase["ssh"]>): boolean {
  return (publicKey ?? publicKeyName ?? publicKeyPath) !== undefined;
}

function diskPerformance(volumeType: NonNullable<NodeGroupBase["volumeType"]>) {
  if (volumeType === "gp3") return { volumeIOPS: defaultGp3IOPS, volumeThroughput: defaultGp3Throughput };
  return volumeType === "io1" || volumeType === "io2" ? { volumeIOPS: defaultProvisionedIOPS } : {};
}
