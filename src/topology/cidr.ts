import { InputError } from "../errors.ts";
import type { VpcZones } from "../facts/types.ts";

const maxSubnets = 16;

/** A subnet's part of its VPC's blocks. */
export interface SubnetBlock {
  readonly cidr: string;
  /** Which of the /64 blocks, where the VPC has IPv6. */
  readonly ipv6: number;
}

export interface ZoneBlocks {
  readonly zone: string;
  readonly public: SubnetBlock;
  readonly private: SubnetBlock;
}

/**
 * Splits a VPC's IPv4 block into one public and one private block a zone, as eksctl does: eight blocks of the prefix + 3,
 * or sixteen of the prefix + 4; the public ones first. 192.168.0.0/16 and three zones: /19 blocks, public .0 .32 .64,
 * private .96 .128 .160. Zones that came later have a sixteenth each of what is left, in pairs: .192 and .208.
 *
 * @throws InputError for more zones than there are blocks for.
 */
export function splitCidr(cidr: string, { first, added }: VpcZones): readonly ZoneBlocks[] {
  const [address = "", prefix = ""] = cidr.split("/");
  const total = 2 * first.length;
  if (total > maxSubnets) {
    throw new InputError(`a VPC of ours holds at most ${maxSubnets} subnets, which is ${maxSubnets / 2} zones`);
  }
  const parts = total <= 8 ? 8 : maxSubnets;
  const room = (parts - total) * (maxSubnets / parts);
  if (2 * added.length > room) {
    const more = Math.floor(room / 2);
    throw new InputError(
      `zones: the VPC's block ${cidr}, split for ${first.length} zones, has room for ` +
        (more === 0 ? "no other zone" : `${more} more, not ${added.length}`),
      { hint: "blocks are split once: a VPC is made with all the zones that it shall ever have room for" },
    );
  }
  const base = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const nth = (index: number, of: number) => {
    const length = Number(prefix) + Math.log2(of);
    return `${dotted(base + index * 2 ** (32 - length))}/${length}`;
  };
  const used = total * (maxSubnets / parts);
  return [
    ...first.map((zone, index) => ({
      zone,
      public: { cidr: nth(index, parts), ipv6: index },
      private: { cidr: nth(first.length + index, parts), ipv6: first.length + index },
    })),
    ...added.map((zone, index) => ({
      zone,
      public: { cidr: nth(used + 2 * index, maxSubnets), ipv6: total + 2 * index },
      private: { cidr: nth(used + 2 * index + 1, maxSubnets), ipv6: total + 2 * index + 1 },
    })),
  ];
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
