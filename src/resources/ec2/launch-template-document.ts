import type {
  ConnectionTrackingSpecification,
  LaunchTemplateBlockDeviceMapping,
  LaunchTemplateCapacityReservationSpecificationRequest,
  LaunchTemplateCapacityReservationSpecificationResponse,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
  _InstanceType,
} from "@aws-sdk/client-ec2";
import { wantedElements } from "../../aws/element-ownership.ts";
import { isReservedTag, type Tags, tagList, tagsOf } from "../../aws/tags.ts";
import type {
  LaunchTemplateCapacityReservation,
  LaunchTemplateConnectionTracking,
  LaunchTemplateSpec,
  LaunchTemplateVolume,
} from "./launch-template.ts";

/** What a version of a template says, in the shape of the spec. */
export type LaunchTemplateContent = Omit<LaunchTemplateSpec, "tags" | "imageParameter" | "lastingUserData">;

/** What an instance, its volumes and its network interfaces are tagged with when they are launched. */
const taggedAtLaunch = ["instance", "volume", "network-interface"] as const;

/** A version as EC2 takes it: always complete. */
export function toData(content: LaunchTemplateContent, ownership: Tags): RequestLaunchTemplateData {
  const { instanceType, volumes, keyName, imds, ebsOptimized, detailedMonitoring, placementGroup } = content;
  const Tags = tagList({ ...content.launchTags, ...ownership });
  return {
    ...(isInstanceType(instanceType) && { InstanceType: instanceType }),
    ...(keyName !== undefined && { KeyName: keyName }),
    ...(ebsOptimized !== undefined && { EbsOptimized: ebsOptimized }),
    ...(detailedMonitoring !== undefined && { Monitoring: { Enabled: detailedMonitoring } }),
    ...networkData(content),
    ...bootData(content),
    ...(placementGroup !== undefined && { Placement: { GroupName: placementGroup } }),
    ...(content.capacityReservation && {
      CapacityReservationSpecification: reservationData(content.capacityReservation),
    }),
    ...(content.capacityBlock && { InstanceMarketOptions: { MarketType: "capacity-block" } }),
    BlockDeviceMappings: volumes.map(({ device, size, type, iops, throughput, encrypted, kmsKeyId, snapshotId }) => ({
      DeviceName: device,
      Ebs: {
        VolumeSize: size,
        VolumeType: type,
        Iops: iops,
        Throughput: throughput,
        Encrypted: encrypted,
        KmsKeyId: kmsKeyId,
        SnapshotId: snapshotId,
      },
    })),
    MetadataOptions: { HttpTokens: imds.tokens, HttpPutResponseHopLimit: imds.hopLimit },
    TagSpecifications: taggedAtLaunch.map((ResourceType) => ({ ResourceType, Tags })),
  };
}

/** What it boots, as what, and with which processor. */
function bootData({ imageId, instanceProfile, userData, cpuCredits, enclave }: LaunchTemplateContent) {
  return {
    ...(imageId !== undefined && { ImageId: imageId }),
    ...(instanceProfile !== undefined && { IamInstanceProfile: { Name: instanceProfile } }),
    ...(userData !== undefined && { UserData: Buffer.from(userData).toString("base64") }),
    ...(cpuCredits !== undefined && { CreditSpecification: { CpuCredits: cpuCredits } }),
    ...(enclave !== undefined && { EnclaveOptions: { Enabled: enclave } }),
  };
}

/** Security groups stand in the network interface where there is one: EC2 takes them in one place only. */
function networkData(content: LaunchTemplateContent): RequestLaunchTemplateData {
  const { securityGroupIds, connectionTracking, efaInterfaces = 0 } = content;
  const groups = [...securityGroupIds];
  if (!connectionTracking && efaInterfaces === 0) return groups.length > 0 ? { SecurityGroupIds: groups } : {};
  return {
    NetworkInterfaces: Array.from({ length: Math.max(1, efaInterfaces) }, (_, card) => ({
      // The device 0 is that of the first card alone (EC2 user guide, "Launch instances with EFA").
      DeviceIndex: card === 0 ? 0 : 1,
      NetworkCardIndex: card,
      Groups: groups,
      ...(efaInterfaces > 0 && { InterfaceType: "efa" }),
      ...(connectionTracking && { ConnectionTrackingSpecification: trackingData(connectionTracking) }),
    })),
  };
}

function trackingData(tracking: LaunchTemplateConnectionTracking) {
  const { tcpEstablishedTimeout, udpStreamTimeout, udpTimeout } = tracking;
  return {
    TcpEstablishedTimeout: tcpEstablishedTimeout,
    UdpStreamTimeout: udpStreamTimeout,
    UdpTimeout: udpTimeout,
  };
}

function reservationData({
  preference,
  id,
  resourceGroupArn,
}: LaunchTemplateCapacityReservation): LaunchTemplateCapacityReservationSpecificationRequest {
  if (id === undefined && resourceGroupArn === undefined) return { CapacityReservationPreference: preference };
  return {
    CapacityReservationTarget: { CapacityReservationId: id, CapacityReservationResourceGroupArn: resourceGroupArn },
  };
}

/** The SDK lists the types that it knows; EC2 judges, and may know newer ones. */
function isInstanceType(name: string | null | undefined): name is _InstanceType {
  return typeof name === "string";
}

