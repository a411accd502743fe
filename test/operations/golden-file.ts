import { before, type Edit } from "./golden-table.ts";

/** The text of the file with an edit laid over it. */
export function edited({ file, nodegroup = {} }: Pick<Edit, "file" | "nodegroup">): string {
  const [first] = before.managedNodeGroups;
  return JSON.stringify(laidOver(laidOver(before, { managedNodeGroups: [laidOver(first, nodegroup)] }), file));
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
