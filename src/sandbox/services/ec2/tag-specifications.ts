import type { ResourceType, Tag, TagSpecification } from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import { invalidValue } from "./errors.ts";

const tagLimit = 50;

/**
 * The tags that a create asks for on a resource of this type. Throws InvalidParameterValue for other types and for tags that
 * AWS would refuse, TagLimitExceeded for too many.
 */
export function tagsOnCreate(
  specifications: readonly TagSpecification[] | undefined,
  type: ResourceType,
): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const specification of specifications ?? []) {
    if (specification.ResourceType !== type) {
      throw invalidValue(
        `'${specification.ResourceType ?? ""}' is not a valid taggable resource type for this operation.`,
      );
    }
    setTags(tags, specification.Tags ?? []);
  }
  return tags;
}

/** Adds or overwrites user tags, as CreateTags does. */
export function setTags(tags: Record<string, string>, added: readonly Tag[]): void {
  const seen = new Set<string>();
  for (const { Key: key = "", Value: value = "" } of added) {
    checkTag(key, value);
    if (seen.has(key)) throw invalidValue(`Duplicate tag key '${key}' specified.`);
    seen.add(key);
  }
  const userKeys = new Set([...Object.keys(tags), ...seen].filter((key) => !isReserved(key)));
  if (userKeys.size > tagLimit) {
    throw new AwsError("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
  }
  for (const { Key: key = "", Value: value = "" } of added) tags[key] = value;
}

export function isReserved(key: string): boolean {
  return /^aws:/i.test(key);
}

export function checkTag(key: string, value: string): void {
  if (key === "") throw invalidValue("Tag key cannot be null or empty.");
  if (isReserved(key)) {
    throw invalidValue(
      `Value ( ${key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
    );
  }
  if (key.length > 127) throw invalidValue(`Tag key exceeds the maximum length of 127 characters: ${key}`);
  if (value.length > 256) throw invalidValue(`Tag value exceeds the maximum length of 256 characters: ${value}`);
}

export function tagList(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
