import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  type DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplateVersionsCommand,
  type LaunchTemplate,
  paginateDescribeLaunchTemplates,
  type VolumeType,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { wantedElements } from "../../aws/element-ownership.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, making, onlyWhen, ours, publicParameters, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { NamedKind, Live, Want } from "../../engine/kind.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import {
  filledUserData,
  imageOf,
  imageSort,
  isOtherSort,
  userDataDigest,
  versionDescription,
  type VersionMemory,
  versionMemory,
} from "./launch-template-boot-document.ts";
import {
  fromData,
  type LaunchTemplateContent,
  merged,
  otherVolumes,
  toData,
  volumesAsWanted,
} from "./launch-template-document.ts";
import { setDefault } from "./launch-template-updates.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";

export interface LaunchTemplateVolume {
  /** Device name of the root or data volume: `/dev/xvda`; Bottlerocket's data volume is `/dev/xvdb`. */
  readonly device: string;
  /** GiB; absent where only the encryption of the image's own volume is set. */
  readonly size?: number;
  readonly type?: VolumeType;
  readonly iops?: number;
  /** MiB/s. */
  readonly throughput?: number;
  readonly encrypted?: boolean;
  readonly kmsKeyId?: string;
  readonly snapshotId?: string;
}
/** One of a reservation, a group of them, or none in particular. */
export interface LaunchTemplateCapacityReservation {
  readonly preference?: "open" | "none";
  readonly id?: string;
  readonly resourceGroupArn?: string;
}
/** Seconds after which an idle connection is forgotten. */
export interface LaunchTemplateConnectionTracking {
  readonly tcpEstablishedTimeout?: number;
  readonly udpStreamTimeout?: number;
  readonly udpTimeout?: number;
}
export interface LaunchTemplateSpec {
  /** A single type lives here, so that it stays changeable; several live on the nodegroup, and then there is none here: null. */
  readonly instanceType?: string | null;
  readonly volumes: readonly LaunchTemplateVolume[];
  /** Disks that the template has beside those are removed. Absent: they are left. */
  readonly noOtherVolumes?: true;
  readonly keyName?: string;
  /** Given ids beside those of the dependencies. None of both: the template names no group and EKS adds the cluster's. */
  readonly securityGroupIds: readonly string[];
  readonly imds: { readonly tokens: "required" | "optional"; readonly hopLimit: number };
  readonly ebsOptimized?: boolean;
  readonly detailedMonitoring?: boolean;
  /** Name of the placement group. */
  readonly placementGroup?: string;
  readonly capacityReservation?: LaunchTemplateCapacityReservation;
  /** Instances of a Capacity Block for ML, which the reservation names. */
  readonly capacityBlock?: boolean;
  /** Its network interface is in the template then, with the security groups. */
  readonly connectionTracking?: LaunchTemplateConnectionTracking;
  /** Elastic Fabric Adapters, one a network card; 0: none. Their interfaces are in the template then, as that above. */
  readonly efaInterfaces?: number;
  readonly imageId?: string;
  /** A public parameter of SSM: the image that it names when the template is made. An image id wins over it. */
  readonly imageParameter?: string;
  /** Name of the instance profile. */
  readonly instanceProfile?: string;
  /** As text; what only AWS knows of the cluster stands for in it (`bootPlaceholders`). */
  readonly userData?: string;
  /** The part of it for which nodes are replaced; what is in it beside is for coming nodes. Absent: all of it. */
  readonly lastingUserData?: string;
  readonly cpuCredits?: "standard" | "unlimited";
  /** AWS Nitro Enclaves. */
  readonly enclave?: boolean;
  /** Tags for instances, volumes and network interfaces launched from it; a change follows with the next version. */
  readonly launchTags: Tags;
  readonly tags: Tags;
}
/** What a node has to know of its cluster to join it, where EKS does not say it. */
export interface JoinedCluster {
  readonly name: string;
  readonly endpoint: string;
  /** Base64 PEM. */
  readonly certificateAuthority: string;
  readonly apiId: string;
  readonly serviceCidr: string;
}
export interface LaunchTemplateDeps {
  readonly securityGroups: readonly { readonly id: string }[];
  /** At most one; it stands in the place of a given `keyName`. */
  readonly keyPair: readonly { readonly name: string }[];
  /** The cluster that user data lets the nodes join: none where EKS does that. */
  readonly cluster: readonly JoinedCluster[];
  /** At most one; it stands in the place of a given `placementGroup`. */
  readonly placementGroup: readonly { readonly name: string }[];
}
export interface LaunchTemplateAttrs {
  readonly id: string;
  readonly name: string;
  readonly latestVersion: number;
  /** Nodes of it and later ones need no replacement. */
  readonly nodesVersion: number;
  readonly defaultVersion: number;
  readonly memory: VersionMemory | undefined;
  /** What the latest version says, normalised to the shape of the spec. */
  readonly data: LaunchTemplateContent;
  readonly tags: Tags;
}

