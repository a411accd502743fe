import type { NormalizedSchema } from "@smithy/core/schema";

const mask = "***";

/** A value without what its service calls sensitive (user data, passwords, parameter values): for journals and logs. */
export function masked(schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (schema.getMergedTraits().sensitive) return mask;
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((item) => masked(schema.getValueSchema(), item));
  }
  if (schema.isMapSchema() && typeof value === "object") {
    return mapped(value, (_, item) => masked(schema.getValueSchema(), item));
  }
  if (schema.isStructSchema() && typeof value === "object") {
    return mapped(value, (name, member) => masked(schema.getMemberSchema(name), member));
  }
  return value;
}

function mapped(value: object, map: (key: string, value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(key, item)]));
}
