import {
  type DeleteNodegroupRequest,
  type DeleteNodegroupResponse,
  type DescribeNodegroupRequest,
  type DescribeNodegroupResponse,
  type Issue,
  type ListNodegroupsRequest,
  type ListNodegroupsResponse,
  type Nodegroup,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { scheduleIn, unschedule } from "./due.ts";
import { resourceInUse } from "./errors.ts";
import { clusterOf, hasRunningUpdate, nodegroupOf } from "./lookup.ts";
import { joinProblem, subnetIssue } from "./node-joining.ts";
import { nodesChanged, terminateNodes } from "./nodes.ts";
import { paged } from "./pages.ts";
import type { Place } from "./place.ts";
import { issueOf, takeFailure } from "./scenario.ts";
import type { ClusterRecord, NodegroupRecord } from "./state.ts";

/** How long EKS waits for the first nodes of a nodegroup. */
const joinLimit = 15 * 60 * 1000;
/** How often EKS looks for them. */
const joinInterval = 10 * 1000;

function describeNodegroup(input: DescribeNodegroupRequest, call: Call): DescribeNodegroupResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  return { nodegroup: nodegroupView(cluster, nodegroupOf(cluster, input.nodegroupName ?? "")) };
}

function listNodegroups(input: ListNodegroupsRequest, call: Call): ListNodegroupsResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const { items, nextToken } = paged(Object.keys(cluster.nodegroups).toSorted(), input);
  return { nodegroups: items, ...nextToken };
}

function deleteNodegroup(input: DeleteNodegroupRequest, call: Call): DeleteNodegroupResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const nodegroup = nodegroupOf(cluster, input.nodegroupName ?? "");
  const { name } = nodegroup;
  const about = { clusterName: cluster.name, nodegroupName: name };
  if (nodegroup.status === "DELETING") return { nodegroup: nodegroupView(cluster, nodegroup) };
  if (hasRunningUpdate(cluster)) throw resourceInUse("Cluster currently has an update in progress", about);
  if (hasRunningUpdate(nodegroup)) {
    throw resourceInUse("Nodegroup cannot be deleted as it currently has an update in progress", about);
  }
  unschedule(call, { cluster: cluster.name, nodegroup: name });
  nodegroup.status = "DELETING";
  scheduleIn(call, call.world.duration("nodegroupDelete", `${call.region}/${cluster.name}/${name}`), {
    what: "nodegroup gone",
    cluster: cluster.name,
    nodegroup: name,
  });
  return { nodegroup: nodegroupView(cluster, nodegroup) };
}

/** EKS leaves the access entry of the role behind. */
export function nodegroupGone(place: Place, cluster: ClusterRecord, nodegroup: NodegroupRecord): void {
  terminateNodes(place, cluster, nodegroup);
  delete cluster.nodegroups[nodegroup.name];
}

/** EKS looks whether the nodes of a new nodegroup have joined, and looks again until it gives up. */
export function nodesChecked(place: Place, cluster: ClusterRecord, nodegroup: NodegroupRecord): void {
  const issue = nodegroup.issues[0] ?? scenarioIssue(place, nodegroup) ?? subnetIssue(place, cluster, nodegroup);
  if (issue) return fail(nodegroup, issue);
  const problem = nodegroup.scaling.desiredSize > 0 ? joinProblem(place, cluster, nodegroup) : undefined;
  if (problem === undefined) {
    nodegroup.status = "ACTIVE";
    nodesChanged(place, cluster, nodegroup);
  } else if (place.world.now() - nodegroup.createdAt >= joinLimit) {
    fail(nodegroup, { code: "NodeCreationFailure", message: problem, resourceIds: nodegroup.instanceIds });
  } else {
    scheduleIn(place, joinInterval, { what: "nodes checked", cluster: cluster.name, nodegroup: nodegroup.name });
  }
}

function fail(nodegroup: NodegroupRecord, issue: Issue): void {
  nodegroup.status = "CREATE_FAILED";
  nodegroup.issues = [issue];
}

function scenarioIssue({ world }: Place, nodegroup: NodegroupRecord): Issue | undefined {
  const failure = takeFailure(world, "nodegroup", nodegroup.name);
  if (!failure) return undefined;
  const resourceIds = failure.code === "NodeCreationFailure" ? nodegroup.instanceIds : [nodegroup.autoScalingGroup];
  return { ...issueOf(failure), resourceIds };
}

export function nodegroupView(cluster: ClusterRecord, nodegroup: NodegroupRecord): Nodegroup {
  const { instanceTypes, diskSize, launchTemplate } = nodegroup;
  return {
    nodegroupName: nodegroup.name,
    nodegroupArn: nodegroup.arn,
    clusterName: cluster.name,
    version: nodegroup.version,
    releaseVersion: nodegroup.releaseVersion,
    createdAt: new Date(nodegroup.createdAt),
    modifiedAt: new Date(nodegroup.modifiedAt),
    status: nodegroup.status,
    capacityType: nodegroup.capacityType,
    scalingConfig: nodegroup.scaling,
    subnets: nodegroup.subnets,
    amiType: nodegroup.amiType,
    nodeRole: nodegroup.nodeRole,
    labels: nodegroup.labels,
    taints: nodegroup.taints,
    resources: { autoScalingGroups: [{ name: nodegroup.autoScalingGroup }] },
    health: { issues: nodegroup.issues },
    updateConfig: nodegroup.updateRule,
    nodeRepairConfig: nodegroup.nodeRepair,
    ...(nodegroup.warmPool === null ? {} : { warmPoolConfig: nodegroup.warmPool }),
    tags: nodegroup.tags,
    ...(instanceTypes === null ? {} : { instanceTypes }),
    ...(diskSize === null ? {} : { diskSize }),
    ...(launchTemplate === null ? {} : { launchTemplate }),
  };
}

export const nodegroupHandlers = {
  DescribeNodegroup: describeNodegroup,
  ListNodegroups: listNodegroups,
  DeleteNodegroup: deleteNodegroup,
};
