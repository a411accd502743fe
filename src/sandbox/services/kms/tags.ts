import type * as Kms from "@aws-sdk/client-kms";
import { AwsError } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import { keyOf, ownKey } from "./lookup.ts";

const maxTags = 50;
const defaultPage = 10;

/** @throws AwsError TagException. */
export function tagsIn(list: readonly Kms.Tag[] = [], present: Readonly<Record<string, string>> = {}) {
  const added = Object.fromEntries(list.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
  if (Object.keys(added).some((key) => key.toLowerCase().startsWith("aws:"))) {
    throw new AwsError("TagException", "Tag keys that start with aws: are reserved for system use.");
  }
  const tags = { ...present, ...added };
  if (Object.keys(tags).length <= maxTags) return tags;
  throw new AwsError("TagException", `A key has at most ${maxTags} tags.`);
}

export const tagHandlers = {
  TagResource(input: Checked<Kms.TagResourceRequest>, call: Call): void {
    const key = ownKey(call, input.KeyId);
    key.tags = tagsIn(input.Tags, key.tags);
  },

  UntagResource(input: Checked<Kms.UntagResourceRequest>, call: Call): void {
    const { tags } = ownKey(call, input.KeyId);
    for (const each of input.TagKeys) delete tags[each];
  },

  ListResourceTags(input: Checked<Kms.ListResourceTagsRequest>, call: Call): Kms.ListResourceTagsResponse {
    const all = Object.entries(keyOf(call, input.KeyId).tags);
    const { items, next } = paginate(all, input.Marker, input.Limit, defaultPage, "InvalidMarkerException");
    return {
      Tags: items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      Truncated: next !== undefined,
      NextMarker: next,
    };
  },
};
