import { describe, expect, it } from "vitest";
import { deletionCycle } from "../../src/engine/index.ts";
import { derivedKinds, kinds } from "../../src/resources/index.ts";

const removable = [...kinds, ...derivedKinds];
const names = removable.map(({ name }) => name);

describe("the registry", () => {
  it("has every kind once", () => {
    expect(new Set(names).size).toBe(names.length);
  });

  it("orders deletions among its own kinds, without a cycle", () => {
    expect(removable.flatMap((kind) => kind.deletedBefore).filter((name) => !names.includes(name))).toEqual([]);
    expect(deletionCycle(removable)).toBeUndefined();
  });

  it.each(kinds)("$name has limits that leave room, for every update group", (kind) => {
    for (const verb of ["create", "delete", ...Object.keys(kind.updates)]) {
      const { expect: expected, limit } = kind.timing(verb, undefined, undefined);
      expect(limit, verb).toBeGreaterThan(2 * expected);
    }
  });

  it.each(derivedKinds)("$name goes for the sake of a kind of the registry, with limits that leave room", (kind) => {
    expect(kinds.map(({ name }) => name)).toContain(kind.madeFor);
    const { expect: expected, limit } = kind.timing("delete", undefined, undefined);
    expect(limit).toBeGreaterThan(2 * expected);
  });

  it.each(kinds)("$name brings each difference in by a group that it has, or says why not", (kind) => {
    for (const group of kind.completes ?? []) expect(Object.keys(kind.updates)).toContain(group);
    for (const group of kind.interrupts ?? []) expect(Object.keys(kind.updates)).toContain(group);
  });
});