const addVersions = allow(["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"], ours("launch-template"));

type TemplateWant = Want<LaunchTemplateSpec, LaunchTemplateDeps>;

export const launchTemplate: NamedKind<
  LaunchTemplateSpec,
  LaunchTemplateDeps,
  LaunchTemplateAttrs,
  AwsContext,
  "version" | "comingNodes" | "defaultVersion" | "tags"
> = {
  name: "ec2.launch-template",
  title: "launch template",
  deletedBefore: [],
  renews: { version: ["latestVersion", "nodesVersion"], comingNodes: ["latestVersion"] },
  timing: () => moments,

  actions: {
    list: allow("ec2:DescribeLaunchTemplates"),
    read: allow(["ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"]),
    create: (planned) => [
      ...making("CreateLaunchTemplate", "launch-template"),
      ...(planned?.spec.imageParameter === undefined ? [] : allow("ssm:GetParameter", publicParameters)),
    ],
    delete: allow("ec2:DeleteLaunchTemplate", ours("launch-template")),
    version: (planned) => [
      ...addVersions,
      ...(planned?.spec.imageParameter === undefined
        ? []
        : onlyWhen("nodes get images of another sort", [
            ...allow("ssm:GetParameter", publicParameters),
            ...retagging("launch-template"),
          ])),
    ],
    comingNodes: addVersions,
    defaultVersion: allow("ec2:ModifyLaunchTemplate", ours("launch-template")),
    tags: retagging("launch-template"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ LaunchTemplateIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },
  async find(name, ctx) {
    const found = await absentAsNull(() => describe({ LaunchTemplateNames: [name] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { LaunchTemplate } = await ctx.clients.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: want.name,
        ...describedBy(lastingDigest(want.spec)),
        LaunchTemplateData: toData(await contentWithImage(want, ctx), ctx.tags(want.id)),
        ClientToken: want.token,
        TagSpecifications: tagSpecifications("launch-template", want, ctx),
      }),
    );
    return created(LaunchTemplate?.LaunchTemplateId, "launch template");
  },

  async delete(live, ctx) {
    await ctx.clients.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: live.ref }));
  },

  // No aspect for the tags at launch: live instances are tagged directly, the template follows with its next version.
  aspects: {
    instanceType: {
      want: (spec) => spec.instanceType,
      have: ({ data }) => data.instanceType ?? null,
      change: () => "version",
    },
    volumes: {
      want: ({ volumes, noOtherVolumes }) => ({
        ...Object.fromEntries(volumes.map((volume) => [volume.device, volume])),
        ...(noOtherVolumes && { [otherVolumes]: "none" }),
      }),
      have: ({ data }, want) => volumesAsWanted(data.volumes, wantedElements(want)),
      change: () => "version",
    },
    keyName: { want: keyName, have: ({ data }) => data.keyName, change: () => "version" },
    securityGroups: {
      want: (spec, deps) => groupIds(spec, deps).toSorted(),
      have: ({ data }) => data.securityGroupIds.toSorted(),
      change: () => "version",
    },
    imds: { want: (spec) => spec.imds, have: ({ data }) => data.imds, change: () => "version" },
    ebsOptimized: {
      want: (spec) => spec.ebsOptimized,
      have: ({ data }) => data.ebsOptimized ?? false,
      change: () => "version",
    },
    detailedMonitoring: {
      want: (spec) => spec.detailedMonitoring,
      have: ({ data }) => data.detailedMonitoring ?? false,
      change: () => "version",
    },
    placementGroup: {
      want: placementGroupName,
      have: ({ data }) => data.placementGroup ?? null,
      change: () => "version",
    },
    capacityReservation: {
      want: (spec) => spec.capacityReservation,
      have: ({ data }) => data.capacityReservation ?? null,
      change: () => "version",
    },
    capacityBlock: {
      want: (spec) => spec.capacityBlock,
      have: ({ data }) => data.capacityBlock ?? false,
      change: () => "version",
    },
    connectionTracking: {
      want: (spec) => spec.connectionTracking,
      have: ({ data }) => data.connectionTracking ?? null,
      change: () => "version",
    },
    efaInterfaces: {
      want: (spec) => spec.efaInterfaces,
      have: ({ data }) => data.efaInterfaces ?? 0,
      change: () => "version",
    },
    // An image of the right sort is kept, whichever it is.
    image: {
      want: (spec) => spec.imageId ?? imageSort(spec.tags),
      have: ({ data, tags }, want) => (isSort(want) ? (imageSort(tags) ?? want) : (data.imageId ?? null)),
      change: () => "version",
    },
    instanceProfile: {
      want: (spec) => spec.instanceProfile,
      have: ({ data }) => data.instanceProfile ?? null,
      change: () => "version",
    },
    userData: {
      want: (spec, deps) => (spec.lastingUserData === undefined ? digestOf(spec.userData, deps) : undefined),
      have: ({ data }) => (data.userData === undefined ? null : userDataDigest(data.userData)),
      change: () => "version",
    },
    lastingUserData: {
      want: lastingDigest,
      have: ({ memory }) => memory?.lasting ?? null,
      change: () => "version",
    },
    // What nodes register with, as labels and taints.
    userDataOfComingNodes: {
      want: (spec, deps) => (spec.lastingUserData === undefined ? undefined : digestOf(spec.userData, deps)),
      have: ({ data }) => (data.userData === undefined ? null : userDataDigest(data.userData)),
      change: () => "comingNodes",
    },
    cpuCredits: {
      want: (spec) => spec.cpuCredits,
      have: ({ data }) => data.cpuCredits ?? null,
      change: () => "version",
    },
    enclave: { want: (spec) => spec.enclave, have: ({ data }) => data.enclave ?? false, change: () => "version" },
    defaultVersion: {
      want: () => "latest",
      have: ({ defaultVersion, latestVersion }) => (defaultVersion === latestVersion ? "latest" : defaultVersion),
      change: () => "defaultVersion",
    },
    tags: tagsAspect,
  },
  updates: {
    async version(want, live, ctx) {
      await addVersion(want, live, ctx);
      if (isOtherSort(live.attrs.tags, want.spec.tags)) await updateTags(want, live, ctx);
      return undefined;
    },
    async comingNodes(want, live, ctx) {
      await addVersion(want, live, ctx, live.attrs.nodesVersion);
      return undefined;
    },
    async defaultVersion(_want, live, ctx) {
      await setDefault(live.ref, live.attrs.latestVersion, ctx);
      return undefined;
    },
    tags: updateTags,
  },
};

