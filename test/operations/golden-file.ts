import type { ClusterConfig } from "../../src/config/types.ts";
import { before, type Edit } from "./golden-table.ts";

/** The text of a file, which has one nodegroup, with an edit laid over it. */
export function edited(
  { given = {}, file, nodegroup = {} }: Pick<Edit, "given" | "file" | "nodegroup">,
  from: ClusterConfig = before,
): string {
  const list = from.nodeGroups === undefined ? "managedNodeGroups" : "nodeGroups";
  const changed = { [list]: [laidOver(from[list]?.[0], nodegroup)] };
  return JSON.stringify(laidOver(laidOver(laidOver(from, given), changed), file));
}

/** Mappings key by key (undefined takes a key out), all else as a whole. */
export function laidOver(value: unknown, over: unknown): unknown {
  if (!isMapping(value) || !isMapping(over)) return over;
  const changed = Object.entries(over).map(([key, part]) => [key, laidOver(value[key], part)]);
  return { ...value, ...Object.fromEntries(changed) };
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
