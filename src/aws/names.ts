import { createHash } from "node:crypto";
import type { Owner } from "./context.ts";

/** IAM's limit for role and instance profile names. */
const maxLength = 64;
const hashLength = 8;

/** The path of our IAM resources, by which they are listed. */
export function rolePath({ region, cluster }: Owner): string {
  return `/ekstool/${region}/${cluster}/`;
}

/** What ends every name of ours that is unique in a whole account: tells clusters of one name in two regions apart. */
export function ownerHash({ region, cluster }: Owner): string {
  return shortHash(`${region}/${cluster}`);
}

/**
 * The name of an account-wide thing: `<cluster>-<what>-<hash>`, at most 64 characters. What has to be cut counts into the
 * hash that replaces it; the end is always the owner's hash.
 */
export function globalName(owner: Owner, what: string): string {
  const suffix = `-${ownerHash(owner)}`;
  const name = `${owner.cluster}-${what}`;
  if (name.length + suffix.length <= maxLength) return name + suffix;
  const room = maxLength - suffix.length - hashLength - 1;
  return `${name.slice(0, room)}-${shortHash(name)}${suffix}`;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, hashLength);
}
