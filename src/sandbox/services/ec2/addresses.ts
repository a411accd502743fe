import type {
  Address,
  AllocateAddressRequest,
  AllocateAddressResult,
  DescribeAddressesRequest,
  DescribeAddressesResult,
  ReleaseAddressRequest,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { required, takeOnly } from "./errors.ts";
import { addressFamily, interfaceOf } from "./families.ts";
import { find, select } from "./family.ts";
import { ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import type { AddressRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";

function allocateAddress(input: AllocateAddressRequest, call: Call): AllocateAddressResult {
  takeOnly("AllocateAddress", input, ["Domain", "TagSpecifications"]);
  const { addresses } = ec2Of(call);
  const tags = tagsOnCreate(input.TagSpecifications, "elastic-ip");
  checkQuota(call, "addresses", Object.keys(addresses).length);
  const address: AddressRecord = {
    ...recorded(call, tags),
    AllocationId: call.world.id("eipalloc"),
    PublicIp: publicAddress(call),
    association: null,
  };
  addresses[address.AllocationId] = address;
  return {
    AllocationId: address.AllocationId,
    PublicIp: address.PublicIp,
    PublicIpv4Pool: "amazon",
    NetworkBorderGroup: call.region,
    Domain: "vpc",
  };
}

/** An address of the block that is kept for benchmarks (RFC 2544): it belongs to nobody. */
export function publicAddress(place: Place): string {
  const [second = 0, third = 0, fourth = 0] = (place.world.hex(6).match(/../g) ?? []).map((hex) => parseInt(hex, 16));
  return `198.${18 + (second % 2)}.${third}.${fourth}`;
}

function releaseAddress(input: ReleaseAddressRequest, call: Call): void {
  const address = find(addressFamily, call, required(input.AllocationId, "allocationId"));
  if (address.association) {
    throw new AwsError("InvalidIPAddress.InUse", `Address ${address.PublicIp} is in use.`);
  }
  delete ec2Of(call).addresses[address.AllocationId];
}

function describeAddresses(input: DescribeAddressesRequest, call: Call): DescribeAddressesResult {
  const found = select(addressFamily, call, {
    ids: ["allocationIds", input.AllocationIds],
    filters: input.Filters,
  });
  const publicIps = input.PublicIps ?? [];
  const missing = publicIps.find((ip) => !found.some((address) => address.PublicIp === ip));
  if (missing) throw new AwsError("InvalidAddress.NotFound", `Address '${missing}' not found.`);
  const asked = publicIps.length > 0 ? found.filter((address) => publicIps.includes(address.PublicIp)) : found;
  return { Addresses: asked.map((address) => view(address, call)) };
}

function view(address: AddressRecord, place: Place): Address {
  const used = interfaceOf(address, place);
  return {
    AllocationId: address.AllocationId,
    PublicIp: address.PublicIp,
    PublicIpv4Pool: "amazon",
    NetworkBorderGroup: place.region,
    Domain: "vpc",
    ...(address.association && used
      ? {
          AssociationId: address.association.id,
          NetworkInterfaceId: used.NetworkInterfaceId,
          NetworkInterfaceOwnerId: ownerOf(place),
          PrivateIpAddress: used.PrivateIpAddress,
        }
      : {}),
    Tags: tagList(address.tags),
  };
}

export const addressHandlers = {
  AllocateAddress: allocateAddress,
  ReleaseAddress: releaseAddress,
  DescribeAddresses: describeAddresses,
};
