import { AwsError } from "../../aws-error.ts";
import { formatAddress, parseCidr, sizeOf, type Block } from "./ipv4.ts";
import { ec2Of, type Place } from "./place.ts";
import type { SubnetRecord } from "./state.ts";

/** AWS keeps the first four addresses of each subnet and the last. */
const keptAtStart = 4;
const keptAtEnd = 1;

/** The block of a VPC or subnet. */
export function blockOf(record: { readonly CidrBlock: string }): Block {
  const block = parseCidr(record.CidrBlock);
  if (!block) throw new Error(`a stored CIDR is malformed: ${record.CidrBlock}`);
  return block;
}

export function availableAddresses(subnet: SubnetRecord, place: Place): number {
  return sizeOf(blockOf(subnet).bits) - keptAtStart - keptAtEnd - usedAddresses(subnet, place).size;
}

/**
 * The lowest free address of a subnet. Throws InsufficientFreeAddressesInSubnet.
 *
 * @param taken addresses that no network interface of the account has.
 */
export function freeAddress(subnet: SubnetRecord, place: Place, taken: readonly string[] = []): string {
  const used = new Set([...usedAddresses(subnet, place), ...taken]);
  const { base, bits } = blockOf(subnet);
  for (let address = base + keptAtStart; address < base + sizeOf(bits) - keptAtEnd; address++) {
    const text = formatAddress(address);
    if (!used.has(text)) return text;
  }
  throw new AwsError(
    "InsufficientFreeAddressesInSubnet",
    `The specified subnet does not have enough free addresses to satisfy the request: ${subnet.SubnetId}`,
  );
}

function usedAddresses(subnet: SubnetRecord, place: Place): Set<string> {
  const inSubnet = Object.values(ec2Of(place).networkInterfaces).filter((each) => each.SubnetId === subnet.SubnetId);
  return new Set(inSubnet.map((each) => each.PrivateIpAddress));
}
