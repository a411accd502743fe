import { DescribeLaunchTemplateVersionsCommand, DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { paginateDescribeAddonVersions, paginateListClusters } from "@aws-sdk/client-eks";
import type { Owner } from "../aws/context.ts";
import { absentAsNull } from "../aws/errors.ts";
import { allowOptionally } from "../aws/permissions.ts";
import type { Action, Live } from "../engine/kind.ts";
import { FailedError } from "../errors.ts";
import { type ClusterAttrs, cluster as clusterKind } from "../resources/eks/cluster.ts";
import { type StackAttrs, stack as stackKind } from "../resources/cloudformation/stack.ts";
import { addon as addonKind } from "../resources/eks/addon.ts";
import { type CapabilityAttrs, capability as capabilityKind } from "../resources/eks/capability.ts";
import { type FargateProfileAttrs, fargateProfile as fargateProfileKind } from "../resources/eks/fargate-profile.ts";
import { type NodegroupAttrs, nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import {
  type AddonSummary,
  type ClusterSummary,
  type AnyNodegroupSummary,
  type NodegroupSummary,
  type SelfManagedNodegroupSummary,
  type TemplateSummary,
  addonSummary,
  clusterSummary,
  nodegroupSummary,
  selfManagedSummary,
} from "./outputs.ts";
import { optionally } from "./optional.ts";
import { type Session, contextOf } from "./session.ts";

/**
 * The permissions to look at one cluster with the `get` commands, beside those of the kinds. Listing all clusters of an account is
 * no matter of one cluster's file.
 */
export const listing: readonly Action[] = [
  ...allowOptionally("`get addon` does not show newer versions", "eks:DescribeAddonVersions"),
  ...allowOptionally(
    "`get nodegroup` does not show instance types of launch templates",
    "ec2:DescribeLaunchTemplateVersions",
  ),
];

/** Every cluster of the session's region, whoever made it, in name order (EKS ListClusters, DescribeCluster). */
export async function listClusters(session: Session): Promise<readonly ClusterSummary[]> {
  const names: string[] = [];
  for await (const page of paginateListClusters({ client: session.clients.eks }, {}))
    names.push(...(page.clusters ?? []));
  const found = await Promise.all(
    names.toSorted().map(async (name) => clusterKind.find(name, await contextOf(session, name))),
  );
  return found.filter((live) => live !== null).map((live) => clusterSummary(live, session.region));
}

/** The regions that the account can use (EC2 DescribeRegions). */
export async function listRegions(session: Session): Promise<readonly string[]> {
  const { Regions } = await session.clients.ec2.send(new DescribeRegionsCommand({}));
  return (Regions ?? []).flatMap(({ RegionName }) => RegionName ?? []).toSorted();
}

/** @throws FailedError when there is no such cluster. */
export async function findCluster(session: Session, name: string): Promise<Live<ClusterAttrs>> {
  const live = await clusterKind.find(name, await contextOf(session, name));
  if (live === null) throw noCluster({ region: session.region, cluster: name });
  return live;
}

/** @throws FailedError when there is no such cluster. */
export async function getCluster(session: Session, name: string): Promise<ClusterSummary> {
  return clusterSummary(await findCluster(session, name), session.region);
}

/**
 * The managed nodegroups of a cluster, whoever made them.
 *
 * @throws FailedError when there is no such cluster.
 */
export async function listNodegroups(session: Session, cluster: string): Promise<readonly NodegroupSummary[]> {
  const [, found] = await Promise.all([
    findCluster(session, cluster),
    nodegroupKind.list(await contextOf(session, cluster), undefined),
  ]);
  return byName(await summarizeNodegroups(session, found));
}

/** All nodegroups of a cluster: beside the managed ones those of ours that are self-managed. */
export async function listAllNodegroups(session: Session, cluster: string): Promise<readonly AnyNodegroupSummary[]> {
  const ifAllowed = optionally(session, "self-managed nodegroups are not shown");
  const ctx = await contextOf(session, cluster);
  const [managed, stacks] = await Promise.all([
    listNodegroups(session, cluster),
    ifAllowed(() => stackKind.list(ctx, undefined)),
  ]);
  return byName([...managed, ...(await summarizeStacks(session, stacks ?? [], cluster))]);
}

function byName<T extends { readonly name: string }>(things: readonly T[]): readonly T[] {
  return things.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Nodegroups with the instance types that their launch templates name (EC2 DescribeLaunchTemplateVersions). */
export function summarizeNodegroups(
  session: Session,
  lives: readonly Live<NodegroupAttrs>[],
): Promise<readonly NodegroupSummary[]> {
  const ifAllowed = optionally(session, "instance types of launch templates are not shown");
  return Promise.all(
    lives.map(async (live) => nodegroupSummary(live, await ifAllowed(() => templateType(session, live.attrs)))),
  );
}

/** Self-managed nodegroups with what their launch templates say. */
export function summarizeStacks(
  session: Session,
  lives: readonly Live<StackAttrs>[],
  cluster: string,
): Promise<readonly SelfManagedNodegroupSummary[]> {
  const ifAllowed = optionally(session, "images and instance types of launch templates are not shown");
  return Promise.all(
    lives.map(async (live) => {
      const { LaunchTemplate: id, LaunchTemplateVersion: version } = live.attrs.parameters;
      const template = id === undefined ? undefined : await ifAllowed(() => templateSummary(session, id, version));
      return selfManagedSummary(live, cluster, template);
    }),
  );
}

/** The instance type in the version of the launch template that a nodegroup uses, unless the group names types itself. */
async function templateType(session: Session, { instanceTypes, launchTemplate }: NodegroupAttrs) {
  if (instanceTypes.length > 0 || launchTemplate === null) return undefined;
  return (await templateSummary(session, launchTemplate.id, String(launchTemplate.version))).instanceType;
}

async function templateSummary(session: Session, id: string, version = "$Default"): Promise<TemplateSummary> {
  const request = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [version] });
  // A template that somebody deleted leaves its nodegroup running.
  const answer = await absentAsNull(() => session.clients.ec2.send(request));
  const { InstanceType, ImageId } = answer?.LaunchTemplateVersions?.[0]?.LaunchTemplateData ?? {};
  return { instanceType: InstanceType, imageId: ImageId };
}

export interface ListedAddon extends AddonSummary {
  /** Newer versions for this cluster, newest first. */
  readonly newerVersions: readonly string[];
}

/**
 * The add-ons of a cluster, whoever made them.
 *
 * @throws FailedError when there is no such cluster.
 */
export async function listAddons(session: Session, cluster: string): Promise<readonly ListedAddon[]> {
  const [live, found] = await Promise.all([
    findCluster(session, cluster),
    addonKind.list(await contextOf(session, cluster), undefined),
  ]);
  const ifAllowed = optionally(session, "newer versions are not shown");
  const withNewer = await Promise.all(
    found.map(addonSummary).map(async (addon) => {
      const offered = (await ifAllowed(() => offeredVersions(session, addon.name, live.attrs.version))) ?? [];
      const at = offered.indexOf(addon.version);
      return { ...addon, newerVersions: at < 0 ? [] : offered.slice(0, at) };
    }),
  );
  return byName(withNewer);
}

interface Listed {
  readonly status: Live<unknown>["phase"];
  readonly detail?: string;
  readonly owned: boolean;
}

export type ListedFargateProfile = FargateProfileAttrs & Listed;

/**
 * The Fargate profiles of a cluster, whoever made them.
 *
 * @throws FailedError when there is no such cluster.
 */
export async function listFargateProfiles(session: Session, cluster: string): Promise<readonly ListedFargateProfile[]> {
  const [, found] = await Promise.all([
    findCluster(session, cluster),
    fargateProfileKind.list(await contextOf(session, cluster), undefined),
  ]);
  return byName(found.map(listed));
}

export type ListedCapability = CapabilityAttrs & Listed;

/**
 * The capabilities of a cluster, whoever made them.
 *
 * @throws FailedError when there is no such cluster.
 */
export async function listCapabilities(session: Session, cluster: string): Promise<readonly ListedCapability[]> {
  const [, found] = await Promise.all([
    findCluster(session, cluster),
    capabilityKind.list(await contextOf(session, cluster), undefined),
  ]);
  return byName(found.map(listed));
}

function listed<Attrs>({ attrs, phase, detail, owner }: Live<Attrs>): Attrs & Listed {
  return { ...attrs, status: phase, ...(detail === undefined ? {} : { detail }), owned: owner === "us" };
}

/** Newest first (EKS DescribeAddonVersions). */
async function offeredVersions(session: Session, addonName: string, kubernetesVersion: string): Promise<string[]> {
  const versions: string[] = [];
  const pages = paginateDescribeAddonVersions({ client: session.clients.eks }, { addonName, kubernetesVersion });
  for await (const page of pages) {
    const offered = (page.addons ?? []).flatMap((addon) => addon.addonVersions ?? []);
    versions.push(...offered.flatMap(({ addonVersion }) => addonVersion ?? []));
  }
  return versions.toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }));
}

export function noCluster({ cluster, region }: Owner): FailedError {
  return new FailedError(`there is no cluster ${cluster} in ${region}`, {
    hint: "`ekstool get cluster` lists those of the region; check --region and --profile too",
  });
}
