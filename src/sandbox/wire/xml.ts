import type { NormalizedSchema } from "@smithy/core/schema";
import { scalarToText } from "./scalars.ts";

/** `<name>content</name>`; the content is XML already. */
export function element(name: string, content: string, attributes = ""): string {
  return `<${name}${attributes}>${content}</${name}>`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The members of a structure as XML elements, in the schema's order. */
export function structToXml(schema: NormalizedSchema, value: Readonly<Record<string, unknown>>): string {
  let xml = "";
  for (const [name, member] of schema.structIterator()) {
    const item = value[name];
    if (item !== undefined && item !== null) xml += memberToXml(member.getMergedTraits().xmlName ?? name, member, item);
  }
  return xml;
}

function memberToXml(tag: string, schema: NormalizedSchema, value: unknown): string {
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const itemTag = flat ? tag : (item.getMergedTraits().xmlName ?? "member");
    const items = (value as readonly unknown[]).map((each) => memberToXml(itemTag, item, each)).join("");
    return flat ? items : element(tag, items);
  }
  if (schema.isMapSchema()) {
    const key = schema.getKeySchema();
    const item = schema.getValueSchema();
    const entries = Object.entries(value as Record<string, unknown>).map(([name, each]) => {
      const keyXml = element(key.getMergedTraits().xmlName ?? "key", escapeXml(name));
      return element(flat ? tag : "entry", keyXml + memberToXml(item.getMergedTraits().xmlName ?? "value", item, each));
    });
    return flat ? entries.join("") : element(tag, entries.join(""));
  }
  if (schema.isStructSchema()) return element(tag, structToXml(schema, value as Record<string, unknown>));
  return element(tag, escapeXml(scalarToText(schema, value, "date-time")));
}
