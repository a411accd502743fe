import { describe, expect, it } from "vitest";
import { type FuzzKind, fuzzKinds, readExamples, runFuzzCase } from "../support/config-fuzz.ts";

const examples = readExamples(new URL("../../examples/", import.meta.url));

/** For each example; `npm run fuzz` has no end. */
const seeds: Readonly<Record<FuzzKind, number>> = { text: 50, bytes: 50, data: 50, growth: 10 };

describe.each(fuzzKinds)("an example whose %s somebody has changed", (kind) => {
  it.each([...examples])("is accepted or refused, with places: %s", (example, text) => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= seeds[kind]; seed++) outcomes.add(runFuzzCase({ example, kind, seed }, text));
    expect(outcomes).toContain("refused");
    if (kind === "text" || kind === "bytes") expect(outcomes).toContain("accepted");
  });
});
