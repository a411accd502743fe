import { existsSync, readFileSync } from "node:fs";

/** A program that nobody here wrote: what starts it, before its own arguments. */
export type Program = readonly [command: string, ...args: readonly string[]];

/** Those that `scripts/witness-setup.mjs` found. */
interface Programs {
  readonly aws?: Program;
  readonly kubectl?: Program;
}

const file = new URL("../../node_modules/.witness/programs.json", import.meta.url);

export const programs: Programs = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Programs) : {};
