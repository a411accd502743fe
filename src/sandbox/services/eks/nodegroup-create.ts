import type { AMITypes, CreateNodegroupRequest, CreateNodegroupResponse } from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { ensureServiceLinkedRole } from "../iam/internal.ts";
import { addNodeEntry } from "./access-records.ts";
import { amiTypes } from "./ami-types.ts";
import { askedBy, isRepeat } from "./asked.ts";
import { scheduleIn } from "./due.ts";
import { type About, invalidParameter, refuseUnsimulated, resourceInUse } from "./errors.ts";
import { minorsAhead } from "./kubernetes-versions.ts";
import { checkCapacityBlock, checkUserData, type UsedTemplate, usedTemplate } from "./launch-templates.ts";
import { clusterOf, requireActive } from "./lookup.ts";
import { existingSubnets } from "./network-rules.ts";
import { checkInstanceTypes, releaseFor } from "./nodegroup-images.ts";
import {
  allowedScaling,
  checkLabels,
  checkNodegroupName,
  checkTaints,
  initialScaling,
  nodeRepair,
  updateRule,
  warmPool,
} from "./nodegroup-rules.ts";
import { nodegroupView } from "./nodegroups.ts";
import { scaleInstances } from "./nodes.ts";
import { eksArn, uuid } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import { nodeRole } from "./roles.ts";
import type { ClusterRecord, NodegroupRecord } from "./state.ts";
import { checkedTags } from "./tag-rules.ts";

function createNodegroup(input: CreateNodegroupRequest, call: Call): CreateNodegroupResponse {
  refuseUnsimulated(input, ["remoteAccess"]);
  const cluster = clusterOf(call, input.clusterName ?? "");
  const name = input.nodegroupName ?? "";
  const about = { clusterName: cluster.name, nodegroupName: name };
  const asked = askedBy(input);
  const there = Object.hasOwn(cluster.nodegroups, name) ? cluster.nodegroups[name] : undefined;
  if (there && isRepeat(there.asked, asked)) return { nodegroup: nodegroupView(cluster, there) };
  if (there) {
    throw resourceInUse(`NodeGroup already exists with name ${name} and cluster name ${cluster.name}`, about);
  }
  requireActive(cluster);
  checkQuota(call, "nodegroups", Object.keys(cluster.nodegroups).length + 1, about);

  checkNodegroupName(name, about);
  const used = input.launchTemplate ? usedTemplate(call, input.launchTemplate, cluster.vpc.vpcId, about) : undefined;
  checkCapacityBlock(input.capacityType, used?.data, about);
  const hardware = hardwareOf(input, used, about);
  const { amiType } = hardware;
  if (used) checkUserData(used.data, amiType, about);
  nodeRole(call, input.nodeRole ?? "", about);
  checkSubnets(input, cluster, call, about);
  checkLabels(input.labels ?? {}, about);
  checkTaints(input.taints ?? [], about);

  for (const service of workingServices(input)) ensureServiceLinkedRole(call.world, service);
  const now = call.world.now();
  const nodegroup: NodegroupRecord = {
    name,
    arn: eksArn(call, `nodegroup/${cluster.name}/${name}/${uuid(call)}`),
    createdAt: now,
    modifiedAt: now,
    asked,
    status: "CREATING",
    ...versionOf(input, cluster, amiType, used, about),
    launchTemplate: used?.template ?? null,
    ...hardware,
    capacityType: input.capacityType ?? "ON_DEMAND",
    nodeRole: input.nodeRole ?? "",
    subnets: [...(input.subnets ?? [])],
    scaling: allowedScaling(call, initialScaling(input.scalingConfig, about), about),
    labels: { ...input.labels },
    taints: [...(input.taints ?? [])],
    updateRule: updateRule(input.updateConfig, about),
    nodeRepair: nodeRepair(input.nodeRepairConfig, about),
    warmPool: warmPool(null, input.warmPoolConfig, hardware.amiType, about),
    tags: checkedTags(input.tags, about),
    autoScalingGroup: `eks-${name}-${uuid(call)}`,
    issues: [],
    instanceIds: [],
    readySince: null,
    updates: [],
  };
  addNodeEntry(call, cluster, nodegroup.nodeRole, amiTypes[amiType]?.system === "windows");
  const issue = scaleInstances(call, cluster, nodegroup);
  if (issue) nodegroup.issues.push(issue);
  cluster.nodegroups[name] = nodegroup;
  scheduleIn(call, call.world.duration("nodegroupCreate", `${call.region}/${cluster.name}/${name}`), {
    what: "nodes checked",
    cluster: cluster.name,
    nodegroup: name,
  });
  return { nodegroup: nodegroupView(cluster, nodegroup) };
}

