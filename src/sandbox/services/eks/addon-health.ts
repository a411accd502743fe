import type { AddonIssue, AddonStatus } from "@aws-sdk/client-eks";
import { addonKind, needsNodes } from "./addon-kinds.ts";
import { scheduleIn, unschedule } from "./due.ts";
import { runsOnFargate } from "./fargate-pods.ts";
import type { Place } from "./place.ts";
import { issueOf, takeFailure } from "./scenario.ts";
import type { AddonRecord, ClusterRecord } from "./state.ts";

const podIdentityAgent = "eks-pod-identity-agent";

/** Lets EKS look at an add-on when it had time to start. */
export function scheduleCheck(place: Place, cluster: ClusterRecord, addon: AddonRecord): void {
  const { world, region } = place;
  const what = { cluster: cluster.name, addon: addon.name };
  unschedule(place, what, "addon checked");
  scheduleIn(place, world.duration("addonCreate", `${region}/${cluster.name}/${addon.name}`), {
    ...what,
    what: "addon checked",
  });
}

/** The time to start is over: the add-on runs, or waits for what it needs, or its creation has failed. */
export function addonChecked(place: Place, cluster: ClusterRecord, addon: AddonRecord): void {
  const lack = lackOf(place, cluster, addon);
  const ailment = failureOf(place, cluster, addon) ?? (lack && { issue: lack });
  addon.waiting = lack !== undefined;
  addon.issues = ailment ? [ailment.issue] : [];
  addon.modifiedAt = place.world.now();
  addon.status = ailment ? statusWith(ailment, addon) : "ACTIVE";
}

/** What ails an add-on, and the status that the scenario wants for it. */
interface Ailment {
  readonly issue: AddonIssue;
  readonly status?: AddonStatus | undefined;
}

/** Only a creation fails for good; for replicas EKS goes on waiting. */
function statusWith({ issue, status }: Ailment, addon: AddonRecord): AddonStatus {
  if (addon.status !== "CREATING") return "DEGRADED";
  return status ?? (issue.code === "InsufficientNumberOfReplicas" ? "DEGRADED" : "CREATE_FAILED");
}

/**
 * To be called when nodes or the agent have come or gone: an add-on that waited for them gets its time to start, one that
 * runs no longer degrades.
 */
export function recheckAddons(place: Place, cluster: ClusterRecord): void {
  for (const addon of Object.values(cluster.addons)) {
    const lack = lackOf(place, cluster, addon);
    const waited = addon.waiting;
    addon.waiting = lack !== undefined;
    if (lack && addon.status === "ACTIVE") {
      addon.status = "DEGRADED";
      addon.issues = [lack];
    }
    if (!lack && waited && (addon.status === "CREATING" || addon.status === "DEGRADED")) {
      scheduleCheck(place, cluster, addon);
    }
  }
}

/** Why its creation fails, by the scenario or since Kubernetes has the add-on's objects from elsewhere. */
function failureOf(place: Place, cluster: ClusterRecord, { name }: AddonRecord): Ailment | undefined {
  const failure = takeFailure(place.world, "addon", name);
  if (failure) return { issue: { ...issueOf(failure), resourceIds: [] }, status: failure.status };
  if (!cluster.selfManagedAddons.includes(name)) return undefined;
  const message =
    "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. " +
    `Conflicts: ${addonKind(place.region, name)?.object} - .spec.template.spec.containers`;
  return { issue: { code: "ConfigurationConflict", message, resourceIds: [] } };
}

/** What an add-on lacks to run: ready nodes for a Deployment, the agent for pod identity. */
export function lackOf({ region }: Place, cluster: ClusterRecord, addon: AddonRecord): AddonIssue | undefined {
  const kind = addonKind(region, addon.name);
  const lacksNodes =
    kind !== undefined &&
    needsNodes(kind) &&
    Object.values(cluster.nodegroups).every((nodegroup) => nodegroup.readySince === null) &&
    cluster.selfManagedReady !== true &&
    cluster.autoMode.nodePools.length === 0 &&
    !runsOnFargate(kind, cluster, addon);
  const agent = cluster.addons[podIdentityAgent];
  const lacksAgent =
    !cluster.autoMode.enabled &&
    Object.values(cluster.podIdentityAssociations).some((each) => each.ownerArn === addon.arn) &&
    (!agent || agent.status === "CREATE_FAILED" || agent.status === "DELETING");
  if (!lacksNodes && !lacksAgent) return undefined;
  return {
    code: "InsufficientNumberOfReplicas",
    message: "The add-on is unhealthy because it doesn't have the desired number of replicas.",
    resourceIds: [],
  };
}
