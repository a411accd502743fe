import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { AMITypes, CapacityTypes, LaunchTemplateSpecification } from "@aws-sdk/client-eks";
import { AwsError } from "../../aws-error.ts";
import {
  keyPairNamed,
  launchTemplateById,
  launchTemplateByName,
  launchTemplateData,
  type LaunchTemplateRecord,
  securityGroupOf,
  securityGroupsIn,
} from "../ec2/internal.ts";
import { amiTypes } from "./ami-types.ts";
import { type About, invalidParameter, invalidRequest } from "./errors.ts";
import type { Place } from "./place.ts";
import type { LaunchTemplate } from "./state.ts";

/** One version of a launch template: which, and what is in it. */
export interface UsedTemplate {
  readonly template: LaunchTemplate;
  readonly data: RequestLaunchTemplateData;
}

/**
 * The launch template that a request means; without a version the default one. Throws InvalidParameterException when the
 * request does not name exactly one, when it is not there, and for what no nodegroup's template can hold;
 * InvalidRequestException when nothing can be launched from it in the VPC.
 */
export function usedTemplate(
  place: Place,
  wanted: LaunchTemplateSpecification,
  vpcId: string,
  about: About,
): UsedTemplate {
  const { id, name, version = "$Default" } = wanted;
  if ((id === undefined) === (name === undefined)) {
    throw invalidParameter("Either provide launch template ID or launch template name in the request.", about);
  }
  const { world, region } = place;
  const record =
    id === undefined ? launchTemplateByName(world, region, name ?? "") : launchTemplateById(world, region, id);
  if (!record) {
    const which = id === undefined ? `name ${name}` : `ID ${id}`;
    throw invalidParameter(`The specified launch template, with template ${which}, does not exist.`, about);
  }
  const number = versionNumber(record, version);
  const template = { id: record.LaunchTemplateId, name: record.LaunchTemplateName, version: number };
  const data = templateData(place, template, about);
  checkContent(data, about);
  checkLaunch(place, data, vpcId, about);
  return { template, data };
}

function versionNumber(record: LaunchTemplateRecord, version: string): string {
  if (version === "$Default") return String(record.DefaultVersionNumber);
  if (version === "$Latest") return String(Math.max(...record.versions.map((each) => each.number)));
  return version;
}

/** What is in the version. Throws InvalidParameterException when it is not there (any more). */
export function templateData(
  { world, region }: Place,
  { id, version }: LaunchTemplate,
  about: About,
): RequestLaunchTemplateData {
  try {
    const data = launchTemplateData(world, region, id, version);
    if (data) return data;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(error.message, about);
  }
  throw invalidParameter(`The specified launch template, with template ID ${id}, does not exist.`, about);
}

function checkContent(data: RequestLaunchTemplateData, about: About): void {
  if (data.IamInstanceProfile) {
    throw invalidParameter(
      "Launch template should not specify an instance profile. " +
        "The noderole in your request will be used to construct an instance profile.",
      about,
    );
  }
  const market = data.InstanceMarketOptions?.MarketType;
  if (market !== undefined && market !== "capacity-block") {
    throw invalidParameter("Launch template should not specify instance market options.", about);
  }
  if (data.NetworkInterfaces?.some((each) => each.SubnetId !== undefined)) {
    throw invalidParameter("Launch template should not specify subnets.", about);
  }
}

/** EKS has EC2 try the launch: its words come back (eksctl-io/eksctl#1989, hashicorp/terraform-provider-aws#31168). */
function checkLaunch({ world, region }: Place, data: RequestLaunchTemplateData, vpcId: string, about: About): void {
  const refuse = (message: string) =>
    invalidRequest(`You must use a valid fully-formed launch template. ${message}`, about);
  if (data.KeyName !== undefined && !keyPairNamed(world, region, data.KeyName)) {
    throw refuse(`The key pair '${data.KeyName}' does not exist`);
  }
  for (const id of securityGroupsIn(data)) {
    const group = securityGroupOf(world, region, id);
    if (!group) throw refuse(`The security group '${id}' does not exist`);
    if (group.VpcId !== vpcId && !group.inEveryVpc) {
      throw refuse(`Security group ${id} and the subnets of ${vpcId} belong to different networks`);
    }
  }
}

/** EKS adds its own to the user data of its images. Throws InvalidParameterException for what it cannot add to. */
export function checkUserData({ UserData }: RequestLaunchTemplateData, amiType: AMITypes, about: About): void {
  const text = Buffer.from(UserData ?? "", "base64").toString();
  const system = amiTypes[amiType]?.system;
  if (text === "" || (system !== "al2" && system !== "al2023")) return;
  if (/^(?:MIME-Version|Content-Type): /i.test(text) && /^Content-Type: multipart\//im.test(text)) return;
  throw invalidParameter("User data was not in the MIME multipart format.", about);
}

/**
 * Nodes of a Capacity Block: the template names market, reservation and type (EKS user guide, "Create a managed node group
 * with Capacity Blocks for ML"). Throws InvalidParameterException.
 */
export function checkCapacityBlock(
  capacityType: CapacityTypes | undefined,
  data: RequestLaunchTemplateData | undefined,
  about: About,
): void {
  const market = data?.InstanceMarketOptions?.MarketType;
  if (capacityType !== "CAPACITY_BLOCK") {
    if (market === undefined) return;
    throw invalidParameter("Launch template should not specify instance market options.", about);
  }
  const target = data?.CapacityReservationSpecification?.CapacityReservationTarget;
  if (market === "capacity-block" && target && data?.InstanceType !== undefined) return;
  throw invalidParameter(
    "Nodegroups of the capacity type CAPACITY_BLOCK need a launch template with the market type capacity-block, " +
      "a capacity reservation target and an instance type.",
    about,
  );
}
