import {
  CreatePlacementGroupCommand,
  DeletePlacementGroupCommand,
  DescribePlacementGroupsCommand,
  type DescribePlacementGroupsRequest,
  type PlacementGroup,
} from "@aws-sdk/client-ec2";
import { created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Live, NamedKind, Phase } from "../../engine/kind.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";

export interface PlacementGroupSpec {
  readonly strategy: "cluster";
  readonly tags: Tags;
}
export interface PlacementGroupAttrs {
  readonly id: string;
  /** EC2 names it by this in all but tags. */
  readonly name: string;
  readonly strategy: string;
  readonly tags: Tags;
}

/** Instances of it run near to each other. */
export const placementGroup: NamedKind<PlacementGroupSpec, object, PlacementGroupAttrs, AwsContext, "tags"> = {
  name: "ec2.placement-group",
  title: "placement group",
  deletedBefore: [],
  timing: () => moments,

  actions: {
    list: allow("ec2:DescribePlacementGroups"),
    read: allow("ec2:DescribePlacementGroups"),
    create: making("CreatePlacementGroup", "placement-group"),
    delete: allow("ec2:DeletePlacementGroup", ours("placement-group")),
    tags: retagging("placement-group"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ GroupIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },
  async find(name, ctx) {
    const found = await absentAsNull(() => describe({ GroupNames: [name] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { PlacementGroup } = await ctx.clients.ec2.send(
      new CreatePlacementGroupCommand({
        GroupName: want.name,
        Strategy: want.spec.strategy,
        TagSpecifications: tagSpecifications("placement-group", want, ctx),
      }),
    );
    return created(PlacementGroup?.GroupId, "placement group");
  },

  async delete(live, ctx) {
    await ctx.clients.ec2.send(new DeletePlacementGroupCommand({ GroupName: live.attrs.name }));
  },

  aspects: {
    strategy: { want: (spec) => spec.strategy, have: ({ strategy }) => strategy, change: () => "replace" },
    tags: tagsAspect,
  },
  updates: { tags: updateTags },
};

async function describe(
  request: DescribePlacementGroupsRequest,
  ctx: AwsContext,
): Promise<readonly Live<PlacementGroupAttrs>[]> {
  const { PlacementGroups = [] } = await ctx.clients.ec2.send(new DescribePlacementGroupsCommand(request));
  return PlacementGroups.filter(({ State }) => State !== "deleted").map((one) => toLive(one, ctx));
}

const phases: Readonly<Record<string, Phase>> = { pending: "pending", available: "ready", deleting: "deleting" };

function toLive(one: PlacementGroup, ctx: AwsContext): Live<PlacementGroupAttrs> {
  const id = one.GroupId ?? "";
  const attrs = { id, name: one.GroupName ?? "", strategy: one.Strategy ?? "", tags: tagsOf(one.Tags) };
  return taggedLive(ctx, id, phases[one.State ?? ""] ?? "pending", attrs);
}
