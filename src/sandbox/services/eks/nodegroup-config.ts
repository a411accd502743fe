import type { Taint, UpdateNodegroupConfigRequest, UpdateNodegroupConfigResponse } from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { askedBy } from "./asked.ts";
import { scheduleIn } from "./due.ts";
import { type About, invalidParameter, invalidRequest, resourceInUse } from "./errors.ts";
import { clusterOf, hasRunningUpdate, nodegroupOf, requireIdle } from "./lookup.ts";
import { joinProblem } from "./node-joining.ts";
import {
  allowedScaling,
  changedScaling,
  checkLabels,
  checkTaints,
  nodeRepair,
  updateRule,
  warmPool,
} from "./nodegroup-rules.ts";
import { nodesChanged, scaleInstances } from "./nodes.ts";
import type { Place } from "./place.ts";
import { issueOf, takeFailure } from "./scenario.ts";
import type { ClusterRecord, NodegroupConfig, NodegroupRecord } from "./state.ts";
import { paramsOf, startedBefore, startUpdate, updateById, updateView } from "./updates.ts";

function updateNodegroupConfig(input: UpdateNodegroupConfigRequest, call: Call): UpdateNodegroupConfigResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const nodegroup = nodegroupOf(cluster, input.nodegroupName ?? "");
  const about = { clusterName: cluster.name, nodegroupName: nodegroup.name };
  const asked = askedBy(input);
  const earlier = startedBefore(nodegroup, asked);
  if (earlier) return { update: updateView(earlier) };
  requireUpdatable(cluster, nodegroup, about);

  const config = changeOf(input, nodegroup, call, about);
  const { scalingConfig, labels, taints, updateConfig } = input;
  const params = paramsOf({
    MinSize: scalingConfig?.minSize,
    MaxSize: scalingConfig?.maxSize,
    DesiredSize: scalingConfig?.desiredSize,
    LabelsToAdd: labels?.addOrUpdateLabels,
    LabelsToRemove: labels?.removeLabels,
    TaintsToAdd: taints?.addOrUpdateTaints,
    TaintsToRemove: taints?.removeTaints,
    MaxUnavailable: updateConfig?.maxUnavailable,
    MaxUnavailablePercentage: updateConfig?.maxUnavailablePercentage,
    UpdateStrategy: updateConfig?.updateStrategy,
    NodeRepairEnabled: input.nodeRepairConfig?.enabled,
    WarmPoolEnabled: input.warmPoolConfig?.enabled,
    WarmPoolMinSize: input.warmPoolConfig?.minSize,
    WarmPoolMaxGroupPreparedCapacity: input.warmPoolConfig?.maxGroupPreparedCapacity,
    WarmPoolState: input.warmPoolConfig?.poolState,
    WarmPoolReuseOnScaleIn: input.warmPoolConfig?.reuseOnScaleIn,
  });
  const update = startUpdate(call, nodegroup, { type: "ConfigUpdate", params, asked, change: { config } });
  nodegroup.status = "UPDATING";
  scheduleIn(call, call.world.duration("nodegroupConfigUpdate", `${call.region}/${cluster.name}/${nodegroup.name}`), {
    what: "nodegroup updated",
    cluster: cluster.name,
    nodegroup: nodegroup.name,
    update: update.id,
  });
  return { update: updateView(update) };
}

/** A degraded nodegroup can be configured, so that it can be made well again. */
export function requireUpdatable(cluster: ClusterRecord, nodegroup: NodegroupRecord, about: About): void {
  requireIdle(cluster);
  if (hasRunningUpdate(nodegroup)) {
    throw resourceInUse("Nodegroup cannot be updated as it currently has an update in progress", about);
  }
  if (nodegroup.status !== "ACTIVE" && nodegroup.status !== "DEGRADED") {
    throw invalidRequest("Nodegroup cannot be updated as it is currently not in Active State", about);
  }
}

function changeOf(
  input: UpdateNodegroupConfigRequest,
  nodegroup: NodegroupRecord,
  place: Place,
  about: About,
): Partial<NodegroupConfig> {
  const { labels, taints, scalingConfig, updateConfig, nodeRepairConfig, warmPoolConfig } = input;
  const all = [labels, taints, scalingConfig, updateConfig, nodeRepairConfig, warmPoolConfig];
  if (all.every((each) => each === undefined)) {
    throw invalidParameter("No changes needed: the request names nothing to update", about);
  }
  checkLabels(labels?.addOrUpdateLabels ?? {}, about);
  checkTaints(taints?.addOrUpdateTaints ?? [], about);
  return {
    ...(labels ? { labels: changedLabels(nodegroup.labels, labels) } : {}),
    ...(taints ? { taints: changedTaints(nodegroup.taints, taints, about) } : {}),
    ...(scalingConfig
      ? { scaling: allowedScaling(place, changedScaling(nodegroup.scaling, scalingConfig, about), about) }
      : {}),
    ...(updateConfig ? { updateRule: updateRule(updateConfig, about) } : {}),
    ...(nodeRepairConfig ? { nodeRepair: nodeRepair(nodeRepairConfig, about) } : {}),
    ...(warmPoolConfig ? { warmPool: warmPool(nodegroup.warmPool, warmPoolConfig, nodegroup.amiType, about) } : {}),
  };
}

function changedLabels(
  before: Readonly<Record<string, string>>,
  { addOrUpdateLabels, removeLabels = [] }: NonNullable<UpdateNodegroupConfigRequest["labels"]>,
): Record<string, string> {
  const kept = Object.entries(before).filter(([key]) => !removeLabels.includes(key));
  return { ...Object.fromEntries(kept), ...addOrUpdateLabels };
}

function changedTaints(
  before: readonly Taint[],
  { addOrUpdateTaints = [], removeTaints = [] }: NonNullable<UpdateNodegroupConfigRequest["taints"]>,
  about: About,
): Taint[] {
  const named = [...addOrUpdateTaints, ...removeTaints];
  const kept = before.filter(({ key, effect }) => named.every((each) => each.key !== key || each.effect !== effect));
  const taints = [...kept, ...addOrUpdateTaints];
  checkTaints(taints, about);
  return taints;
}

/**
 * The update is done: nodes are launched or go. A scale-out that fails leaves the nodegroup degraded, until another one
 * succeeds; the update itself counts as successful.
 */
export function nodegroupUpdated(
  place: Place,
  cluster: ClusterRecord,
  nodegroup: NodegroupRecord,
  updateId: string,
): void {
  const update = updateById(nodegroup, updateId);
  const { scaling } = update.change.config;
  update.status = "Successful";
  Object.assign(nodegroup, update.change.config, { modifiedAt: place.world.now() });
  if (scaling) {
    const issue = scaleOutIssue(place, nodegroup) ?? scaleInstances(place, cluster, nodegroup);
    nodegroup.issues = issue ? [issue] : [];
  }
  nodegroup.status = nodegroup.issues.length > 0 ? "DEGRADED" : "ACTIVE";
  if (nodegroup.readySince !== null || joinProblem(place, cluster, nodegroup) === undefined) {
    nodesChanged(place, cluster, nodegroup);
  }
}

function scaleOutIssue({ world }: Place, nodegroup: NodegroupRecord) {
  if (nodegroup.scaling.desiredSize <= nodegroup.instanceIds.length) return undefined;
  const failure = takeFailure(world, "nodegroup", nodegroup.name, "scale out");
  if (!failure) return undefined;
  return { ...issueOf(failure), resourceIds: [nodegroup.autoScalingGroup] };
}

export const nodegroupConfigHandlers = { UpdateNodegroupConfig: updateNodegroupConfig };
