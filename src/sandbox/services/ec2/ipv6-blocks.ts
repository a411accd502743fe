import type { SubnetIpv6CidrBlockAssociation, VpcIpv6CidrBlockAssociation } from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import { invalidValue } from "./errors.ts";
import { containsIpv6, formatIpv6, formatIpv6Cidr, type Ipv6Block, overlapsIpv6, parseIpv6Cidr } from "./ipv6.ts";
import { ec2Of, type Place } from "./place.ts";
import type { Ipv6BlockRecord, SubnetRecord, VpcRecord } from "./state.ts";

/** A block of Amazon's for a VPC: a /56 out of those that are kept for documentation (RFC 3849). */
export function amazonBlock(place: Place, vpcId: string): Ipv6BlockRecord {
  const digits = place.world.hex(6);
  const cidr = `2001:db8:${digits.slice(0, 4)}:${digits.slice(4)}00::/56`;
  return associating(place, "vpc-cidr-assoc", canonicalCidr(cidr), vpcId);
}

/** A block for a subnet: a /64 in one of its VPC's that nobody has. */
export function subnetBlock(place: Place, vpc: VpcRecord, cidr: string): Ipv6BlockRecord {
  const wanted = blockOfText(cidr);
  const now = place.world.now();
  const available = vpc.ipv6Blocks.filter((each) => each.associatedAt <= now);
  if (wanted.bits !== 64 || !available.some((each) => containsIpv6(blockOfText(each.cidr), wanted))) {
    throw new AwsError("InvalidSubnet.Range", `The IPv6 CIDR '${cidr}' is invalid.`);
  }
  const siblings = Object.values(ec2Of(place).subnets).filter((subnet) => subnet.VpcId === vpc.VpcId);
  const taken = siblings.flatMap((subnet) => subnet.ipv6Blocks);
  if (taken.some((each) => overlapsIpv6(blockOfText(each.cidr), wanted))) {
    throw new AwsError("InvalidSubnet.Conflict", `The IPv6 CIDR '${cidr}' conflicts with another subnet`);
  }
  return associating(place, "subnet-cidr-assoc", formatIpv6Cidr(wanted), vpc.VpcId);
}

function associating(place: Place, prefix: string, cidr: string, of: string): Ipv6BlockRecord {
  const { world } = place;
  return { id: world.id(prefix), cidr, associatedAt: world.now() + world.duration("ipv6Association", of) };
}

/** An address for an interface; null in a subnet that gives none. */
export function ipv6AddressIn(subnet: SubnetRecord, place: Place): string | null {
  const [block] = subnet.ipv6Blocks;
  if (!block || !subnet.assignIpv6Address) return null;
  return formatIpv6(blockOfText(block.cidr).base + BigInt(`0x${place.world.hex(16)}`));
}

/** Throws InvalidParameterValue. */
function blockOfText(cidr: string): Ipv6Block {
  const block = parseIpv6Cidr(cidr);
  if (block) return block;
  throw invalidValue(`Value (${cidr}) for parameter ipv6CidrBlock is invalid. This is not a valid IPv6 CIDR block.`);
}

/** Host bits are cleared, as EC2 does. Throws InvalidParameterValue. */
export function canonicalCidr(cidr: string): string {
  return formatIpv6Cidr(blockOfText(cidr));
}

export function vpcBlockView(block: Ipv6BlockRecord, place: Place): VpcIpv6CidrBlockAssociation {
  return {
    AssociationId: block.id,
    Ipv6CidrBlock: block.cidr,
    Ipv6CidrBlockState: stateOf(block, place),
    NetworkBorderGroup: place.region,
    Ipv6Pool: "Amazon",
    Ipv6AddressAttribute: "public",
    IpSource: "amazon",
  };
}

export function subnetBlockView(block: Ipv6BlockRecord, place: Place): SubnetIpv6CidrBlockAssociation {
  return { AssociationId: block.id, Ipv6CidrBlock: block.cidr, Ipv6CidrBlockState: stateOf(block, place) };
}

function stateOf({ associatedAt }: Ipv6BlockRecord, { world }: Place) {
  return { State: associatedAt <= world.now() ? "associated" : "associating" } as const;
}
