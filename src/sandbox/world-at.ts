import type { World } from "./world.ts";

/** The world as it is at an earlier instant that is only now caught up with. */
export function worldAt(world: World, at: number): World {
  return { ...world, now: () => at };
}
