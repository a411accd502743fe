import { readFileSync, readdirSync } from "node:fs";
import { withDefaults } from "../../src/config/defaults.ts";
import { ConfigError } from "../../src/config/errors.ts";
import { loadClusterConfig, textOf, validateClusterConfig } from "../../src/config/load.ts";
import { formatYaml, parseYaml } from "../../src/yaml.ts";

/** Something that is done to an example, drawn from a seed, and the config loader's answer to it. */
export interface FuzzCase {
  readonly example: string;
  readonly kind: FuzzKind;
  readonly seed: number;
}
export const fuzzKinds = ["text", "bytes", "data", "growth"] as const;
export type FuzzKind = (typeof fuzzKinds)[number];
export type FuzzOutcome = "accepted" | "refused";

export function readExamples(directory: URL): ReadonlyMap<string, string> {
  const names = readdirSync(directory).filter((name) => name.endsWith(".yaml"));
  return new Map(names.toSorted().map((name) => [name, readFileSync(new URL(name, directory), "utf8")]));
}

/**
 * Loads what is left of the example: it is accepted, or refused for reasons that each have a place in the text.
 *
 * @throws whatever else happens: a defect.
 */
export function runFuzzCase({ example, kind, seed }: FuzzCase, text: string): FuzzOutcome {
  const random = randomNumbers(seed);
  const many = 1 + Math.floor(random() * 4);
  const repeated = <T>(value: T, change: (value: T) => T) => {
    let changed = value;
    for (let times = 0; times < many; times++) changed = change(changed);
    return changed;
  };
  const load = (bytes: Uint8Array) =>
    outcomeOf(() => withDefaults(loadClusterConfig({ text: textOf(bytes, example), name: example }).config), true);
  if (kind === "text") return load(Buffer.from(repeated(text, (changed) => mutateText(changed, random))));
  if (kind === "bytes") return load(repeated<Buffer>(Buffer.from(text), (changed) => mutateBytes(changed, random)));
  if (kind === "growth") return load(Buffer.from(grow(text, random)));
  const data = repeated(parseYaml(text).value, (changed) => mutateData(changed, random));
  const asText = load(Buffer.from(formatYaml(data)));
  const asData = outcomeOf(() => withDefaults(validateClusterConfig(data, example)), false);
  if (asText !== asData) throw new Error(`${asText} as text, ${asData} as data`);
  return asText;
}

function outcomeOf(run: () => unknown, hasPlaces: boolean): FuzzOutcome {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { message, problems } = error;
    if (problems.length === 0) throw new Error("refused for no reason", { cause: error });
    if (hasPlaces && problems.some(({ line, column }) => !(Number(line) >= 1 && Number(column) >= 1))) {
      throw new Error("refused without a place", { cause: error });
    }
    if (/undefined|\[object|native code/u.test(message)) throw new Error("refused in odd words", { cause: error });
    return "refused";
  }
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = ReturnType<typeof randomNumbers>;
const below = (random: Random, limit: number) => Math.floor(random() * limit);
function pick<T>(random: Random, items: readonly T[]): T {
  const at = below(random, items.length);
  for (const item of items.slice(at)) return item;
  throw new Error("there is nothing to pick from");
}

const fragments =
  "{ } [ ] : - ? | > & * ! % @ ` ' \" # , &a *a !x !!binary !!timestamp <<: --- ... ~ é \u0000 \u0085 \u202E \uFEFF \uD83D __proto__: constructor: 1e400 0x 0o7 .nan .inf 2026-01-01 %A"
    .split(" ")
    .flatMap((fragment) => [fragment, `${fragment} `, `${fragment}\n`])
    .concat("\n", "  ", "\t", "\r", "\r\n", "\n\n");

function mutateText(text: string, random: Random): string {
  const at = below(random, text.length);
  const end = at + below(random, 12);
  switch (below(random, 5)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, at) + pick(random, fragments) + text.slice(at);
    case 2: {
      const lines = text.split("\n");
      lines.splice(below(random, lines.length), below(random, 2), pick(random, lines));
      return lines.join("\n");
    }
    case 3: {
      const lines = text.split("\n");
      const indented = below(random, lines.length);
      return lines
        .map((line, index) => (index === indented ? `${" ".repeat(below(random, 6))}${line}` : line))
        .join("\n");
    }
    default:
      return text.slice(0, at) + text.slice(at, end).split("").toReversed().join("") + text.slice(end);
  }
}

