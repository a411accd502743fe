import { before, type Edit } from "./golden-table.ts";

/** The text of the file with an edit laid over it. */
export function edited({ given = {}, file, nodegroup = {} }: Pick<Edit, "given" | "file" | "nodegroup">): string {
  const [first] = before.managedNodeGroups;
  const changed = { managedNodeGroups: [laidOver(first, nodegroup)] };
  return JSON.stringify(laidOver(laidOver(laidOver(before, given), changed), file));
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
