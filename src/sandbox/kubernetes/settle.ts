import { settleBase } from "./base.ts";
import { settleFargate } from "./fargate.ts";
import { settleNodes } from "./nodes.ts";
import type { Objects } from "./objects.ts";
import type { ClusterPlace } from "./place.ts";
import { settleBudgets, settlePods } from "./pods.ts";
import { schedule, settleWorkloads } from "./workloads.ts";

/** Lets everything in a cluster go on to where it is by now. Done when somebody looks: until then nobody can tell. */
export function settleCluster(place: ClusterPlace, objects: Objects): void {
  settleBase(place, objects);
  settleNodes(place, objects);
  settlePods(objects);
  settleWorkloads(objects);
  settleFargate(place, objects);
  schedule(objects);
  settleBudgets(objects);
}
