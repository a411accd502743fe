import type { NormalizedSchema } from "@smithy/core/schema";

/** Values that fill a schema: every member, two elements in every list and map, text that needs escaping. */
export interface Generator {
  value(schema: NormalizedSchema): unknown;
}

/** Base64, hashes and whatever else needs real bytes is generated as plain values too: only the codecs are looked at. */
export function generator(): Generator {
  let counter = 0;
  const text = () => `v${++counter} é/ü&<"'>+%:=,`;

  function fill(schema: NormalizedSchema, within: readonly unknown[]): unknown {
    if (schema.isUnitSchema()) return {};
    if (schema.isStructSchema()) return fillStruct(schema, within);
    if (schema.isListSchema()) {
      const items = [fill(schema.getValueSchema(), within), fill(schema.getValueSchema(), within)];
      return items.includes(undefined) ? undefined : items;
    }
    if (schema.isMapSchema()) {
      const items = [fill(schema.getValueSchema(), within), fill(schema.getValueSchema(), within)];
      return items.includes(undefined) ? undefined : { [text()]: items[0], [text()]: items[1] };
    }
    if (schema.isDocumentSchema()) return { a: [1, "b", true] };
    if (schema.isBlobSchema()) return new Uint8Array([1, 2, 250]);
    if (schema.isTimestampSchema()) return new Date(1_700_000_000_000 + ++counter * 1000);
    if (schema.isBooleanSchema()) return true;
    if (schema.isNumericSchema()) return ++counter;
    return text();
  }

  /** Recursive structures are cut off at their second level; a union has one member. */
  function fillStruct(schema: NormalizedSchema, within: readonly unknown[]): object | undefined {
    const self = schema.getSchema();
    if (within.filter((outer) => outer === self).length > 1) return undefined;
    const members: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const value = fill(member, [...within, self]);
      if (value === undefined) continue;
      members[name] = value;
      if (schema.isUnionSchema()) break;
    }
    return members;
  }

  return { value: (schema) => fill(schema, []) };
}
