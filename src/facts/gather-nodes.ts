import {
  DescribeImagesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type Filter,
  type Image as DescribedImage,
  type InstanceTypeInfo,
  paginateDescribeInstanceTypes,
  paginateDescribeLaunchTemplates,
} from "@aws-sdk/client-ec2";
import { GetInstanceProfileCommand } from "@aws-sdk/client-iam";
import type { Clients } from "../aws/clients.ts";
import type { Owner } from "../aws/context.ts";
import { absentAsNull, describeAwsError } from "../aws/errors.ts";
import { nameInArn } from "../aws/names.ts";
import { type Tags, idOf, idTag, ownerTags, tagsOf } from "../aws/tags.ts";
import type { Selector } from "../config/instance-selector.ts";
import { InputError } from "../errors.ts";
import type { Needs, Selecting, TemplateNeed } from "./needs.ts";
import { rememberedTypes } from "./selection.ts";
import { type Image, type Selection, type TemplateFacts, templateKey } from "./types.ts";

/** What launch templates of other people say, in the versions that a file means. */
export async function gatherLaunchTemplates(
  needs: readonly TemplateNeed[],
  clients: Clients,
): Promise<Readonly<Record<string, TemplateFacts>>> {
  const found = await Promise.all(
    needs.map(async (need) => [templateKey(need), await gatherLaunchTemplate(need, clients)] as const),
  );
  return Object.fromEntries(found);
}

async function gatherLaunchTemplate({ id, version }: TemplateNeed, { ec2 }: Clients): Promise<TemplateFacts> {
  try {
    const { LaunchTemplateVersions } = await ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [version ?? "$Default"] }),
    );
    const [found] = LaunchTemplateVersions ?? [];
    const data = found?.LaunchTemplateData;
    return {
      version: found?.VersionNumber ?? 0,
      ...(data?.InstanceType === undefined ? {} : { instanceType: data.InstanceType }),
      ownImage: data?.ImageId !== undefined,
      userData: data?.UserData !== undefined,
      instanceProfile: data?.IamInstanceProfile !== undefined,
    };
  } catch (error) {
    const { code = "", message } = describeAwsError(error);
    if (!code.startsWith("InvalidLaunchTemplateId.")) throw error;
    throw new InputError(`launch template ${id}: ${message}`, { cause: error });
  }
}

/** What is known of images, by their ids; one that is not there is absent. */
export async function gatherImages(ids: readonly string[], { ec2 }: Clients): Promise<Readonly<Record<string, Image>>> {
  const found = await Promise.all(
    ids.map(async (id): Promise<readonly (readonly [string, Image])[]> => {
      // Each by its id: the request fails when one is missing, and a filter leaves out those that are deprecated.
      const answer = await absentAsNull(() => ec2.send(new DescribeImagesCommand({ ImageIds: [id] })));
      return (answer?.Images ?? []).map((image) => [id, imageOf(image)]);
    }),
  );
  return Object.fromEntries(found.flat());
}

function imageOf({ Architecture, State, RootDeviceName, BlockDeviceMappings = [] }: DescribedImage): Image {
  const root = BlockDeviceMappings.find(({ DeviceName }) => DeviceName === RootDeviceName);
  return {
    architecture: Architecture ?? "",
    state: State ?? "",
    ...(RootDeviceName === undefined ? {} : { rootDevice: RootDeviceName }),
    rootSize: root?.Ebs?.VolumeSize ?? 0,
  };
}

/** The roles of instance profiles of other people, by the ARN of the profile. */
export async function gatherInstanceProfileRoles(
  arns: readonly string[],
  clients: Clients,
): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    arns.map(async (arn) => [arn, await gatherInstanceProfileRole(arn, clients)] as const),
  );
  return Object.fromEntries(found);
}

async function gatherInstanceProfileRole(arn: string, { iam }: Clients): Promise<string> {
  const request = new GetInstanceProfileCommand({ InstanceProfileName: nameInArn(arn) });
  const found = (await absentAsNull(() => iam.send(request)))?.InstanceProfile;
  if (found?.Arn !== arn) throw new InputError(`instance profile ${arn}: there is none in this account`);
  const role = found.Roles?.[0]?.Arn;
  if (role !== undefined) return role;
  throw new InputError(`instance profile ${arn}: it holds no role, and nodes need one`, {
    hint: `give it one: aws iam add-role-to-instance-profile --instance-profile-name ${nameInArn(arn)} --role-name <role>`,
  });
}

/** What the selectors of a cluster stand for, by nodegroup: what fits now, and what was chosen before by the same words. */
export async function gatherSelections(
  { selectors, ...owner }: Needs,
  clients: Clients,
): Promise<Readonly<Record<string, Selection>>> {
  if (selectors.length === 0) return {};
  const templates = await templateTags(owner, selectors, clients);
  const found = selectors.map(async ({ nodegroup, selector }): Promise<readonly [string, Selection]> => {
    const kept = rememberedTypes(selector, templates.get(templateId(nodegroup)) ?? {});
    return [nodegroup, { fits: await fittingTypes(selector, clients), ...(kept && { kept }) }];
  });
  return Object.fromEntries(await Promise.all(found));
}

const templateId = (nodegroup: string) => `launch-template/${nodegroup}`;

/** The tags of our launch templates of these nodegroups, by id. */
async function templateTags(
  owner: Owner,
  selectors: readonly Selecting[],
  { ec2 }: Clients,
): Promise<ReadonlyMap<string, Tags>> {
  const Filters = [
    ...Object.entries(ownerTags(owner)).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
    { Name: `tag:${idTag}`, Values: selectors.map(({ nodegroup }) => templateId(nodegroup)) },
  ];
  const tags = new Map<string, Tags>();
  for await (const page of paginateDescribeLaunchTemplates({ client: ec2 }, { Filters })) {
    for (const template of page.LaunchTemplates ?? []) {
      const found = tagsOf(template.Tags);
      tags.set(idOf(found), found);
    }
  }
  return tags;
}

/** The names of the types that fit, in alphabetical order. */
async function fittingTypes(selector: Selector, { ec2 }: Clients): Promise<readonly string[]> {
  const { vCPUs, memoryMiB, architecture } = selector;
  const filter = (Name: string, value: string | number): Filter => ({ Name, Values: [String(value)] });
  const Filters = [
    filter("processor-info.supported-architecture", architecture),
    filter("current-generation", "true"),
    filter("bare-metal", "false"),
    ...(vCPUs === undefined ? [] : [filter("vcpu-info.default-vcpus", vCPUs)]),
    ...(memoryMiB === undefined ? [] : [filter("memory-info.size-in-mib", memoryMiB)]),
  ];
  const names: string[] = [];
  for await (const page of paginateDescribeInstanceTypes({ client: ec2 }, { Filters })) {
    for (const info of page.InstanceTypes ?? []) {
      if (info.InstanceType !== undefined && fits(info, info.InstanceType, selector)) names.push(info.InstanceType);
    }
  }
  return names.toSorted();
}

function fits(info: InstanceTypeInfo, name: string, { gpus, neuronDevices, allow, deny }: Selector): boolean {
  const count = (devices: readonly { readonly Count?: number | undefined }[] = []) =>
    devices.reduce((sum, { Count = 0 }) => sum + Count, 0);
  return (
    count(info.GpuInfo?.Gpus) === gpus &&
    count(info.NeuronInfo?.NeuronDevices) === neuronDevices &&
    (allow === undefined || new RegExp(allow).test(name)) &&
    (deny === undefined || !new RegExp(deny).test(name))
  );
}
