import { AwsError } from "../../aws-error.ts";
import type { Tags } from "./state.ts";

const maxTags = 50;

interface Tag {
  readonly Key: string | undefined;
  readonly Value?: string | undefined;
}

/** Throws DuplicateTagKeys, TooManyTags and ValidationError. */
export function withTags(present: Readonly<Tags>, added: readonly Tag[] = []): Tags {
  const keys = added.map(({ Key = "" }) => Key);
  if (new Set(keys).size < keys.length)
    throw new AwsError("DuplicateTagKeys", "A tag key was specified more than once");
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) {
    throw new AwsError("ValidationError", `Tag keys that start with aws: are reserved for system use: ${reserved}`);
  }
  const tags = { ...present, ...Object.fromEntries(added.map(({ Key = "", Value = "" }) => [Key, Value])) };
  if (Object.keys(tags).length > maxTags) throw new AwsError("TooManyTags", "The limit of tags has been reached");
  return tags;
}

export function withoutTags(present: Readonly<Tags>, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(present).filter(([key]) => !keys.includes(key)));
}

export function tagList(tags: Readonly<Tags>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
