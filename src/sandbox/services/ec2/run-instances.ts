import type { IamInstanceProfileSpecification, RunInstancesRequest } from "@aws-sdk/client-ec2";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { ensureServiceLinkedRole, knownInstanceProfile } from "../iam/internal.ts";
import { once } from "./client-tokens.ts";
import { invalidValue, required, takeOnly } from "./errors.ts";
import { instanceFamily, securityGroupFamily, subnetFamily } from "./families.ts";
import { find, findAtOnce } from "./family.ts";
import { instanceViews, type Launched, runInstances } from "./instances.ts";
import type { Place } from "./place.ts";
import { ec2Of } from "./place.ts";

/** Instances as a user or a program in the cluster launches them: in a subnet that is named, on demand or as Spot. */
function runInstancesByHand(input: RunInstancesRequest, call: Call): Launched {
  takeOnly("RunInstances", input, [
    "ImageId",
    "InstanceType",
    "MinCount",
    "MaxCount",
    "SubnetId",
    "SecurityGroupIds",
    "IamInstanceProfile",
    "InstanceMarketOptions",
    "TagSpecifications",
    "UserData",
    "KeyName",
    "ClientToken",
  ]);
  if (input.SubnetId === undefined) throw notSimulated("A default subnet");
  const { MinCount: least = 0, MaxCount: most = 0 } = input;
  if (least < 1 || most < least) throw invalidValue(`Value (${least}) for parameter minCount is invalid.`);
  const ids = once(call, "RunInstances", input, () => launch(input, call).join(" ")).split(" ");
  return instanceViews(
    ids.map((id) => findAtOnce(instanceFamily, call, id)),
    call,
  );
}

function launch(input: RunInstancesRequest, call: Call): string[] {
  const subnet = find(subnetFamily, call, input.SubnetId ?? "");
  const groupIds = input.SecurityGroupIds?.length
    ? input.SecurityGroupIds.map((id) => find(securityGroupFamily, call, id).GroupId)
    : [defaultGroupOf(call, subnet.VpcId)];
  const spot = input.InstanceMarketOptions?.MarketType === "spot";
  if (input.IamInstanceProfile) checkInstanceProfile(input.IamInstanceProfile, call);
  if (spot) ensureServiceLinkedRole(call.world, "spot.amazonaws.com");
  return runInstances(call, {
    count: input.MaxCount ?? 0,
    subnetIds: [subnet.SubnetId],
    groupIds,
    imageId: required(input.ImageId, "imageId"),
    instanceType: input.InstanceType ?? "m1.small",
    launchTemplateTags: input.TagSpecifications ?? [],
    spot,
  });
}

function defaultGroupOf(place: Place, vpcId: string): string {
  const groups = Object.values(ec2Of(place).securityGroups);
  return groups.find((group) => group.VpcId === vpcId && group.GroupName === "default")?.GroupId ?? "";
}

/** EC2 has the same words for a profile that it does not know yet and for one that is not there. */
function checkInstanceProfile({ Name: name, Arn: arn }: IamInstanceProfileSpecification, { world }: Call): void {
  const [parameter, value = "", called] = name === undefined ? ["arn", arn, "ARN"] : (["name", name, "name"] as const);
  const profile = knownInstanceProfile(world, value);
  if (!profile) {
    throw invalidValue(
      `Value (${value}) for parameter iamInstanceProfile.${parameter} is invalid. Invalid IAM Instance Profile ${called}`,
    );
  }
  if (profile.roleName !== undefined) return;
  throw new AwsError("InvalidParameterValue", `IAM Instance Profile "${profile.arn}" has no associated IAM Roles`);
}

export const runInstancesHandlers = { RunInstances: runInstancesByHand };
