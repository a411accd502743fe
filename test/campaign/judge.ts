import { patience as lag } from "../../src/engine/session.ts";
import { isDeepStrictEqual } from "node:util";
import { EkstoolError } from "../../src/errors.ts";
import type { RunResult } from "../../src/engine/index.ts";
import type { Proposal } from "../../src/operations/proposal.ts";
import type { JournalEntry } from "../../src/sandbox/index.ts";
import { type Account, type RunChoice, failuresOf } from "../support/account.ts";
import { type Inventory, inventory } from "../support/campaign-inventory.ts";
import { contents, recurringSettings } from "../support/holdings.ts";
import { inhabited } from "./accounts.ts";
import type { Command } from "./commands.ts";
import type { Scene } from "./scenes.ts";

/** How a run ended; `refused`: it threw what the command line tells a user. */
export interface Ending {
  readonly as: RunResult["outcome"] | "refused" | "killed";
  readonly why: readonly string[];
}

/** What becomes of a scene that nothing disturbs. */
export interface Trial {
  readonly scene: Scene;
  readonly from: Account;
  /** Of the command that will be disturbed. */
  readonly journal: readonly JournalEntry[];
  readonly inventory: Inventory;
  readonly settings: Inventory;
}

/** One disturbance of one scene, at one moment. */
export interface Moment {
  /** As `eks:CreateCluster#1`; unique among those of a disturbance. */
  readonly at: string;
  /** Carries the scene's command out on an account that is like the one before, and disturbs it. */
  strike(account: Account): Promise<Ending>;
  /** How the disturbed run may end; absent: as it likes. */
  readonly fits?: readonly Ending["as"][];
  /** Others had their hands in it: what only counts and dates, as versions of a launch template, may differ. */
  readonly others?: true;
}

export interface Verdict {
  /** Run again it was done, changed nothing more, and all was as without the disturbance; nothing of others was touched. */
  readonly converged: boolean;
  /** What the deletion of the cluster left behind. */
  readonly orphans: number;
  /** What there was more often than without the disturbance. */
  readonly duplicates: number;
  readonly reasons: readonly string[];
}

/** Runs within which all must be done. */
const patience = 4;

/** Proposes a command and carries it out. A run may end in a failure or be refused; it may not break. */
export async function run(command: Command, account: Account, choice: RunChoice = {}): Promise<Ending> {
  return carryOut(command, () => command.propose(account, choice));
}

/** @throws what is no error that the command line would explain. */
export async function carryOut(command: Command, propose: () => Promise<Proposal>): Promise<Ending> {
  const { onFailure, waitForLock } = command;
  try {
    const proposal = await propose();
    // Agrees to whatever the plan is by then, as `--yes` does.
    const reconsider = () => Promise.resolve();
    const finished = await proposal.run({ onFailure, reconsider, ...(waitForLock !== undefined && { waitForLock }) });
    const left = finished.result.leftovers.map(({ kind, ref, because }) => `left: ${kind} ${ref}: ${because}`);
    return { as: finished.result.outcome, why: [...failuresOf(finished), ...left] };
  } catch (error) {
    if (!(error instanceof EkstoolError) && !isFromAws(error)) throw error;
    return { as: "refused", why: [String(error)] };
  }
}

function isFromAws(error: unknown): boolean {
  return error instanceof Error && ("$metadata" in error || "syscall" in error || "code" in error);
}

/** Runs a scene undisturbed, and with it what would be run again. */
export async function rehearse(scene: Scene): Promise<Trial> {
  const from = await scene.from();
  const account = await onStage(scene, from);
  try {
    const ending = await run(scene.command, account);
    const expected = scene.failure ? "failed" : "done";
    if (ending.as !== expected) throw new Error([`undisturbed it ended as ${ending.as}`, ...ending.why].join("\n"));
    const journal = [...account.sandbox.journal];
    const unfinished = await untilDone(scene.again, account);
    if (unfinished.length > 0) throw new Error(unfinished.join("\n"));
    await account.rest();
    return {
      scene,
      from,
      journal,
      inventory: inventory(account.sandbox.world.state),
      settings: recurringSettings(account.sandbox),
    };
  } finally {
    await account.close();
  }
}

async function onStage({ failure }: Scene, from: Account): Promise<Account> {
  const account = await from.fork();
  if (failure) account.sandbox.scenario({ failures: [{ ...failure }] });
  return account;
}

