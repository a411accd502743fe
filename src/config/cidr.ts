import type { Flaw } from "./problems.ts";
import { formatIpv6Block, parseIpv6Block } from "../ipv6.ts";

/** An IPv4 block: its first address as a number, and the length of its prefix. */
export interface Cidr {
  readonly first: number;
  readonly prefix: number;
}

/** Without zeros before a number, which some take for octal. */
const octets = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

function parseAddress(text: string): number | undefined {
  const parts = octets.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** Undefined for anything but a canonical IPv4 block such as `10.0.0.0/16`. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", length = "", ...rest] = text.split("/");
  const first = parseAddress(address);
  const prefix = /^\d{1,2}$/.test(length) ? Number(length) : Infinity;
  if (first === undefined || prefix > 32 || rest.length > 0 || first % size({ first, prefix }) !== 0) return undefined;
  return { first, prefix };
}

/** The block that an address and a prefix lie in: `10.1.2.3/16` is in `10.1.0.0/16`. Other text is left as it is. */
export function canonicalCidr(text: string): string {
  const [address = "", length = "", ...rest] = text.split("/");
  const first = parseAddress(address);
  const prefix = /^\d{1,2}$/.test(length) ? Number(length) : Infinity;
  if (first === undefined || prefix > 32 || rest.length > 0) return text;
  return `${formatAddress(first - (first % size({ first, prefix })))}/${prefix}`;
}

/** What is wrong with a text that should be a canonical IPv4 block; undefined when nothing is. */
export function cidrProblem(text: string): Flaw | undefined {
  if (parseCidr(text)) return undefined;
  const wanted = "must be an IPv4 CIDR block such as 10.0.0.0/16";
  const [address = "", length, ...rest] = text.split("/");
  const first = parseAddress(address);
  if (first === undefined || rest.length > 0) {
    return address.includes(":") ? { message: `${wanted}; this is IPv6` } : { message: wanted };
  }
  if (length === undefined) return { message: wanted, hint: "an address, a slash and the length of the prefix" };
  if (!/^\d{1,2}$/.test(length) || Number(length) > 32) {
    return { message: `${wanted}; the prefix goes from /0 to /32` };
  }
  const hint = `write ${canonicalCidr(text)}`;
  return { message: `${address} is not the first address of a /${length} block`, hint };
}

/** The same of blocks that may be as small as one address. */
export function anyCidrProblem(text: string): Flaw | undefined {
  const problem = cidrProblem(text);
  if (!problem || parseAddress(text) === undefined) return problem;
  const hint = text === "0.0.0.0" ? "for all addresses write 0.0.0.0/0" : `for this one address write ${text}/32`;
  return { ...problem, hint };
}

/** Number of addresses. */
function size({ prefix }: Cidr): number {
  return 2 ** (32 - prefix);
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.first < b.first + size(b) && b.first < a.first + size(a);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && overlaps(outer, inner);
}

/** An IPv6 block as AWS writes it. Other text is left as it is. */
export function canonicalIpv6Cidr(text: string): string {
  const block = parseIpv6Block(text);
  return block ? formatIpv6Block(block) : text;
}

/** Where private addresses lie (RFC 1918): services' and hybrid nodes' must. */
export const privateBlocks: readonly Cidr[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].flatMap(
  (text) => parseCidr(text) ?? [],
);

/** What is wrong with a text that should be a canonical IPv6 block; undefined when nothing is. */
export function ipv6CidrProblem(text: string): Flaw | undefined {
  const block = parseIpv6Block(text);
  if (!block) return { message: "must be an IPv6 CIDR block such as 2001:db8:1234:1a00::/56" };
  const canonical = formatIpv6Block(block);
  return canonical === text ? undefined : { message: `${text} is not written as AWS does`, hint: `write ${canonical}` };
}
