import { describe, expect, it } from "vitest";
import { deletionCycle } from "../../src/engine/index.ts";
import { kinds } from "../../src/resources/index.ts";

const names = kinds.map(({ name }) => name);

describe("the registry", () => {
  it("has every kind once", () => {
    expect(new Set(names).size).toBe(names.length);
  });

  it("orders deletions among its own kinds, without a cycle", () => {
    expect(kinds.flatMap((kind) => kind.deletedBefore).filter((name) => !names.includes(name))).toEqual([]);
    expect(deletionCycle(kinds)).toBeUndefined();
  });

  it.each(kinds)("$name has limits that leave room, for every update group", (kind) => {
    for (const verb of ["create", "delete", ...Object.keys(kind.updates)]) {
      const { expect: expected, limit } = kind.timing(verb, undefined, undefined);
      expect(limit, verb).toBeGreaterThan(2 * expected);
    }
  });

  it.each(kinds)("$name brings each difference in by a group that it has, or says why not", (kind) => {
    for (const group of kind.completes ?? []) expect(Object.keys(kind.updates)).toContain(group);
    for (const group of kind.interrupts ?? []) expect(Object.keys(kind.updates)).toContain(group);
  });
});
