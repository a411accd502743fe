import type { World } from "../../world.ts";
import { eksOf, type Place } from "./place.ts";
import type { Due, Happening } from "./state.ts";

/** Lets something happen `ms` from now. */
export function scheduleIn(place: Place, ms: number, happening: Happening): void {
  eksOf(place).due.push({ ...happening, at: place.world.now() + ms });
}

/** What is forgotten: all that is to happen to a cluster, or to one of its nodegroups or add-ons. */
interface Scope {
  readonly cluster: string;
  readonly nodegroup?: string;
  readonly addon?: string;
}

/** Forgets what was to happen; with `what` only that. */
export function unschedule(place: Place, { cluster, nodegroup, addon }: Scope, what?: Due["what"]): void {
  const state = eksOf(place);
  const concerned = (due: Due): boolean =>
    "cluster" in due &&
    due.cluster === cluster &&
    (nodegroup === undefined || ("nodegroup" in due && due.nodegroup === nodegroup)) &&
    (addon === undefined || ("addon" in due && due.addon === addon)) &&
    (what === undefined || due.what === what);
  state.due = state.due.filter((due) => !concerned(due));
}

/** Takes out what is due first in any region, if its time has come. */
export function takeNext(world: World): { due: Due; region: string } | undefined {
  let next: { due: Due; region: string } | undefined;
  for (const [region, { eks }] of Object.entries(world.state.regions)) {
    for (const due of eks.due) {
      if (due.at <= world.now() && (!next || due.at < next.due.at)) next = { due, region };
    }
  }
  if (next) {
    const { due, region } = next;
    const { eks } = world.region(region);
    eks.due = eks.due.filter((other) => other !== due);
  }
  return next;
}
