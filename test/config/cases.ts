import { describe, expect, it } from "vitest";
import { problemsOf } from "./support.ts";

type Case = readonly [what: string, text: string, ...problems: readonly string[]];

/** Runs each case; a case without problems is one that has to be accepted. */
export function cases(title: string, list: readonly Case[]): void {
  describe(title, () => {
    it.each(list)("%s", (_, text, ...problems) => {
      expect(problemsOf(text)).toEqual(problems.filter((problem) => problem !== undefined));
    });
  });
}