/** Disturbs a scene once, runs it again until all is done, and looks at what there is: then, and when all is deleted. */
export async function judge({ scene, from, ...expected }: Trial, moment: Moment): Promise<Verdict> {
  const account = await onStage(scene, from);
  const reasons: string[] = [];
  let [orphans, duplicates] = [0, 0];
  try {
    const ending = await moment.strike(account);
    if (moment.fits && !moment.fits.includes(ending.as)) {
      reasons.push(`the disturbed run ended as ${ending.as}`, ...ending.why);
    }
    account.sandbox.scenario({ failures: [] });
    if (moment.others && scene.restore) reasons.push(...(await restored(scene, scene.restore, account)));
    reasons.push(...(await untilDone(scene.again, account)));
    // Nobody types faster than AWS's lists catch up.
    await account.sandbox.clock.sleep(lag.aftermath * 1000);
    const sofar = account.sandbox.journal.length;
    const idle = await run(scene.again, account);
    if (idle.as !== "done") reasons.push(`run once more it ended as ${idle.as}`, ...idle.why);
    const changes = account.sandbox.journal
      .slice(sofar)
      .filter((entry) => entry.changes)
      .map(({ service, operation }) => `${service}:${operation}`);
    if (changes.length > 0) reasons.push(`run once more it still changed something: ${changes.join(", ")}`);

    await account.rest();
    const isLoose = moment.others || scene.again !== scene.command;
    const surplus = isLoose
      ? compare(recurringSettings(account.sandbox), expected.settings)
      : compare(inventory(account.sandbox.world.state), expected.inventory);
    duplicates = surplus.duplicates;
    reasons.push(...surplus.reasons);

    reasons.push(...(await untilDone(scene.removal, account)));
    await account.rest();
    const left = leftBehind(account, await inhabited());
    orphans = left.orphans.length;
    reasons.push(...left.orphans.map((name) => `left behind: ${name}`), ...left.reasons);
  } catch (error) {
    reasons.push(`it broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  await account.close().catch((error: unknown) => reasons.push(String(error)));
  return { converged: reasons.length === 0, orphans, duplicates, reasons: [...new Set(reasons)] };
}

/** Puts right what others have done; what AWS cannot change any more is refused, and made anew by who is told so. */
async function restored({ removal }: Scene, restore: Command, account: Account): Promise<readonly string[]> {
  const ending = await run(restore, account);
  return [
    ...(ending.as === "refused" ? await untilDone(removal, account) : []),
    ...(await untilDone(restore, account)),
  ];
}

/** Runs a command until it is done; says why where it never is. */
async function untilDone(command: Command, account: Account): Promise<readonly string[]> {
  const endings: Ending[] = [];
  while (endings.length < patience) {
    const ending = await run(command, account);
    if (ending.as === "done") return [];
    endings.push(ending);
  }
  return [`${command.name} was not done after ${patience} runs`, ...endings.flatMap(({ as, why }) => [as, ...why])];
}

function compare(found: Inventory, expected: Inventory) {
  const families = [...new Set([...Object.keys(found), ...Object.keys(expected)])];
  const reasons: string[] = [];
  let duplicates = 0;
  for (const family of families) {
    const [has, wants] = [found[family] ?? [], expected[family] ?? []];
    const surplus = has.length - wants.length;
    duplicates += Math.max(0, surplus);
    if (surplus !== 0) reasons.push(`${family}: ${has.length}, and ${wants.length} without the disturbance`);
    else if (!isDeepStrictEqual(has, wants)) reasons.push(`${family} differ: ${differences(has, wants).join("; ")}`);
  }
  return { duplicates, reasons };
}

/** Where two values differ, as paths with both sides. */
function differences(found: unknown, expected: unknown, path = ""): readonly string[] {
  if (isDeepStrictEqual(found, expected)) return [];
  if (!isObject(found) || !isObject(expected)) {
    return [`${path} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
  }
  const keys = [...new Set([...Object.keys(found), ...Object.keys(expected)])];
  return keys.flatMap((key) => differences(found[key], expected[key], `${path}/${key}`));
}

/** What is in an account that was not there before; and whether what was there is as it was. */
function leftBehind(found: Account, before: Account) {
  const [now, then] = [thingsOf(found), thingsOf(before)];
  const orphans = [...now.keys()].filter((name) => !then.has(name));
  const reasons = [...then].flatMap(([name, record]) =>
    isDeepStrictEqual(now.get(name), record) ? [] : [`somebody else's ${name} is not as it was`],
  );
  return { orphans, reasons };
}

/** Each thing of an account by its place in it. */
function thingsOf({ sandbox }: Account): ReadonlyMap<string, unknown> {
  const { account: _number, ...held } = contents(sandbox) as Readonly<Record<string, unknown>>;
  return records(held);
}

/** A thing is what holds more than objects. */
function records(value: unknown, path = ""): ReadonlyMap<string, unknown> {
  if (!isObject(value)) return new Map();
  if (!Object.values(value).every(isObject)) return new Map([[path, value]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...records(inner, `${path}/${key}`)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
