import type { AwsContext } from "../aws/context.ts";
import {
  elementChanges,
  type ElementChanges,
  foreignElements,
  memory,
  memoryTag,
  rememberedElements,
  wantedElements,
  wroteBy,
} from "../aws/element-ownership.ts";
import { idOf, isReservedTag, owned, type Tags } from "../aws/tags.ts";
import type { Aspect, Live, Phase } from "../engine/kind.ts";

export interface Tagged {
  readonly tags: Tags;
}

/** The wanted tags of any kind, in the update group `tags`; those that others put there are kept. */
export const tagsAspect: Aspect<Tagged, unknown, Tagged, "tags"> = {
  want: (spec) => spec.tags,
  have: ({ tags }, want) => rememberedElements(tags, wantedElements(want), tags, "tags"),
  change: () => "tags",
  kept: ({ tags }, want) =>
    foreignElements(tags, wantedElements(want), wroteBy(tags, "tags")).filter((key) => !isReservedTag(key)),
};

/** The tags for a creating call: the wanted ones, those that make it ours, and the memory of which we wrote. */
export function creationTags(ctx: AwsContext, id: string, wanted: Tags): Tags {
  return { ...wanted, ...ctx.tags(id), [memoryTag("tags")]: memory(Object.keys(wanted)) };
}

/** What a kind's update group `tags` sends: first the removal, then what is set, the memory with it. */
export function tagChanges(live: Tags, wanted: Tags): ElementChanges<string> {
  const { set, remove } = elementChanges(live, wanted, wroteBy(live, "tags"));
  const remembered = memory(Object.keys(wanted));
  return live[memoryTag("tags")] === remembered
    ? { set, remove }
    : { set: { ...set, [memoryTag("tags")]: remembered }, remove };
}

/** A live thing whose id and owner are in its tags. */
export function taggedLive<Attrs extends Tagged>(
  ctx: AwsContext,
  ref: string,
  phase: Phase,
  attrs: Attrs,
  { detail, uid }: { readonly detail?: string | undefined; readonly uid?: string | undefined } = {},
): Live<Attrs> {
  const ours = owned(attrs.tags, ctx.owner);
  return {
    id: ours ? idOf(attrs.tags) : "",
    ref,
    owner: ours ? "us" : "foreign",
    phase,
    attrs,
    ...(uid === undefined ? {} : { uid }),
    ...(detail === undefined ? {} : { detail }),
  };
}
