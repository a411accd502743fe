import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  Tag,
  TagDescription,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { required } from "./errors.ts";
import { families } from "./families.ts";
import { find, isListed } from "./family.ts";
import { applyFilters, type FilterTable } from "./filters.ts";
import { pageOf } from "./pages.ts";
import { ec2Of, type Place } from "./place.ts";
import type { Recorded } from "./state.ts";
import { checkTag, isReserved, setTags } from "./tag-specifications.ts";

/** The resource of any kind with this id. Throws its kind's not-found error, InvalidID for an id of no kind. */
function taggable(id: string, place: Place): Recorded {
  const prefix = id.slice(0, id.lastIndexOf("-"));
  const family = families.find((each) => each.prefix === prefix);
  if (!family) throw new AwsError("InvalidID", `The ID '${id}' is not valid`);
  return find(family, place, id);
}

function createTags(input: CreateTagsRequest, call: Call): void {
  const resources = required(input.Resources, "resourceId").map((id) => taggable(id, call));
  const tags = required(input.Tags, "tag");
  for (const resource of resources) setTags(resource.tags, tags);
}

/** A value deletes the tag only where it has that value. Without any tags all that users set go. */
function deleteTags(input: DeleteTagsRequest, call: Call): void {
  const resources = required(input.Resources, "resourceId").map((id) => taggable(id, call));
  for (const { tags } of resources) {
    const doomed: readonly Tag[] =
      input.Tags ??
      Object.keys(tags)
        .filter((key) => !isReserved(key))
        .map((Key) => ({ Key }));
    for (const { Key: key = "", Value: value } of doomed) {
      checkTag(key, value ?? "");
      if (value === undefined || tags[key] === value) delete tags[key];
    }
  }
}

const tagFilters: FilterTable<Required<TagDescription>> = {
  key: (tag) => tag.Key,
  "resource-id": (tag) => tag.ResourceId,
  "resource-type": (tag) => tag.ResourceType,
  value: (tag) => tag.Value,
};

function describeTags(input: DescribeTagsRequest, call: Call): DescribeTagsResult {
  const state = ec2Of(call);
  const all = families.flatMap((family) =>
    Object.entries(family.records(state))
      .filter(([, record]) => isListed(record, call))
      .flatMap(([id, { tags }]) =>
        Object.entries(tags).map(([Key, Value]) => ({ ResourceId: id, ResourceType: family.type, Key, Value })),
      ),
  );
  const byKey = (input.Filters ?? [])
    .map((filter) => filter.Name ?? "")
    .filter((name) => name.startsWith("tag:"))
    .map((name) => [name, (tag: TagDescription) => (tag.Key === name.slice("tag:".length) ? tag.Value : undefined)]);
  const filters: FilterTable<Required<TagDescription>> = { ...tagFilters, ...Object.fromEntries(byKey) };
  const { items, ...rest } = pageOf(applyFilters(all, input.Filters, filters, call), input);
  return { Tags: items, ...rest };
}

export const tagHandlers = { CreateTags: createTags, DeleteTags: deleteTags, DescribeTags: describeTags };
