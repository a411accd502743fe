import type { Filter } from "@aws-sdk/client-ec2";
import { invalidValue } from "./errors.ts";
import type { Place } from "./place.ts";
import type { Recorded } from "./state.ts";

/** What a filter compares with: one value, several of which one must fit, or none. */
type FilterValue = string | number | boolean | readonly string[] | null | undefined;
export type FilterTable<R> = Readonly<Record<string, (record: R, place: Place) => FilterValue>>;

/**
 * The records that fit all filters. A filter fits when one of its values does; values are case-sensitive and may hold the
 * wildcards `*` and `?`. Throws InvalidParameterValue for a filter that the operation does not have.
 */
export function applyFilters<R>(
  records: readonly R[],
  filters: readonly Filter[] | undefined,
  table: FilterTable<R>,
  place: Place,
): R[] {
  const tests = (filters ?? []).map((filter) => {
    const name = filter.Name ?? "";
    const valueOf = Object.hasOwn(table, name) ? table[name] : undefined;
    const patterns = (filter.Values ?? []).map(wildcard);
    if (!valueOf) throw invalidValue(`The filter '${name || "null"}' is invalid`);
    if (patterns.length === 0) throw invalidValue(`The filter '${name}' has no values`);
    return (record: R) =>
      listOf(valueOf(record, place)).some((value) => patterns.some((pattern) => pattern.test(value)));
  });
  return records.filter((record) => tests.every((fits) => fits(record)));
}

/** The table with the tag filters that the filters name: `tag:<key>`, `tag-key` and `tag-value`. */
export function withTagFilters<R extends Recorded>(
  table: FilterTable<R>,
  filters: readonly Filter[] | undefined,
): FilterTable<R> {
  const byKey = (filters ?? [])
    .map((filter) => filter.Name ?? "")
    .filter((name) => name.startsWith("tag:"))
    .map((name) => [name, (record: R) => record.tags[name.slice("tag:".length)]] as const);
  return {
    ...table,
    "tag-key": (record) => Object.keys(record.tags),
    "tag-value": (record) => Object.values(record.tags),
    ...Object.fromEntries(byKey),
  };
}

function listOf(value: FilterValue): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === "object" ? value : [String(value)];
}

/** `*` is any text, `?` any character; a backslash takes the next character as it stands. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\(.)|[*?]|[^\\*?]+|\\/gs, (part: string, escaped: string | undefined) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    return (escaped ?? part).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "s");
}
