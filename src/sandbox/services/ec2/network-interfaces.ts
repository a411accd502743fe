import type {
  DeleteNetworkInterfaceRequest,
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult,
  NetworkInterface,
} from "@aws-sdk/client-ec2";
import type { Call } from "../../service.ts";
import { invalidValue, required } from "./errors.ts";
import { networkInterfaceFamily, subnetFamily } from "./families.ts";
import { find, findAtOnce, lookUp, selectPage } from "./family.ts";
import { ipv6AddressIn } from "./ipv6-blocks.ts";
import { ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import type { NetworkInterfaceRecord } from "./state.ts";
import { freeAddress } from "./subnet-addresses.ts";
import { tagList } from "./tag-specifications.ts";
import type { Open } from "./views.ts";

/** What EC2 answers, although the model says `natGateway`. */
export const natGatewayInterface = "nat_gateway";

export interface NewNetworkInterface {
  readonly subnetId: string;
  readonly groupIds?: readonly string[];
  readonly description?: string;
  readonly type?: string;
  readonly requesterManaged?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  readonly instanceId?: string;
  /** Absent: none. */
  readonly publicIp?: string | null;
  readonly allocationId?: string | null;
  /** Whether something uses it; true unless said otherwise. */
  readonly inUse?: boolean;
}

/** Throws InvalidSubnetID.NotFound and InsufficientFreeAddressesInSubnet. */
export function makeNetworkInterface(place: Place, wanted: NewNetworkInterface): NetworkInterfaceRecord {
  const { world } = place;
  const subnet = findAtOnce(subnetFamily, place, wanted.subnetId);
  const attachment = { id: world.id("eni-attach"), instanceId: wanted.instanceId ?? null, at: world.now() };
  const made: NetworkInterfaceRecord = {
    ...recorded(place, wanted.tags),
    NetworkInterfaceId: world.id("eni"),
    VpcId: subnet.VpcId,
    SubnetId: subnet.SubnetId,
    AvailabilityZone: subnet.AvailabilityZone,
    AvailabilityZoneId: subnet.AvailabilityZoneId,
    Description: wanted.description ?? "",
    InterfaceType: wanted.type ?? "interface",
    RequesterManaged: wanted.requesterManaged ?? false,
    PrivateIpAddress: freeAddress(subnet, place),
    ipv6Address: ipv6AddressIn(subnet, place),
    MacAddress: `02:${(world.hex(10).match(/../g) ?? []).join(":")}`,
    groupIds: [...(wanted.groupIds ?? [])],
    publicIp: wanted.publicIp ?? null,
    allocationId: wanted.allocationId ?? null,
    attachment: (wanted.inUse ?? true) ? attachment : null,
    releasedAt: null,
  };
  ec2Of(place).networkInterfaces[made.NetworkInterfaceId] = made;
  return made;
}

/** They are gone at that instant (virtual milliseconds). */
export function releaseNetworkInterfaces(place: Place, ids: readonly string[], atMs: number): void {
  for (const id of ids) {
    const released = lookUp(networkInterfaceFamily, place, id);
    if (released) released.releasedAt = atMs;
  }
}

export function settleNetworkInterfaces(place: Place): void {
  const { networkInterfaces } = ec2Of(place);
  for (const { NetworkInterfaceId: id, releasedAt } of Object.values(networkInterfaces)) {
    if (releasedAt !== null && releasedAt <= place.world.now()) delete networkInterfaces[id];
  }
}

type Shown = Open<NetworkInterface, "InterfaceType">;
type Described = Omit<DescribeNetworkInterfacesResult, "NetworkInterfaces"> & { NetworkInterfaces: Shown[] };

function describeNetworkInterfaces(input: DescribeNetworkInterfacesRequest, call: Call): Described {
  const query = { ids: ["networkInterfaceIds", input.NetworkInterfaceIds], filters: input.Filters } as const;
  const { items, ...rest } = selectPage(networkInterfaceFamily, call, query, input);
  return { NetworkInterfaces: items.map((each) => view(each, call)), ...rest };
}

function view(each: NetworkInterfaceRecord, place: Place): Shown {
  const owner = ownerOf(place);
  const association =
    each.publicIp === null
      ? {}
      : {
          Association: {
            PublicIp: each.publicIp,
            IpOwnerId: each.allocationId ? owner : "amazon",
            ...(each.allocationId ? { AllocationId: each.allocationId } : {}),
          },
        };
  return {
    NetworkInterfaceId: each.NetworkInterfaceId,
    VpcId: each.VpcId,
    SubnetId: each.SubnetId,
    AvailabilityZone: each.AvailabilityZone,
    AvailabilityZoneId: each.AvailabilityZoneId,
    Description: each.Description,
    InterfaceType: each.InterfaceType,
    RequesterManaged: each.RequesterManaged,
    OwnerId: owner,
    MacAddress: each.MacAddress,
    PrivateIpAddress: each.PrivateIpAddress,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: each.PrivateIpAddress, ...association }],
    ...association,
    Ipv6Addresses: each.ipv6Address === null ? [] : [{ Ipv6Address: each.ipv6Address, IsPrimaryIpv6: false }],
    SourceDestCheck: each.InterfaceType !== natGatewayInterface,
    Status: each.attachment ? "in-use" : "available",
    ...(each.attachment ? { Attachment: attachmentView(each.attachment, owner) } : {}),
    Groups: each.groupIds.map((GroupId) => ({
      GroupId,
      GroupName: ec2Of(place).securityGroups[GroupId]?.GroupName,
    })),
    TagSet: tagList(each.tags),
  };
}

function attachmentView(attachment: NonNullable<NetworkInterfaceRecord["attachment"]>, owner: string) {
  const { id, instanceId, at } = attachment;
  return {
    AttachmentId: id,
    AttachTime: new Date(at),
    DeleteOnTermination: instanceId !== null,
    DeviceIndex: instanceId === null ? 1 : 0,
    Status: "attached" as const,
    ...(instanceId === null ? { InstanceOwnerId: "amazon-aws" } : { InstanceId: instanceId, InstanceOwnerId: owner }),
  };
}

function deleteNetworkInterface(input: DeleteNetworkInterfaceRequest, call: Call): void {
  const id = required(input.NetworkInterfaceId, "networkInterfaceId");
  if (find(networkInterfaceFamily, call, id).attachment) {
    throw invalidValue(`Network interface '${id}' is currently in use.`);
  }
  delete ec2Of(call).networkInterfaces[id];
}

export const networkInterfaceHandlers = {
  DescribeNetworkInterfaces: describeNetworkInterfaces,
  DeleteNetworkInterface: deleteNetworkInterface,
};