function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const at = below(random, bytes.length);
  const before = bytes.subarray(0, at);
  switch (below(random, 4)) {
    case 0: {
      const changed = Buffer.from(bytes);
      changed[at] = below(random, 256);
      return changed;
    }
    case 1: {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << below(random, 8));
      return changed;
    }
    case 2:
      return Buffer.concat([before, Buffer.from([below(random, 256)]), bytes.subarray(at)]);
    default:
      return Buffer.concat([before, bytes.subarray(at + below(random, 64))]);
  }
}

const longTexts = [
  "a".repeat(5000),
  "a-".repeat(2500),
  `${"a".repeat(3000)}!`,
  `arn:${":".repeat(3000)}`,
  "1.".repeat(2000),
];
const strangeTexts = ["", " ", "x", "-", "10.0.0.0/16", "::/0", "latest", "2026-01-01", "\u001B[31mred", "\u202Eright"];
const otherValues = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  Number.NaN,
  2 ** 53,
  [],
  {},
  [null],
  [[]],
  { a: 1 },
  ["a", "a"],
];
const traps: readonly unknown[] = [{ ["__proto__"]: 1 }, { constructor: { prototype: 1 } }];
const values: readonly unknown[] = [...longTexts, ...strangeTexts, ...otherValues, ...traps];
const keys = ["name", "tags", "toString", "0", "__proto__", "", "vpc", "managedNodeGroups", "a b", "é"];

/** Puts something else somewhere, takes a key away, or copies a part to another place. */
function mutateData(root: unknown, random: Random): unknown {
  const copy: unknown = structuredClone(root);
  const parents: object[] = [];
  const collect = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    parents.push(value);
    Object.values(value).forEach(collect);
  };
  collect(copy);
  const parent = pick(random, parents);
  const own = Object.keys(parent);
  const value = random() < 0.7 ? pick(random, values) : structuredClone(pick(random, parents));
  if (Array.isArray(parent)) {
    parent.splice(below(random, parent.length + 1), below(random, 2), ...(random() < 0.9 ? [value] : []));
    return copy;
  }
  const key = random() < 0.8 && own.length > 0 ? pick(random, own) : pick(random, keys);
  if (random() < 0.1) Reflect.deleteProperty(parent, key);
  else Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

/** Much more of something than anybody writes. */
function grow(text: string, random: Random): string {
  const lines = text.split("\n");
  const at = below(random, lines.length);
  const size = 2 ** below(random, 17);
  const insert = (more: string) => [...lines.slice(0, at), more, ...lines.slice(at)].join("\n");
  const line = lines[at] ?? "";
  switch (below(random, 8)) {
    case 0:
      return insert(`x: ${"[".repeat(size)}${random() < 0.5 ? "]".repeat(size) : ""}`);
    case 1:
      return insert(`x: ${"{a: ".repeat(size)}${random() < 0.5 ? "}".repeat(size) : ""}`);
    case 2:
      return insert("- ".repeat(size));
    case 3:
      return insert(`${line}\n`.repeat(Math.min(size, 20_000)));
    case 4:
      return insert(Array.from({ length: Math.min(size, 20_000) }, (_, index) => `k${index}: ${index}`).join("\n"));
    case 5:
      return insert(`${line}${pick(random, ["a", " ", "#", ":", "'", '"', "-", "0", "é", "&"]).repeat(size)}`);
    case 6: {
      const names = Array.from({ length: 2 + below(random, 30) }, (_, index) => `a${index}`);
      const bomb = names.map((name, index) => {
        const before = names[index - 1];
        return `${name}: &${name} [${before === undefined ? "x" : `${`*${before},`.repeat(8)}x`}]`;
      });
      return insert(bomb.join("\n"));
    }
    default:
      return insert(Array.from({ length: Math.min(size, 600) }, (_, depth) => `${" ".repeat(depth)}k:`).join("\n"));
  }
}
