import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  Instance,
  InstanceStateName,
  LaunchTemplateInstanceNetworkInterfaceSpecificationRequest,
  LaunchTemplateTagSpecificationRequest,
  Reservation,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { launchesWith } from "../kms/internal.ts";
import { publicAddress } from "./addresses.ts";
import { required } from "./errors.ts";
import { instanceFamily, subnetFamily } from "./families.ts";
import { find, findAtOnce, lookUp, selectPage } from "./family.ts";
import { catalogue } from "./instance-type-catalogue.ts";
import { zonesOfferingType } from "./instance-types.ts";
import { makeNetworkInterface } from "./network-interfaces.ts";
import { ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import { placementGroupNamed } from "./placement-groups.ts";
import { checkQuota } from "./quotas.ts";
import type { InstanceRecord, SubnetRecord } from "./state.ts";
import { tagList } from "./tag-specifications.ts";
import type { Open } from "./views.ts";
import { makeVolume } from "./volumes.ts";
import { enabledZonesOf } from "./zones.ts";
import { outpostOf } from "../outposts/outposts.ts";

export interface NewInstances {
  readonly count: number;
  readonly subnetIds: readonly string[];
  readonly groupIds: readonly string[];
  readonly instanceType: string;
  /** The template's TagSpecifications: for instances, volumes and network interfaces. */
  readonly launchTemplateTags?: readonly LaunchTemplateTagSpecificationRequest[];
  /** For the instances. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly imageId?: string;
  /** Of the root volume, GiB; 20 unless said otherwise. */
  readonly volumeSize?: number;
  /** Types of its volumes, as far as the template has them. */
  readonly volumeTypes?: readonly string[];
  /** Names of the KMS keys that its volumes are encrypted with, where those are not the account's usual one. */
  readonly volumeKeys?: readonly string[];
  /** Beside the root volume, sizes in GiB. */
  readonly dataVolumes?: readonly { readonly device: string; readonly size: number }[];
  /** Not on demand. */
  readonly spot?: boolean;
  /** Name of the placement group that they run in. */
  readonly placementGroup?: string;
  /** As the template has them. */
  readonly interfaces?: readonly LaunchTemplateInstanceNetworkInterfaceSpecificationRequest[];
  /** In base64. */
  readonly userData?: string;
  readonly profileArn?: string;
  /** The service that alone may change them: `eks.amazonaws.com`. */
  readonly operator?: string;
}

/**
 * Running instances, spread over those of the subnets whose zones offer the type. Returns their ids. Throws Unsupported when
 * no subnet's zone does (an unknown type is offered nowhere), InsufficientInstanceCapacity, VcpuLimitExceeded,
 * InsufficientFreeAddressesInSubnet and, as reason of a state, Client.InvalidKMSKey.InvalidState.
 */
export function runInstances(place: Place, wanted: NewInstances): string[] {
  if (wanted.placementGroup !== undefined) placementGroupNamed(place, wanted.placementGroup);
  checkFabric(wanted);
  const subnets = usableSubnets(place, wanted);
  checkVcpus(place, wanted);
  checkKeys(place, wanted);
  return Array.from({ length: wanted.count }, () => {
    const subnet = emptiest(place, subnets);
    return runInstance(place, wanted, subnet).InstanceId;
  });
}

/** EC2 user guide, "Elastic Fabric Adapter": types that have it, one a network card. */
function checkFabric({ instanceType, interfaces = [] }: NewInstances): void {
  const cards = interfaces.filter(({ InterfaceType }) => InterfaceType === "efa");
  if (cards.length === 0) return;
  const type = catalogue.get(instanceType);
  if (type?.efa !== true) {
    throw new AwsError("Unsupported", `EFA interfaces are not supported on ${instanceType}`);
  }
  const used = new Set(cards.map(({ NetworkCardIndex = 0 }) => NetworkCardIndex));
  if (used.size === cards.length && [...used].every((card) => card < type.networkCards)) return;
  throw new AwsError(
    "AttachmentLimitExceeded",
    `${cards.length} EFA interfaces exceed the ${type.networkCards} network cards of ${instanceType}`,
  );
}

function usableSubnets(place: Place, { subnetIds, instanceType, volumeTypes = [] }: NewInstances): SubnetRecord[] {
  const subnets = subnetIds.map((id) => findAtOnce(subnetFamily, place, id));
  const onOutposts = subnets.filter(({ outpostArn }) => outpostArn !== undefined);
  if (onOutposts.length > 0)
    return onOutposts.filter((subnet) => checkOutpost(place, subnet, instanceType, volumeTypes));
  const asked = subnets.map((subnet) => subnet.AvailabilityZone);
  const offered = zonesOfferingType(place.region, instanceType).map((zone) => zone.name);
  if (!asked.some((zone) => offered.includes(zone))) {
    throw new AwsError(
      "Unsupported",
      `Your requested instance type (${instanceType}) is not supported in your requested Availability Zone ` +
        `(${asked.join(", ")}). Please retry your request by not specifying ` +
        `an Availability Zone or choosing ${offered.join(", ") || "another instance type"}.`,
    );
  }
  const able = zonesWithCapacity(place, instanceType);
  const usable = subnets.filter((subnet) => able.includes(subnet.AvailabilityZone));
  for (const { AvailabilityZone: zone } of usable) checkVolumes(place, zone, volumeTypes);
  if (usable.length > 0) return usable;
  throw new AwsError(
    "InsufficientInstanceCapacity",
    `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested ` +
      `(${asked.join(", ")}). Our system will be working on provisioning additional capacity. You can currently get ` +
      `${instanceType} capacity by not specifying an Availability Zone in your request or choosing ` +
      `${able.join(", ") || "another instance type"}.`,
    { status: 500 },
  );
}

/** An Outpost has the types that it was ordered with, and gp2 (EC2 user guide, "AWS Outposts"). Throws for others. */
function checkOutpost(
  { world, region }: Place,
  { outpostArn = "" }: SubnetRecord,
  instanceType: string,
  volumeTypes: readonly string[],
): true {
  const outpost = outpostOf(world, region, outpostArn);
  if (!outpost?.instanceTypes.includes(instanceType)) {
    throw new AwsError(
      "Unsupported",
      `The instance type ${instanceType} is not supported on the Outpost ${outpostArn}.`,
    );
  }
  const other = volumeTypes.find((type) => type !== "gp2");
  if (other === undefined) return true;
  throw new AwsError("UnsupportedOperation", `${other} volumes are not supported on the Outpost ${outpostArn}.`);
}

/** Not all Local Zones have gp3 (awslabs/amazon-eks-ami#1295); these have none. */
function checkVolumes({ region }: Place, zone: string, types: readonly string[]): void {
  const isLocal = enabledZonesOf(region).some(({ name, type }) => name === zone && type === "local-zone");
  if (!isLocal || !types.includes("gp3")) return;
  throw new AwsError(
    "VolumeTypeNotAvailableInZone",
    `Instance launch can not be fulfilled as 'gp3' volumes are not supported in ${zone}.`,
  );
}

/** Names of the zones in which an instance of the type can be launched now. */
export function zonesWithCapacity({ world, region }: Place, instanceType: string): string[] {
  const { shortages } = world.state.scenario;
  const isShort = (zone: string) =>
    shortages.some((each) => (each.instanceType ?? instanceType) === instanceType && (each.zone ?? zone) === zone);
  return zonesOfferingType(region, instanceType)
    .map((zone) => zone.name)
    .filter((zone) => !isShort(zone));
}

/** The families that share the quota for vCPUs of on-demand standard instances. */
const standardFamily = /^[acdhimrtz]\d/;

/** Spot instances have a quota of their own, which nobody here has reached yet. */
function checkVcpus(place: Place, { instanceType, count, spot = false }: NewInstances): void {
  if (spot || !standardFamily.test(instanceType)) return;
  const running = Object.values(ec2Of(place).instances).filter(
    (each) => isAlive(each) && !each.spot && standardFamily.test(each.InstanceType),
  );
  const used = running.reduce((sum, each) => sum + vcpusOf(each.InstanceType), 0);
  checkQuota(place, "onDemandVcpus", used, count * vcpusOf(instanceType));
}

function vcpusOf(instanceType: string): number {
  return catalogue.get(instanceType)?.vcpus ?? 0;
}

/** EC2 notices only when the instance is there, which then terminates (hashicorp/terraform-provider-aws#39904). */
function checkKeys({ world, region }: Place, { volumeKeys = [] }: NewInstances): void {
  if (volumeKeys.every((name) => launchesWith(world, region, name))) return;
  const code = "Client.InvalidKMSKey.InvalidState";
  throw new AwsError(
    code,
    "Instance became unhealthy while waiting for instance to be in InService state. " +
      `Termination Reason: ${code}: The KMS key provided is in an incorrect state`,
  );
}

function emptiest(place: Place, subnets: readonly SubnetRecord[]): SubnetRecord {
  const running = Object.values(ec2Of(place).instances).filter(isAlive);
  const load = (subnet: SubnetRecord) => running.filter((each) => each.SubnetId === subnet.SubnetId).length;
  return subnets.reduce((best, each) => (load(each) < load(best) ? each : best));
}

function runInstance(place: Place, wanted: NewInstances, subnet: SubnetRecord): InstanceRecord {
  const { world } = place;
  const id = world.id("i");
  const tagsOf = (type: string): Record<string, string> => {
    const specification = (wanted.launchTemplateTags ?? []).find((each) => each.ResourceType === type);
    return Object.fromEntries((specification?.Tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
  };
  const used = makeNetworkInterface(place, {
    subnetId: subnet.SubnetId,
    groupIds: wanted.groupIds,
    tags: tagsOf("network-interface"),
    instanceId: id,
    // EC2 user guide, "Public IPv4 addresses": not with more than one network interface.
    publicIp: subnet.MapPublicIpOnLaunch && (wanted.interfaces ?? []).length < 2 ? publicAddress(place) : null,
  });
  const zone = subnet.AvailabilityZone;
  const volume = makeVolume(place, { zone, size: wanted.volumeSize ?? 20, tags: tagsOf("volume"), instanceId: id });
  const dataVolumes = (wanted.dataVolumes ?? []).map(({ device, size }) => ({
    device,
    volumeId: makeVolume(place, { zone, size, tags: tagsOf("volume"), instanceId: id }).VolumeId,
  }));
  const instance: InstanceRecord = {
    ...recorded(place, { ...tagsOf("instance"), ...wanted.tags }),
    InstanceId: id,
    InstanceType: wanted.instanceType,
    ImageId: wanted.imageId ?? world.id("ami"),
    VpcId: subnet.VpcId,
    SubnetId: subnet.SubnetId,
    PrivateIpAddress: used.PrivateIpAddress,
    reservationId: world.id("r"),
    state: "running",
    zone,
    groupIds: [...wanted.groupIds],
    networkInterfaceId: used.NetworkInterfaceId,
    volumeId: volume.VolumeId,
    dataVolumes,
    launchedAt: world.now(),
    spot: wanted.spot ?? false,
    ...(wanted.placementGroup === undefined ? {} : { placementGroup: wanted.placementGroup }),
    ...(wanted.userData === undefined ? {} : { userData: wanted.userData }),
    ...(wanted.profileArn === undefined ? {} : { profileArn: wanted.profileArn }),
    ...(wanted.operator === undefined ? {} : { operator: wanted.operator }),
    next: null,
  };
  ec2Of(place).instances[id] = instance;
  return instance;
}

function isAlive(instance: InstanceRecord): boolean {
  return instance.state === "running";
}

/** They shut down, let go of interface and volume, and are shown as `terminated` for about an hour more. */
export function terminateInstances(place: Place, ids: readonly string[]): void {
  for (const id of ids) {
    const instance = lookUp(instanceFamily, place, id);
    if (!instance || !isAlive(instance)) continue;
    instance.state = "shutting-down";
    const at = place.world.now() + place.world.duration("networkInterfaceRelease", id);
    instance.next = { state: "terminated", at };
  }
}

export function settleInstances(place: Place): void {
  const { instances, networkInterfaces, volumes } = ec2Of(place);
  for (const instance of Object.values(instances)) {
    while (instance.next && instance.next.at <= place.world.now()) {
      const { state, at } = instance.next;
      instance.next = null;
      if (state === "gone") {
        delete instances[instance.InstanceId];
        break;
      }
      instance.state = state;
      delete networkInterfaces[instance.networkInterfaceId];
      for (const { volumeId } of [instance, ...instance.dataVolumes]) delete volumes[volumeId];
      letGo(place, instance.InstanceId);
      instance.next = { state: "gone", at: at + place.world.duration("lingering", instance.InstanceId) };
    }
  }
}

/** What was attached to an instance later is not deleted with it: it becomes `available`. */
function letGo(place: Place, instanceId: string): void {
  const { networkInterfaces, volumes } = ec2Of(place);
  for (const each of Object.values(networkInterfaces)) {
    if (each.attachment?.instanceId === instanceId) each.attachment = null;
  }
  for (const volume of Object.values(volumes)) if (volume.instanceId === instanceId) volume.instanceId = null;
}

type Shown = Open<Instance, "InstanceType">;
/** What a launch answers with. */
export type Launched = Omit<Reservation, "Instances"> & { Instances: Shown[] };
type Described = Omit<DescribeInstancesResult, "Reservations"> & { Reservations: Launched[] };

/** Instances that were launched together. */
export function instanceViews(launched: readonly InstanceRecord[], place: Place): Launched {
  return {
    ReservationId: launched[0]?.reservationId,
    OwnerId: ownerOf(place),
    Groups: [],
    Instances: launched.map((instance) => view(instance, place)),
  };
}

/** Each instance is a reservation of its own, as an Auto Scaling group launches them. */
function describeInstances(input: DescribeInstancesRequest, call: Call): Described {
  const query = { ids: ["instanceIds", input.InstanceIds], filters: input.Filters } as const;
  const { items, ...rest } = selectPage(instanceFamily, call, query, input);
  return { Reservations: items.map((instance) => instanceViews([instance], call)), ...rest };
}

const stateCodes: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};
const stateView = (Name: InstanceStateName) => ({ Name, Code: stateCodes[Name] });

function view(instance: InstanceRecord, place: Place): Shown {
  const { securityGroups, networkInterfaces } = ec2Of(place);
  const used = networkInterfaces[instance.networkInterfaceId];
  const network = used && {
    VpcId: instance.VpcId,
    SubnetId: instance.SubnetId,
    PrivateIpAddress: instance.PrivateIpAddress,
    PrivateDnsName: privateName(instance, place.region),
    ...(used.publicIp === null ? {} : { PublicIpAddress: used.publicIp }),
    SecurityGroups: instance.groupIds.map((GroupId) => ({ GroupId, GroupName: securityGroups[GroupId]?.GroupName })),
    NetworkInterfaces: [{ NetworkInterfaceId: used.NetworkInterfaceId, SubnetId: used.SubnetId, VpcId: used.VpcId }],
    BlockDeviceMappings: [{ device: "/dev/xvda", volumeId: instance.volumeId }, ...instance.dataVolumes].map(
      ({ device, volumeId }) => ({ DeviceName: device, Ebs: { VolumeId: volumeId, Status: "attached" as const } }),
    ),
  };
  return {
    InstanceId: instance.InstanceId,
    InstanceType: instance.InstanceType,
    ImageId: instance.ImageId,
    Architecture: catalogue.get(instance.InstanceType)?.architecture,
    State: stateView(instance.state),
    LaunchTime: new Date(instance.launchedAt),
    ...(instance.spot ? { InstanceLifecycle: "spot" } : {}),
    Placement: { AvailabilityZone: instance.zone, Tenancy: "default" },
    Operator: { Managed: instance.operator !== undefined, Principal: instance.operator },
    ...network,
    Tags: tagList(instance.tags),
  };
}

function privateName(instance: InstanceRecord, region: string): string {
  const domain = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
  return `ip-${instance.PrivateIpAddress.replaceAll(".", "-")}.${domain}`;
}

function terminate(input: TerminateInstancesRequest, call: Call): TerminateInstancesResult {
  const instances = required(input.InstanceIds, "instanceIds").map((id) => find(instanceFamily, call, id));
  const managed = instances.find(({ operator }) => operator !== undefined);
  if (managed) {
    throw new AwsError(
      "OperationNotPermitted",
      `You may not directly modify or terminate the instance ${managed.InstanceId}: it is managed by ${managed.operator}`,
    );
  }
  const before = instances.map((instance) => stateView(instance.state));
  terminateInstances(
    call,
    instances.map((instance) => instance.InstanceId),
  );
  return {
    TerminatingInstances: instances.map((instance, index) => ({
      InstanceId: instance.InstanceId,
      CurrentState: stateView(instance.state),
      PreviousState: before[index],
    })),
  };
}

export const instanceHandlers = { DescribeInstances: describeInstances, TerminateInstances: terminate };
