import type { Place } from "./place.ts";
import type { ClusterRecord } from "./state.ts";

/** Days within which an upgrade can be taken back (EKS user guide, cluster version rollback). */
const rollbackDays = 7;

/** What a control plane can go back to, nodegroups first: only the latest upgrade can be taken back, and not for long. */
export function versionBefore({ world }: Place, { upgraded }: ClusterRecord): readonly string[] {
  return upgraded && world.now() - upgraded.at <= rollbackDays * 24 * 3600 * 1000 ? [upgraded.from] : [];
}
