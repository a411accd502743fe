import { afterAll, describe, expect, it } from "vitest";
import type { Permission } from "../../src/operations/iam-policy.ts";
import { sample } from "../support/campaign-points.ts";
import {
  exercised,
  heldTo,
  names,
  type Passage,
  permissionsOf,
  speaksOfPermissions,
} from "../support/least-privilege.ts";
import { cases, closeAll, life } from "./passages.ts";

afterAll(closeAll);

/** Permissions are told apart by these. */
const identityOf = ({ action, resource, condition }: Permission) => JSON.stringify([action, resource, condition]);

/** What was exercised so far, of those that are needed in some cases only. */
const shown = new Set<string>();
const declared = new Set<string>();

async function check(passage: Passage, mutants: number): Promise<void> {
  const permissions = permissionsOf(passage);
  const held = await heldTo(passage, permissions);
  expect(held.errors.filter(speaksOfPermissions)).toEqual([]);
  expect(held.outcome).toBe(passage.outcome ?? "done");

  const used = permissions.filter((one) => exercised(one, without(permissions, one), held.checked).length > 0);
  for (const one of permissions) if (one.need === "conditional") declared.add(identityOf(one));
  for (const one of used) shown.add(identityOf(one));
  for (const one of sample(used, mutants)) await checkWithout(one, permissions, passage);
}

/** A run without a permission that it exercises fails, and says what is missing. */
async function checkWithout(missing: Permission, permissions: readonly Permission[], passage: Passage): Promise<void> {
  const rest = without(permissions, missing);
  const { outcome, errors, notes, checked } = await heldTo(passage, rest);
  const refused = exercised(missing, rest, checked);
  const about = `${passage.name}, without ${identityOf(missing)}`;
  if (missing.need === "optional") {
    expect([about, outcome]).toEqual([about, passage.outcome ?? "done"]);
    expect([about, notes]).toEqual([about, expect.arrayContaining([expect.stringContaining(missing.action)])]);
    return;
  }
  expect([about, outcome]).toEqual([about, "failed"]);
  const named = refused.some((requirement) => errors.some((text) => names(text, requirement)));
  expect(named ? [] : [about, errors]).toEqual([]);
}

function without(permissions: readonly Permission[], one: Permission): readonly Permission[] {
  return permissions.filter((other) => other !== one);
}

describe("a caller with the policy of a purpose does it, and not without any part that it uses", () => {
  it.each(life)("$name", async (passage) => {
    const required = permissionsOf(passage).filter(({ need }) => need === "required");
    expect(required).not.toEqual([]);
    await check(passage, 2);
  });

  it.each(sample(cases, 4))("$name", async (passage) => {
    await check(passage, 1);
  });
});
