import type {
  LaunchTemplateBlockDeviceMapping,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
  _InstanceType,
} from "@aws-sdk/client-ec2";
import { wantedElements } from "../../aws/element-ownership.ts";
import { isReservedTag, type Tags, tagList, tagsOf } from "../../aws/tags.ts";
import type { LaunchTemplateSpec, LaunchTemplateVolume } from "./launch-template.ts";

/** What a version of a template says, in the shape of the spec. */
export type LaunchTemplateContent = Omit<LaunchTemplateSpec, "tags">;

/** What an instance, its volumes and its network interfaces are tagged with when they are launched. */
const taggedAtLaunch = ["instance", "volume", "network-interface"] as const;

/** A version as EC2 takes it: always complete. */
export function toData(content: LaunchTemplateContent, ownership: Tags): RequestLaunchTemplateData {
  const { instanceType, volumes, keyName, securityGroupIds, imds, ebsOptimized, detailedMonitoring } = content;
  const Tags = tagList({ ...content.launchTags, ...ownership });
  return {
    ...(isInstanceType(instanceType) && { InstanceType: instanceType }),
    ...(keyName !== undefined && { KeyName: keyName }),
    ...(ebsOptimized !== undefined && { EbsOptimized: ebsOptimized }),
    ...(detailedMonitoring !== undefined && { Monitoring: { Enabled: detailedMonitoring } }),
    ...(securityGroupIds.length > 0 && { SecurityGroupIds: [...securityGroupIds] }),
    BlockDeviceMappings: volumes.map(({ device, size, type, iops, throughput, encrypted, kmsKeyId }) => ({
      DeviceName: device,
      Ebs: {
        VolumeSize: size,
        VolumeType: type,
        Iops: iops,
        Throughput: throughput,
        Encrypted: encrypted,
        KmsKeyId: kmsKeyId,
      },
    })),
    MetadataOptions: { HttpTokens: imds.tokens, HttpPutResponseHopLimit: imds.hopLimit },
    TagSpecifications: taggedAtLaunch.map((ResourceType) => ({ ResourceType, Tags })),
  };
}

/** The SDK lists the types that it knows; EC2 judges, and may know newer ones. */
function isInstanceType(name: string | undefined): name is _InstanceType {
  return name !== undefined;
}

/** A version as EC2 gives it, in the shape of the spec; EC2's defaults are written out. */
export function fromData(data: ResponseLaunchTemplateData): LaunchTemplateContent {
  const { InstanceType, KeyName, EbsOptimized, Monitoring, MetadataOptions } = data;
  const tags = tagsOf(data.TagSpecifications?.find((one) => one.ResourceType === "instance")?.Tags);
  return {
    ...(InstanceType !== undefined && { instanceType: InstanceType }),
    ...(KeyName !== undefined && { keyName: KeyName }),
    ...(EbsOptimized !== undefined && { ebsOptimized: EbsOptimized }),
    ...(Monitoring?.Enabled !== undefined && { detailedMonitoring: Monitoring.Enabled }),
    securityGroupIds: data.SecurityGroupIds ?? [],
    volumes: (data.BlockDeviceMappings ?? []).map(toVolume),
    imds: {
      tokens: MetadataOptions?.HttpTokens ?? "optional",
      hopLimit: MetadataOptions?.HttpPutResponseHopLimit ?? 1,
    },
    launchTags: Object.fromEntries(Object.entries(tags).filter(([key]) => !isReservedTag(key))),
  };
}

function toVolume({ DeviceName = "", Ebs = {} }: LaunchTemplateBlockDeviceMapping): LaunchTemplateVolume {
  return {
    device: DeviceName,
    ...(Ebs.VolumeSize !== undefined && { size: Ebs.VolumeSize }),
    ...(Ebs.VolumeType !== undefined && { type: Ebs.VolumeType }),
    ...(Ebs.Iops !== undefined && { iops: Ebs.Iops }),
    ...(Ebs.Throughput !== undefined && { throughput: Ebs.Throughput }),
    ...(Ebs.Encrypted !== undefined && { encrypted: Ebs.Encrypted }),
    ...(Ebs.KmsKeyId !== undefined && { kmsKeyId: Ebs.KmsKeyId }),
  };
}

/** The next version: what is wanted over what the latest one says, since what nobody wants otherwise stays. */
export function merged(latest: LaunchTemplateContent, wanted: LaunchTemplateContent): LaunchTemplateContent {
  const volumes = new Map(latest.volumes.map((volume) => [volume.device, volume]));
  for (const volume of wanted.volumes) volumes.set(volume.device, mergedVolume(volumes.get(volume.device), volume));
  return { ...latest, ...wanted, volumes: [...volumes.values()] };
}

function mergedVolume(latest: LaunchTemplateVolume | undefined, wanted: LaunchTemplateVolume): LaunchTemplateVolume {
  if (latest === undefined || wanted.type === undefined || wanted.type === latest.type) return { ...latest, ...wanted };
  // What one type performs another may not take: EC2 launches no gp2 volume with a throughput.
  const { iops: _iops, throughput: _throughput, ...others } = latest;
  return { ...others, ...wanted };
}

/** Each wanted volume's own say on the keys that are wanted of it. */
export function volumesAsWanted(
  volumes: readonly LaunchTemplateVolume[],
  wanted: Readonly<Record<string, unknown>>,
): Readonly<Record<string, object>> {
  const shown = volumes.filter(({ device }) => device in wanted);
  return Object.fromEntries(
    shown.map((volume) => {
      const keys = Object.keys(wantedElements(wanted[volume.device]));
      return [volume.device, Object.fromEntries(Object.entries(volume).filter(([key]) => keys.includes(key)))];
    }),
  );
}
