import type { NormalizedSchema } from "@smithy/core/schema";

/** What is wrong with a value, and where. */
interface Violation {
  /** `CreateCluster.resourcesVpcConfig.subnetIds[0]`. */
  readonly at: string;
  readonly kind: "missing" | "unknown" | "type";
  readonly message: string;
}

/**
 * Holds a value to its schema: required members, unknown members, types. Used for what clients send and for what the
 * sandbox answers: it may not answer what AWS could not.
 *
 * @returns the first violation, or undefined.
 */
export function firstViolation(schema: NormalizedSchema, value: unknown, at: string): Violation | undefined {
  if (schema.isUnitSchema() || schema.isDocumentSchema()) return undefined;
  if (schema.isStructSchema()) return isRecord(value) ? inStruct(schema, value, at) : wrongType(at, "a structure");
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return wrongType(at, "a list");
    return firstOf(value, (item, index) => firstViolation(schema.getValueSchema(), item, `${at}[${index}]`));
  }
  if (schema.isMapSchema()) {
    if (!isRecord(value)) return wrongType(at, "a map");
    return firstOf(Object.entries(value), ([key, item]) =>
      firstViolation(schema.getValueSchema(), item, `${at}.${key}`),
    );
  }
  const expected = expectedScalar(schema);
  return expected === undefined || expected.holds(value) ? undefined : wrongType(at, expected.name);
}

function inStruct(schema: NormalizedSchema, value: Record<string, unknown>, at: string): Violation | undefined {
  const [, , , , names, , requiredCount = 0] = schema.getSchema() as unknown as [
    0,
    "",
    "",
    0,
    string[],
    unknown[],
    number?,
  ];
  const missing = names.slice(0, requiredCount).find((name) => value[name] === undefined);
  if (missing !== undefined)
    return { at: `${at}.${missing}`, kind: "missing", message: `${at}.${missing} is required` };
  return firstOf(Object.entries(value), ([name, member]) => {
    if (member === undefined || member === null) return undefined;
    const path = `${at}.${name}`;
    if (!names.includes(name)) return { at: path, kind: "unknown", message: `${path} is no member of this operation` };
    return firstViolation(schema.getMemberSchema(name), member, path);
  });
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T, index: number) => Violation | undefined,
): Violation | undefined {
  for (const [index, item] of items.entries()) {
    const violation = find(item, index);
    if (violation) return violation;
  }
  return undefined;
}

function expectedScalar(schema: NormalizedSchema): { name: string; holds(value: unknown): boolean } | undefined {
  if (schema.isStringSchema()) return { name: "a string", holds: (value) => typeof value === "string" };
  if (schema.isBooleanSchema()) return { name: "a boolean", holds: (value) => typeof value === "boolean" };
  if (schema.isNumericSchema()) return { name: "a number", holds: (value) => Number.isFinite(value) };
  if (schema.isTimestampSchema()) {
    return { name: "a timestamp", holds: (value) => value instanceof Date && !Number.isNaN(value.getTime()) };
  }
  if (schema.isBlobSchema()) return { name: "a blob", holds: (value) => value instanceof Uint8Array };
  return undefined;
}

function wrongType(at: string, expected: string): Violation {
  return { at, kind: "type", message: `${at} is not ${expected}` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
