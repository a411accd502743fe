import type {
  ErrorDetail,
  Issue,
  UpdateNodegroupVersionRequest,
  UpdateNodegroupVersionResponse,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { terminateInstances } from "../ec2/internal.ts";
import { askedBy } from "./asked.ts";
import { scheduleIn } from "./due.ts";
import { type About, invalidParameter, invalidRequest } from "./errors.ts";
import { versionBefore } from "./version-rollback.ts";
import { checkUserData, type UsedTemplate, usedTemplate } from "./launch-templates.ts";
import { clusterOf, nodegroupOf } from "./lookup.ts";
import { joinProblem } from "./node-joining.ts";
import { requireUpdatable } from "./nodegroup-config.ts";
import { refuseWithCustomImage } from "./nodegroup-create.ts";
import { checkInstanceTypes, releaseFor } from "./nodegroup-images.ts";
import { launch, nodesChanged } from "./nodes.ts";
import type { Place } from "./place.ts";
import { takeFailure } from "./scenario.ts";
import type { ClusterRecord, NodegroupChange, NodegroupConfig, NodegroupRecord, UpdateRecord } from "./state.ts";
import { failUpdate, paramsOf, startedBefore, startUpdate, updateById, updateView } from "./updates.ts";

function updateNodegroupVersion(input: UpdateNodegroupVersionRequest, call: Call): UpdateNodegroupVersionResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const nodegroup = nodegroupOf(cluster, input.nodegroupName ?? "");
  const about = { clusterName: cluster.name, nodegroupName: nodegroup.name };
  const asked = askedBy(input);
  const earlier = startedBefore(nodegroup, asked);
  if (earlier) return { update: updateView(earlier) };
  const config = changeOf(input, cluster, nodegroup, call, about);
  requireUpdatable(cluster, nodegroup, about);
  if (nodegroup.status === "DEGRADED") {
    throw invalidRequest("Nodegroup cannot be updated as it is currently not in Active State", about);
  }

  const { version, releaseVersion, launchTemplate } = { ...nodegroup, ...config };
  const rolls =
    version !== nodegroup.version ||
    releaseVersion !== nodegroup.releaseVersion ||
    launchTemplate?.version !== nodegroup.launchTemplate?.version;
  const params = paramsOf({
    Version: config.version,
    ReleaseVersion: config.releaseVersion,
    LaunchTemplateName: config.launchTemplate?.name,
    LaunchTemplateVersion: config.launchTemplate?.version,
  });
  const change = { config, oldInstanceIds: rolls ? [...nodegroup.instanceIds] : [], forced: input.force ?? false };
  const update = startUpdate(call, nodegroup, { type: "VersionUpdate", params, asked, change });
  nodegroup.status = "UPDATING";
  scheduleRoll(call, cluster, nodegroup, update);
  return { update: updateView(update) };
}

/** Throws InvalidParameterException for versions and launch templates that the nodegroup cannot move to. */
function changeOf(
  input: UpdateNodegroupVersionRequest,
  cluster: ClusterRecord,
  nodegroup: NodegroupRecord,
  place: Place,
  about: About,
): Partial<NodegroupConfig> {
  const used = input.launchTemplate ? sameTemplate(place, input, cluster, nodegroup, about) : undefined;
  const launchTemplate = used ? { launchTemplate: used.template } : {};
  if (nodegroup.amiType === "CUSTOM") {
    refuseWithCustomImage(input, about);
    return { ...launchTemplate, ...(used?.data.ImageId ? { releaseVersion: used.data.ImageId } : {}) };
  }
  const { version = nodegroup.version } = input;
  const possible = [cluster.version, nodegroup.version, ...versionBefore(place, cluster)];
  if (!possible.includes(version)) {
    throw invalidParameter(
      `Nodegroup Kubernetes version should be equal to control plane kubernetes version ${cluster.version} ` +
        `or NodeGroup kubernetes version ${nodegroup.version}`,
      about,
    );
  }
  return {
    ...launchTemplate,
    version,
    releaseVersion: releaseFor(nodegroup.amiType, input.releaseVersion, version, about),
  };
}

