import { describe, expect, it } from "vitest";
import { rows } from "../../../src/sandbox/access/authorize.ts";
import { services } from "../../../src/sandbox/services/index.ts";

describe("the table of what AWS checks", () => {
  it.each(services)("has a row for every operation of $name", ({ name, handlers }) => {
    const missing = Object.keys(handlers).filter((operation) => !Object.hasOwn(rows[name] ?? {}, operation));
    expect(missing).toEqual([]);
  });
});
