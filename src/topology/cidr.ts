import { InputError } from "../errors.ts";

const maxSubnets = 16;

export interface ZoneBlocks {
  readonly zone: string;
  readonly public: string;
  readonly private: string;
}

/**
 * Splits a VPC's IPv4 block into one public and one private block a zone, as eksctl does: eight blocks of the prefix + 3,
 * or sixteen of the prefix + 4; the public ones first. 192.168.0.0/16 and three zones: /19 blocks, public .0 .32 .64,
 * private .96 .128 .160.
 *
 * @throws InputError for more than sixteen subnets.
 */
export function splitCidr(cidr: string, zones: readonly string[]): readonly ZoneBlocks[] {
  const [address = "", prefix = ""] = cidr.split("/");
  const total = 2 * zones.length;
  if (total > maxSubnets) {
    throw new InputError(`a VPC of ours holds at most ${maxSubnets} subnets, which is ${maxSubnets / 2} zones`);
  }
  const blockPrefix = Number(prefix) + (total <= 8 ? 3 : 4);
  const base = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const block = (index: number) => `${dotted(base + index * 2 ** (32 - blockPrefix))}/${blockPrefix}`;
  return zones.map((zone, index) => ({ zone, public: block(index), private: block(zones.length + index) }));
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