/** Another version of the template that the nodegroup was made with, which brings no AMI or type where EKS has them. */
function sameTemplate(
  place: Place,
  { launchTemplate = {} }: UpdateNodegroupVersionRequest,
  cluster: ClusterRecord,
  nodegroup: NodegroupRecord,
  about: About,
): UsedTemplate {
  if (!nodegroup.launchTemplate) {
    throw invalidParameter("A launch template cannot be added to a nodegroup that was made without one.", about);
  }
  const used = usedTemplate(place, launchTemplate, cluster.vpc.vpcId, about);
  if (used.template.id !== nodegroup.launchTemplate.id) {
    throw invalidParameter("The launch template of a nodegroup cannot be replaced by another one.", about);
  }
  const { InstanceType, ImageId } = used.data;
  if ((ImageId !== undefined) !== (nodegroup.amiType === "CUSTOM")) {
    throw invalidParameter("A nodegroup cannot move between EKS's AMIs and custom AMIs.", about);
  }
  if ((InstanceType === undefined) !== (nodegroup.instanceTypes !== null)) {
    throw invalidParameter("Cannot specify instance types in launch template and API request", about);
  }
  checkUserData(used.data, nodegroup.amiType, about);
  if (InstanceType !== undefined) checkInstanceTypes([InstanceType], nodegroup.amiType, about);
  return used;
}

function scheduleRoll(
  place: Place,
  cluster: ClusterRecord,
  nodegroup: NodegroupRecord,
  update: UpdateRecord<NodegroupChange>,
): void {
  const { oldInstanceIds = [] } = update.change;
  const of = `${place.region}/${cluster.name}/${nodegroup.name}/${update.id}/${oldInstanceIds.length}`;
  scheduleIn(
    place,
    place.world.duration(oldInstanceIds.length > 0 ? "nodegroupNodeRoll" : "nodegroupConfigUpdate", of),
    {
      what: "nodes rolled",
      cluster: cluster.name,
      nodegroup: nodegroup.name,
      update: update.id,
    },
  );
}

/** One batch of nodes is replaced; the nodegroup has its new version when the last one is. */
export function nodesRolled(place: Place, cluster: ClusterRecord, nodegroup: NodegroupRecord, updateId: string): void {
  const update = updateById(nodegroup, updateId);
  const { config, oldInstanceIds = [], forced } = update.change;
  const failure = oldInstanceIds.length > 0 && !forced ? rollFailure(place, cluster, nodegroup) : undefined;
  if (failure) {
    nodegroup.status = "ACTIVE";
    return failUpdate(update, { ...failure, resourceIds: oldInstanceIds.slice(0, 1) });
  }
  const batch = oldInstanceIds.splice(0, batchSize(nodegroup));
  const issue = replaceNodes(place, cluster, nodegroup, batch, config);
  if (issue) {
    nodegroup.status = "DEGRADED";
    nodegroup.issues = [issue];
    return failUpdate(update, { errorCode: "NodeCreationFailure", errorMessage: issue.message ?? "" });
  }
  if (oldInstanceIds.length > 0) return scheduleRoll(place, cluster, nodegroup, update);
  Object.assign(nodegroup, config, { modifiedAt: place.world.now() });
  nodegroup.status = "ACTIVE";
  update.status = "Successful";
}

function rollFailure(place: Place, cluster: ClusterRecord, nodegroup: NodegroupRecord): ErrorDetail | undefined {
  const failure = takeFailure(place.world, "nodegroup", nodegroup.name, "roll");
  if (failure) return { errorCode: "PodEvictionFailure", errorMessage: failure.message };
  const problem = joinProblem(place, cluster, nodegroup);
  return problem === undefined ? undefined : { errorCode: "NodeCreationFailure", errorMessage: problem };
}

function batchSize({ updateRule, scaling }: NodegroupRecord): number {
  const { maxUnavailable, maxUnavailablePercentage } = updateRule;
  if (maxUnavailablePercentage === undefined) return maxUnavailable ?? 1;
  return Math.max(1, Math.floor((scaling.desiredSize * maxUnavailablePercentage) / 100));
}

/** New nodes come up as the nodegroup will be, then the old ones go. */
function replaceNodes(
  place: Place,
  cluster: ClusterRecord,
  nodegroup: NodegroupRecord,
  old: readonly string[],
  config: Partial<NodegroupConfig>,
): Issue | undefined {
  if (old.length === 0) return undefined;
  // The same list of instances, launched with what is to come.
  const next = { ...nodegroup, ...config };
  const issue = launch(place, cluster, next, old.length);
  if (issue) return issue;
  nodegroup.instanceIds = nodegroup.instanceIds.filter((id) => !old.includes(id));
  terminateInstances(place.world, place.region, old);
  nodesChanged(place, cluster, nodegroup);
  return undefined;
}

export const nodegroupVersionHandlers = { UpdateNodegroupVersion: updateNodegroupVersion };
