import { isIPv6 } from "node:net";

/** A block of IPv6 addresses; `base` is the first one as a number. */
export interface Ipv6Block {
  readonly base: bigint;
  readonly bits: number;
}

/** The block that a CIDR names, host bits cleared; undefined for anything that is no IPv6 CIDR. */
export function parseIpv6Cidr(cidr: string): Ipv6Block | undefined {
  const [address = "", prefix = "", ...rest] = cidr.split("/");
  const bits = Number(prefix);
  if (rest.length > 0 || !isIPv6(address) || address.includes("%") || !/^\d{1,3}$/.test(prefix) || bits > 128) {
    return undefined;
  }
  const number = numberOf(address);
  return { base: number - (number % sizeOfIpv6(bits)), bits };
}

export function formatIpv6Cidr(block: Ipv6Block): string {
  return `${formatIpv6(block.base)}/${block.bits}`;
}

/** As RFC 5952 writes it. */
export function formatIpv6(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((number >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
  return canonical(groups.join(":"));
}

/** How many addresses a block of this prefix length has. */
function sizeOfIpv6(bits: number): bigint {
  return 1n << BigInt(128 - bits);
}

export function containsIpv6(outer: Ipv6Block, inner: Ipv6Block): boolean {
  return inner.bits >= outer.bits && inner.base - (inner.base % sizeOfIpv6(outer.bits)) === outer.base;
}

export function overlapsIpv6(one: Ipv6Block, other: Ipv6Block): boolean {
  return containsIpv6(one, other) || containsIpv6(other, one);
}

/** A URL's host is written in one way only. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function numberOf(address: string): bigint {
  const [head = "", tail] = canonical(address).split("::");
  const groups = (text: string | undefined) => (text ? text.split(":") : []);
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].reduce((sum, group) => sum * 0x10000n + BigInt(`0x${group}`), 0n);
}
