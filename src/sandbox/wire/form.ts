import type { NormalizedSchema } from "@smithy/core/schema";
import { scalarFromText } from "./scalars.ts";

/** Form parameters as the tree that their dotted names describe: `Filter.1.Value.2=x`. */
interface FormNode {
  readonly name: string;
  readonly children: Map<string, FormNode>;
  value?: string;
}

/** A parameter that does not fit the operation. */
export class FormError extends Error {
  readonly parameter: string;
  readonly kind: "unknown" | "value";

  constructor(parameter: string, kind: "unknown" | "value", message: string) {
    super(message);
    this.name = "FormError";
    this.parameter = parameter;
    this.kind = kind;
  }
}

/** The two query protocols name and nest members differently. */
interface FormOptions {
  readonly ec2: boolean;
}

/**
 * Reads an operation's input from form parameters (without Action and Version).
 *
 * @throws FormError for a parameter that the operation does not have, or whose value does not fit.
 */
export function fromForm(
  schema: NormalizedSchema,
  parameters: Iterable<[string, string]>,
  options: FormOptions,
): unknown {
  const root: FormNode = { name: "", children: new Map() };
  for (const [name, value] of parameters) {
    let node = root;
    for (const part of name.split(".")) {
      let child = node.children.get(part);
      if (!child) node.children.set(part, (child = { name, children: new Map() }));
      node = child;
    }
    node.value = value;
  }
  return schema.isUnitSchema() ? {} : read(schema, root, options);
}

function read(schema: NormalizedSchema, node: FormNode, options: FormOptions): unknown {
  if (schema.isStructSchema()) return readStruct(schema, node, options);
  if (schema.isListSchema()) return readList(schema, node, options);
  if (schema.isMapSchema()) return readMap(schema, node, options);
  const text = node.value ?? "";
  const value = scalarFromText(schema, text);
  if (value === undefined) {
    throw new FormError(node.name, "value", `Value (${text}) for parameter ${node.name} is invalid.`);
  }
  return value;
}

function readStruct(schema: NormalizedSchema, node: FormNode, options: FormOptions): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  const unread = new Map(node.children);
  for (const [name, member] of schema.structIterator()) {
    const key = memberKey(name, member, options);
    const child = node.children.get(key);
    if (!child) continue;
    unread.delete(key);
    members[name] = read(member, child, options);
  }
  const [unknown] = unread.values();
  if (unknown) throw new FormError(unknown.name, "unknown", `The parameter ${unknown.name} is not recognized`);
  return members;
}

/** EC2 capitalises `xmlName` unless `ec2QueryName` says otherwise. */
function memberKey(name: string, member: NormalizedSchema, options: FormOptions): string {
  const { xmlName = name, ec2QueryName } = member.getMergedTraits();
  if (!options.ec2) return xmlName;
  return (ec2QueryName as string | undefined) ?? xmlName.charAt(0).toUpperCase() + xmlName.slice(1);
}

function readList(schema: NormalizedSchema, node: FormNode, options: FormOptions): unknown[] {
  const item = schema.getValueSchema();
  const flat = options.ec2 || schema.getMergedTraits().xmlFlattened;
  const holder = flat ? node : node.children.get(item.getMergedTraits().xmlName ?? "member");
  const entries = [...(holder?.children ?? [])].sort(([a], [b]) => Number(a) - Number(b));
  return entries.map(([, child]) => read(item, child, options));
}

function readMap(schema: NormalizedSchema, node: FormNode, options: FormOptions): Record<string, unknown> {
  const holder = schema.getMergedTraits().xmlFlattened ? node : node.children.get("entry");
  const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? "key";
  const item = schema.getValueSchema();
  const itemName = item.getMergedTraits().xmlName ?? "value";
  const map: Record<string, unknown> = {};
  for (const entry of holder?.children.values() ?? []) {
    const value = entry.children.get(itemName);
    if (value) map[entry.children.get(keyName)?.value ?? ""] = read(item, value, options);
  }
  return map;
}
