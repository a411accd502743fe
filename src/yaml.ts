import type { Alias, Node, YAMLMap, YAMLSeq } from "yaml";
import { Composer, Document, LineCounter, Parser, Scalar, isAlias, isMap, isNode, isScalar, isSeq, visit } from "yaml";
import { InputError } from "./errors.ts";
import { type Variables, fillVariables } from "./variables.ts";
import { escapeUnprintable, isPrintable } from "./text.ts";
import { syntaxProblem, templateHere, tokens } from "./yaml-syntax.ts";

/** Where a value lies: keys of mappings and indexes of lists, from the root. */
export type Path = readonly (string | number)[];

/** Both count from 1; columns count UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlProblem extends Position {
  readonly message: string;
}

/** The text is no YAML, or more of it than anyone writes. */
export class YamlError extends InputError {
  readonly problems: readonly YamlProblem[];

  constructor(problems: readonly YamlProblem[]) {
    super(problems.map(({ line, column, message }) => `${line}:${column}: ${message}`).join("\n"));
    this.problems = problems;
  }
}

export interface YamlDocument {
  /** Plain data: mappings, lists, text, numbers, booleans, null. Aliases and merge keys (`<<`) are resolved. */
  readonly value: unknown;
  /** Where the value of a path begins; undefined when there is none. */
  positionOf(path: Path): Position | undefined;
  /** Where the key that leads to a value stands; for a list's item, where the item begins. */
  keyPositionOf(path: Path): Position | undefined;
  /** A single value as it was written. */
  readonly writtenAt: (path: Path) => Written | undefined;
}

export interface Written {
  /** `1.30` is the number 1.3. */
  readonly source: string;
  /** Without quotes. */
  readonly plain: boolean;
}

/** Against files that are made to cost memory and time; a hundred nodegroups stay far below each of them. */
const limits = { bytes: 1024 * 1024, tokens: 60_000, values: 50_000, depth: 64, indent: 400, errors: 5 } as const;

/** The size limit of a file, in bytes. */
export const maxYamlBytes = limits.bytes;

const tooLarge = "is too large";

/**
 * Reads exactly one YAML 1.2 document (JSON is YAML).
 *
 * @param variables values for `${NAME}` in keys and in single values; absent: nothing is filled in.
 * @throws YamlError for a syntax error, a repeated key, an unknown tag, a second document, or a text beyond the limits.
 */
export function parseYaml(text: string, variables?: Variables): YamlDocument {
  const document = surveyYaml(text, variables);
  if (document.repeated.length > 0) throw new YamlError(document.repeated);
  return document;
}

/**
 * The same for somebody who goes on to judge the values: keys that stand twice in a mapping are told, and the first counts.
 *
 * @throws YamlError for all else that `parseYaml` refuses.
 */
export function surveyYaml(
  text: string,
  variables?: Variables,
): YamlDocument & { readonly repeated: readonly YamlProblem[] } {
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const fail = (offset: number, message: string): never => {
    throw new YamlError([{ ...position(offset), message }]);
  };

  checkSize(text, lines, fail);
  const documents = compose(text);
  const errors = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  if (errors.length > 0) {
    const found = firstOfEachLine(errors.map((error) => ({ ...position(error.pos[0]), error }))).slice(
      0,
      limits.errors,
    );
    const problems = found.map(({ error }) => {
      const { offset, message } = syntaxProblem(text, error);
      return { ...position(offset), message };
    });
    throw new YamlError(firstOfEachLine(problems));
  }
  const [document, ...others] = documents;
  const second = others.find(({ contents }) => !isScalar(contents) || contents.value !== null);
  if (second) fail(second.range[0], "a second document begins here; one file holds exactly one");
  const repeated: YamlProblem[] = [];
  const root = document?.contents
    ? placeTree(document.contents, {
        fail,
        repeat: (offset, key, first) => {
          const message = `the key ${key} stands twice in this mapping, first in line ${position(first).line}`;
          repeated.push({ ...position(offset), message });
        },
        isTemplate: (offset) => text.startsWith("{{", offset - 1),
        variables,
      })
    : undefined;
  return {
    repeated,
    value: root?.value ?? null,
    positionOf: (path) => {
      const found = root && find(root, path);
      return found && position(found.node.at);
    },
    keyPositionOf: (path) => {
      const found = root && find(root, path);
      return found && position(found.keyAt);
    },
    writtenAt: (path) => root && find(root, path)?.node.written,
  };
}

