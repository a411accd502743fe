import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Tags } from "./tags.ts";

/**
 * Where others may write into the same map or list (tags, labels, attached policies), only the elements that we wrote
 * are compared and removed. Which ones those are is remembered in one tag of the resource: the short hashes of their
 * keys, one after the other.
 */
export type OwnedElements =
  "tags" | "labels" | "taints" | "policies" | "routes" | "vpn-gateways" | "asg-tags" | "asg-processes";

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
  const hashes = new Set(rememberedHashes(tags, elements));
  return (key) => hashes.has(hashOf(key));
}

/**
 * Whether an element is remembered that has none of these keys, those of all that is there or wanted: it was removed, and
 * that was cut short before it was forgotten.
 */
export function remembersMore(tags: Tags, elements: OwnedElements, keys: readonly string[]): boolean {
  const known = new Set(keys.map(hashOf));
  return rememberedHashes(tags, elements).some((hash) => !known.has(hash));
}

/** Whether any element is remembered as ours. */
export function remembersAny(tags: Tags, elements: OwnedElements): boolean {
  return rememberedHashes(tags, elements).length > 0;
}

function rememberedHashes(tags: Tags, elements: OwnedElements): readonly string[] {
  return tags[memoryTag(elements)]?.match(new RegExp(`.{${hashLength}}`, "g")) ?? [];
}

/** The part of what exists that we answer for: what is wanted, and what we once wrote. */
export function ownElements<Value>(
  live: Readonly<Record<string, Value>>,
  wanted: Readonly<Record<string, unknown>>,
  wrote: (key: string) => boolean,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(live).filter(([key]) => key in wanted || wrote(key)));
}

/** What stands in the place of elements that are gone and still remembered, so that forgetting them is a difference. */
export const unforgotten = { "(removed)": "remembered still" } as const;

/** `ownElements` of a list with a memory to itself, and what of it is still to be forgotten. */
export function rememberedElements<Value>(
  live: Readonly<Record<string, Value>>,
  wanted: Readonly<Record<string, unknown>>,
  tags: Tags,
  elements: OwnedElements,
): Readonly<Record<string, Value | string>> {
  const own = ownElements(live, wanted, wroteBy(tags, elements));
  const keys = [...Object.keys(live), ...Object.keys(wanted)];
  return remembersMore(tags, elements, keys) ? { ...own, ...unforgotten } : own;
}

/** The keys of the other part: written by others, kept. */
export function foreignElements(
  live: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
  wrote: (key: string) => boolean,
): readonly string[] {
  return Object.keys(live).filter((key) => !(key in wanted) && !wrote(key));
}

/** What leads from our part of a map to the wanted one. */
export interface ElementChanges<Value> {
  readonly set: Readonly<Record<string, Value>>;
  readonly remove: readonly string[];
}

/** What is to be set and removed; what others wrote is in neither. */
export function elementChanges<Value>(
  live: Readonly<Record<string, Value>>,
  wanted: Readonly<Record<string, Value>>,
  wrote: (key: string) => boolean,
): ElementChanges<Value> {
  const own = ownElements(live, wanted, wrote);
  const set = Object.entries(wanted).filter(([key, value]) => !isDeepStrictEqual(own[key], value));
  return { set: Object.fromEntries(set), remove: Object.keys(own).filter((key) => !(key in wanted)) };
}

/**
 * The memory tags around a change of elements: what is added is remembered before it is there, and what is removed is
 * forgotten after it is gone, so that a change that is cut short leaves nothing of unknown origin. Empty where the tag
 * says so already.
 */
export function memoryChanges(
  elements: OwnedElements,
  tags: Tags,
  live: readonly string[],
  wanted: readonly string[],
): { readonly before: Tags; readonly after: Tags } {
  const tag = memoryTag(elements);
  const wrote = wroteBy(tags, elements);
  const stale = live.filter((key) => wrote(key) && !wanted.includes(key));
  const now = tags[tag] ?? "";
  const meanwhile = wanted.every(wrote) ? now : memory([...stale, ...wanted]);
  const afterwards = memory(wanted);
  return {
    before: meanwhile === now ? {} : { [tag]: meanwhile },
    after: afterwards === meanwhile ? {} : { [tag]: afterwards },
  };
}

/** A wanted map or list as a map by key: empty while it is not known. */
export function wantedElements(want: unknown): Readonly<Record<string, unknown>> {
  if (Array.isArray(want)) return Object.fromEntries(want.map((key) => [String(key), true]));
  return typeof want === "object" && want !== null ? Object.fromEntries(Object.entries(want)) : {};
}

function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, hashLength);
}
