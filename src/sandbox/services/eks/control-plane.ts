import {
  addNetworkInterface,
  dropSecurityGroup,
  isGroupInUse,
  makeSecurityGroup,
  releaseNetworkInterfaces,
  type SubnetRecord,
} from "../ec2/internal.ts";
import { ensureLogGroup } from "../logs/internal.ts";
import { scheduleIn } from "./due.ts";
import { existingSubnets } from "./network-rules.ts";
import { scheduleOwnUpdates } from "./own-updates.ts";
import type { Place } from "./place.ts";
import { issueOf, takeFailure } from "./scenario.ts";
import type { ClusterRecord } from "./state.ts";

/** The security group for the control plane and all nodes. Returns its id. */
export function makeClusterSecurityGroup(place: Place, name: string, id: string, vpcId: string): string {
  return makeSecurityGroup(place.world, place.region, {
    name: `eks-cluster-sg-${name}-${id.slice(0, 10)}`,
    description:
      "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as " +
      "any managed workloads.",
    vpcId,
    tags: {
      Name: `eks-cluster-sg-${name}-${id.slice(0, 10)}`,
      [`kubernetes.io/cluster/${name}`]: "owned",
      "aws:eks:cluster-name": name,
    },
    selfReferencing: true,
  });
}

/** Puts the control plane's network interfaces into two of the subnets, in different zones. Returns their ids. */
export function placeNetworkInterfaces(
  { world, region }: Place,
  name: string,
  subnets: readonly SubnetRecord[],
  groupIds: readonly string[],
): string[] {
  const zones = new Map(subnets.toReversed().map((subnet) => [subnet.AvailabilityZone, subnet.SubnetId]));
  return [...zones.values()]
    .toReversed()
    .slice(0, 2)
    .map((subnetId) =>
      addNetworkInterface(world, region, {
        subnetId,
        groupIds,
        description: `Amazon EKS ${name}`,
        requesterManaged: true,
        tags: {},
      }),
    );
}

/** The control plane moves to other subnets or security groups. */
export function moveNetworkInterfaces(place: Place, cluster: ClusterRecord): void {
  const { vpc, name } = cluster;
  const before = cluster.networkInterfaceIds;
  const groups = [cluster.clusterSecurityGroupId, ...vpc.securityGroupIds];
  const subnets = existingSubnets(place, vpc.subnetIds, { clusterName: name });
  cluster.networkInterfaceIds = placeNetworkInterfaces(place, name, subnets, groups);
  releaseNetworkInterfaces(place.world, place.region, before, releaseTime(place));
}

/** The time of its creation is over: the control plane is up, or has failed for good. */
export function controlPlaneMade(place: Place, cluster: ClusterRecord): void {
  const failure = takeFailure(place.world, "cluster", cluster.name);
  if (failure) {
    cluster.status = "FAILED";
    cluster.issues = [{ ...issueOf(failure), resourceIds: [] }];
    return;
  }
  cluster.status = "ACTIVE";
  cluster.madeAt = place.world.now();
  ensureClusterLogGroup(place, cluster);
  scheduleOwnUpdates(place, cluster, "created");
}

/** EKS makes the log group itself when logs are written and it is not there; it then never expires. */
export function ensureClusterLogGroup({ world, region }: Place, { name, logging }: ClusterRecord): void {
  if (logging.length > 0) ensureLogGroup(world, region, clusterLogGroup(name));
}

function clusterLogGroup(cluster: string): string {
  return `/aws/eks/${cluster}/cluster`;
}

/** What EKS made around a control plane goes with it; the last logs are written, and the interfaces take their time. */
export function clusterRemoved(place: Place, cluster: ClusterRecord): void {
  if (cluster.madeAt !== null) lastLogs(place, cluster);
  releaseNetworkInterfaces(place.world, place.region, cluster.networkInterfaceIds, releaseTime(place));
  scheduleIn(place, place.world.duration("networkInterfaceRelease"), {
    what: "security group dropped",
    groupId: cluster.clusterSecurityGroupId,
  });
}

/** The last logs are written at once, or by the scenario later: to a group that EKS makes anew if need be. */
function lastLogs(place: Place, cluster: ClusterRecord): void {
  ensureClusterLogGroup(place, cluster);
  const late = place.world.state.scenario.kubernetes.find((each) => each.cluster === cluster.name)?.lateLogs;
  if (late === undefined || cluster.logging.length === 0) return;
  scheduleIn(place, late * 1000, { what: "logs delivered", logGroup: clusterLogGroup(cluster.name) });
}

export function logsDelivered({ world, region }: Place, logGroup: string): void {
  ensureLogGroup(world, region, logGroup);
}

/** EKS leaves its group where something else still uses it. */
export function securityGroupDropped({ world, region }: Place, groupId: string): void {
  if (!isGroupInUse(world, region, groupId)) dropSecurityGroup(world, region, groupId);
}

function releaseTime({ world }: Place): number {
  return world.now() + world.duration("networkInterfaceRelease");
}
