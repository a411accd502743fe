import type { NormalizedSchema } from "@smithy/core/schema";

/** The SDK's schema values for the three timestamp formats; another value leaves the choice to the protocol. */
const timestampFormats: Readonly<Record<number, TimestampFormat>> = {
  5: "date-time",
  6: "http-date",
  7: "epoch-seconds",
};
type TimestampFormat = "date-time" | "http-date" | "epoch-seconds";

function formatOf(schema: NormalizedSchema, protocolDefault: TimestampFormat): TimestampFormat {
  const value = schema.getSchema();
  return (typeof value === "number" ? timestampFormats[value] : undefined) ?? protocolDefault;
}

/**
 * Reads a scalar from text, as queries, labels and headers carry it.
 *
 * @returns undefined when the text does not fit the schema.
 */
export function scalarFromText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isBooleanSchema()) return /^(true|false)$/i.test(text) ? text.toLowerCase() === "true" : undefined;
  if (schema.isNumericSchema()) return text === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
  if (schema.isTimestampSchema()) return timestampFromJson(/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  if (schema.isBlobSchema()) return bytes(text);
  return text;
}

/** Writes a scalar as XML text or header value. */
export function scalarToText(schema: NormalizedSchema, value: unknown, protocolDefault: TimestampFormat): string {
  if (value instanceof Date) {
    const format = formatOf(schema, protocolDefault);
    if (format === "epoch-seconds") return String(value.getTime() / 1000);
    return format === "http-date" ? value.toUTCString() : value.toISOString().replace(".000Z", "Z");
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return String(value);
}

/** A timestamp in JSON is seconds since the epoch, or text; undefined when it is neither. */
export function timestampFromJson(value: unknown): Date | undefined {
  const date = typeof value === "number" ? new Date(value * 1000) : new Date(String(value));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export function timestampToJson(schema: NormalizedSchema, value: Date): number | string {
  return formatOf(schema, "epoch-seconds") === "epoch-seconds"
    ? value.getTime() / 1000
    : scalarToText(schema, value, "date-time");
}

/** Base64 to plain bytes. */
export function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}
