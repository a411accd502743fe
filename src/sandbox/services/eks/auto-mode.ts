import type { CreateClusterRequest, UpdateClusterConfigRequest } from "@aws-sdk/client-eks";
import { terminateInstances } from "../ec2/internal.ts";
import type { InstanceRecord } from "../ec2/state.ts";
import { dropLoadBalancers } from "../elbv2/internal.ts";
import { roleByArn } from "../iam/internal.ts";
import { addAutoModeEntry } from "./access-records.ts";
import { recheckAddons } from "./addon-health.ts";
import { scheduleIn } from "./due.ts";
import { type About, invalidParameter, refuseUnsimulated } from "./errors.ts";
import { minorsAhead } from "./kubernetes-versions.ts";
import type { Place } from "./place.ts";
import { nodeRole } from "./roles.ts";
import type { AutoMode, ClusterRecord } from "./state.ts";

type Asked = Pick<
  CreateClusterRequest & UpdateClusterConfigRequest,
  "computeConfig" | "storageConfig" | "kubernetesNetworkConfig"
>;

export const noAutoMode: AutoMode = { enabled: false, nodePools: [], nodeRoleArn: null };

const builtInPools = ["general-purpose", "system"];

/** The oldest minor that has Auto Mode. */
const since = "1.29";

const clusterPolicies = [
  "AmazonEKSClusterPolicy",
  "AmazonEKSComputePolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
];

export function asksForAutoMode({ computeConfig, storageConfig, kubernetesNetworkConfig }: Asked): boolean {
  return [computeConfig, storageConfig, kubernetesNetworkConfig?.elasticLoadBalancing].some(
    (part) => part !== undefined,
  );
}

/** What a request makes of Auto Mode. Throws InvalidParameterException for what EKS does not take. */
export function autoModeAfter(
  place: Place,
  before: AutoMode,
  asked: Asked,
  { version, roleArn, authenticationMode }: Pick<ClusterRecord, "version" | "roleArn" | "authenticationMode">,
  about: About,
): AutoMode {
  if (!asksForAutoMode(asked)) return before;
  const { computeConfig = {}, storageConfig, kubernetesNetworkConfig } = asked;
  refuseUnsimulated(kubernetesNetworkConfig?.elasticLoadBalancing ?? {}, ["gatewayApi"]);
  const { enabled = false, nodePools, nodeRoleArn } = computeConfig;
  const parts = [enabled, storageConfig?.blockStorage?.enabled, kubernetesNetworkConfig?.elasticLoadBalancing?.enabled];
  if (new Set(parts.map((part) => part ?? false)).size > 1) {
    throw invalidParameter(
      "For EKS Auto Mode, please ensure that all required configs, including computeConfig, kubernetesNetworkConfig, and " +
        "blockStorage are all either fully enabled or fully disabled.",
      about,
    );
  }
  if (!enabled) {
    if (nodePools === undefined && nodeRoleArn === undefined) return noAutoMode;
    throw invalidParameter("nodePools and nodeRoleArn cannot be set while computeConfig is disabled", about);
  }
  if (minorsAhead(version, since) < 0) throw invalidParameter(`EKS Auto Mode requires Kubernetes ${since}`, about);
  if (authenticationMode === "CONFIG_MAP") {
    throw invalidParameter("EKS Auto Mode requires the authentication mode API or API_AND_CONFIG_MAP", about);
  }
  requireRights(place, roleArn, about);
  const pools = nodePools ?? before.nodePools;
  const unknown = pools.find((pool) => !builtInPools.includes(pool));
  if (unknown !== undefined) throw invalidParameter(`Unsupported node pool: ${unknown}`, about);
  const role = nodeRoleArn ?? before.nodeRoleArn;
  if ((role === null) !== (pools.length === 0) && !(pools.length === 0 && nodeRoleArn === undefined)) {
    throw invalidParameter("nodeRoleArn is required if, and only if, nodePools are enabled", about);
  }
  if (before.nodeRoleArn !== null && role !== before.nodeRoleArn) {
    throw invalidParameter("nodeRoleArn cannot be changed while EKS Auto Mode is enabled", about);
  }
  if (role !== null) nodeRole(place, role, about);
  return { enabled, nodePools: [...pools], nodeRoleArn: role };
}

/** The control plane's role launches what Auto Mode is for. */
function requireRights({ world }: Place, roleArn: string, about: About): void {
  const role = roleByArn(world, roleArn);
  if (!role) return;
  const attached = role.attachedPolicyArns.map((arn) => arn.split("/").at(-1) ?? "");
  const missing = clusterPolicies.filter((name) => !attached.includes(name));
  if (!role.tagsSessions) missing.push("sts:TagSession in its trust policy");
  if (missing.length === 0) return;
  throw invalidParameter(`The cluster role ${roleArn} lacks what EKS Auto Mode requires: ${missing.join(", ")}`, about);
}

/**
 * Auto Mode was turned on or off, or has other pools: its nodes are let in, and add-ons find nodes or lose them. Off, it takes back
 * what it has launched, but for volumes.
 */
export function autoModeChanged(place: Place, cluster: ClusterRecord): void {
  const { nodeRoleArn, nodePools, enabled } = cluster.autoMode;
  if (nodeRoleArn !== null) addAutoModeEntry(place, cluster, nodeRoleArn);
  const stays = ({ tags }: InstanceRecord) => nodePools.includes(tags["eks:kubernetes-node-pool-name"] ?? "");
  const gone = autoModeInstances(place, cluster).filter((instance) => !stays(instance));
  endInstances(place, gone);
  if (!enabled) takeBackLoadBalancers(place, cluster);
  recheckAddons(place, cluster);
}

/** With their security groups, where nothing else uses these. */
function takeBackLoadBalancers(place: Place, { name }: ClusterRecord): void {
  const { world, region } = place;
  const release = world.duration("loadBalancerRelease", name);
  for (const groupId of dropLoadBalancers(world, region, [mark, name])) {
    scheduleIn(place, release, { what: "security group dropped", groupId });
  }
}

/** By which all is known that Auto Mode makes for a cluster. */
const mark = "eks:eks-cluster-name";

/** The running instances that Auto Mode has launched for a cluster. */
export function autoModeInstances({ world, region }: Place, { name }: ClusterRecord): readonly InstanceRecord[] {
  return Object.values(world.region(region).ec2.instances).filter(
    ({ operator, state, tags }) => operator === "eks.amazonaws.com" && state === "running" && tags[mark] === name,
  );
}

/** They go with their control plane. */
export function autoModeRemoved(place: Place, cluster: ClusterRecord): void {
  endInstances(place, autoModeInstances(place, cluster));
}

function endInstances({ world, region }: Place, instances: readonly InstanceRecord[]): void {
  const ids = instances.map(({ InstanceId }) => InstanceId);
  terminateInstances(world, region, ids);
}

/** As DescribeCluster shows it. */
export function autoModeView({ enabled, nodePools, nodeRoleArn }: AutoMode) {
  return {
    computeConfig: { enabled, ...(enabled && { nodePools, ...(nodeRoleArn !== null && { nodeRoleArn }) }) },
    storageConfig: { blockStorage: { enabled } },
  };
}
