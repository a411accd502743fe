import type { Document, Node } from "yaml";
import { YAMLMap, YAMLSeq, isAlias, isMap, isNode, isScalar, isSeq, parseDocument, visit } from "yaml";
import { InputError } from "../../errors.ts";

/** One named entry of a kubeconfig list, without its name. */
type Body = Readonly<Record<string, unknown>>;
export type Section = "clusters" | "contexts" | "users";

/** What a kubeconfig says: the entries of its three lists by name. */
export interface KubeconfigContent extends Readonly<Record<Section, ReadonlyMap<string, Body>>> {
  /** Empty when none is chosen. */
  readonly currentContext: string;
}

/** What is put into a kubeconfig, or (`undefined`) left as it is. Entries of the same name are replaced as a whole. */
export interface KubeconfigAdditions extends Readonly<Partial<Record<Section, Readonly<Record<string, Body>>>>> {
  readonly currentContext?: string;
}

/** Names of what is taken out. */
export interface KubeconfigRemovals extends Readonly<Record<Section, readonly string[]>> {
  /** Takes the choice of a context back where it is this one. */
  readonly currentContexts: readonly string[];
}

/** The key that holds an entry's content beside its `name`. */
const bodyKey = { clusters: "cluster", contexts: "context", users: "user" } as const;
const sections = ["clusters", "contexts", "users"] as const;

/** Reads a kubeconfig. An empty one has no entries; one that is no kubeconfig is an InputError that names the file. */
export function parseKubeconfig(text: string, file: string): KubeconfigContent {
  const document = open(text, file);
  const parsed: unknown = document.toJS({ maxAliasCount: 1000 });
  const content = isObject(parsed) ? parsed : {};
  const current = content["current-context"];
  const entries = (section: Section) => namedEntries(content[section], section);
  return {
    currentContext: typeof current === "string" ? current : "",
    clusters: entries("clusters"),
    contexts: entries("contexts"),
    users: entries("users"),
  };
}

/** The text with entries put in; comments and everything else stay. */
export function addToKubeconfig(text: string, file: string, additions: KubeconfigAdditions): string {
  const document = open(text, file);
  if (!document.has("apiVersion")) document.set("apiVersion", "v1");
  for (const section of sections) {
    for (const [name, body] of Object.entries(additions[section] ?? {})) putEntry(document, section, name, body);
  }
  if (additions.currentContext !== undefined) document.set("current-context", additions.currentContext);
  if (!document.has("kind")) document.set("kind", "Config");
  return write(document, text);
}

/** The text without some entries; comments and everything else stay. */
export function removeFromKubeconfig(text: string, file: string, removals: KubeconfigRemovals): string {
  const document = open(text, file);
  for (const section of sections) {
    if (!document.has(section)) continue;
    const list = listOf(document, section);
    for (const name of removals[section]) removeEntries(document, list, name);
  }
  const current = document.get("current-context");
  if (typeof current === "string" && removals.currentContexts.includes(current)) document.set("current-context", "");
  return write(document, text);
}

function open(text: string, file: string): Document {
  const document: Document = parseDocument(text.replaceAll("\r\n", "\n"), { merge: true });
  const [problem] = document.errors;
  if (problem) throw notKubeconfig(file, problem.message.split("\n")[0] ?? problem.code);
  if (document.contents === null || isNull(document.contents)) startMapping(document);
  if (!isMap(document.contents)) throw notKubeconfig(file, "it is not a mapping");
  for (const section of sections) {
    const list = resolved(document, document.get(section, true));
    if (list && !isNull(list) && !isSeq(list)) throw notKubeconfig(file, `its ${section} are not a list`);
  }
  return document;
}

/** Comments of a document without content hang on its null; they are kept. */
function startMapping(document: Document): void {
  const comments = [document.commentBefore, document.contents?.commentBefore, document.contents?.comment];
  document.commentBefore = comments.filter(Boolean).join("\n") || null;
  document.contents = new YAMLMap();
}

function notKubeconfig(file: string, why: string): InputError {
  return new InputError(`${file} is not a kubeconfig that can be read: ${why}`, {
    hint: "Repair or move the file, or name another one with --kubeconfig.",
  });
}

/** `lineWidth: 0`: certificates stay on one line. Lists and braces keep the file's own style. */
function write(document: Document, original: string): string {
  const indentSeq = /^(clusters|contexts|users):[^\S\n]*\r?\n(#.*\n)*[^\S\n]+- /m.test(original);
  const flowCollectionPadding = /[{[] /.test(original);
  const text = document.toString({ lineWidth: 0, indentSeq, flowCollectionPadding });
  return original.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
}

function putEntry(document: Document, section: Section, name: string, body: Body): void {
  const list = listOf(document, section);
  const entry = document.createNode({ [bodyKey[section]]: body, name });
  const at = list.items.findIndex((item) => nameOf(document, item) === name);
  const old = list.items[at];
  if (old === undefined) return list.add(entry);
  release(document, old);
  if (isNode(old)) entry.commentBefore = old.commentBefore ?? null;
  list.items[at] = entry;
  list.items = list.items.filter((item, index) => index <= at || nameOf(document, item) !== name);
}

function removeEntries(document: Document, list: YAMLSeq, name: string): void {
  for (const item of list.items) if (nameOf(document, item) === name) release(document, item);
  list.items = list.items.filter((item) => nameOf(document, item) !== name);
}

/** The list to edit; an absent or null one is made, one that is an alias is first copied in its place. */
function listOf(document: Document, section: Section): YAMLSeq {
  const found = document.get(section, true);
  if (isSeq(found)) return found;
  const copy = isAlias(found) ? document.createNode(found.toJS(document)) : undefined;
  const list = isSeq(copy) ? copy : new YAMLSeq();
  document.set(section, list);
  return list;
}

/** Before a node goes, aliases that point into it are replaced by copies of what they stand for. */
function release(document: Document, going: unknown): void {
  if (!isNode(going)) return;
  const anchored = new Set<Node>();
  visit(going, { Node: (_, node) => void anchored.add(node) });
  visit(document, {
    Node: (_, node) => (node === going ? visit.SKIP : undefined),
    Alias(_, alias) {
      const target = alias.resolve(document);
      return target && anchored.has(target) ? document.createNode(target.toJS(document)) : undefined;
    },
  });
}

function nameOf(document: Document, item: unknown): unknown {
  const entry = resolved(document, item);
  return isMap(entry) ? entry.get("name") : undefined;
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function isNull(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

/** As kubectl reads a list: the first entry of a name counts. */
function namedEntries(list: unknown, section: Section): ReadonlyMap<string, Body> {
  const entries = new Map<string, Body>();
  for (const item of Array.isArray(list) ? (list as readonly unknown[]) : []) {
    if (!isObject(item) || typeof item["name"] !== "string" || entries.has(item["name"])) continue;
    const body = item[bodyKey[section]];
    entries.set(item["name"], isObject(body) ? body : {});
  }
  return entries;
}

function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