/** Those whose service-linked roles a nodegroup is made and run with: the group makes the roles of what it builds on. */
function workingServices({ capacityType }: CreateNodegroupRequest): string[] {
  const spot = capacityType === "SPOT" ? ["spot.amazonaws.com"] : [];
  return ["eks-nodegroup.amazonaws.com", "autoscaling.amazonaws.com", ...spot];
}

/** What the nodes are made of: in the request or in the launch template, never in both. */
function hardwareOf(
  input: CreateNodegroupRequest,
  used: UsedTemplate | undefined,
  about: About,
): Pick<NodegroupRecord, "amiType" | "instanceTypes" | "diskSize"> {
  const inTemplate = used?.data.InstanceType;
  if (used && input.diskSize !== undefined) {
    throw invalidParameter("Disk size must be specified within the launch template.", about);
  }
  if (inTemplate !== undefined && input.instanceTypes?.length) {
    throw invalidParameter("Cannot specify instance types in launch template and API request", about);
  }
  const amiType = amiTypeOf(input, used, about);
  const arm = amiTypes[amiType]?.architecture === "arm64";
  const instanceTypes = input.instanceTypes?.length
    ? [...input.instanceTypes]
    : inTemplate === undefined
      ? [arm ? "t4g.medium" : "t3.medium"]
      : null;
  checkInstanceTypes(instanceTypes ?? [inTemplate ?? ""], amiType, about);
  return { amiType, instanceTypes, diskSize: used ? null : (input.diskSize ?? 20) };
}

function amiTypeOf({ amiType }: CreateNodegroupRequest, used: UsedTemplate | undefined, about: About): AMITypes {
  if (used?.data.ImageId !== undefined) {
    if (amiType !== undefined && amiType !== "CUSTOM") {
      throw invalidParameter("You cannot specify the field amiType when using custom AMIs.", about);
    }
    return "CUSTOM";
  }
  if (amiType === "CUSTOM") {
    throw invalidParameter("amiType CUSTOM needs a launch template that names an image.", about);
  }
  const chosen = amiType ?? "AL2023_x86_64_STANDARD";
  if (!amiTypes[chosen]) throw invalidParameter(`Unsupported amiType: ${chosen}`, about);
  return chosen;
}

/** A new nodegroup has the cluster's version; its release is EKS's newest AMI unless the request names another. */
function versionOf(
  input: CreateNodegroupRequest,
  cluster: ClusterRecord,
  amiType: AMITypes,
  used: UsedTemplate | undefined,
  about: About,
): Pick<NodegroupRecord, "version" | "releaseVersion"> {
  const { version = cluster.version, releaseVersion } = input;
  if (amiType === "CUSTOM") {
    refuseWithCustomImage(input, about);
    return { version: cluster.version, releaseVersion: used?.data.ImageId ?? "" };
  }
  if (minorsAhead(version, cluster.version) !== 0) {
    throw invalidParameter(
      `Nodegroup Kubernetes version should be equal to control plane kubernetes version ${cluster.version}`,
      about,
    );
  }
  return { version, releaseVersion: releaseFor(amiType, releaseVersion, version, about) };
}

/** Who brings an AMI brings the kubelet in it. Throws InvalidParameterException for a version in the request. */
export function refuseWithCustomImage(
  { version, releaseVersion }: { version?: string | undefined; releaseVersion?: string | undefined },
  about: About,
): void {
  const field =
    version !== undefined ? "kubernetesVersion" : releaseVersion !== undefined ? "releaseVersion" : undefined;
  if (field) throw invalidParameter(`You cannot specify the field ${field} when using custom AMIs.`, about);
}

function checkSubnets(input: CreateNodegroupRequest, cluster: ClusterRecord, call: Call, about: About): void {
  const ids = input.subnets ?? [];
  if (ids.length === 0) throw invalidParameter("A nodegroup must have at least one subnet", about);
  const { vpcId } = cluster.vpc;
  const foreign = existingSubnets(call, ids, about).filter((subnet) => subnet.VpcId !== vpcId);
  if (foreign.length === 0) return;
  const names = foreign.map((subnet) => subnet.SubnetId).join(", ");
  throw invalidParameter(`Subnets [${names}] must belong to the VPC of the cluster, ${vpcId}`, about);
}

export const nodegroupCreateHandlers = { CreateNodegroup: createNodegroup };
