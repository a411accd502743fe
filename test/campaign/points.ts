import type { JournalEntry, Sandbox } from "../../src/sandbox/index.ts";

/** A moment of a run that every run comes to: its nth request of an operation. */
export interface Point {
  readonly service: string;
  readonly operation: string;
  readonly nth: number;
}

/** Every request of a run. */
export function all(journal: readonly JournalEntry[]): readonly Point[] {
  const seen = new Map<string, number>();
  return journal.map(({ service, operation }) => {
    const nth = (seen.get(`${service} ${operation}`) ?? 0) + 1;
    seen.set(`${service} ${operation}`, nth);
    return { service, operation, nth };
  });
}

/** Every changing request of a run. */
export function changes(journal: readonly JournalEntry[]): readonly Point[] {
  return all(journal.filter((entry) => entry.changes));
}

/** Of each reading operation of a run the request in the middle. */
export function reads(journal: readonly JournalEntry[]): readonly Point[] {
  const last = new Map(
    all(journal.filter((entry) => !entry.changes)).map((point) => [`${point.service} ${point.operation}`, point]),
  );
  return [...last.values()].map((point) => ({ ...point, nth: Math.ceil(point.nth / 2) }));
}

/** As `eks:CreateCluster#1`. */
export function nameOf({ service, operation, nth }: Point): string {
  return `${service}:${operation}#${nth}`;
}

/** Calls when a sandbox is sent that request, before it is handled, and for each one after it; says whether it was. */
export function whenItComes(sandbox: Sandbox, point: Point, act: (after: number) => void): () => boolean {
  let seen = 0;
  let after = 0;
  sandbox.onRequest(({ service, operation }) => {
    if (seen >= point.nth) return act(++after);
    if (service !== point.service || operation !== point.operation || ++seen !== point.nth) return;
    act(0);
  });
  return () => seen >= point.nth;
}
