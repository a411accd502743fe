import { isDeepStrictEqual } from "node:util";
import { memory, memoryTag, ownElements, wroteBy, type OwnedElements } from "../../aws/element-ownership.ts";
import type { Tags } from "../../aws/tags.ts";

type Elements<Value> = Readonly<Record<string, Value>>;

/** What leads from our part of a map to the wanted one. */
export interface ElementChanges<Value> {
  readonly set: Record<string, Value>;
  readonly remove: string[];
}

/** What is to be set and removed; what others wrote is in neither. */
export function elementChanges<Value>(
  live: Elements<Value>,
  wanted: Elements<Value>,
  wrote: (key: string) => boolean,
): ElementChanges<Value> {
  const own = ownElements(live, wanted, wrote);
  const set = Object.entries(wanted).filter(([key, value]) => !isDeepStrictEqual(own[key], value));
  return { set: Object.fromEntries(set), remove: Object.keys(own).filter((key) => !(key in wanted)) };
}

/** The wanted elements of an aspect: none while they are not known. */
export function wantedElements(want: unknown): Elements<unknown> {
  return typeof want === "object" && want !== null ? Object.fromEntries(Object.entries(want)) : {};
}

/**
 * The tags that keep in mind which elements are ours around a change of them: what is added is remembered before it is
 * there, what is removed is forgotten after it is gone, so that a change that is cut short leaves nothing of unknown origin.
 * Empty where the tag says so already.
 */
export function memoryChanges<Value>(
  elements: OwnedElements,
  tags: Tags,
  live: Elements<Value>,
  wanted: Elements<Value>,
): { readonly before: Tags; readonly after: Tags } {
  const wrote = wroteBy(tags, elements);
  const own = Object.keys(ownElements(live, wanted, wrote));
  const remember = (keys: readonly string[]) => ({ [memoryTag(elements)]: memory(keys) });
  const adds = Object.keys(wanted).some((key) => !wrote(key));
  const removes = own.some((key) => !(key in wanted));
  return {
    before: adds ? remember([...new Set([...own, ...Object.keys(wanted)])]) : {},
    after: removes ? remember(Object.keys(wanted)) : {},
  };
}
