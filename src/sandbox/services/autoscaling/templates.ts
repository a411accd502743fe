import type { LaunchTemplateSpecification } from "@aws-sdk/client-auto-scaling";
import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import {
  instanceTypeOf,
  keyPairNamed,
  launchTemplateById,
  launchTemplateByName,
  launchTemplateData,
  securityGroupOf,
  securityGroupsIn,
} from "../ec2/internal.ts";
import { knownInstanceProfile } from "../iam/internal.ts";
import { validationError } from "./errors.ts";
import type { Place } from "./place.ts";
import type { TemplateUse } from "./state.ts";

/** The launch template that a request means. Throws ValidationError when it does not name exactly one that is there. */
export function templateUse(place: Place, wanted: LaunchTemplateSpecification): TemplateUse {
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version: version = "$Default" } = wanted;
  if ((id === undefined) === (name === undefined)) {
    throw validationError("Valid requests must contain either launchTemplateId or LaunchTemplateName");
  }
  const { world, region } = place;
  const record =
    id === undefined ? launchTemplateByName(world, region, name ?? "") : launchTemplateById(world, region, id);
  if (!record) {
    const which = id === undefined ? `name ${name}` : `ID ${id}`;
    throw notFullyFormed(`The specified launch template, with template ${which}, does not exist.`);
  }
  const use = { id: record.LaunchTemplateId, name: record.LaunchTemplateName, version };
  templateData(place, use);
  return use;
}

/** What is in the version. Throws ValidationError when it is not there (any more). */
export function templateData({ world, region }: Place, { id, version }: TemplateUse): RequestLaunchTemplateData {
  try {
    const data = launchTemplateData(world, region, id, version);
    if (data) return data;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw notFullyFormed(error.message);
  }
  throw notFullyFormed(`The specified launch template, with template ID ${id}, does not exist.`);
}

/** The number that `$Latest` or `$Default` means now. */
export function versionNumber({ world, region }: Place, { id, version }: TemplateUse): string {
  const record = launchTemplateById(world, region, id);
  if (version === "$Default") return String(record?.DefaultVersionNumber ?? 1);
  if (version === "$Latest") return String(Math.max(...(record?.versions ?? []).map((each) => each.number)));
  return version;
}

/** Auto Scaling has EC2 try the launch: its words come back. Throws ValidationError. */
export function checkLaunch(
  place: Place,
  data: RequestLaunchTemplateData,
  types: readonly string[],
  vpcId: string,
): void {
  const { world, region } = place;
  if (data.ImageId === undefined) throw notFullyFormed("The request must contain the parameter ImageId");
  if (types.length === 0) throw notFullyFormed("The request must contain the parameter InstanceType");
  for (const type of types) {
    if (!instanceTypeOf(type)) throw notFullyFormed(`Invalid value '${type}' for InstanceType.`);
  }
  if (data.NetworkInterfaces?.some((each) => each.SubnetId !== undefined)) {
    throw validationError("Launch templates that specify a subnet cannot be used with an Auto Scaling group");
  }
  const profile = data.IamInstanceProfile?.Arn ?? data.IamInstanceProfile?.Name;
  if (profile !== undefined && !knownInstanceProfile(world, profile)) {
    const called = data.IamInstanceProfile?.Arn === undefined ? "name" : "arn";
    throw notFullyFormed(
      `Value (${profile}) for parameter iamInstanceProfile.${called} is invalid. Invalid IAM Instance Profile ${called === "arn" ? "ARN" : called}`,
    );
  }
  if (data.KeyName !== undefined && !keyPairNamed(world, region, data.KeyName)) {
    throw notFullyFormed(`The key pair '${data.KeyName}' does not exist`);
  }
  for (const id of securityGroupsIn(data)) {
    const group = securityGroupOf(world, region, id);
    if (!group) throw notFullyFormed(`The security group '${id}' does not exist`);
    if (group.VpcId !== vpcId && !group.inEveryVpc) {
      throw notFullyFormed(`Security group ${id} and subnet belong to different networks.`);
    }
  }
}

function notFullyFormed(message: string): AwsError {
  return validationError(`You must use a valid fully-formed launch template. ${message}`);
}
