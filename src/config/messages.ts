import type * as z from "zod";
import { type Path, valueAt } from "../yaml.ts";
import { abbreviated, nearest } from "./nearest.ts";
import type { Finding } from "./problems.ts";
import { schemaAt, shapeOf } from "./schema-walk.ts";
import { knownHere } from "./strange-keys.ts";
import { type Judged, typeHint } from "./type-hints.ts";

type Issue = z.core.$ZodIssue;

/** What zod found, in the words of the user: what is wrong, what is allowed. */
export function findingsOf(issue: Issue, judged: Judged): readonly Finding[] {
  if (issue.code === "invalid_union") return ofUnion(issue, judged);
  return issue.code === "unrecognized_keys" ? ofKeys(issue, judged) : [findingOf(issue, judged)];
}

/** Of schemas that are not ours; strange keys of ours have been told before. */
function ofKeys(issue: z.core.$ZodIssueUnrecognizedKeys, { value, schema }: Judged): readonly Finding[] {
  const path = pathOf(issue);
  const known = Object.keys(shapeOf(schemaAt(schema, value, path) ?? schema));
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    const hint = meant === undefined ? knownHere(known) : { hint: `did you mean ${meant}?` };
    return { path: [...path, key], at: "key", message: "is not a known key", ...hint };
  });
}

/** Of the schemas of a union the one that is for values of this type has judged it. */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion, judged: Judged): readonly Finding[] {
  const isWhole = ({ path, code }: Issue) => path.length === 0 && code === "invalid_type";
  const meant = issue.errors.find((issues) => !issues.some(isWhole));
  if (meant) return meant.flatMap((one) => findingsOf({ ...one, path: [...issue.path, ...one.path] }, judged));
  const path = pathOf(issue);
  const wanted = issue.errors.flat().flatMap((one) => (one.code === "invalid_type" ? [typeName(one.expected)] : []));
  return [
    { path, at: "value", message: `must be ${wanted.join(" or ")}, not ${describe(valueAt(judged.value, path))}` },
  ];
}

function pathOf({ path }: Issue): Path {
  return path.map((step) => (typeof step === "number" ? step : String(step)));
}

function findingOf(issue: Issue, judged: Judged): Finding {
  const path = pathOf(issue);
  const value = valueAt(judged.value, path);
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? missing(path)
        : { path, at: "value", ...wrongType(issue.expected, value, path, judged) };
    case "invalid_value":
      return value === undefined ? missing(path) : { path, at: "value", ...notAllowed(issue.values, value) };
    case "too_small":
    case "too_big":
      return { path, at: "value", message: outOfRange(issue) };
    case "invalid_key":
      return { path, at: "key", message: issue.issues[0]?.message ?? "is no name that is allowed here" };
    case "custom": {
      const { hint, at }: Record<string, unknown> = issue.params ?? {};
      return {
        path,
        at: at === "key" ? "key" : "value",
        message: issue.message,
        ...(typeof hint === "string" ? { hint } : {}),
      };
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

const typeName = (expected: string) => typeNames[expected] ?? expected;

function wrongType(expected: string, value: unknown, path: Path, judged: Judged): Pick<Finding, "message" | "hint"> {
  const source = judged.writtenAt(path)?.source;
  const message = `must be ${typeName(expected)}, not ${describe(value, source)}`;
  const hint = typeHint(typeName(expected), value, source ?? scalarText(value), path, judged);
  return hint === undefined ? { message } : { message, hint };
}

function notAllowed(values: readonly unknown[], value: unknown): Pick<Finding, "message" | "hint"> {
  const allowed = values.map(String);
  const message = `must be ${oneOf(allowed)}, not ${describe(value)}`;
  if (values.some((one) => typeof one === "number" && String(one) === value)) {
    return { message, hint: `write it without quotes: ${String(value)}` };
  }
  const meant =
    allowed.length > 1 && typeof value === "string"
      ? (nearest(value, allowed) ?? abbreviated(value, allowed))
      : undefined;
  return meant === undefined ? { message } : { message, hint: `did you mean ${meant}?` };
}

function oneOf(allowed: readonly string[]): string {
  return allowed.length === 1 ? (allowed[0] ?? "") : `one of ${allowed.join(", ")}`;
}

/** Our own words where the schema has some; else what the limits say. */
function outOfRange(issue: Extract<Issue, { code: "too_small" | "too_big" }>): string {
  if (issue.origin !== "number" && issue.origin !== "int") return issue.message;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}`;
  return issue.inclusive === false ? issue.message : `must be at least ${issue.minimum}`;
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
