import type { RunResult } from "../../src/engine/index.ts";
import type { Finished } from "../../src/operations/proposal.ts";
import type { FaultRule, JournalEntry } from "../../src/sandbox/index.ts";
import { type Account, type RunChoice, processesOf } from "./account.ts";
import { type Inventory, inventory } from "./campaign-inventory.ts";
import { contents, settings } from "./holdings.ts";
import { mortalClock } from "./campaign-mortal.ts";
import type { Point } from "./campaign-points.ts";

/** One command, and the account as it is before. */
export interface Journey {
  readonly from: Account;
  run(account: Account, choice: RunChoice): Promise<Finished<unknown>>;
}

/**
 * What happens at one request. `killed`: the tool is, before AWS has done it or afterwards, and never learns of it.
 * `interrupted`: the user asks it to stop.
 */
export type Blow = (typeof blows)[number];

const effects = {
  "killed before": "reset",
  "killed after": "lost",
  lost: "lost",
  "500": { error: { code: "InternalError", status: 500 } },
  reset: "reset",
  deny: "deny",
  throttle: "throttle",
  timeout: "timeout",
} as const satisfies Record<string, FaultRule["effect"]>;

export const blows = [...Object.keys(effects), "interrupted"] as readonly (keyof typeof effects | "interrupted")[];

/** What an account holds when all has come to rest. */
interface Held {
  readonly inventory: Inventory;
  /** To the letter, identifiers and times included. */
  readonly contents: unknown;
  /** Without what only counts and dates: as it was when an edit is taken back. */
  readonly settings: unknown;
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

/** What there is after the second run. */
interface Disturbed extends Held {
  readonly first: Ending;
  /** What a third run changed. */
  readonly idle: readonly string[];
}

/**
 * Runs a journey of which one request is hit, then again (or another one), and once more. Throws unless the request was hit,
 * and the second and third run did all.
 */
export async function disturbed(
  journey: Journey,
  point: Point,
  blow: Blow,
  again: Journey["run"] = journey.run,
): Promise<Disturbed> {
  const account = await journey.from.fork();
  try {
    const first = await strike(journey, account, point, blow);
    expectDone((await again(account, {})).result);
    account.changes();
    expectDone((await again(account, {})).result);
    const idle = account.changes().map(({ service, operation }) => `${service}:${operation}`);
    return { first, idle, ...(await heldBy(account)) };
  } finally {
    await account.close();
  }
}

async function strike(journey: Journey, account: Account, point: Point, blow: Blow): Promise<Ending> {
  const { sandbox } = account;
  const clock = mortalClock(sandbox.clock);
  const interrupt = new AbortController();
  let seen = 0;
  sandbox.onRequest(({ service, operation }) => {
    if (service !== point.service || operation !== point.operation || ++seen !== point.nth) return;
    if (blow === "interrupted") interrupt.abort();
    if (blow.startsWith("killed")) clock.kill();
  });
  if (blow !== "interrupted") sandbox.faults([{ ...point, effect: effects[blow] }]);
  const run = endingOf(journey.run(account, { clock, interrupt: interrupt.signal, processes: processesOf(2) }));
  const first = await Promise.race([run, clock.dead.then((): Ending => "killed")]);
  if (seen < point.nth) throw new Error("the run never came to that request");
  return first;
}

async function heldBy(account: Account): Promise<Held> {
  await account.rest();
  const { sandbox } = account;
  return {
    inventory: inventory(sandbox.world.state),
    contents: contents(sandbox),
    settings: settings(sandbox),
  };
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

/** What a run may end as that met with this: what passes by itself it outlives, and it stops when it is asked to. */
export function isFitting(blow: Blow): (first: Ending) => boolean {
  const fitting: Readonly<Partial<Record<Blow, readonly Ending[]>>> = {
    "killed before": ["killed"],
    "killed after": ["killed"],
    throttle: ["done"],
    // The last request of all may be too late to stop.
    interrupted: ["interrupted", "done"],
  };
  return (first) => fitting[blow]?.includes(first) ?? true;
}
