import type { World } from "../../world.ts";

/** When IAM, and then every service, knows of something that is made now. */
export function consistency(world: World, name: string): { visibleAt: number; usableAt: number } {
  const visibleAt = world.now() + world.duration("iamVisibility", name);
  return { visibleAt, usableAt: Math.max(visibleAt, world.now() + world.duration("iamPropagation", name)) };
}
