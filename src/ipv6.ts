import { isIPv6 } from "node:net";

/** A block of IPv6 addresses: the first one as a number, and the length of its prefix. */
export interface Ipv6Block {
  readonly first: bigint;
  readonly prefix: number;
}

/** The block that a text names, bits behind the prefix cleared; undefined for anything that is no IPv6 block. */
export function parseIpv6Block(text: string): Ipv6Block | undefined {
  const [address = "", length = "", ...rest] = text.split("/");
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  if (rest.length > 0 || prefix > 128 || !isIPv6(address) || address.includes("%")) return undefined;
  const number = numberOf(address);
  return { first: number - (number % size(prefix)), prefix };
}

/** In the one form that AWS shows: `2001:db8:1234:1a00::/56`. */
export function formatIpv6Block({ first, prefix }: Ipv6Block): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((first >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
  return `${canonical(groups.join(":"))}/${prefix}`;
}

/** The nth block with a /64 prefix in a block: what a subnet has. */
export function subnetBlock(block: string, index: number): string {
  const outer = parseIpv6Block(block);
  if (!outer) throw new Error(`${block} is no IPv6 block`);
  return formatIpv6Block({ first: outer.first + BigInt(index) * size(64), prefix: 64 });
}

/** Number of addresses. */
function size(prefix: number): bigint {
  return 1n << BigInt(128 - prefix);
}

function numberOf(address: string): bigint {
  const [before = "", after] = canonical(address).split("::");
  const groups = (text: string | undefined) => (text ? text.split(":") : []);
  const [head, tail] = [groups(before), groups(after)];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].reduce((sum, group) => sum * 0x10000n + BigInt(`0x${group}`), 0n);
}

/** The host of a URL has one way of being written. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
