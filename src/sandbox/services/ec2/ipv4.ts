import { isIPv4 } from "node:net";

/** A block of IPv4 addresses; `base` is the first one as a number. */
export interface Block {
  readonly base: number;
  readonly bits: number;
}

/** The block that a CIDR names, host bits cleared; undefined for anything that is no IPv4 CIDR. */
export function parseCidr(cidr: string): Block | undefined {
  const [address = "", prefix = "", ...rest] = cidr.split("/");
  const bits = Number(prefix);
  if (rest.length > 0 || !isIPv4(address) || !/^\d{1,2}$/.test(prefix) || bits > 32) return undefined;
  const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { base: number - (number % sizeOf(bits)), bits };
}

export function formatCidr(block: Block): string {
  return `${formatAddress(block.base)}/${block.bits}`;
}

export function formatAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** How many addresses a block of this prefix length has. */
export function sizeOf(bits: number): number {
  return 2 ** (32 - bits);
}

export function contains(outer: Block, inner: Block): boolean {
  return inner.bits >= outer.bits && inner.base - (inner.base % sizeOf(outer.bits)) === outer.base;
}

export function overlaps(one: Block, other: Block): boolean {
  return contains(one, other) || contains(other, one);
}
