import type { SubnetIpv6CidrBlockAssociation, VpcIpv6CidrBlockAssociation } from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import { invalidCombination, invalidValue, required } from "./errors.ts";
import { containsIpv6, formatIpv6, formatIpv6Cidr, type Ipv6Block, overlapsIpv6, parseIpv6Cidr } from "./ipv6.ts";
import { ec2Of, type Place } from "./place.ts";
import type { Ipv6BlockRecord, SubnetRecord, VpcRecord } from "./state.ts";

/** A block of Amazon's for a VPC: a /56 out of those that are kept for documentation (RFC 3849). */
function amazonBlock(place: Place, vpcId: string): Ipv6BlockRecord {
  const digits = place.world.hex(6);
  const cidr = `2001:db8:${digits.slice(0, 4)}:${digits.slice(4)}00::/56`;
  return associating(place, "vpc-cidr-assoc", canonicalCidr(cidr), vpcId);
}

/** What a request asks for a VPC; undefined when it asks for none. Throws for a pool or a block that cannot be had. */
export function wantedBlock(place: Place, vpcId: string, wanted: WantedBlock): Ipv6BlockRecord | undefined {
  const { AmazonProvidedIpv6CidrBlock: amazon, Ipv6Pool: pool, Ipv6CidrBlock: cidr } = wanted;
  if (pool === undefined && cidr === undefined) return amazon ? amazonBlock(place, vpcId) : undefined;
  if (amazon) throw invalidCombination("amazonProvidedIpv6CidrBlock and ipv6Pool cannot be used together");
  return pooledBlock(place, vpcId, required(pool, "ipv6Pool"), required(cidr, "ipv6CidrBlock"));
}

interface WantedBlock {
  readonly AmazonProvidedIpv6CidrBlock?: boolean | undefined;
  readonly Ipv6Pool?: string | undefined;
  readonly Ipv6CidrBlock?: string | undefined;
}

/** A /56 out of a pool, which nobody has. */
function pooledBlock(place: Place, vpcId: string, pool: string, cidr: string): Ipv6BlockRecord {
  const { ipv6Pools, vpcs } = ec2Of(place);
  const provisioned = Object.hasOwn(ipv6Pools, pool) ? ipv6Pools[pool] : undefined;
  if (provisioned === undefined) {
    throw new AwsError("InvalidIpv6PoolID.NotFound", `The ipv6Pool ID '${pool}' does not exist`);
  }
  const wanted = blockOfText(cidr);
  const taken = Object.values(vpcs).flatMap((vpc) => vpc.ipv6Blocks);
  if (
    wanted.bits !== 56 ||
    !containsIpv6(blockOfText(provisioned), wanted) ||
    taken.some((each) => overlapsIpv6(blockOfText(each.cidr), wanted))
  ) {
    throw invalidValue(`The IPv6 CIDR '${cidr}' cannot be allocated from the pool ${pool}.`);
  }
  return { ...associating(place, "vpc-cidr-assoc", formatIpv6Cidr(wanted), vpcId), pool };
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
  return {
    id: world.id(prefix),
    cidr,
    pool: "Amazon",
    associatedAt: world.now() + world.duration("ipv6Association", of),
  };
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
    Ipv6Pool: block.pool,
    Ipv6AddressAttribute: "public",
    IpSource: block.pool === "Amazon" ? "amazon" : "byoip",
  };
}

export function subnetBlockView(block: Ipv6BlockRecord, place: Place): SubnetIpv6CidrBlockAssociation {
  return { AssociationId: block.id, Ipv6CidrBlock: block.cidr, Ipv6CidrBlockState: stateOf(block, place) };
}

function stateOf({ associatedAt }: Ipv6BlockRecord, { world }: Place) {
  return { State: associatedAt <= world.now() ? "associated" : "associating" } as const;
}
