import { createHash } from "node:crypto";
import type { JournalEntry } from "../../src/sandbox/index.ts";

/** A moment of a run that every run comes to: its nth request of an operation. */
export interface Point {
  readonly service: string;
  readonly operation: string;
  readonly nth: number;
}

/** Every changing request of a run. */
export function changes(journal: readonly JournalEntry[]): readonly Point[] {
  return points(journal.filter((entry) => entry.changes));
}

/** Of each reading operation of a run the request in the middle. */
export function reads(journal: readonly JournalEntry[]): readonly Point[] {
  const all = points(journal.filter((entry) => !entry.changes));
  const last = new Map(all.map((point) => [`${point.service} ${point.operation}`, point]));
  return [...last.values()].map((point) => ({ ...point, nth: Math.ceil(point.nth / 2) }));
}

function points(entries: readonly JournalEntry[]): readonly Point[] {
  const seen = new Map<string, number>();
  return entries.map(({ service, operation }) => {
    const nth = (seen.get(`${service} ${operation}`) ?? 0) + 1;
    seen.set(`${service} ${operation}`, nth);
    return { service, operation, nth };
  });
}

/** Every pair of both lists. */
export function product<A, B>(all: readonly A[], with_: readonly B[]): readonly (readonly [A, B])[] {
  return all.flatMap((one) => with_.map((other) => [one, other] as const));
}

/** `full`, or how many times the usual number of cases. */
const extent = process.env["CAMPAIGN"] ?? "1";
const seed = process.env["CAMPAIGN_SEED"] ?? "1";

/** So many cases, drawn from the seed; more of them, or all, in a larger campaign. */
export function sample<Case>(cases: readonly Case[], usual: number): readonly Case[] {
  if (extent === "full") return cases;
  const draw = (one: Case) =>
    createHash("sha256")
      .update(JSON.stringify([seed, one]))
      .digest("hex");
  const chosen = new Set(
    cases
      .map(draw)
      .toSorted()
      .slice(0, usual * Number(extent)),
  );
  return cases.filter((one) => chosen.has(draw(one)));
}
