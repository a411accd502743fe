import * as z from "zod";
import { type Path, isMapping, valueAt } from "../yaml.ts";

type Schema = z.core.$ZodType;

/** A schema without the mark that a key may be absent. */
export function unwrap(schema: Schema): Schema {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional ? unwrap(schema.unwrap()) : schema;
}

/** Of several schemas the one that is for values of this type; the schema itself, where there is one only. */
export function fitting(schema: Schema, value: unknown): Schema {
  const inner = unwrap(schema);
  return inner instanceof z.ZodUnion ? (inner.options.map(unwrap).find((one) => isFor(one, value)) ?? inner) : inner;
}

function isFor(schema: Schema, value: unknown): boolean {
  if (schema instanceof z.ZodArray) return Array.isArray(value);
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return isMapping(value);
  return schema instanceof z.ZodString ? typeof value === "string" : typeof value === "number";
}

/** What the schema of a value says of what is in it; undefined where it knows nothing. */
export function childOf(schema: Schema, step: string | number): Schema | undefined {
  if (schema instanceof z.ZodObject && Object.hasOwn(schema.shape, step)) return unwrap(schema.shape[step] as Schema);
  if (schema instanceof z.ZodArray) return unwrap(schema.element);
  return schema instanceof z.ZodRecord ? unwrap(schema.valueType) : undefined;
}

/** The schema of what stands at a path of a value. */
export function schemaAt(root: Schema, value: unknown, path: Path): Schema | undefined {
  let current: Schema | undefined = root;
  for (const [depth, step] of path.entries()) {
    current = current && childOf(fitting(current, valueAt(value, path.slice(0, depth))), step);
  }
  return current && fitting(current, valueAt(value, path));
}

/** The keys of a mapping, with what each holds; none where the schema names no keys. */
export function shapeOf(schema: Schema): Readonly<Record<string, Schema>> {
  return schema instanceof z.ZodObject ? schema.shape : {};
}
