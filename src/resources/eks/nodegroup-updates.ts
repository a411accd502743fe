import { isDeepStrictEqual } from "node:util";
import { CreateTagsCommand, DeleteTagsCommand, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import type {
  NodegroupScalingConfig,
  UpdateNodegroupConfigRequest,
  UpdateNodegroupVersionRequest,
} from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { updateOperation } from "../../aws/eks-updates.ts";
import { compareVersions } from "../../aws/eks-versions.ts";
import { elementChanges, type ElementChanges, memoryChanges, wroteBy } from "../../aws/element-ownership.ts";
import { isReservedTag, tagList } from "../../aws/tags.ts";
import type { Live, Operation, Want } from "../../engine/kind.ts";
import { capacityChanges, isEdited } from "../desired-capacity.ts";
import { sizeOf } from "../group-size.ts";
import { eksTaint, wantedSettings, taintElements } from "./nodegroup-document.ts";
import type { NodegroupAttrs, NodegroupDeps, NodegroupSpec, NodegroupTaint } from "./nodegroup.ts";
import { setTags } from "./tags-updates.ts";

type Wanted = Want<NodegroupSpec, NodegroupDeps>;
type Nodegroup = Live<NodegroupAttrs>;

/**
 * Labels, taints, sizes, update and repair settings in one UpdateNodegroupConfig that says only what differs. Tags
 * remember around it which labels and taints are ours, and which desired capacity is applied.
 */
export async function configUpdate({ spec }: Wanted, live: Nodegroup, ctx: AwsContext): Promise<Operation | undefined> {
  const { attrs } = live;
  const { eks } = ctx.clients;
  const labels =
    spec.labels && memoryChanges("labels", attrs.tags, Object.keys(attrs.labels), Object.keys(spec.labels));
  const taints = spec.taints && memoryChanges("taints", attrs.tags, elementsOf(attrs.taints), elementsOf(spec.taints));
  const capacity = capacityChanges(spec.desiredCapacity, attrs);
  await setTags(ctx, attrs.arn, { ...labels?.before, ...taints?.before, ...capacity.before });
  const finish = () => setTags(ctx, attrs.arn, { ...labels?.after, ...taints?.after, ...capacity.after });

  const change = configChange(spec, attrs);
  if (Object.values(change).every((part) => part === undefined)) {
    await finish();
    return undefined;
  }
  const request = { clusterName: attrs.cluster, nodegroupName: live.ref, ...change };
  const { update } = await eks.send(new UpdateNodegroupConfigCommand(request));
  return updateOperation(eks, { cluster: attrs.cluster, nodegroup: live.ref }, update, finish);
}

function configChange(
  spec: NodegroupSpec,
  attrs: NodegroupAttrs,
): Omit<UpdateNodegroupConfigRequest, "clusterName" | "nodegroupName"> {
  return {
    labels: spec.labels && labelChange(spec.labels, attrs),
    taints: spec.taints && taintChange(taintElements(spec.taints), attrs),
    scalingConfig: scalingChange(spec, attrs),
    updateConfig: isDeepStrictEqual(spec.updateConfig, attrs.updateConfig) ? undefined : spec.updateConfig,
    nodeRepairConfig: changedSettings(spec.nodeRepairConfig, attrs.nodeRepairConfig),
    warmPoolConfig: changedSettings(spec.warmPoolConfig, attrs.warmPoolConfig),
  };
}

/** All of the wanted settings where one of them differs; in EKS's own shape. */
function changedSettings(
  wanted: Readonly<Record<string, unknown>> | undefined,
  live: Readonly<Record<string, unknown>>,
): object | undefined {
  return wanted === undefined || isDeepStrictEqual(wantedSettings(live, wanted), wanted) ? undefined : { ...wanted };
}

function labelChange(wanted: Readonly<Record<string, string>>, { labels, tags }: NodegroupAttrs) {
  const { set, remove } = elementChanges(labels, wanted, wroteBy(tags, "labels"));
  if (Object.keys(set).length === 0 && remove.length === 0) return undefined;
  return { addOrUpdateLabels: { ...set }, removeLabels: [...remove] };
}

function taintChange(wanted: Readonly<Record<string, string>>, { taints, tags }: NodegroupAttrs) {
  const live = taintElements(taints);
  const { set, remove } = elementChanges(live, wanted, wroteBy(tags, "taints"));
  if (Object.keys(set).length === 0 && remove.length === 0) return undefined;
  return {
    addOrUpdateTaints: Object.entries(set).map(([element, value]) => eksTaint(element, value)),
    removeTaints: remove.map((element) => eksTaint(element, live[element])),
  };
}

function elementsOf(taints: readonly NodegroupTaint[]): readonly string[] {
  return Object.keys(taintElements(taints));
}

/** The whole scaling configuration, or nothing where it is right: EKS refuses a desired size outside of the bounds. */
function scalingChange(spec: NodegroupSpec, attrs: NodegroupAttrs): NodegroupScalingConfig | undefined {
  const { minSize, maxSize, desiredCapacity } = sizeOf(spec, attrs, isEdited(spec.desiredCapacity, attrs.tags));
  const same = minSize === attrs.minSize && maxSize === attrs.maxSize && desiredCapacity === attrs.desiredCapacity;
  return same ? undefined : { minSize, maxSize, desiredSize: desiredCapacity };
}

/**
 * One roll for template and release together. A release of a newer Kubernetes minor needs the version beside it; without a
 * release EKS would take its newest, so a roll for the template alone names the one that runs. Images of one's own take
 * neither.
 */
export function versionRequest({ spec, deps }: Wanted, live: Nodegroup): UpdateNodegroupVersionRequest {
  const { attrs } = live;
  const template = deps.launchTemplate;
  const ownImage = attrs.amiType === "CUSTOM";
  const older = spec.releaseVersion !== undefined && compareVersions(attrs.releaseVersion, spec.releaseVersion) > 0;
  const releaseVersion = older ? attrs.releaseVersion : (spec.releaseVersion ?? attrs.releaseVersion);
  const version = kubernetesVersion(attrs, releaseVersion);
  const newTemplate = !spec.keepsTemplateVersion && attrs.launchTemplate?.version !== template.latestVersion;
  return {
    clusterName: attrs.cluster,
    nodegroupName: live.ref,
    ...(newTemplate && { launchTemplate: { id: template.id, version: String(template.latestVersion) } }),
    ...(!ownImage && { releaseVersion }),
    ...(!ownImage && version !== attrs.version && { version }),
  };
}

/** Amazon Linux and Windows releases begin with the Kubernetes version; Bottlerocket's count for themselves. */
function kubernetesVersion(attrs: NodegroupAttrs, releaseVersion: string): string {
  if (attrs.amiType.startsWith("BOTTLEROCKET")) return attrs.version;
  return /^\d+\.\d+/.exec(releaseVersion)?.[0] ?? attrs.version;
}

/** CreateTags and DeleteTags take up to this many resources. */
const maxTaggedAtOnce = 500;

/**
 * Puts changed tags on the nodegroup's instances, their volumes and network interfaces: the launch template's tags reach
 * only instances that are still to come. The `Name` stays the instance's own.
 */
export async function tagLiveThings(ctx: AwsContext, live: Nodegroup, changes: ElementChanges<string>): Promise<void> {
  const isTheirs = (key: string) => key !== "Name" && !isReservedTag(key);
  const set = Object.fromEntries(Object.entries(changes.set).filter(([key]) => isTheirs(key)));
  const remove = changes.remove.filter(isTheirs);
  if (Object.keys(set).length === 0 && remove.length === 0) return;
  const ids = await liveThings(ctx, live);
  for (let start = 0; start < ids.length; start += maxTaggedAtOnce) {
    const Resources = ids.slice(start, start + maxTaggedAtOnce);
    if (Object.keys(set).length > 0)
      await ctx.clients.ec2.send(new CreateTagsCommand({ Resources, Tags: tagList(set) }));
    const Tags = remove.map((Key) => ({ Key }));
    if (Tags.length > 0) await ctx.clients.ec2.send(new DeleteTagsCommand({ Resources, Tags }));
  }
}

/** By the tags that EKS puts on every instance of a nodegroup. */
async function liveThings(ctx: AwsContext, live: Nodegroup): Promise<readonly string[]> {
  const Filters = [
    { Name: "tag:eks:cluster-name", Values: [live.attrs.cluster] },
    { Name: "tag:eks:nodegroup-name", Values: [live.ref] },
    { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
  ];
  const ids: string[] = [];
  for await (const page of paginateDescribeInstances({ client: ctx.clients.ec2 }, { Filters })) {
    for (const instance of (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? [])) {
      const volumes = (instance.BlockDeviceMappings ?? []).map((device) => device.Ebs?.VolumeId);
      const interfaces = (instance.NetworkInterfaces ?? []).map((one) => one.NetworkInterfaceId);
      ids.push(...[instance.InstanceId, ...volumes, ...interfaces].filter((id) => id !== undefined));
    }
  }
  return ids;
}
