import { afterAll, describe, expect, it } from "vitest";
import type { Permission } from "../../src/operations/iam-policy.ts";
import { closeKeptAccounts } from "../campaign/accounts.ts";
import { drawFrom, drawn } from "../campaign/draw.ts";
import {
  exercised,
  heldTo,
  names,
  type Passage,
  permissionsOf,
  speaksOfPermissions,
} from "../support/least-privilege.ts";
import { answers, cases, life } from "./passages.ts";

afterAll(closeKeptAccounts);

/** Milliseconds: all of a passage's permissions may be tried, one after the other. */
const timeout = 1_200_000;

const isFull = process.env["CAMPAIGN"] === "full";
const draw = drawFrom(1);

/** So many, drawn; all of them in the full campaign. */
function sample<T>(all: readonly T[], usual: number, keyOf: (one: T) => unknown): readonly T[] {
  return isFull ? all : drawn(all, draw, keyOf).slice(0, usual);
}

/** Permissions that some passage has, and those that one has exercised, whatever the cluster is called. */
const declared = new Set<string>();
const shown = new Set<string>();
/** By purpose: what a passage was tried without. Once is enough. */
const tried = new Set<string>();

/** The passage with what it is said to take, then without some of that which it makes use of. Gives what it does not use. */
async function check(passage: Passage, mutants: number): Promise<readonly Permission[]> {
  const permissions = permissionsOf(passage);
  const held = await heldTo(passage, permissions);
  expect([...held.errors, ...held.notes].filter(speaksOfPermissions)).toEqual([]);
  expect(held.outcome).toBe(passage.outcome ?? "done");

  const used = permissions.filter((one) => exercised(one, without(permissions, one), held.checked).length > 0);
  for (const one of permissions) declared.add(typeOf(one));
  for (const one of used) shown.add(typeOf(one));
  const untried = used.filter(
    (one) =>
      !tried.has(`${passage.purpose} ${typeOf(one)}`) && !(passage.changesNothing === true && one.need === "optional"),
  );
  const chosen = sample(untried, mutants, (one) => [passage.name, one]);
  for (const one of chosen) tried.add(`${passage.purpose} ${typeOf(one)}`);
  const wrong: unknown[] = [];
  for (const one of chosen) wrong.push(...(await failuresWithout(one, permissions, passage)));
  expect(wrong).toEqual([]);
  return permissions.filter((one) => exercised(one, [], held.checked).length === 0);
}

/** What is wrong with a run that lacks a permission it makes use of: it has to fail, and say which. */
async function failuresWithout(
  missing: Permission,
  permissions: readonly Permission[],
  passage: Passage,
): Promise<readonly unknown[]> {
  const rest = without(permissions, missing);
  const { outcome, errors, notes, checked } = await heldTo(passage, rest);
  const refused = exercised(missing, rest, checked);
  const goesOn = missing.need === "optional" || (passage.goesOnWithout ?? []).includes(missing.action);
  // That a way back ended early is no failure of its own: what made it necessary is.
  const told = passage.outcome === "failed" ? [...errors, ...notes] : errors;
  const named = goesOn
    ? notes.some((text) => text.includes(missing.action))
    : refused.some((requirement) => told.some((text) => names(text, requirement)));
  return outcome === (goesOn ? "done" : "failed") && named ? [] : [{ missing, outcome, errors, notes }];
}

function without(permissions: readonly Permission[], one: Permission): readonly Permission[] {
  return permissions.filter((other) => other !== one);
}

function typeOf({ action, resource, condition = {} }: Permission): string {
  const type = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(aws-service-role|[^/:]*)/u.exec(resource)?.[1] ?? resource;
  const keys = Object.values(condition).flatMap((tested) => Object.keys(tested));
  return [action, type, ...keys.map((key) => key.replace(/(kubernetes\.io\/cluster)\/.+/, "$1"))].join(" ");
}

describe("a caller with the policy of a purpose does it, and fails without any part that it makes use of", () => {
  it.each(life)("$name", { timeout }, async (passage) => {
    const unused = await check(passage, 1);
    expect(passage.part ? [] : unused.filter(({ need }) => need === "required")).toEqual([]);
  });

  it.each(sample(cases, 3, ({ name }) => name))("$name", { timeout }, async (passage) => {
    await check(passage, 1);
  });

  it.each(life.filter(({ purpose }) => purpose === "create" || purpose === "delete"))(
    "$name goes on without a lock where SSM is denied, and says so",
    { timeout },
    async (passage) => {
      const permitted = permissionsOf(passage).filter(({ action }) => !action.startsWith("ssm:"));
      const { outcome, errors, notes } = await heldTo(passage, permitted);
      expect({ outcome, errors }).toEqual({ outcome: "done", errors: [] });
      expect(notes).toContainEqual(expect.stringMatching(/nothing keeps another run from working.*ssm:PutParameter/));
    },
  );

  it.each(answers)("$name goes on without what only adds to the answer, and says so", async (passage) => {
    const permissions = permissionsOf(passage);
    const [missing] = permissions.filter(({ action }) => passage.goesOnWithout?.includes(action));
    expect(missing && (await failuresWithout(missing, permissions, passage))).toEqual([]);
  });

  it.runIf(isFull)("every permission is made use of somewhere", () => {
    expect([...declared].filter((one) => !shown.has(one))).toEqual([
      // EKS's own group carries the tag of Kubernetes, too, and either would do.
      "ec2:RevokeSecurityGroupIngress security-group aws:ResourceTag/aws:eks:cluster-name",
      // The sandbox has no roles to be assumed by hand.
      "sts:AssumeRole role",
    ]);
  });
});
