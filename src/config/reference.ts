import { onChange, outcomes } from "./changes.ts";
import { jsonSchema } from "./json-schema.ts";
import { refusalOf, refusedKeys } from "./unsupported.ts";

/** A part of the JSON Schema, as far as the reference reads it. */
interface Part {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: string;
  readonly anyOf?: readonly Part[];
  readonly properties?: Readonly<Record<string, Part>>;
  readonly required?: readonly string[];
  readonly items?: Part;
}

/** A key of the file format: `managedNodeGroups[].iam.instanceRoleARN`. */
export interface Key {
  readonly path: string;
  readonly part: Part;
  readonly required: boolean;
  /** It holds no keys of its own. */
  readonly leaf: boolean;
}

/** Every key that is understood, those of a mapping after the mapping. */
export function keys(): readonly Key[] {
  return keysBelow(jsonSchema(), "");
}

function keysBelow(part: Part, place: string): readonly Key[] {
  return Object.entries(part.properties ?? {}).flatMap(([name, child]) => {
    const path = place === "" ? name : `${place}.${name}`;
    const { mapping, at } = mappingOf(child, path);
    const key = { path, part: child, required: part.required?.includes(name) ?? false, leaf: mapping === undefined };
    return [key, ...(mapping ? keysBelow(mapping, at) : [])];
  });
}

/** The mapping that a value is or whose list it is, and its place. */
function mappingOf(part: Part, path: string): { readonly mapping?: Part; readonly at: string } {
  if (part.properties) return { mapping: part, at: path };
  const item = part.items ?? part.anyOf?.find((one) => one.items !== undefined)?.items;
  return item ? mappingOf(item, `${path}[]`) : { at: path };
}

/** docs/reference.md. */
export function reference(): string {
  const all = keys();
  const sections = all.filter(({ path }) => !/[.[]/.test(path));
  const simple = sections.filter(({ leaf }) => leaf);
  return [
    "# The file, key by key",
    "",
    "Made from the schema (`npm run schema`); not to be edited. `[]` stands for each item of a list. A key that is not listed here is refused.",
    "",
    "The last column says what `apply` does when the key of an existing cluster's file is edited:",
    "",
    ...Object.entries(outcomes).map(([, words]) => `- ${words}`),
    "",
    "A key that the file does not have is not enforced: taking it out changes nothing, unless the row says otherwise.",
    "",
    "## Top level",
    "",
    ...table([...simple.map((key) => row(key, key.path)), ...refusedRows("")]),
    ...sections.filter(({ leaf }) => !leaf).flatMap((section) => sectionOf(section, all)),
    "",
  ].join("\n");
}

function sectionOf({ path, part }: Key, all: readonly Key[]): readonly string[] {
  const start = new RegExp(String.raw`^${path}(\[\])?\.`);
  const below = all.filter((key) => start.test(key.path));
  const places = [path, `${path}[]`, ...below.flatMap((key) => [key.path, `${key.path}[]`])];
  const relative = (place: string) => (place === path || place === `${path}[]` ? "" : place.replace(start, ""));
  return [
    "",
    `## ${path}`,
    "",
    sentence(part),
    "",
    ...table([
      ...below.map((key) => row(key, relative(key.path))),
      ...places.flatMap((place) => refusedRows(place, relative(place))),
    ]),
  ];
}

const heads = ["Key", "Type", "Default", "Means", "When it is edited"];

function table(rows: readonly (readonly string[])[]): readonly string[] {
  return [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.map(escaped).join(" | ")} |`);
}

function escaped(cell: string): string {
  return cell
    .replaceAll("|", String.raw`\|`)
    .replaceAll("\n", " ")
    .replaceAll("<", "&lt;");
}

function row(key: Key, name: string): readonly string[] {
  const { part, path, required, leaf } = key;
  return [
    `\`${name}\``,
    typeOf(part),
    required ? "required" : defaultOf(part),
    sentence(part),
    leaf ? changeOf(path) : "",
  ];
}

function refusedRows(place: string, prefix = ""): readonly (readonly string[])[] {
  return refusedKeys(place)
    .toSorted()
    .map((key) => [
      `\`${prefix === "" ? key : `${prefix}.${key}`}\``,
      "",
      "",
      refusalOf(place, key) ?? "",
      "refused in any file",
    ]);
}

const trailingDefault = /\s*Default: ([^]+?)\.?$/;

/** The description without what the column of defaults says. */
function sentence({ description = "" }: Part): string {
  return description.replace(trailingDefault, "");
}

function defaultOf({ description = "", default: value }: Part): string {
  const told = trailingDefault.exec(description)?.[1];
  return told ?? (value === undefined ? "" : JSON.stringify(value));
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  integer: "whole number",
  object: "mapping",
};

function typeOf(part: Part): string {
  if (part.anyOf) return part.anyOf.map(typeOf).join(" or ");
  if (part.enum) return part.enum.map(String).join(", ");
  if (part.const !== undefined) return part.const;
  if (part.type === "array") return `list of ${part.items && !part.items.properties ? typeOf(part.items) : "mappings"}`;
  return typeNames[part.type ?? ""] ?? part.type ?? "any";
}

function changeOf(path: string): string {
  const change = onChange(path);
  if (change === undefined) return "";
  const words = outcomes[change.outcome];
  return change.note === undefined ? words : `${words}; ${change.note}`;
}
