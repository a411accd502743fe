import { isPrintable, jsonText } from "../../text.ts";
import type { Change } from "../../engine/plan-types.ts";

/** Characters of a value that are shown; all of it stands in `-o json`. */
const longest = 100;

/** A change in words: of maps only the elements that differ, a line each. */
export function changeLines({ aspect, from, to }: Pick<Change, "aspect" | "from" | "to">): readonly string[] {
  return difference(aspect, from, to);
}

function difference(path: string, from: unknown, to: unknown): readonly string[] {
  if (!isMap(from) || !isMap(to)) return [`${path}: ${valueText(from)} → ${valueText(to)}`];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return keys
    .filter((key) => JSON.stringify(from[key]) !== JSON.stringify(to[key]))
    .flatMap((key) => difference(`${path}${/^\w+$/u.test(key) ? `.${key}` : `[${key}]`}`, from[key], to[key]));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return "(none)";
  const text = typeof value === "string" && isPrintable(value) && !value.includes("\n") ? value : jsonText(value);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