/** @param since the version that nodes may stay of; absent: they are to be of the new one. */
async function addVersion(
  want: TemplateWant,
  live: Live<LaunchTemplateAttrs>,
  ctx: AwsContext,
  since?: number,
): Promise<void> {
  const { LaunchTemplateVersion } = await ctx.clients.ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: live.ref,
      ...describedBy(lastingDigest(want.spec), since),
      LaunchTemplateData: toData(merged(live.attrs.data, await laterContent(want, live, ctx)), ctx.tags(want.id)),
      ClientToken: want.token,
    }),
  );
  await setDefault(live.ref, LaunchTemplateVersion?.VersionNumber, ctx);
}

function describedBy(lasting: string | undefined, since?: number): { readonly VersionDescription?: string } {
  if (lasting === undefined) return {};
  return { VersionDescription: versionDescription({ lasting, ...(since === undefined ? {} : { since }) }) };
}

/** Of the text without the cluster's values: those that are there do not change, and nodes have joined by them. */
function lastingDigest({ lastingUserData }: LaunchTemplateSpec): string | undefined {
  return lastingUserData === undefined ? undefined : userDataDigest(lastingUserData);
}

function digestOf(text: string | undefined, { cluster }: LaunchTemplateDeps): string | undefined {
  return text === undefined ? undefined : userDataDigest(filledUserData(text, cluster));
}

