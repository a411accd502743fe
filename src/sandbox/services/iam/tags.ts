import type { Tag } from "@aws-sdk/client-iam";
import { paginate } from "../../paginate.ts";
import { invalidInput, limitExceeded, validationError } from "./errors.ts";
import type { TagRecord } from "./state.ts";

const maxTags = 50;
/** IAM allows up to 100 a page and may send fewer. */
const defaultPageSize = 20;

/**
 * Adds tags to those that are there; a key that is there already (in whatever case) gets the new value.
 *
 * @throws AwsError InvalidInput, ValidationError or LimitExceeded.
 */
export function withTags(present: readonly TagRecord[], added: readonly Tag[] | undefined): TagRecord[] {
  const tags = new Map(present.map((tag) => [tag.Key.toLowerCase(), tag]));
  const seen = new Set<string>();
  for (const { Key = "", Value = "" } of added ?? []) {
    const key = Key.toLowerCase();
    if (seen.has(key)) throw invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    if (key.startsWith("aws:")) throw invalidInput("Tag keys that start with aws: are reserved for system use.");
    if (Key.length < 1 || Key.length > 128) throw validationError("A tag key has 1 to 128 characters.");
    if (Value.length > 256) throw validationError("A tag value has at most 256 characters.");
    seen.add(key);
    tags.set(key, { Key, Value });
  }
  if (tags.size > maxTags) throw limitExceeded(`The number of tags has reached the maximum limit: ${maxTags}.`);
  return [...tags.values()];
}

export function withoutTags(present: readonly TagRecord[], keys: readonly string[]): TagRecord[] {
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  return present.filter((tag) => !removed.has(tag.Key.toLowerCase()));
}

interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}
interface PageResult {
  IsTruncated: boolean;
  Marker?: string;
}

/** A page of a list, and the members of the answer that say so. Throws AwsError ValidationError for a bad marker. */
export function markedPage<T>(items: readonly T[], request: PageRequest): { items: T[]; page: PageResult } {
  const { items: shown, next } = paginate(items, request.Marker, request.MaxItems, defaultPageSize, "ValidationError");
  return { items: shown, page: next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: next } };
}