/** A version as EC2 gives it, in the shape of the spec; EC2's defaults are written out. */
export function fromData(data: ResponseLaunchTemplateData): LaunchTemplateContent {
  const { InstanceType, KeyName, EbsOptimized, Monitoring, MetadataOptions, Placement } = data;
  const [networkInterface] = data.NetworkInterfaces ?? [];
  const fabric = (data.NetworkInterfaces ?? []).filter(({ InterfaceType }) => InterfaceType === "efa");
  const tags = tagsOf(data.TagSpecifications?.find((one) => one.ResourceType === "instance")?.Tags);
  return {
    ...(InstanceType !== undefined && { instanceType: InstanceType }),
    ...(KeyName !== undefined && { keyName: KeyName }),
    ...(EbsOptimized !== undefined && { ebsOptimized: EbsOptimized }),
    ...(Monitoring?.Enabled !== undefined && { detailedMonitoring: Monitoring.Enabled }),
    securityGroupIds: networkInterface?.Groups ?? data.SecurityGroupIds ?? [],
    ...(Placement?.GroupName !== undefined && { placementGroup: Placement.GroupName }),
    ...(data.CapacityReservationSpecification && {
      capacityReservation: toReservation(data.CapacityReservationSpecification),
    }),
    ...(data.InstanceMarketOptions?.MarketType === "capacity-block" && { capacityBlock: true }),
    ...(networkInterface?.ConnectionTrackingSpecification && {
      connectionTracking: toConnectionTracking(networkInterface.ConnectionTrackingSpecification),
    }),
    ...(fabric.length > 0 && { efaInterfaces: fabric.length }),
    ...toBoot(data),
    volumes: (data.BlockDeviceMappings ?? []).map(toVolume),
    imds: {
      tokens: MetadataOptions?.HttpTokens ?? "optional",
      hopLimit: MetadataOptions?.HttpPutResponseHopLimit ?? 1,
    },
    launchTags: Object.fromEntries(Object.entries(tags).filter(([key]) => !isReservedTag(key))),
  };
}

function toBoot(data: ResponseLaunchTemplateData): Partial<LaunchTemplateContent> {
  const { ImageId, IamInstanceProfile, UserData, CreditSpecification, EnclaveOptions } = data;
  const credits = CreditSpecification?.CpuCredits;
  return {
    ...(ImageId !== undefined && { imageId: ImageId }),
    ...(IamInstanceProfile?.Name !== undefined && { instanceProfile: IamInstanceProfile.Name }),
    ...(UserData !== undefined && { userData: Buffer.from(UserData, "base64").toString("utf8") }),
    ...((credits === "standard" || credits === "unlimited") && { cpuCredits: credits }),
    ...(EnclaveOptions?.Enabled !== undefined && { enclave: EnclaveOptions.Enabled }),
  };
}

function toReservation({
  CapacityReservationPreference: preference,
  CapacityReservationTarget: target,
}: LaunchTemplateCapacityReservationSpecificationResponse): LaunchTemplateCapacityReservation {
  const { CapacityReservationId: id, CapacityReservationResourceGroupArn: resourceGroupArn } = target ?? {};
  return {
    ...((preference === "open" || preference === "none") && { preference }),
    ...(id !== undefined && { id }),
    ...(resourceGroupArn !== undefined && { resourceGroupArn }),
  };
}

function toConnectionTracking(specification: ConnectionTrackingSpecification): LaunchTemplateConnectionTracking {
  const { TcpEstablishedTimeout, UdpStreamTimeout, UdpTimeout } = specification;
  return {
    ...(TcpEstablishedTimeout !== undefined && { tcpEstablishedTimeout: TcpEstablishedTimeout }),
    ...(UdpStreamTimeout !== undefined && { udpStreamTimeout: UdpStreamTimeout }),
    ...(UdpTimeout !== undefined && { udpTimeout: UdpTimeout }),
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
    ...(Ebs.SnapshotId !== undefined && { snapshotId: Ebs.SnapshotId }),
  };
}

/** The next version: what is wanted over what the latest one says, since what nobody wants otherwise stays. */
export function merged(latest: LaunchTemplateContent, wanted: LaunchTemplateContent): LaunchTemplateContent {
  const kept = wanted.noOtherVolumes ? latest.volumes.filter(({ device }) => isWanted(device, wanted)) : latest.volumes;
  const volumes = new Map(kept.map((volume) => [volume.device, volume]));
  for (const volume of wanted.volumes) volumes.set(volume.device, mergedVolume(volumes.get(volume.device), volume));
  const { placementGroup, ...rest } = latest;
  return {
    ...rest,
    // The group was for the adapters, and goes with them.
    ...(placementGroup !== undefined && !losesFabric(latest, wanted) && { placementGroup }),
    ...wanted,
    volumes: [...volumes.values()],
  };
}

function losesFabric(latest: LaunchTemplateContent, wanted: LaunchTemplateContent): boolean {
  return wanted.efaInterfaces === 0 && (latest.efaInterfaces ?? 0) > 0;
}

function isWanted(device: string, { volumes }: LaunchTemplateContent): boolean {
  return device === bottlerocketSystem || volumes.some((volume) => volume.device === device);
}

/** Bottlerocket's own disk, which is set beside the one for data where it is encrypted. */
const bottlerocketSystem = "/dev/xvda";

/** Stands beside the devices that are wanted where there may be no others. */
export const otherVolumes = "others";

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
): Readonly<Record<string, object | string>> {
  const shown = volumes.filter(({ device }) => device in wanted);
  const others = volumes
    .map(({ device }) => device)
    .filter((device) => !(device in wanted) && device !== bottlerocketSystem);
  return {
    ...Object.fromEntries(
      shown.map((volume) => {
        const keys = Object.keys(wantedElements(wanted[volume.device]));
        return [volume.device, Object.fromEntries(Object.entries(volume).filter(([key]) => keys.includes(key)))];
      }),
    ),
    ...(otherVolumes in wanted && { [otherVolumes]: others.join(" ") || "none" }),
  };
}