function groupIds(spec: LaunchTemplateSpec, deps: LaunchTemplateDeps): readonly string[] {
  return [...spec.securityGroupIds, ...deps.securityGroups.map(({ id }) => id)];
}

function keyName(spec: LaunchTemplateSpec, { keyPair }: LaunchTemplateDeps): string | undefined {
  return keyPair.map(({ name }) => name)[0] ?? spec.keyName;
}

function placementGroupName(spec: LaunchTemplateSpec, { placementGroup }: LaunchTemplateDeps): string | undefined {
  return placementGroup.map(({ name }) => name)[0] ?? spec.placementGroup;
}

function contentOf({ spec, deps }: TemplateWant): LaunchTemplateContent {
  const { tags: _ofTheTemplate, imageParameter: _onlyAtFirst, lastingUserData: _isInIt, userData, ...content } = spec;
  const key = keyName(spec, deps);
  const placement = placementGroupName(spec, deps);
  return {
    ...content,
    ...(userData === undefined ? {} : { userData: filledUserData(userData, deps.cluster) }),
    ...(key === undefined ? {} : { keyName: key }),
    ...(placement === undefined ? {} : { placementGroup: placement }),
    securityGroupIds: groupIds(spec, deps),
  };
}

function isSort(image: unknown): boolean {
  return typeof image === "string" && image.startsWith("/");
}

/** The image of the day is chosen once: later versions keep it, as long as it is of the right sort. */
async function laterContent(
  want: TemplateWant,
  { attrs }: Live<LaunchTemplateAttrs>,
  ctx: AwsContext,
): Promise<LaunchTemplateContent> {
  return isOtherSort(attrs.tags, want.spec.tags) ? contentWithImage(want, ctx) : contentOf(want);
}

async function contentWithImage(want: TemplateWant, ctx: AwsContext): Promise<LaunchTemplateContent> {
  const content = contentOf(want);
  const { imageParameter } = want.spec;
  if (content.imageId !== undefined || imageParameter === undefined) return content;
  return { ...content, imageId: await imageOf(imageParameter, ctx) };
}

async function describe(
  request: DescribeLaunchTemplatesRequest,
  ctx: AwsContext,
): Promise<readonly Live<LaunchTemplateAttrs>[]> {
  const pages = paginateDescribeLaunchTemplates({ client: ctx.clients.ec2 }, request);
  const templates = await collect(pages, (page) => page.LaunchTemplates);
  return Promise.all(templates.map((one) => toLive(one, ctx)));
}

async function toLive(one: LaunchTemplate, ctx: AwsContext): Promise<Live<LaunchTemplateAttrs>> {
  const id = one.LaunchTemplateId ?? "";
  const { LaunchTemplateVersions } = await ctx.clients.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ["$Latest"] }),
  );
  const latest = LaunchTemplateVersions?.[0];
  const latestVersion = latest?.VersionNumber ?? 0;
  const memory = versionMemory(latest?.VersionDescription);
  return taggedLive(ctx, id, "ready", {
    id,
    name: one.LaunchTemplateName ?? "",
    latestVersion,
    nodesVersion: memory?.since ?? latestVersion,
    memory,
    defaultVersion: one.DefaultVersionNumber ?? 0,
    data: fromData(latest?.LaunchTemplateData ?? {}),
    tags: tagsOf(one.Tags),
  });
}
