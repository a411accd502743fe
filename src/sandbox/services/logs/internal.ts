import type { World } from "../../world.ts";
import { groupIn, makeGroup } from "./log-groups.ts";

/** What an AWS service does before it writes logs: makes the group, never to expire, unless it is there. */
export function ensureLogGroup(world: World, region: string, name: string): void {
  if (!groupIn(world, region, name)) makeGroup(world, region, name);
}