/** YAML text of plain data, without folding of long lines. What no terminal should be shown is escaped. */
export function formatYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value === "string" && !isPrintable(scalar.value)) scalar.type = "QUOTE_DOUBLE";
    },
  });
  return escapeUnprintable(document.toString({ lineWidth: 0 }));
}

/**
 * Judges the token stream before anything is built from it: the parser needs time and stack in proportion to the depth
 * of nesting. Fills `lines`.
 */
function checkSize(text: string, lines: LineCounter, fail: (offset: number, message: string) => never): void {
  lines.addNewLine(0);
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines.addNewLine(at + 1);
  if (text.length > limits.bytes) fail(0, `${tooLarge}: ${text.length} characters, the limit is ${limits.bytes}`);
  const control = text.search(controlCharacter);
  if (control >= 0)
    fail(control, `a control character (code ${text.charCodeAt(control)}) stands here; this is no text file`);

  let count = 0;
  let flowDepth = 0;
  let indicatorsOfLine = 0;
  let lineStart = true;
  for (const { type, offset, length } of tokens(text)) {
    if (++count > limits.tokens) fail(offset, `${tooLarge}: more than ${limits.tokens} tokens up to here`);
    switch (type) {
      case "newline":
        lineStart = true;
        indicatorsOfLine = 0;
        continue;
      case "space":
        if (lineStart && length > limits.indent) fail(offset, `is indented by more than ${limits.indent} columns`);
        break;
      case "flow-seq-start":
      case "flow-map-start":
        flowDepth++;
        break;
      case "flow-seq-end":
      case "flow-map-end":
        flowDepth--;
        break;
      case "seq-item-ind":
      case "explicit-key-ind":
      case "map-value-ind":
        if (flowDepth <= 0) indicatorsOfLine++;
        break;
      default:
    }
    if (flowDepth > limits.depth || indicatorsOfLine > limits.depth) {
      fail(offset, `is nested more than ${limits.depth} levels deep`);
    }
    lineStart = false;
  }
}

/** All but tab and line ends. */
const controlCharacter = /(?![\t\n\r\u0085])\p{Cc}/u;

function compose(text: string): readonly Document.Parsed[] {
  // Duplicate keys are found while the tree is read: the package's own search takes quadratic time.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: "silent", version: "1.2" });
  return [...composer.compose(new Parser().parse(text), true, text.length)];
}

function firstOfEachLine<T extends Position>(problems: readonly T[]): readonly T[] {
  const seen = new Set<number>();
  return problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .filter(({ line }) => !seen.has(line) && seen.add(line));
}

/** A value together with where it stands. */
interface Placed {
  readonly value: unknown;
  readonly at: number;
  readonly written?: Written | undefined;
  readonly children: ReadonlyMap<string | number, { readonly keyAt: number; readonly node: Placed }>;
}

const noChildren: Placed["children"] = new Map();

function find(root: Placed, path: Path): { readonly keyAt: number; readonly node: Placed } | undefined {
  let current = { keyAt: root.at, node: root };
  for (const step of path) {
    const next = current.node.children.get(step);
    if (!next) return undefined;
    current = next;
  }
  return current;
}

interface Placing {
  readonly fail: (offset: number, message: string) => never;
  /** A key stands a second time in its mapping. */
  readonly repeat: (offset: number, key: string, first: number) => void;
  readonly isTemplate: (offset: number) => boolean;
  readonly variables?: Variables | undefined;
}

