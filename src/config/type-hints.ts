import * as z from "zod";
import { type Path, isMapping } from "../yaml.ts";
import type { WrittenAt } from "./reading.ts";
import { fitting, schemaAt, shapeOf, unwrap } from "./schema-walk.ts";
import { knownHere } from "./strange-keys.ts";
import { switchOf } from "./switches.ts";

/** What was judged, and against what. */
export interface Judged {
  readonly value: unknown;
  readonly schema: z.core.$ZodType;
  readonly writtenAt: WrittenAt;
}

/** What a file that is none at all should look like. */
export const beginning = "a ClusterConfig begins with apiVersion: eksctl.io/v1alpha5 and kind: ClusterConfig";

/**
 * What somebody may have meant who wrote a value of another type, as it is to be written.
 *
 * @param expected in words, as messages have them.
 * @param source the value as it stands in the text.
 */
export function typeHint(
  expected: string,
  value: unknown,
  source: string,
  path: Path,
  judged: Judged,
): string | undefined {
  const schema = schemaAt(judged.schema, judged.value, path);
  switch (expected) {
    case "text":
      return textHint(value, source, path, judged);
    case "true or false": {
      const meant = typeof value === "string" ? switchOf(value.toLowerCase()) : undefined;
      return meant === undefined ? undefined : `write ${meant}, without quotes`;
    }
    case "a number":
      return typeof value === "string" && isNumber(value) ? `write it without quotes: ${value}` : undefined;
    case "a list":
      return schema instanceof z.ZodArray ? listHint(fitting(schema.element, value), value, source) : undefined;
    case "a mapping":
      return schema && value !== null ? mappingHint(schema, value, source, path.at(-1)) : undefined;
    default:
      return undefined;
  }
}

const isNumber = (text: string) => /^\d+(?:\.\d+)?$/.test(text);

function textHint(value: unknown, source: string, path: Path, judged: Judged): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return `put it in quotes: "${source}"`;
  const beside = schemaAt(judged.schema, judged.value, path.slice(0, -1));
  const key = path.at(-1);
  if (Array.isArray(value)) {
    return beside && Object.hasOwn(shapeOf(beside), `${key}s`) ? `did you mean ${key}s?` : undefined;
  }
  if (!isMapping(value)) return undefined;
  if (typeof key === "number") return "put text with a colon and a blank in quotes";
  return beside instanceof z.ZodObject ? `write it as text: ${key}: |, and the lines below it` : undefined;
}

function listHint(item: z.core.$ZodType, value: unknown, source: string): string | undefined {
  if (value === null) return undefined;
  if (typeof value === "object") return "each item begins with a hyphen";
  const items = source.split(/\s*,\s*/);
  const key = item instanceof z.ZodObject ? mainKey(item, items[0] ?? "") : undefined;
  if (!isShort(source) || (item instanceof z.ZodObject && key === undefined)) return "each item begins with a hyphen";
  const written = items.map((one) => (key === undefined ? one : `{ ${key}: ${one} }`)).join(", ");
  return `${items.length > 1 ? "write" : "for a list of one write"} [${written}]`;
}

function mappingHint(schema: z.core.$ZodType, value: unknown, source: string, step: string | number | undefined) {
  if (step === undefined) return beginning;
  if (typeof value === "string" && /^\s*\{/.test(value)) return "write it without quotes or |: JSON is YAML";
  if (schema instanceof z.ZodRecord)
    return Array.isArray(value) ? "each line is a name, a colon and a value" : undefined;
  const shape = shapeOf(schema);
  const name = typeof step === "number" ? "" : `${step}: `;
  if (Array.isArray(value)) {
    const [list, other] = Object.keys(shape).filter((key) => unwrap(shape[key] ?? schema) instanceof z.ZodArray);
    if (list !== undefined && other === undefined) return `write ${list}: below ${step}, and the list there`;
  } else if (Object.hasOwn(shape, "enabled") && switchOf(source) !== undefined) {
    return `write ${name}{ enabled: ${switchOf(source)} }`;
  } else if (typeof value !== "boolean") {
    const key = mainKey(schema, source);
    if (key !== undefined) return `write ${name}{ ${key}: ${source} }`;
  }
  return knownHere(Object.keys(shape)).hint;
}

/** The key of a mapping that somebody means who gives its text instead: the one that is needed, or there at all, or the id. */
function mainKey(schema: z.core.$ZodType, source: string): string | undefined {
  if (!/^[^\s=]{1,60}$/.test(source)) return undefined;
  const all = Object.entries(shapeOf(schema));
  const needed = all.filter(([, child]) => child === unwrap(child));
  if (needed.length > 1) return undefined;
  const [only] = needed.length === 1 ? needed : all.length === 1 ? all : [];
  const [key, child] = only ?? all.find(([name]) => name === "id" && /^[a-z]+-[0-9a-f]+$/.test(source)) ?? [];
  const isText = child !== undefined && ["string", "enum"].includes(unwrap(child)._zod.def.type);
  return isText ? key : undefined;
}

const isShort = (source: string) => source !== "" && !source.includes("\n") && source.length <= 60;
