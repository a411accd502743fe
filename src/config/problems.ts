import type { Path } from "../yaml.ts";

/** A problem before it is known where in a text it stands. */
export interface Finding {
  readonly path: Path;
  /** What the caret points at: the key for what is wrong with it, else the value. */
  readonly at: "key" | "value";
  readonly message: string;
  readonly hint?: string;
  /** Of a misspelt key: the path with the name that was most likely meant, and is absent. */
  readonly meant?: Path;
}

/** What is wrong with a value, wherever it stands. */
export type Flaw = Pick<Finding, "message" | "hint">;

/** Is one of the two paths at or above the other? */
export function related(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((step, index) => step === b[index]);
}

/** Does a path lead to another, or to something in it? */
export function startsWith(path: Path, begin: Path): boolean {
  return begin.length <= path.length && related(path, begin);
}
