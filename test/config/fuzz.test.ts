import { describe, expect, it } from "vitest";
import { withDefaults } from "../../src/config/defaults.ts";
import { ConfigError } from "../../src/config/errors.ts";
import { loadClusterConfig, validateClusterConfig } from "../../src/config/load.ts";
import { formatYaml, parseYaml } from "../../src/yaml.ts";
import { exampleNames, exampleText } from "./support.ts";

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
function pick<T>(random: Random, items: readonly T[]): T {
  const at = Math.floor(random() * items.length);
  for (const item of items.slice(at)) return item;
  throw new Error("there is nothing to pick from");
}

const fragments = [
  "{",
  "}",
  "[",
  "]",
  ": ",
  "- ",
  "\n",
  "  ",
  "\t",
  '"',
  "'",
  "#",
  "&a ",
  "*a",
  "<<: *a",
  "---\n",
  "? ",
  "| \n",
  "!x ",
  "~",
  "\u0000",
  "é",
  "__proto__: ",
  "1e400",
  "0x",
  ".nan",
  "%A\n",
];

function mutateText(text: string, random: Random): string {
  const at = Math.floor(random() * text.length);
  const length = Math.floor(random() * 12);
  switch (Math.floor(random() * 4)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + pick(random, fragments) + text.slice(at);
    case 2: {
      const lines = text.split("\n");
      const line = pick(random, lines);
      lines.splice(Math.floor(random() * lines.length), Math.floor(random() * 2), line);
      return lines.join("\n");
    }
    default:
      return (
        text.slice(0, at) +
        text
          .slice(at, at + length)
          .split("")
          .toReversed()
          .join("") +
        text.slice(at + length)
      );
  }
}

const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  Number.NaN,
  "",
  "x",
  "10.0.0.0/16",
  "arn:aws:iam::1:role/a",
  [],
  {},
  [null],
  [[]],
  { a: 1 },
  ["a", "a"],
  { ["__proto__"]: 1 },
  "a".repeat(5000),
  { constructor: { prototype: 1 } },
];

/** Puts something else somewhere, moves keys about, or copies a part to another place. */
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
  const child = random() < 0.7 ? pick(random, values) : structuredClone(pick(random, parents));
  const keys = Object.keys(parent);
  const key = random() < 0.8 && keys.length > 0 ? pick(random, keys) : pick(random, ["name", "tags", "toString", "0"]);
  Reflect.set(parent, key, child);
  return copy;
}

/** Loads, or says in a ConfigError why not: everything else is a defect. */
function outcome(run: () => unknown): "accepted" | "refused" {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    expect(error.message).not.toMatch(/undefined|\[object|native code/);
    return "refused";
  }
}

const seeds = 25;

describe("whatever is done to an example", () => {
  it.each(exampleNames)("%s: its text", (name) => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= seeds; seed++) {
      const random = randomNumbers(seed);
      let text = exampleText(name);
      for (let times = 1 + Math.floor(random() * 4); times > 0; times--) text = mutateText(text, random);
      outcomes.add(outcome(() => withDefaults(loadClusterConfig({ text, name }).config)));
    }
    expect(outcomes).toEqual(new Set(["accepted", "refused"]));
  });

  it.each(exampleNames)("%s: its data", (name) => {
    const example = parseYaml(exampleText(name)).value;
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= seeds; seed++) {
      const random = randomNumbers(seed);
      let data = example;
      for (let times = 1 + Math.floor(random() * 3); times > 0; times--) data = mutateData(data, random);
      const asData = outcome(() => validateClusterConfig(data, name));
      const asText = outcome(() => loadClusterConfig({ text: formatYaml(data), name }));
      expect(asText).toBe(asData);
      outcomes.add(asData);
    }
    expect(outcomes).toContain("refused");
  });
});
