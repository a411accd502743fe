import type { World } from "../../world.ts";
import { eksOf, type Place } from "./place.ts";
import type { Due, Happening } from "./state.ts";

/** Lets something happen at an instant, in virtual milliseconds since the epoch. */
export function scheduleAt(place: Place, at: number, happening: Happening): void {
  eksOf(place).due.push({ ...happening, at });
}

/** Lets something happen `ms` from now. */
export function scheduleIn(place: Place, ms: number, happening: Happening): void {
  scheduleAt(place, place.world.now() + ms, happening);
}

/** Forgets what was to happen to a cluster, or to one of its nodegroups or add-ons: all of it, or what `what` names. */
export function unschedule(
  place: Place,
  what: { cluster: string; nodegroup?: string; addon?: string; what?: Due["what"] },
): void {
  const state = eksOf(place);
  const concerned = (due: Due) =>
    Object.entries(what).every(([key, value]) => (due as unknown as Record<string, unknown>)[key] === value);
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

/** The world as it is at an earlier instant that is only now caught up with. */
export function worldAt(world: World, at: number): World {
  return { ...world, now: () => at };
}
