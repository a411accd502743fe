import { worldAt } from "../../world-at.ts";
import type { World } from "../../world.ts";
import { addonChecked, recheckAddons } from "./addon-health.ts";
import { addonUpdated } from "./addon-update.ts";
import { addonGone } from "./addons.ts";
import { capabilityGone, capabilityMade, capabilityUpdated } from "./capabilities.ts";
import { clusterUpdated } from "./cluster-update.ts";
import { removeCluster } from "./clusters.ts";
import { controlPlaneMade, logsDelivered, securityGroupDropped } from "./control-plane.ts";
import { takeNext } from "./due.ts";
import { profileGone, profileMade } from "./fargate-profiles.ts";
import { addonOf, capabilityOf, clusterOf, fargateProfileOf, nodegroupOf } from "./lookup.ts";
import { nodegroupUpdated } from "./nodegroup-config.ts";
import { nodesRolled } from "./nodegroup-version.ts";
import { nodegroupGone, nodesChecked } from "./nodegroups.ts";
import { ownUpdateBegun } from "./own-updates.ts";
import type { Place } from "./place.ts";
import { selfManagedNodes } from "./self-managed-nodes.ts";
import type { ClusterRecord, Due } from "./state.ts";

/** Lets all happen whose time has come, in order of time, each as of its own instant. */
export function settle(world: World): void {
  for (let next = takeNext(world); next; next = takeNext(world)) {
    happen({ world: worldAt(world, next.due.at), region: next.region }, next.due);
  }
  for (const [region, { eks }] of Object.entries(world.state.regions)) {
    for (const cluster of Object.values(eks.clusters)) lookForNodes({ world, region }, cluster);
  }
}

/** Nodes that nobody manages come and go by themselves: add-ons that wait for nodes notice. */
function lookForNodes(place: Place, cluster: ClusterRecord): void {
  const ready = selfManagedNodes(place, cluster).length > 0;
  if (ready === (cluster.selfManagedReady ?? false)) return;
  cluster.selfManagedReady = ready;
  recheckAddons(place, cluster);
}

function happen(place: Place, due: Due): void {
  if (due.what === "security group dropped") return securityGroupDropped(place, due.groupId);
  if (due.what === "logs delivered") return logsDelivered(place, due.logGroup);
  const cluster = clusterOf(place, due.cluster);
  switch (due.what) {
    case "control plane made":
      return controlPlaneMade(place, cluster);
    case "control plane gone":
      return removeCluster(place, cluster);
    case "cluster updated":
      return clusterUpdated(place, cluster, due.update);
    case "own update begun":
      return ownUpdateBegun(place, cluster, due);
    case "fargate profile made":
      return profileMade(place, cluster, fargateProfileOf(cluster, due.fargateProfile));
    case "fargate profile gone":
      return profileGone(place, cluster, fargateProfileOf(cluster, due.fargateProfile));
    case "nodes checked":
      return nodesChecked(place, cluster, nodegroupOf(cluster, due.nodegroup));
    case "nodegroup gone":
      return nodegroupGone(place, cluster, nodegroupOf(cluster, due.nodegroup));
    case "nodegroup updated":
      return nodegroupUpdated(place, cluster, nodegroupOf(cluster, due.nodegroup), due.update);
    case "nodes rolled":
      return nodesRolled(place, cluster, nodegroupOf(cluster, due.nodegroup), due.update);
    case "addon checked":
      return addonChecked(place, cluster, addonOf(cluster, due.addon));
    case "addon updated":
      return addonUpdated(place, cluster, addonOf(cluster, due.addon), due.update);
    case "capability made":
      return capabilityMade(place, cluster, capabilityOf(cluster, due.capability));
    case "capability updated":
      return capabilityUpdated(place, capabilityOf(cluster, due.capability), due.update);
    case "capability gone":
      return capabilityGone(cluster, due.capability);
    case "addon gone":
      return addonGone(cluster, addonOf(cluster, due.addon));
  }
}
