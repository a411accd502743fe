import type { RunResult } from "../../src/engine/index.ts";
import type { Finished } from "../../src/operations/proposal.ts";
import type { FaultRule, JournalEntry } from "../../src/sandbox/index.ts";
import type { Account, RunChoice } from "./account.ts";
import { type Inventory, inventory } from "./campaign-inventory.ts";
import { contents } from "./holdings.ts";
import { mortalClock } from "./campaign-mortal.ts";
import type { Point } from "./campaign-points.ts";

/** One command, and the account as it is before. */
export interface Journey {
  readonly from: Account;
  run(account: Account, choice: RunChoice): Promise<Finished<unknown>>;
}

/** What happens to one request. `killed`: the tool is, before AWS has done it or afterwards, and never learns of it. */
export type Blow = "killed before" | "killed after" | "lost" | "500" | "reset" | "deny" | "throttle" | "timeout";

export const blows: readonly Blow[] = [
  "killed before",
  "killed after",
  "lost",
  "500",
  "reset",
  "deny",
  "throttle",
  "timeout",
];

const effects: Readonly<Record<Blow, FaultRule["effect"]>> = {
  "killed before": "reset",
  "killed after": "lost",
  lost: "lost",
  "500": { error: { code: "InternalError", status: 500 } },
  reset: "reset",
  deny: "deny",
  throttle: "throttle",
  timeout: "timeout",
};

/** What an account holds when all has come to rest. */
interface Held {
  readonly inventory: Inventory;
  /** To the letter, identifiers and times included. */
  readonly contents: unknown;
}

interface Undisturbed extends Held {
  readonly journal: readonly JournalEntry[];
}

export async function undisturbed(journey: Journey): Promise<Undisturbed> {
  const account = await journey.from.fork();
  try {
    const { result } = await journey.run(account, {});
    expectDone(result);
    return { journal: [...account.sandbox.journal], ...(await heldBy(account)) };
  } finally {
    await account.close();
  }
}

/** How a run ended that was disturbed. */
export type Ending = RunResult["outcome"] | "refused" | "killed";

/** What there is after the same command was run again. */
interface Disturbed extends Held {
  readonly first: Ending;
  /** What a third run changed. */
  readonly idle: readonly string[];
}

/**
 * Runs a journey of which one request is hit, and then again. Throws unless the request was hit and the second run ended as
 * it should.
 */
export async function disturbed(journey: Journey, point: Point, blow: Blow): Promise<Disturbed> {
  const account = await journey.from.fork();
  try {
    const { sandbox } = account;
    sandbox.faults([{ ...point, effect: effects[blow] }]);
    const first = blow.startsWith("killed")
      ? await killedAt(journey, account, point)
      : await endingOf(journey.run(account, {}));
    if (!sandbox.journal.some(({ fault }) => fault !== undefined)) throw new Error("no request was hit");
    expectDone((await journey.run(account, {})).result);
    account.changes();
    expectDone((await journey.run(account, {})).result);
    const idle = account.changes().map(({ service, operation }) => `${service}:${operation}`);
    return { first, idle, ...(await heldBy(account)) };
  } finally {
    await account.close();
  }
}

async function heldBy(account: Account): Promise<Held> {
  await account.rest();
  return { inventory: inventory(account.sandbox.world.state), contents: contents(account.sandbox) };
}

async function killedAt(journey: Journey, account: Account, point: Point): Promise<Ending> {
  const clock = mortalClock(account.sandbox.clock);
  let seen = 0;
  account.sandbox.onRequest(({ service, operation }) => {
    if (service === point.service && operation === point.operation && ++seen === point.nth) clock.kill();
  });
  const killed = clock.dead.then((): Ending => "killed");
  return Promise.race([killed, endingOf(journey.run(account, { clock }))]);
}

/** A run may end in a failure; it may not break. */
async function endingOf(run: Promise<Finished<unknown>>): Promise<Ending> {
  try {
    return (await run).result.outcome;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return "refused";
  }
}

function expectDone({ outcome, failures, leftovers }: RunResult): void {
  if (outcome === "done") return;
  const why = failures.map(({ step, error }) => `${step}: ${String(error)}`);
  const left = leftovers.map(({ kind, ref, because }) => `${kind} ${ref}: ${because}`);
  throw new Error([`the run ended as ${outcome}`, ...why, ...left].join("\n"));
}
