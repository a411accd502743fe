import * as z from "zod";
import { type Path, type Written, isMapping } from "../yaml.ts";
import type { Finding } from "./problems.ts";
import { fitting, unwrap } from "./schema-walk.ts";
import { readings } from "./schema/values.ts";
import { strangeKey } from "./strange-keys.ts";
import { switchOf } from "./switches.ts";

/** A single value as it was written; undefined where there is no text. */
export type WrittenAt = (path: Path) => Written | undefined;

interface Reader {
  readonly findings: Finding[];
  /** All that was written. */
  readonly root: unknown;
  /** The schema of all. */
  readonly schema: z.core.$ZodType;
  readonly writtenAt: WrittenAt;
}

/**
 * The first look at what was written, before its values are judged: keys that are unknown or refused are reported and
 * left out; keys without a value (`vpc:` and nothing below) count as absent, as in eksctl; values whose letter case does
 * not count get the usual one; words without quotes that YAML 1.1 takes for true and false (`yes`, `off`) are that.
 */
export function readKeys(
  value: unknown,
  schema: z.core.$ZodType,
  writtenAt: WrittenAt,
): { readonly value: unknown; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  return { value: read(value, schema, [], { findings, root: value, schema, writtenAt }), findings };
}

function read(value: unknown, schema: z.core.$ZodType, path: Path, reader: Reader): unknown {
  const { findings, writtenAt } = reader;
  const inner = fitting(schema, value);
  if (inner instanceof z.ZodObject && isMapping(value)) return readMapping(value, inner.shape, path, reader);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const item = inner.element;
    return value.map((one, index) => read(one, item, [...path, index], reader));
  }
  if (inner instanceof z.ZodRecord && isMapping(value)) return readRecord(value, inner, path, reader);
  const { source = "", plain = false } = writtenAt(path) ?? {};
  if (inner instanceof z.ZodBoolean && typeof value === "string" && plain) return switchOf(value) ?? value;
  if (inner instanceof z.ZodNumber && plain && /^[-+]?0\d/.test(source)) {
    const message = `${source} begins with 0: YAML 1.1, which eksctl reads, takes that for an octal number`;
    findings.push({ path, at: "value", message, hint: `write ${String(value)}` });
    return undefined;
  }
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
      const finding = strangeKey(key, value, Object.keys(shape), path, reader);
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

/** Names that are free for the user; but for one that JavaScript objects cannot carry. */
function readRecord(
  value: Readonly<Record<string, unknown>>,
  { valueType }: z.ZodRecord,
  path: Path,
  reader: Reader,
): unknown {
  if (Object.hasOwn(value, "__proto__")) {
    reader.findings.push({ path: [...path, "__proto__"], at: "key", message: "cannot be used as a name" });
  }
  const holdsMappings = unwrap(valueType) instanceof z.ZodObject;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "__proto__")
      .map(([key, child]) => [key, read(holdsMappings ? (child ?? {}) : child, valueType, [...path, key], reader)]),
  );
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
