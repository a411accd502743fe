import { createHash } from "node:crypto";

/** Equal things give equal numbers; another seed, other ones. */
export type Draw = (of: unknown) => string;

export function drawFrom(seed: number): Draw {
  return (of) =>
    createHash("sha256")
      .update(JSON.stringify([seed, of]))
      .digest("hex");
}

/** In an order that is drawn. */
export function drawn<T>(all: readonly T[], draw: Draw, keyOf: (one: T) => unknown): readonly T[] {
  return all
    .map((one) => ({ one, key: draw(keyOf(one)) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ one }) => one);
}
