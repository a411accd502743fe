import type { Update, UpdateParamType, UpdateType } from "@aws-sdk/client-eks";
import type { Durations } from "../../durations.ts";
import { addCreatorEntry, addNodeEntry } from "./access-records.ts";
import { amiTypes } from "./ami-types.ts";
import { autoModeChanged } from "./auto-mode.ts";
import { ensureClusterLogGroup, moveNetworkInterfaces } from "./control-plane.ts";
import { scheduleIn } from "./due.ts";
import { requireIdle } from "./lookup.ts";
import type { Place } from "./place.ts";
import type { Asked, ClusterConfig, ClusterRecord } from "./state.ts";
import { paramsOf, startedBefore, startUpdate, updateById, updateView } from "./updates.ts";

/** An update of a cluster that is about to begin. */
export interface ClusterUpdate {
  readonly type: UpdateType;
  readonly duration: keyof Durations;
  readonly params: Partial<Record<UpdateParamType, unknown>>;
  readonly change: Partial<ClusterConfig>;
}

/** Those whose cluster says UPDATING; during all others it goes on saying ACTIVE. */
const shown: readonly UpdateType[] = [
  "VersionUpdate",
  "VersionRollback",
  "EndpointAccessUpdate",
  "VpcConfigUpdate",
  "AssociateEncryptionConfig",
  "ControlPlaneComponentConfigUpdate",
];

/**
 * Starts the update that `prepare` makes of the request, or answers with the one that this very request started before.
 * Throws ResourceInUseException while another one runs.
 */
export function updateCluster(
  place: Place,
  cluster: ClusterRecord,
  asked: Asked,
  prepare: () => ClusterUpdate,
): { update: Update } {
  const earlier = startedBefore(cluster, asked);
  if (earlier) return { update: updateView(earlier) };
  requireIdle(cluster);
  const { type, duration, params, change } = prepare();
  const update = startUpdate(place, cluster, { type, params: paramsOf(params), asked, change });
  if (shown.includes(type)) cluster.status = "UPDATING";
  scheduleIn(place, place.world.duration(duration, `${place.region}/${cluster.name}/${update.id}`), {
    what: "cluster updated",
    cluster: cluster.name,
    update: update.id,
  });
  return { update: updateView(update) };
}

export function clusterUpdated(place: Place, cluster: ClusterRecord, updateId: string): void {
  const update = updateById(cluster, updateId);
  const { authenticationMode: before, version: from } = cluster;
  update.status = "Successful";
  cluster.status = "ACTIVE";
  Object.assign(cluster, update.change);
  if (update.type === "VpcConfigUpdate") moveNetworkInterfaces(place, cluster);
  if (update.type === "VersionUpdate") cluster.upgraded = { from, at: place.world.now() };
  if (update.type === "VersionRollback") cluster.upgraded = null;
  if (update.type === "AutoModeUpdate") autoModeChanged(place, cluster);
  if (update.type === "LoggingUpdate") ensureClusterLogGroup(place, cluster);
  if (before === "CONFIG_MAP" && cluster.authenticationMode !== "CONFIG_MAP") addEntriesOfConfigMap(place, cluster);
}

/** When access entries are turned on, EKS makes those of the creator and of the nodegroups. */
function addEntriesOfConfigMap(place: Place, cluster: ClusterRecord): void {
  addCreatorEntry(place, cluster);
  for (const { nodeRole, amiType } of Object.values(cluster.nodegroups)) {
    addNodeEntry(place, cluster, nodeRole, amiTypes[amiType]?.system === "windows");
  }
}
