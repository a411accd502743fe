import type * as Asg from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import { validationError } from "./errors.ts";
import { managedGroups, managedTags, nodegroupOf, onGroup } from "./managed-groups.ts";
import { autoScalingOf, groupIn, type Place } from "./place.ts";
import type { GroupTag } from "./state.ts";
import { tagViews } from "./views.ts";

const maxTags = 50;
const defaultPage = 10;

/** Tags with others laid over them. Throws ValidationError. */
export function newTags(present: readonly GroupTag[], added: readonly Asg.Tag[], others = 0): GroupTag[] {
  const tags = new Map(present.map((tag) => [tag.key, tag]));
  for (const { Key = "", Value = "", PropagateAtLaunch = false } of added) {
    if (/^aws:/i.test(Key)) throw validationError("Tag keys that start with aws: are reserved for system use");
    tags.set(Key, { key: Key, value: Value, propagate: PropagateAtLaunch });
  }
  if (tags.size + others > maxTags) throw new AwsError("LimitExceeded", `A group has at most ${maxTags} tags`);
  return [...tags.values()];
}

interface Keeper {
  readonly tags: readonly GroupTag[];
  /** Tags that the group has beside these. */
  readonly others?: number;
  keep(tags: GroupTag[]): void;
}

/** Where the tags of a group are kept. Throws ValidationError. */
function keeperOf(place: Place, name: string): Keeper {
  const group = groupIn(place, name);
  if (group) {
    return {
      tags: group.tags,
      keep: (tags) => {
        group.tags = tags;
      },
    };
  }
  const nodegroup = nodegroupOf(place, name);
  if (!nodegroup) {
    throw validationError(`AutoScalingGroup name not found - null: group ${name} does not exist`);
  }
  const own = onGroup(nodegroup);
  return {
    tags: own.tagged,
    others: (managedTags(place, name) ?? []).length - own.tagged.length,
    keep: (tags) => {
      own.tagged = tags;
    },
  };
}

function createOrUpdateTags({ Tags }: Checked<Asg.CreateOrUpdateTagsType>, call: Call): void {
  for (const tag of Tags) {
    const keeper = keeperOf(call, tag.ResourceId ?? "");
    keeper.keep(newTags(keeper.tags, [tag], keeper.others));
  }
}

function deleteTags({ Tags }: Checked<Asg.DeleteTagsType>, call: Call): void {
  for (const { ResourceId = "", Key } of Tags) {
    const keeper = keeperOf(call, ResourceId);
    keeper.keep(keeper.tags.filter(({ key }) => key !== Key));
  }
}

const members: Readonly<Record<string, (tag: Asg.TagDescription) => string>> = {
  "auto-scaling-group": ({ ResourceId = "" }) => ResourceId,
  key: ({ Key = "" }) => Key,
  value: ({ Value = "" }) => Value,
  "propagate-at-launch": ({ PropagateAtLaunch }) => String(PropagateAtLaunch),
};

function describeTags(input: Asg.DescribeTagsType, call: Call): Asg.TagsType {
  const all = [
    ...Object.values(autoScalingOf(call).groups).flatMap(({ name, tags }) => tagViews(name, tags)),
    ...managedGroups(call).flatMap(({ Tags = [] }) => Tags),
  ];
  const found = all.filter((tag) =>
    (input.Filters ?? []).every(({ Name = "", Values = [] }) => {
      const member = members[Name];
      if (!member) throw validationError(`Filter name ${Name} is not valid`);
      return Values.includes(member(tag));
    }),
  );
  const { items, next } = paginate(found, input.NextToken, input.MaxRecords, defaultPage, "InvalidNextToken");
  return { Tags: items, ...(next === undefined ? {} : { NextToken: next }) };
}

export const tagHandlers = {
  CreateOrUpdateTags: createOrUpdateTags,
  DeleteTags: deleteTags,
  DescribeTags: describeTags,
};
