import type { Scenario } from "../../scenario.ts";
import { scheduleIn } from "./due.ts";
import { hasRunningUpdate } from "./lookup.ts";
import type { Place } from "./place.ts";
import type { ClusterRecord, Happening } from "./state.ts";
import { startUpdate } from "./updates.ts";

type OwnUpdate = Scenario["ownUpdates"][number];

/** Lets those updates follow that the scenario has after this moment of the cluster. */
export function scheduleOwnUpdates(place: Place, { name }: ClusterRecord, after: OwnUpdate["after"]): void {
  for (const { cluster, type, delaySeconds, seconds, ...each } of place.world.state.scenario.ownUpdates) {
    if (cluster !== name || each.after !== after) continue;
    scheduleIn(place, delaySeconds * 1000, { what: "own update begun", cluster, type, seconds });
  }
}

/** How long EKS waits for the cluster's other updates. */
const waitSeconds = 10;

/** Nobody asked for it, and nobody is told: the status stays ACTIVE, and only ListUpdates shows it. */
export function ownUpdateBegun(
  place: Place,
  cluster: ClusterRecord,
  { type, seconds }: Extract<Happening, { what: "own update begun" }>,
): void {
  const { name } = cluster;
  if (cluster.status !== "ACTIVE" || hasRunningUpdate(cluster)) {
    return scheduleIn(place, waitSeconds * 1000, { what: "own update begun", cluster: name, type, seconds });
  }
  const asked = { token: null, request: "" };
  const update = startUpdate(place, cluster, { type, params: [], asked, change: {} });
  scheduleIn(place, seconds * 1000, { what: "cluster updated", cluster: name, update: update.id });
}
