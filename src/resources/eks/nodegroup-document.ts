import { DescribeNodegroupCommand } from "@aws-sdk/client-eks";
import type { AMITypes, CreateNodegroupRequest, Nodegroup, NodegroupScalingConfig, Taint } from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { issuesText } from "../../aws/eks-updates.ts";
import { memoryChanges, ownElements, wantedElements } from "../../aws/element-ownership.ts";
import { absentAsNull } from "../../aws/errors.ts";
import type { Live, Want } from "../../engine/kind.ts";
import { creationTags, taggedLive } from "../tags-aspect.ts";
import { appliedCapacity, isEdited } from "../desired-capacity.ts";
import { type GroupSize, sizeOf } from "../group-size.ts";
import { subnetsAtFirst } from "../node-subnets.ts";
import { describeScalingGroup } from "./nodegroup-scaling-group-updates.ts";
import type { NodegroupAttrs, NodegroupDeps, NodegroupSpec, NodegroupTaint } from "./nodegroup.ts";
import { phaseOf } from "./status-document.ts";

/** Kubernetes' spelling of taint effects to EKS's. */
const eksEffects = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
} as const;
const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

/** Taints by what makes them one and the same: key and effect. The value is what may change. */
export function taintElements(taints: readonly NodegroupTaint[]): Readonly<Record<string, string>> {
  return Object.fromEntries(taints.map(({ key, effect, value }) => [`${key}:${effect}`, value ?? ""]));
}

/** The taint of an element, in EKS's spelling. */
export function eksTaint(element: string, value: string | undefined): Taint {
  const colon = element.lastIndexOf(":");
  const effect = element.slice(colon + 1);
  const known = effects.find((kubernetes) => kubernetes === effect);
  return { key: element.slice(0, colon), ...(value && { value }), effect: known && eksEffects[known] };
}

/** Those of live settings that are wanted; EKS fills in the others. */
export function wantedSettings(
  live: Readonly<Record<string, unknown>>,
  want: unknown,
): Readonly<Record<string, unknown>> {
  return ownElements(live, wantedElements(want), () => false);
}

export function createRequest(want: Want<NodegroupSpec, NodegroupDeps>, ctx: AwsContext): CreateNodegroupRequest {
  const { spec, deps } = want;
  const taints = Object.entries(taintElements(spec.taints ?? []));
  return {
    clusterName: deps.cluster.name,
    nodegroupName: want.name,
    amiType: isAmiType(spec.amiType) ? spec.amiType : undefined,
    capacityType: spec.capacityType,
    instanceTypes: spec.instanceTypes && spec.instanceTypes.length > 0 ? [...spec.instanceTypes] : undefined,
    scalingConfig: scalingRequest(want),
    subnets: [...subnetsAtFirst(spec, deps.subnets)],
    nodeRole: deps.role.arn,
    // By id only: EKS refuses a template that is named twice.
    launchTemplate: { id: deps.launchTemplate.id, version: String(deps.launchTemplate.latestVersion) },
    labels: spec.labels && { ...spec.labels },
    taints: taints.length > 0 ? taints.map(([element, value]) => eksTaint(element, value)) : undefined,
    updateConfig: spec.updateConfig,
    nodeRepairConfig: spec.nodeRepairConfig && { ...spec.nodeRepairConfig },
    warmPoolConfig: spec.warmPoolConfig && { ...spec.warmPoolConfig },
    releaseVersion: spec.releaseVersion,
    tags: {
      ...creationTags(ctx, want.id, spec.tags),
      ...memoryChanges("labels", {}, [], Object.keys(spec.labels ?? {})).before,
      ...memoryChanges(
        "taints",
        {},
        [],
        taints.map(([element]) => element),
      ).before,
      ...appliedCapacity(spec.desiredCapacity),
    },
    clientRequestToken: want.token,
  };
}

