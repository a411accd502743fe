import { afterAll, describe, expect, it } from "vitest";
import { type Outcome, onChange, outcomes } from "../../src/config/changes.ts";
import type { PlanItem } from "../../src/engine/plan-types.ts";
import { InputError } from "../../src/errors.ts";
import { type Thing, thingsOf } from "../../src/operations/needed-actions.ts";
import { proposeApply } from "../../src/operations/cluster.ts";
import { givenThings } from "../../src/operations/given-things.ts";
import type { Session } from "../../src/operations/session.ts";
import { kinds } from "../../src/resources/index.ts";
import { sandboxAccount } from "../../src/sandbox/world-state.ts";
import { type Account, failuresOf, openTestAccount, parse } from "../support/account.ts";
import { type Part, type Proof, before, fileOf, keyOf, parts, proofs } from "./change-proofs.ts";

/** A cluster of a part of the file; all its plans are of one session. */
interface Place {
  readonly account: Account;
  readonly session: Session;
}
const places = new Map<Part, Promise<Place>>();

function placeOf(part: Part): Promise<Place> {
  const place = places.get(part) ?? openPlace(part);
  places.set(part, place);
  return place;
}

async function openPlace(part: Part): Promise<Place> {
  const account = await openTestAccount();
  expect(failuresOf(await account.create(fileOf(part)))).toEqual([]);
  return { account, session: account.session(before.metadata.region) };
}

afterAll(async () => {
  for (const place of places.values()) await (await place).account.close();
});

/** Kinds whose things run something: a successor takes over. */
const replaced: ReadonlySet<string> = new Set(["eks.nodegroup", "eks.fargate-profile"]);

/** Of which there can be one: it goes before its successor is made. */
const onlyOne: ReadonlySet<string> = new Set(["eks.identity-provider-config"]);

/** Kinds whose interrupting updates replace nodes. */
const rolled: ReadonlySet<string> = new Set(["eks.nodegroup", "cloudformation.stack"]);

/** What a plan does, in the words of the table: the gravest of its lines. */
function outcomeOf(items: readonly PlanItem[]): Outcome {
  const verbs = new Set(items.map(({ verb }) => verb));
  if (verbs.has("refuse") || verbs.has("conflict")) return "refuse";
  if (items.some(({ verb, kind }) => verb === "replace" && replaced.has(kind))) return "replace";
  if (items.some(({ verb, kind }) => verb === "replace" && onlyOne.has(kind))) return "again";
  if (items.some(({ verb, kind, interrupts }) => verb === "update" && rolled.has(kind) && interrupts)) return "roll";
  if (verbs.has("update")) return "update";
  return verbs.has("create") || verbs.has("orphan") || verbs.has("replace") ? "add" : "nothing";
}

/** What a plan of an edit comes to, and what it would send or say. */
interface Effect {
  readonly outcome: Outcome;
  readonly calls: readonly string[];
}

async function effectOf(part: Part, proof?: Proof): Promise<Effect> {
  const { account, session } = await placeOf(part);
  try {
    const config = parse(fileOf(part, proof));
    account.sandbox.residents(givenThings(config));
    const { items } = await proposeApply(session, config, { prune: false });
    const outcome = outcomeOf(items);
    if (outcome === "refuse") return { outcome, calls: [] };
    const { things } = thingsOf(config, sandboxAccount);
    return { outcome, calls: [...new Set(items.flatMap((item) => callsOf(item, things)))] };
  } catch (error) {
    if (error instanceof InputError) return { outcome: "refuse", calls: [] };
    throw error;
  }
}

/** The changing calls of a line of a plan: those that its kind declares for what is done. */
function callsOf({ id, kind: name, verb, changes }: PlanItem, things: readonly Thing[]): readonly string[] {
  const kind = kinds.find((one) => one.name === name);
  const to = things.find((one) => one.id === id)?.to;
  if (!kind || !to) return [];
  const making = ["create", ...(kind.completes ?? [])];
  const groups = {
    create: making,
    replace: [...making, "delete"],
    update: changes.map(({ group }) => group),
  };
  const done = verb === "create" || verb === "replace" || verb === "update" ? groups[verb] : [];
  if (done.length > 0 && name.startsWith("kube.")) return [`kubernetes:${name.slice("kube.".length)}`];
  const inAws = done
    .flatMap(to)
    .filter(({ need, action }) => need !== "optional" && !reads.test(action))
    .map(({ action }) => action);
  // Of what stands in AWS, only live nodes of self-managed nodegroups are told anything in Kubernetes.
  return [...(done.includes("registration") ? ["kubernetes:nodes"] : []), ...inAws];
}

/** What changes nothing, and what AWS checks beside a call. */
const reads = /:(Describe|Get|List|PassRole|RunInstances|CreateServiceLinkedRole)/u;
const effects = new Map<string, Effect>();

describe("an edit of", { timeout: 180_000 }, () => {
  it.each(parts)("nothing changes nothing: $has", async (part) => {
    expect(await effectOf(part)).toEqual({ outcome: "nothing", calls: [] });
  });

  it.each(proofs.map((proof) => ({ path: proof[0], proof })))(
    "$path does what the table says",
    async ({ path, proof }) => {
      const part = parts.find(({ proves }) => proves.test(path));
      if (!part) throw new Error(`${path} is proven nowhere`);
      const effect = await effectOf(part, proof);
      const before = effects.get(keyOf(path))?.calls ?? [];
      effects.set(keyOf(path), { ...effect, calls: [...new Set([...before, ...effect.calls])] });
      const { outcome } = onChange(keyOf(path)) ?? {};
      expect(effect.outcome).toBe(outcome === "birth" ? "nothing" : outcome);
    },
  );

  it("each key sends what docs/changes.md says (-u after a change)", async ({ skip }) => {
    if (effects.size < new Set(proofs.map(([path]) => keyOf(path))).size) skip("not all keys were tried");
    const lines = [...effects].map(([key, { outcome, calls }]) => {
      const sent = calls.map((call) => `\`${call}\``).join(", ");
      return `| \`${key}\` | ${outcomes[outcome]} | ${sent} |`;
    });
    await expect(`${[...heading, ...lines].join("\n")}\n`).toMatchFileSnapshot("../../docs/changes.md");
  });
});

const heading = [
  "# What an edit sends",
  "",
  "One key of an existing cluster's file is edited, then `apply` is planned: what it does, and the calls that change something. Made by",
  "`npx vitest run test/operations/changes.test.ts -u`, which edits one key at a time; not to be edited. Keys that stand beside others of",
  "their kind (in lists, in a mapping) are edited once. What a refusal says, and which calls only certain cases need, is in the plan.",
  "",
  "| Key | `apply` | Calls |",
  "| --- | --- | --- |",
];
