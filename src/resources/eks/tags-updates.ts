import { TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { foreignElements, memory, memoryTag, ownElements, wroteBy } from "../../aws/element-ownership.ts";
import { isReservedTag, type Tags } from "../../aws/tags.ts";
import { elementChanges, type ElementChanges, wantedElements } from "./element-updates.ts";

interface Tagged {
  readonly tags: Tags;
}

/** The user's tags; those that others put there are kept. */
export const tagsAspect = {
  want: (spec: Tagged) => spec.tags,
  have: (attrs: Tagged, want: unknown) => ownElements(attrs.tags, wantedElements(want), wroteBy(attrs.tags, "tags")),
  change: () => "tags" as const,
  kept: (attrs: Tagged, want: unknown) =>
    foreignElements(attrs.tags, wantedElements(want), wroteBy(attrs.tags, "tags")).filter((key) => !isReservedTag(key)),
};

/** The tags of a thing that is being made: the wanted ones, those that make it ours, and which of them we wrote. */
export function creationTags(ctx: AwsContext, id: string, tags: Tags): Record<string, string> {
  return { ...tags, ...ctx.tags(id), [memoryTag("tags")]: memory(Object.keys(tags)) };
}

/** Brings our tags of an EKS resource to the wanted ones. */
export async function updateTags(
  ctx: AwsContext,
  resourceArn: string,
  live: Tags,
  wanted: Tags,
): Promise<ElementChanges<string>> {
  const { eks } = ctx.clients;
  const changes = elementChanges(live, wanted, wroteBy(live, "tags"));
  if (changes.remove.length > 0) await eks.send(new UntagResourceCommand({ resourceArn, tagKeys: changes.remove }));
  const remembered = memory(Object.keys(wanted));
  const remember = live[memoryTag("tags")] === remembered ? {} : { [memoryTag("tags")]: remembered };
  const tags = { ...changes.set, ...remember };
  if (Object.keys(tags).length > 0) await eks.send(new TagResourceCommand({ resourceArn, tags }));
  return changes;
}
