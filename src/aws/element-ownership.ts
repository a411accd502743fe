import { createHash } from "node:crypto";
import type { Tags } from "./tags.ts";

/**
 * Where others may write into the same map or list (tags, labels, attached policies), only the elements that we wrote
 * are compared and removed. Which ones those are is remembered in one tag of the resource: the short hashes of their
 * keys, one after the other.
 */
export type OwnedElements = "tags" | "labels" | "taints" | "policies" | "inline-policies";

const hashLength = 4;
/** AWS's limit for the length of a tag's value. */
const maxValueLength = 256;

/** The tag that remembers which elements are ours. */
export function memoryTag(elements: OwnedElements): string {
  return `ekstool.dev/${elements}`;
}

/**
 * The value of that tag for the keys that we write. Beyond 64 keys the rest is not remembered: such an element is added
 * and changed, but not removed when it is no longer wanted.
 */
export function memory(keys: readonly string[]): string {
  return keys.map(hashOf).sort().join("").slice(0, maxValueLength);
}

/** Whether an element of this key is one that we once wrote, by the tags of the resource that has it. */
export function wroteBy(tags: Tags, elements: OwnedElements): (key: string) => boolean {
  const value = tags[memoryTag(elements)] ?? "";
  const hashes = new Set(value.match(new RegExp(`.{${hashLength}}`, "g")));
  return (key) => hashes.has(hashOf(key));
}

/** The part of what exists that we answer for: what is wanted, and what we once wrote. */
export function ownElements<Value>(
  live: Readonly<Record<string, Value>>,
  wanted: Readonly<Record<string, unknown>>,
  wrote: (key: string) => boolean,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(live).filter(([key]) => key in wanted || wrote(key)));
}

/** The keys of the other part: written by others, kept. */
export function foreignElements(
  live: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
  wrote: (key: string) => boolean,
): readonly string[] {
  return Object.keys(live).filter((key) => !(key in wanted) && !wrote(key));
}

function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, hashLength);
}
