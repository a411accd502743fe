import type { NormalizedSchema } from "@smithy/core/schema";
import { bytes, timestampFromJson, timestampToJson } from "./scalars.ts";

/** restJson1 renames members by `jsonName`; the awsJson protocols do not. */
interface JsonOptions {
  readonly useJsonName: boolean;
}

/** The name that a member has in JSON. */
export function jsonName(name: string, member: NormalizedSchema, options: JsonOptions): string {
  return (options.useJsonName ? member.getMergedTraits().jsonName : undefined) ?? name;
}

/** JSON to the SDK's shape. What does not fit the schema is left as it is, for the check to find. */
export function fromJson(schema: NormalizedSchema, value: unknown, options: JsonOptions): unknown {
  if (value === null || value === undefined || schema.isDocumentSchema()) return value ?? undefined;
  if (schema.isStructSchema() && isRecord(value)) {
    const rest = { ...value };
    const members: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const key = jsonName(name, member, options);
      if (!Object.hasOwn(rest, key)) continue;
      const read = fromJson(member, rest[key], options);
      if (read !== undefined) members[name] = read;
      delete rest[key];
    }
    return { ...rest, ...members };
  }
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((item) => fromJson(schema.getValueSchema(), item, options));
  }
  if (schema.isMapSchema() && isRecord(value)) {
    return mapValues(value, (item) => fromJson(schema.getValueSchema(), item, options));
  }
  if (schema.isTimestampSchema()) return timestampFromJson(value);
  if (schema.isBlobSchema() && typeof value === "string") return bytes(value);
  return value;
}

/** The SDK's shape to JSON; members that are undefined are left out. */
export function toJson(schema: NormalizedSchema, value: unknown, options: JsonOptions): unknown {
  if (value === null || value === undefined || schema.isDocumentSchema()) return value;
  if (schema.isStructSchema() && isRecord(value)) {
    const members: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      if (value[name] !== undefined) members[jsonName(name, member, options)] = toJson(member, value[name], options);
    }
    return members;
  }
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((item) => toJson(schema.getValueSchema(), item, options));
  }
  if (schema.isMapSchema() && isRecord(value)) {
    return mapValues(value, (item) => toJson(schema.getValueSchema(), item, options));
  }
  if (value instanceof Date) return timestampToJson(schema, value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapValues(record: Record<string, unknown>, map: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