function placeTree(contents: Node, { fail, repeat, isTemplate, variables }: Placing): Placed {
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  let values = 0;

  const place = (node: Node): Placed => {
    const at = node.range?.[0] ?? 0;
    if (++values > limits.values) fail(at, `${tooLarge}: more than ${limits.values} values, aliases counted each time`);
    if (open.size > limits.depth) fail(at, `is nested more than ${limits.depth} levels deep`);
    if (isAlias(node)) return place(target(node));
    if (isScalar(node)) {
      if (node.anchor) anchors.set(node.anchor, node);
      if (typeof node.value === "object" && node.value !== null)
        fail(at, "must be text, a number, true, false or null");
      return { ...placeScalar(node), at, children: noChildren };
    }
    if (!isMap(node) && !isSeq(node)) return fail(at, "is no value of YAML");
    if (open.has(node)) fail(at, "contains itself by an alias");
    if (node.anchor) anchors.set(node.anchor, node);
    open.add(node);
    const placed = isMap(node) ? placeMap(node, at) : placeList(node, at);
    open.delete(node);
    return placed;
  };

  const placeScalar = (scalar: Scalar): Pick<Placed, "value" | "written"> => {
    const { value, source = "", type } = scalar;
    const plain = type === "PLAIN";
    const text = filled(source, scalar);
    return text === source
      ? { value, written: { source, plain } }
      : { value: plain ? plainValue(text) : text, written: { source: text, plain } };
  };

  const filled = (source: string, node: Node): string =>
    variables === undefined
      ? source
      : fillVariables(source, variables, (problem) => fail(node.range?.[0] ?? 0, problem));

  const target = (alias: Alias): Node =>
    anchors.get(alias.source) ?? fail(alias.range?.[0] ?? 0, `no anchor &${alias.source} stands before this alias`);

  const placeList = (list: YAMLSeq, at: number): Placed => {
    const items = list.items.map((item) => place(isNode(item) ? item : new Scalar(null)));
    return {
      value: items.map((item) => item.value),
      at,
      children: new Map(items.map((node, index) => [index, { keyAt: node.at, node }])),
    };
  };

  const placeMap = (map: YAMLMap, at: number): Placed => {
    const own = new Map<string, { keyAt: number; node: Placed }>();
    const merged = new Map<string, { keyAt: number; node: Placed }>();
    for (const { key, value } of map.items) {
      const keyAt = isNode(key) ? (key.range?.[0] ?? at) : at;
      const name = isScalar(key) ? keyName(key, filled) : undefined;
      if (name === undefined) return fail(keyAt, isTemplate(keyAt) ? templateHere : "a key must be plain text");
      const first = own.get(name);
      if (first) repeat(keyAt, name, first.keyAt);
      const node = isNode(value) ? place(value) : { value: null, at: keyAt, children: noChildren };
      if (isMergeKey(key)) {
        for (const source of Array.isArray(node.value) ? [...node.children.values()] : [{ node }]) {
          if (!isMapping(source.node.value)) fail(keyAt, "<< takes a mapping, or a list of mappings");
          for (const [step, child] of source.node.children) {
            if (!merged.has(String(step))) merged.set(String(step), child);
          }
        }
      } else if (!first) own.set(name, { keyAt, node });
    }
    const children = new Map([...merged, ...own]);
    return { value: Object.fromEntries([...children].map(([name, { node }]) => [name, node.value])), at, children };
  };

  return place(contents);
}

/** What unquoted text is in YAML: `2` is a number. Text that YAML takes for more than one value is itself. */
function plainValue(text: string): unknown {
  const { contents, errors = [] } = compose(text)[0] ?? {};
  return errors.length === 0 && isScalar(contents) && contents.type === "PLAIN" && contents.source === text
    ? contents.value
    : text;
}

/** Of what was read: is it a mapping? */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a path of plain data; undefined where there is nothing. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce((value, step) => {
    if (Array.isArray(value)) return value[Number(step)] as unknown;
    return isMapping(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, root);
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.source === "<<";
}

/** As written: `1.0` stays `1.0`. */
function keyName(key: Scalar, filled: (source: string, node: Node) => string): string | undefined {
  return key.value === null || key.source === undefined ? undefined : filled(key.source, key);
}