/**
 * EKS judges the name: it knows newer types than the list of the SDK. Only for an image of one's own none may be named
 * (CreateNodegroup, `amiType`).
 */
function isAmiType(name: string): name is AMITypes {
  return name !== "" && name !== "CUSTOM";
}

function scalingRequest({ spec, replaces }: Want<NodegroupSpec, NodegroupDeps>): NodegroupScalingConfig | undefined {
  const { minSize, maxSize, desiredCapacity } = replaces ? sizeAfter(replaces.live, replaces.enforced) : spec;
  if (minSize === undefined && maxSize === undefined && desiredCapacity === undefined) return undefined;
  return { minSize, maxSize, desiredSize: desiredCapacity };
}

/** A successor starts as big as what it takes over from is now. */
function sizeAfter({ attrs }: Live<unknown>, enforced: NodegroupSpec): GroupSize {
  const old = attrs as NodegroupAttrs;
  return sizeOf(enforced, old, isEdited(enforced.desiredCapacity, old.tags));
}

/** A nodegroup of the owner's cluster by its name, whoever made it. */
export async function describeNodegroup(name: string, ctx: AwsContext): Promise<Live<NodegroupAttrs> | null> {
  const request = { clusterName: ctx.owner.cluster, nodegroupName: name };
  const answer = await absentAsNull(() => ctx.clients.eks.send(new DescribeNodegroupCommand(request)));
  if (!answer?.nodegroup) return null;
  const described = attributes(answer.nodegroup);
  const attrs = { ...described, scalingGroup: await describeScalingGroup(described, ctx) };
  return taggedLive(ctx, name, phaseOf(attrs.status), attrs, {
    detail: issuesText(answer.nodegroup.health?.issues),
    uid: attrs.createdAt,
  });
}

function attributes(described: Nodegroup): Omit<NodegroupAttrs, "scalingGroup"> {
  const { scalingConfig, updateConfig, launchTemplate, nodeRepairConfig, warmPoolConfig } = described;
  return {
    name: described.nodegroupName ?? "",
    arn: described.nodegroupArn ?? "",
    cluster: described.clusterName ?? "",
    status: described.status ?? "",
    version: described.version ?? "",
    releaseVersion: described.releaseVersion ?? "",
    amiType: described.amiType ?? "",
    capacityType: described.capacityType ?? "",
    instanceTypes: described.instanceTypes ?? [],
    minSize: scalingConfig?.minSize ?? 0,
    maxSize: scalingConfig?.maxSize ?? 0,
    desiredCapacity: scalingConfig?.desiredSize ?? 0,
    labels: described.labels ?? {},
    taints: (described.taints ?? []).flatMap(kubernetesTaint),
    updateConfig: {
      ...(updateConfig?.maxUnavailable !== undefined && { maxUnavailable: updateConfig.maxUnavailable }),
      ...(updateConfig?.maxUnavailablePercentage !== undefined && {
        maxUnavailablePercentage: updateConfig.maxUnavailablePercentage,
      }),
    },
    nodeRepairConfig: { ...nodeRepairConfig },
    // Without one it is as one that is off.
    warmPoolConfig: { enabled: false, ...warmPoolConfig },
    roleArn: described.nodeRole ?? "",
    subnetIds: (described.subnets ?? []).toSorted(),
    launchTemplate: launchTemplate?.id ? { id: launchTemplate.id, version: Number(launchTemplate.version) } : null,
    autoScalingGroups: (described.resources?.autoScalingGroups ?? []).flatMap(({ name }) => name ?? []),
    createdAt: described.createdAt?.toISOString() ?? "",
    tags: described.tags ?? {},
  };
}

function kubernetesTaint({ key, value, effect }: Taint): readonly NodegroupTaint[] {
  const spelling = effects.find((kubernetes) => eksEffects[kubernetes] === effect);
  return key === undefined || spelling === undefined ? [] : [{ key, effect: spelling, ...(value && { value }) }];
}
