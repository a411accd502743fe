import type * as z from "zod";
import { type Path, type Written, isMapping } from "../yaml.ts";
import { nearest } from "./nearest.ts";
import type { Finding } from "./problems.ts";
import { switchOf } from "./switches.ts";

type Issue = z.core.$ZodIssue;

/** A single value as it was written; undefined where there is no text. */
export type WrittenAt = (path: Path) => Written | undefined;

/** What zod found, in the words of the user: what is wrong, what is allowed. */
export function findingOf(issue: Issue, root: unknown, writtenAt: WrittenAt): Finding {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const value = valueAt(root, path);
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? missing(path)
        : { path, at: "value", ...wrongType(issue.expected, value, writtenAt(path)?.source) };
    case "invalid_value":
      return value === undefined
        ? missing(path)
        : { path, at: "value", ...notAllowed(issue.values.map(String), value) };
    case "too_small":
    case "too_big":
      return { path, at: "value", message: outOfRange(issue) };
    case "invalid_key":
      return { path, at: "key", message: issue.issues[0]?.message ?? "is no name that is allowed here" };
    case "custom": {
      const hint: unknown = issue.params?.["hint"];
      return { path, at: "value", message: issue.message, ...(typeof hint === "string" ? { hint } : {}) };
    }
    default:
      return { path, at: "value", message: issue.message };
  }
}

function missing(path: Path): Finding {
  return { path, at: "value", message: "is missing" };
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function wrongType(expected: string, value: unknown, source: string | undefined): Pick<Finding, "message" | "hint"> {
  const message = `must be ${typeNames[expected] ?? expected}, not ${describe(value, source)}`;
  const hint = typeHint(expected, value, source ?? scalarText(value));
  return hint === undefined ? { message } : { message, hint };
}

function typeHint(expected: string, value: unknown, source: string): string | undefined {
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean")) {
    return `put it in quotes: "${source}"`;
  }
  const meant = expected === "boolean" && typeof value === "string" ? switchOf(value.toLowerCase()) : undefined;
  if (meant !== undefined) return `write ${meant}, without quotes`;
  if (expected === "number" && typeof value === "string" && /^\d+$/.test(value))
    return `write it without quotes: ${value}`;
  if (expected === "array" && typeof value !== "object") return `for a list of one write [${source}]`;
  if (expected === "array" && value !== null) return "each item begins with a hyphen";
  return undefined;
}

function notAllowed(allowed: readonly string[], value: unknown): Pick<Finding, "message" | "hint"> {
  const message = `must be ${oneOf(allowed)}, not ${describe(value)}`;
  const meant = allowed.length > 1 && typeof value === "string" ? nearest(value, allowed) : undefined;
  return meant === undefined ? { message } : { message, hint: `did you mean ${meant}?` };
}

function oneOf(allowed: readonly string[]): string {
  return allowed.length === 1 ? (allowed[0] ?? "") : `one of ${allowed.join(", ")}`;
}

/** Our own words where the schema has some; else what the limits say. */
function outOfRange(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  if (issue.origin !== "number" && issue.origin !== "int") return issue.message;
  return issue.code === "too_small" ? `must be at least ${issue.minimum}` : `must be at most ${issue.maximum}`;
}

function describe(value: unknown, source = scalarText(value)): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "string") return JSON.stringify(shortened(value));
  if (Number.isFinite(value)) return `the number ${source}`;
  return source;
}

/** Nothing for mappings and lists, which may bring a `toString` of their own. */
function scalarText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce((value, step) => {
    if (Array.isArray(value)) return value[Number(step)] as unknown;
    return isMapping(value) ? value[step] : undefined;
  }, root);
}
