/** A document of TOML 1.0: nested tables, lists, texts, numbers and switches; what is null is left out. */
export function toml(document: Readonly<Record<string, unknown>>): string {
  return `${tables(document, []).join("\n")}\n`;
}

function tables(table: Readonly<Record<string, unknown>>, path: readonly string[]): readonly string[] {
  const entries = Object.entries(table).filter(([, value]) => value !== null && value !== undefined);
  const plain = entries.filter(([, value]) => !isTable(value));
  const nested = entries.filter((entry): entry is [string, Readonly<Record<string, unknown>>] => isTable(entry[1]));
  return [
    ...(plain.length > 0 ? [`[${path.map(bareOrQuoted).join(".")}]`] : []),
    ...plain.map(([key, value]) => `${bareOrQuoted(key)} = ${valueOf(value)}`),
    ...nested.flatMap(([key, inner]) => tables(inner, [...path, key])),
  ];
}

function valueOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueOf).join(", ")}]`;
  if (isTable(value)) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${bareOrQuoted(key)} = ${valueOf(inner)}`)
      .join(", ")} }`;
  }
  return typeof value === "string" ? quoted(value) : String(value);
}

function bareOrQuoted(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key);
}

/** A basic string: TOML escapes as JSON does, and DEL as well. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\u007F", "\\u007F");
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
