import { describe, expect, it } from "vitest";
import { untilNextLook } from "../../src/engine/waiter.ts";

/** Instants, in seconds since the beginning, at which something that takes `takes` is looked at. */
function looks(expected: number, takes: number): readonly number[] {
  const at = [0];
  while ((at.at(-1) ?? 0) < takes) at.push((at.at(-1) ?? 0) + untilNextLook(at.at(-1) ?? 0, expected));
  return at;
}

describe("the waiter", () => {
  it.each([540, 300, 150, 120, 60])("sees the end of %d s soon after it, sooner or later than expected", (expected) => {
    for (let share = 0.6; share <= 1.4; share += 0.01) {
      const takes = expected * share;
      const seen = looks(expected, takes).at(-1) ?? 0;
      expect(seen - takes).toBeLessThanOrEqual(Math.max(1, takes * 0.025));
    }
  });

  it("sees the expected end when it comes", () => {
    for (const expected of [540, 150, 120, 40]) expect(looks(expected, expected).at(-1)).toBeCloseTo(expected, 6);
  });

  it("asks seldom in the first half, and never more often than once a second", () => {
    const at = looks(540, 540);
    expect(at.filter((second) => second < 270).length).toBeLessThanOrEqual(4);
    expect(at.length).toBeLessThan(45);
    const gaps = looks(5, 60)
      .slice(1)
      .map((second, index) => second - (looks(5, 60)[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0.999);
  });
});
