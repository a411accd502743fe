import type {
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  DeleteLaunchTemplateVersionsRequest,
  DeleteLaunchTemplateVersionsResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplateVersion,
  ModifyLaunchTemplateRequest,
  ModifyLaunchTemplateResult,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { once } from "./client-tokens.ts";
import { missingParameter, required } from "./errors.ts";
import { isListed, isVisible } from "./family.ts";
import { applyFilters, type FilterTable } from "./filters.ts";
import { addVersion, findTemplate, launchTemplateView } from "./launch-templates.ts";
import { pageOf } from "./pages.ts";
import { ec2Of } from "./place.ts";
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from "./state.ts";

/** The version that a request names: a number, `$Latest` or `$Default`. Throws InvalidLaunchTemplateId.VersionNotFound. */
export function findVersion(template: LaunchTemplateRecord, name: string): LaunchTemplateVersionRecord {
  const number =
    name === "$Latest"
      ? Math.max(...template.versions.map((version) => version.number))
      : name === "$Default"
        ? template.DefaultVersionNumber
        : Number(name);
  const version = template.versions.find((each) => each.number === number);
  if (version) return version;
  throw new AwsError(
    "InvalidLaunchTemplateId.VersionNotFound",
    `Could not find the specified version ${name} for the launch template with ID ${template.LaunchTemplateId}.`,
  );
}

/** Beginning with the source version's data, if one is named; each member that is given replaces the source's. */
function createVersion(input: CreateLaunchTemplateVersionRequest, call: Call): CreateLaunchTemplateVersionResult {
  const template = findTemplate(call, input);
  const given = required(input.LaunchTemplateData, "launchTemplateData");
  const source = input.SourceVersion === undefined ? {} : findVersion(template, input.SourceVersion).data;
  const number = once(call, "CreateLaunchTemplateVersion", input, () =>
    String(addVersion(call, template, { ...source, ...given }, input.VersionDescription)),
  );
  return { LaunchTemplateVersion: view(findVersion(template, number), template) };
}

const versionFilters: FilterTable<LaunchTemplateVersion> = {
  "create-time": (version) => version.CreateTime?.toISOString(),
  "ebs-optimized": (version) => version.LaunchTemplateData?.EbsOptimized,
  "image-id": (version) => version.LaunchTemplateData?.ImageId,
  "instance-type": (version) => version.LaunchTemplateData?.InstanceType,
  "is-default-version": (version) => version.DefaultVersion,
};

/** Of one template, newest first; without a template `$Latest` or `$Default` of all. */
function describeVersions(
  input: DescribeLaunchTemplateVersionsRequest,
  call: Call,
): DescribeLaunchTemplateVersionsResult {
  const names = input.Versions ?? [];
  const ofOne = input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined;
  if (!ofOne && (names.length === 0 || names.some((name) => !name.startsWith("$")))) {
    throw missingParameter("launchTemplateId or launchTemplateName");
  }
  const templates = ofOne
    ? [findTemplate(call, input, isVisible)]
    : Object.values(ec2Of(call).launchTemplates).filter((template) => isListed(template, call));
  const least = Number(input.MinVersion ?? 1);
  const most = Number(input.MaxVersion ?? Number.POSITIVE_INFINITY);
  const all = templates.flatMap((template) =>
    (names.length > 0 ? names.map((name) => findVersion(template, name)) : template.versions.toReversed())
      .filter((version) => version.number >= least && version.number <= most)
      .map((version) => view(version, template)),
  );
  const { items, ...rest } = pageOf(applyFilters(all, input.Filters, versionFilters, call), input, {
    least: 1,
    most: 200,
  });
  return { LaunchTemplateVersions: items, ...rest };
}

function view(version: LaunchTemplateVersionRecord, template: LaunchTemplateRecord): LaunchTemplateVersion {
  const { MetadataOptions: metadata } = version.data;
  return {
    LaunchTemplateId: template.LaunchTemplateId,
    LaunchTemplateName: template.LaunchTemplateName,
    VersionNumber: version.number,
    ...(version.description === undefined ? {} : { VersionDescription: version.description }),
    CreateTime: new Date(version.createdAt),
    CreatedBy: version.createdBy,
    DefaultVersion: version.number === template.DefaultVersionNumber,
    LaunchTemplateData: {
      ...version.data,
      ...(metadata ? { MetadataOptions: { State: "applied", ...metadata } } : {}),
    },
  };
}

function modifyTemplate(input: ModifyLaunchTemplateRequest, call: Call): ModifyLaunchTemplateResult {
  const template = findTemplate(call, input);
  if (input.DefaultVersion !== undefined) {
    template.DefaultVersionNumber = findVersion(template, input.DefaultVersion).number;
  }
  return { LaunchTemplate: launchTemplateView(template) };
}

/** Each version by itself; the default one stays. */
function deleteVersions(input: DeleteLaunchTemplateVersionsRequest, call: Call): DeleteLaunchTemplateVersionsResult {
  const template = findTemplate(call, input);
  const { LaunchTemplateId, LaunchTemplateName } = template;
  const numbers = required(input.Versions, "launchTemplateVersion").map(Number);
  const failureOf = (number: number) => {
    if (number === template.DefaultVersionNumber) {
      return { Code: "unexpectedError", Message: "Cannot delete the default launch template version." } as const;
    }
    if (template.versions.some((version) => version.number === number)) return undefined;
    const Message = `Could not find the specified version ${number}.`;
    return { Code: "launchTemplateVersionDoesNotExist", Message } as const;
  };
  const outcomes = numbers.map((VersionNumber) => ({
    item: { LaunchTemplateId, LaunchTemplateName, VersionNumber },
    failure: failureOf(VersionNumber),
  }));
  const deleted = outcomes.filter(({ failure }) => failure === undefined).map(({ item }) => item);
  template.versions = template.versions.filter(
    (version) => !deleted.some((item) => item.VersionNumber === version.number),
  );
  return {
    SuccessfullyDeletedLaunchTemplateVersions: deleted,
    UnsuccessfullyDeletedLaunchTemplateVersions: outcomes.flatMap(({ item, failure }) =>
      failure ? [{ ...item, ResponseError: failure }] : [],
    ),
  };
}

export const launchTemplateVersionHandlers = {
  CreateLaunchTemplateVersion: createVersion,
  DescribeLaunchTemplateVersions: describeVersions,
  ModifyLaunchTemplate: modifyTemplate,
  DeleteLaunchTemplateVersions: deleteVersions,
};
