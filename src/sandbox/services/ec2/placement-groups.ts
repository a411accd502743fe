import type {
  CreatePlacementGroupRequest,
  CreatePlacementGroupResult,
  DeletePlacementGroupRequest,
  DescribePlacementGroupsRequest,
  DescribePlacementGroupsResult,
  PlacementGroup,
} from "@aws-sdk/client-ec2";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { required, takeOnly } from "./errors.ts";
import { placementGroupFamily } from "./families.ts";
import { isUsable, isVisible, select } from "./family.ts";
import { ec2Of, type Place, recorded } from "./place.ts";
import type { PlacementGroupRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";

/** Throws InvalidPlacementGroup.Unknown. */
export function placementGroupNamed(place: Place, name: string): PlacementGroupRecord {
  const group = Object.values(ec2Of(place).placementGroups).find((each) => each.GroupName === name);
  if (!group || !isUsable(group, place)) throw placementGroupFamily.notFound([name]);
  return group;
}

function createPlacementGroup(input: CreatePlacementGroupRequest, call: Call): CreatePlacementGroupResult {
  takeOnly("CreatePlacementGroup", input, ["GroupName", "Strategy", "TagSpecifications"]);
  const GroupName = required(input.GroupName, "groupName");
  const Strategy = required(input.Strategy, "strategy");
  if (Strategy !== "cluster") throw notSimulated(`A placement group of the strategy ${Strategy}`);
  const tags = tagsOnCreate(input.TagSpecifications, "placement-group");
  const { placementGroups } = ec2Of(call);
  if (Object.values(placementGroups).some((each) => each.GroupName === GroupName)) {
    throw new AwsError("InvalidPlacementGroup.Duplicate", `The Placement Group '${GroupName}' already exists.`);
  }
  const group = { ...recorded(call, tags), GroupId: call.world.id("pg"), GroupName, Strategy };
  placementGroups[group.GroupId] = group;
  return { PlacementGroup: view(group, call) };
}

function view({ GroupId, GroupName, Strategy, tags }: PlacementGroupRecord, call: Call): PlacementGroup {
  const GroupArn = `arn:${call.partition}:ec2:${call.region}:${call.account}:placement-group/${GroupName}`;
  return { GroupId, GroupName, GroupArn, Strategy, State: "available", Tags: tagList(tags) };
}

function describePlacementGroups(
  { GroupIds: ids, GroupNames: names = [], Filters: filters }: DescribePlacementGroupsRequest,
  call: Call,
): DescribePlacementGroupsResult {
  const all = Object.values(ec2Of(call).placementGroups);
  const missing = names.filter((name) => !all.some((each) => each.GroupName === name && isVisible(each, call)));
  if (missing.length > 0) throw placementGroupFamily.notFound(missing);
  const named = all.filter((each) => names.includes(each.GroupName)).map((each) => each.GroupId);
  const asked = ids ?? (names.length > 0 ? named : undefined);
  const found = select(placementGroupFamily, call, { ids: ["groupIds", asked], filters });
  return { PlacementGroups: found.map((group) => view(group, call)) };
}

/** EC2 user guide, "Delete a placement group": only when no instance is in it. */
function deletePlacementGroup({ GroupName }: DeletePlacementGroupRequest, call: Call): void {
  const group = placementGroupNamed(call, required(GroupName, "groupName"));
  const { instances, placementGroups } = ec2Of(call);
  const isUsed = (name: string) =>
    Object.values(instances).some((each) => each.placementGroup === name && each.state !== "terminated");
  if (isUsed(group.GroupName)) {
    throw new AwsError(
      "InvalidPlacementGroup.InUse",
      `The placement group '${group.GroupName}' is in use and may not be deleted.`,
    );
  }
  delete placementGroups[group.GroupId];
}

export const placementGroupHandlers = {
  CreatePlacementGroup: createPlacementGroup,
  DescribePlacementGroups: describePlacementGroups,
  DeletePlacementGroup: deletePlacementGroup,
};
