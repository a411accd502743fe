import type { ClusterRecord } from "../services/eks/state.ts";
import type { World } from "../world.ts";
import { type Objects, objectsOver } from "./objects.ts";

/** One cluster's API, and where it is. */
export interface ClusterPlace {
  readonly world: World;
  readonly region: string;
  readonly cluster: ClusterRecord;
}

/** The cluster whose endpoint has this id, while its control plane is up. */
export function clusterWithId(world: World, id: string): ClusterPlace | undefined {
  for (const region of Object.keys(world.state.regions)) {
    const found = Object.values(world.region(region).eks.clusters).find((each) => each.id === id.toLowerCase());
    if (found && found.madeAt !== null) return { world, region, cluster: found };
  }
  return undefined;
}

/** What the API holds. A cluster that is gone leaves nothing behind. */
export function objectsOf({ world, region, cluster }: ClusterPlace): Objects {
  const { kubernetes } = world.region(region);
  const store = (kubernetes[cluster.id] ??= { version: 1, objects: {} });
  return objectsOver(store, world.now());
}

/** Where the API of a cluster is: one server answers for all, and the path says which one is meant. */
export function endpointWithId(world: World, id: string): string {
  return `${world.kubernetesUrl}/${id.toUpperCase()}`;
}
