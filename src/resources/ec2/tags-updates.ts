import {
  CreateTagsCommand,
  DeleteTagsCommand,
  type Filter,
  type ResourceType,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.ts";
import { idTag, ownerTags, tagList, type Tags } from "../../aws/tags.ts";
import type { Live, Want } from "../../engine/kind.ts";
import { creationTags, tagChanges, type Tagged } from "../tags-aspect.ts";

/** Filters of a Describe call for all that is ours, or for all with this id. */
export function ownedFilters({ owner }: AwsContext, id?: string): Filter[] {
  const tags: Tags = { ...ownerTags(owner), ...(id === undefined ? {} : { [idTag]: id }) };
  return Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
}

/** The tags of a thing that is being made, as a creating call takes them. */
export function tagSpecifications(
  type: ResourceType,
  { id, spec }: Want<Tagged, unknown>,
  ctx: AwsContext,
  more: Tags = {},
): TagSpecification[] {
  return [{ ResourceType: type, Tags: tagList({ ...creationTags(ctx, id, spec.tags), ...more }) }];
}

/** The update group `tags` of every EC2 kind whose `ref` is the id of the resource. */
export async function updateTags(want: Want<Tagged, unknown>, live: Live<Tagged>, ctx: AwsContext): Promise<undefined> {
  const { set, remove } = tagChanges(live.attrs.tags, want.spec.tags);
  if (remove.length > 0) {
    const Tags = remove.map((Key) => ({ Key }));
    await ctx.clients.ec2.send(new DeleteTagsCommand({ Resources: [live.ref], Tags }));
  }
  await writeTags(live.ref, set, ctx);
}

/** Sets tags of an EC2 resource; nothing is sent for none. */
export async function writeTags(ref: string, tags: Tags, ctx: AwsContext): Promise<void> {
  if (Object.keys(tags).length === 0) return;
  await ctx.clients.ec2.send(new CreateTagsCommand({ Resources: [ref], Tags: tagList(tags) }));
}
