import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  DeleteLaunchTemplateRequest,
  DeleteLaunchTemplateResult,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  LaunchTemplate,
  RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { once } from "./client-tokens.ts";
import { invalidCombination, invalidValue, missingParameter, required } from "./errors.ts";
import { launchTemplateFamily } from "./families.ts";
import { findAtOnce, isUsable, isVisible, lookUp, select } from "./family.ts";
import { pageOf } from "./pages.ts";
import { ec2Of, recorded, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import type { LaunchTemplateRecord } from "./state.ts";
import { checkTag, tagList, tagsOnCreate } from "./tag-specifications.ts";

export function launchTemplateByName(place: Place, name: string): LaunchTemplateRecord | undefined {
  return Object.values(ec2Of(place).launchTemplates).find((template) => template.LaunchTemplateName === name);
}

interface TemplateReference {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
}

/** By id or by name, never both. Throws InvalidLaunchTemplateId.NotFound or InvalidLaunchTemplateName.NotFoundException. */
export function findTemplate(
  place: Place,
  { LaunchTemplateId: id, LaunchTemplateName: name }: TemplateReference,
  isKnown: (template: LaunchTemplateRecord, place: Place) => boolean = isUsable,
): LaunchTemplateRecord {
  if (id !== undefined && name !== undefined) {
    throw invalidCombination("Either a launch template ID or a launch template name must be specified, not both");
  }
  if (id === undefined && name === undefined) throw missingParameter("launchTemplateId or launchTemplateName");
  const template = id === undefined ? launchTemplateByName(place, name ?? "") : lookUp(launchTemplateFamily, place, id);
  if (template && isKnown(template, place)) return template;
  throw id === undefined ? nameNotFound(name ?? "") : launchTemplateFamily.notFound([id]);
}

function nameNotFound(name: string): AwsError {
  return new AwsError(
    "InvalidLaunchTemplateName.NotFoundException",
    `The specified launch template, with template name ${name}, does not exist.`,
  );
}

function createLaunchTemplate(input: CreateLaunchTemplateRequest, call: Call): CreateLaunchTemplateResult {
  const name = required(input.LaunchTemplateName, "launchTemplateName");
  const data = required(input.LaunchTemplateData, "launchTemplateData");
  if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name)) {
    throw new AwsError(
      "InvalidLaunchTemplateName.MalformedException",
      "A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the " +
        "following characters: - ( ) . / _",
    );
  }
  const tags = tagsOnCreate(input.TagSpecifications, "launch-template");
  const id = once(call, "CreateLaunchTemplate", input, () => {
    const { launchTemplates } = ec2Of(call);
    if (launchTemplateByName(call, name)) {
      throw new AwsError("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
    }
    checkQuota(call, "launchTemplates", Object.keys(launchTemplates).length);
    const template: LaunchTemplateRecord = {
      ...recorded(call, tags),
      LaunchTemplateId: call.world.id("lt"),
      LaunchTemplateName: name,
      CreatedBy: call.principal,
      DefaultVersionNumber: 1,
      createdAt: call.world.now(),
      lastVersion: 0,
      versions: [],
    };
    launchTemplates[template.LaunchTemplateId] = template;
    addVersion(call, template, data, input.VersionDescription);
    return template.LaunchTemplateId;
  });
  return { LaunchTemplate: launchTemplateView(findAtOnce(launchTemplateFamily, call, id)) };
}

/** Returns its number. */
export function addVersion(
  call: Call,
  template: LaunchTemplateRecord,
  data: RequestLaunchTemplateData,
  description: string | undefined,
): number {
  checkData(data);
  template.lastVersion += 1;
  template.versions.push({
    number: template.lastVersion,
    ...(description === undefined ? {} : { description }),
    createdAt: call.world.now(),
    createdBy: call.principal,
    data,
  });
  return template.lastVersion;
}

const taggedAtLaunch = new Set(["instance", "volume", "network-interface", "spot-instances-request", "elastic-gpu"]);
const userDataLimit = 16384;

/** What EC2 checks before a launch; that groups, keys and images exist is found out at the launch. */
function checkData(data: RequestLaunchTemplateData): void {
  for (const { ResourceType: type = "", Tags: tags = [] } of data.TagSpecifications ?? []) {
    if (!taggedAtLaunch.has(type)) {
      throw invalidValue(`'${type}' is not a valid taggable resource type for this operation.`);
    }
    for (const { Key: key = "", Value: value = "" } of tags) checkTag(key, value);
  }
  if (data.SecurityGroupIds && data.NetworkInterfaces?.some((each) => each.Groups)) {
    throw invalidCombination("Network interfaces and an instance-level security groups may not be specified together");
  }
  const reservation = data.CapacityReservationSpecification;
  if (reservation?.CapacityReservationPreference && reservation.CapacityReservationTarget) {
    throw invalidCombination(
      "The parameters CapacityReservationPreference and CapacityReservationTarget cannot be used together",
    );
  }
  if (data.InstanceType && data.InstanceRequirements) {
    throw invalidCombination("The parameters instanceType and instanceRequirements cannot be used together");
  }
  const userData = data.UserData ?? "";
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData)) {
    throw new AwsError("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
  }
  if (Buffer.from(userData, "base64").length > userDataLimit) {
    throw invalidValue(`User data is limited to ${userDataLimit} bytes`);
  }
}

function describeLaunchTemplates(input: DescribeLaunchTemplatesRequest, call: Call): DescribeLaunchTemplatesResult {
  const { LaunchTemplateIds: ids = [], LaunchTemplateNames: names = [] } = input;
  const named = names.map((name) => findTemplate(call, { LaunchTemplateName: name }, isVisible));
  const found = select(launchTemplateFamily, call, { ids: ["launchTemplateIds", ids], filters: input.Filters });
  const asked = names.length > 0 ? found.filter((template) => named.includes(template)) : found;
  const range = { least: 1, most: 200 };
  const { items, ...rest } = ids.length + names.length > 0 ? { items: asked } : pageOf(asked, input, range);
  return { LaunchTemplates: items.map(launchTemplateView), ...rest };
}

export function launchTemplateView(template: LaunchTemplateRecord): LaunchTemplate {
  return {
    LaunchTemplateId: template.LaunchTemplateId,
    LaunchTemplateName: template.LaunchTemplateName,
    CreateTime: new Date(template.createdAt),
    CreatedBy: template.CreatedBy,
    DefaultVersionNumber: template.DefaultVersionNumber,
    LatestVersionNumber: Math.max(...template.versions.map((version) => version.number)),
    Tags: tagList(template.tags),
  };
}

function deleteLaunchTemplate(input: DeleteLaunchTemplateRequest, call: Call): DeleteLaunchTemplateResult {
  const template = findTemplate(call, input);
  delete ec2Of(call).launchTemplates[template.LaunchTemplateId];
  return { LaunchTemplate: launchTemplateView(template) };
}

export const launchTemplateHandlers = {
  CreateLaunchTemplate: createLaunchTemplate,
  DescribeLaunchTemplates: describeLaunchTemplates,
  DeleteLaunchTemplate: deleteLaunchTemplate,
};
