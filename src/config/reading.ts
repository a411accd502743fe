import * as z from "zod";
import { type Path, isMapping } from "../yaml.ts";
import { nearest } from "./nearest.ts";
import type { Finding } from "./problems.ts";
import { readings } from "./schema/values.ts";
import { switchOf } from "./switches.ts";
import { asksForNothing, refusalOf, refusedKeys } from "./unsupported.ts";

/**
 * The first look at what was written, before its values are judged: keys that are unknown or refused are reported and
 * left out; keys without a value (`vpc:` and nothing below) count as absent, as in eksctl; values whose letter case does
 * not count get the usual one; words without quotes that YAML 1.1 takes for true and false (`yes`, `off`) are that.
 */
export function readKeys(
  value: unknown,
  schema: z.core.$ZodType,
  isPlain: IsPlain,
): { readonly value: unknown; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  return { value: read(value, schema, [], { findings, isPlain }), findings };
}

/** Whether the single value at a path stands without quotes. */
type IsPlain = (path: Path) => boolean;

interface Reader {
  readonly findings: Finding[];
  readonly isPlain: IsPlain;
}

function read(value: unknown, schema: z.core.$ZodType, path: Path, reader: Reader): unknown {
  const { findings, isPlain } = reader;
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject && isMapping(value)) return readMapping(value, inner.shape, path, reader);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const item = inner.element;
    return value.map((one, index) => read(one, item, [...path, index], reader));
  }
  if (inner instanceof z.ZodRecord && isMapping(value)) return readRecord(value, path, findings);
  if (inner instanceof z.ZodBoolean && typeof value === "string" && isPlain(path)) return switchOf(value) ?? value;
  const reading = readings.get(inner);
  if (!reading || typeof value !== "string") return value;
  return reading.usual ? reading.usual(value) : readEnum(value, inner, reading, path, findings);
}

function readMapping(
  value: Readonly<Record<string, unknown>>,
  shape: Readonly<Record<string, z.core.$ZodType>>,
  path: Path,
  reader: Reader,
): unknown {
  const entries: [string, unknown][] = [];
  for (const [key, child] of Object.entries(value)) {
    const known = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (!known) {
      const finding = strangeKey(key, value, Object.keys(shape), path);
      if (finding) reader.findings.push(finding);
    } else if (!isUnset(child, known)) {
      const kept = read(child, known, [...path, key], reader);
      if (kept !== undefined) entries.push([key, kept]);
    }
  }
  return Object.fromEntries(entries);
}

/** Empty text counts as unset where a key may be absent: eksctl's own dry run writes `releaseVersion: ""`. */
function isUnset(value: unknown, schema: z.core.$ZodType): boolean {
  return value === null || value === undefined || (value === "" && unwrap(schema) !== schema);
}

/** As many names as can be taken in at a glance. */
const shortList = 12;

/** What there is to say about a key that is not among the names of its place; nothing where it asks for nothing. */
function strangeKey(
  key: string,
  mapping: Readonly<Record<string, unknown>>,
  names: readonly string[],
  path: Path,
): Finding | undefined {
  const place = placeOf(path);
  const finding = { path: [...path, key], at: "key" } as const;
  const refusal = refusalOf(place, key);
  if (refusal !== undefined) {
    return asksForNothing(mapping[key]) ? undefined : { ...finding, message: refusal };
  }
  const message = "is not a known key";
  const meant = nearest(key, [...names, ...refusedKeys(place)]);
  if (meant !== undefined) {
    const hint = `did you mean ${meant}?`;
    return { ...finding, message, hint, ...(Object.hasOwn(mapping, meant) ? {} : { meant: [...path, meant] }) };
  }
  return { ...finding, message, ...(names.length > shortList ? {} : { hint: `known here: ${names.join(", ")}` }) };
}

/** Names that are free for the user; but for one that JavaScript objects cannot carry. */
function readRecord(value: Readonly<Record<string, unknown>>, path: Path, findings: Finding[]): unknown {
  if (Object.hasOwn(value, "__proto__")) {
    findings.push({ path: [...path, "__proto__"], at: "key", message: "cannot be used as a name" });
  }
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== "__proto__"));
}

function readEnum(
  value: string,
  schema: z.core.$ZodType,
  { anyCase, refused = {} }: NonNullable<ReturnType<typeof readings.get>>,
  path: Path,
  findings: Finding[],
): unknown {
  const options = schema instanceof z.ZodEnum ? schema.options.map(String) : [];
  const same = (name: string) => (anyCase ? name.toLowerCase() === value.toLowerCase() : name === value);
  const reason = Object.entries(refused).find(([name]) => same(name))?.[1];
  if (reason === undefined) return options.find(same) ?? value;
  findings.push({ path, at: "value", message: reason, hint: `allowed: ${options.join(", ")}` });
  return undefined;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional ? unwrap(schema.unwrap()) : schema;
}

/** `["managedNodeGroups", 0, "iam"]` becomes `managedNodeGroups[].iam`. */
function placeOf(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? "[]" : index === 0 ? step : `.${step}`)).join("");
}
