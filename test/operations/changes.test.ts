import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outcome, onChange } from "../../src/config/changes.ts";
import type { PlanItem } from "../../src/engine/plan-types.ts";
import { InputError } from "../../src/errors.ts";
import { type Account, failuresOf, openTestAccount, parse } from "../support/account.ts";
import { before, editedBy, keyOf, proofs } from "./change-proofs.ts";

let account: Account;
beforeAll(async () => {
  account = await openTestAccount();
  expect(failuresOf(await account.create(JSON.stringify(before)))).toEqual([]);
}, 60_000);
afterAll(() => account.close());

/** Kinds whose things run something: a successor takes over. */
const replaced: ReadonlySet<string> = new Set(["eks.nodegroup", "eks.fargate-profile"]);

/** Of which there can be one: it goes before its successor is made. */
const onlyOne: ReadonlySet<string> = new Set(["eks.identity-provider-config"]);

/** What a plan does, in the words of the table: the gravest of its lines. */
function outcomeOf(items: readonly PlanItem[]): Outcome {
  const verbs = new Set(items.map(({ verb }) => verb));
  if (verbs.has("refuse") || verbs.has("conflict")) return "refuse";
  if (items.some(({ verb, kind }) => verb === "replace" && replaced.has(kind))) return "replace";
  if (items.some(({ verb, kind }) => verb === "replace" && onlyOne.has(kind))) return "again";
  if (items.some(({ verb, kind, interrupts }) => verb === "update" && kind === "eks.nodegroup" && interrupts))
    return "roll";
  if (verbs.has("update")) return "update";
  return verbs.has("create") || verbs.has("orphan") || verbs.has("replace") ? "add" : "nothing";
}

async function outcomeOfPlan(text: string): Promise<Outcome> {
  parse(text);
  try {
    return outcomeOf((await account.plan(text)).items);
  } catch (error) {
    if (error instanceof InputError) return "refuse";
    throw error;
  }
}

describe("an edit of", () => {
  it("nothing changes nothing", async () => {
    expect(await outcomeOfPlan(JSON.stringify(before))).toBe("nothing");
  });

  it.each(proofs.map((proof) => ({ path: proof[0], proof })))(
    "$path does what the table says",
    async ({ path, proof }) => {
      const { outcome } = onChange(keyOf(path)) ?? {};
      expect(await outcomeOfPlan(editedBy(proof))).toBe(outcome === "birth" ? "nothing" : outcome);
    },
  );
});
