import type { Owner } from "../../aws/context.ts";
import { causeClass } from "../../aws/errors.ts";
import { lockPath } from "../../aws/names.ts";
import { RefusedError } from "../../errors.ts";
import { explain } from "../explain.ts";
import { type Finished, type Proposal, type RunOptions, obstacles } from "../proposal.ts";
import type { Session } from "../session.ts";
import type { HeldLock } from "./held.ts";
import type { LockParameter } from "./holder.ts";
import { lapse } from "./lapse.ts";
import { takeLock } from "./lock.ts";
import { lockParameters } from "./parameters.ts";

/** Milliseconds for which a plan counts as made a moment ago. */
const freshness = 30_000;

interface Locking<Output> {
  readonly session: Session;
  /** Makes the proposal, and makes it anew where it may be old when the lock is held. */
  readonly propose: () => Promise<Proposal<Output>>;
  /** Nothing that is ours may be left afterwards. */
  readonly endsOwnership?: boolean;
}

/**
 * A proposal that is carried out while its cluster's lock is held, so that one run at a time works on a cluster. The lock is taken
 * when the run begins, not while somebody thinks about the plan: where another run may have come between, the plan is made again.
 */
export async function locked<Output>(locking: Locking<Output>): Promise<Proposal<Output>> {
  const { session } = locking;
  const proposal = await locking.propose();
  const at = session.clock.now();
  return { ...proposal, run: (options) => runLocked(locking, proposal, at, options) };
}

async function runLocked<Output>(
  locking: Locking<Output>,
  proposal: Proposal<Output>,
  proposedAt: number,
  options: RunOptions,
): Promise<Finished<Output>> {
  const { session } = locking;
  const { owner, title } = proposal;
  if (proposal.readOnly || obstacles(proposal).length > 0) return proposal.run(options);
  if (!proposal.changes) {
    const trouble = await clearAway(session, owner);
    return withLockLeft(await proposal.run(options), locking, owner, trouble);
  }
  const { waitForLock: wait } = options;
  const lock = await takeLock(session, owner, { command: title, ...(wait === undefined ? {} : { wait }) });
  if (!lock) return proposal.run(options);
  const isOld = lock.contended || session.clock.now() - proposedAt > freshness;
  let finished: Finished<Output>;
  try {
    const current = isOld ? await proposedAgain(locking, proposal, options) : proposal;
    finished = await current.run({ ...options, permit: lock.permit });
  } catch (error) {
    await release(session, owner, lock);
    throw error;
  }
  return withLockLeft(finished, locking, owner, await release(session, owner, lock));
}

async function proposedAgain<Output>(
  { propose }: Locking<Output>,
  before: Proposal<Output>,
  { reconsider }: RunOptions,
): Promise<Proposal<Output>> {
  const now = await propose();
  if (now.fingerprint === before.fingerprint) return now;
  if (!reconsider) {
    throw new RefusedError("what the plan was made of has changed meanwhile", {
      hint: "run the command again for a new plan",
    });
  }
  await reconsider(now);
  return now;
}

/** Releases a lock; where it stays, a note says why, and so does what is returned. */
async function release(session: Session, owner: Owner, lock: HeldLock): Promise<string | undefined> {
  try {
    await lock.release();
    return undefined;
  } catch (error) {
    const { message } = explain(error);
    const text = `the lock of cluster ${owner.cluster} could not be released (${message}): the next run takes it over`;
    session.emit({ type: "note", at: session.clock.now(), text });
    return message;
  }
}

/** What has happened, where the lock itself is still there and nothing should be. */
function withLockLeft<Output>(
  finished: Finished<Output>,
  { endsOwnership }: Locking<Output>,
  owner: Owner,
  because: string | undefined,
): Finished<Output> {
  if (because === undefined || endsOwnership !== true) return finished;
  const { result } = finished;
  const name = lockPath(owner);
  const left = { id: "lock", kind: "ssm.parameter", title: "lock parameter", name, ref: name, because } as const;
  const outcome = result.outcome === "done" ? "failed" : result.outcome;
  return { ...finished, result: { ...result, outcome, leftovers: [...result.leftovers, left] } };
}

/** Deletes what a run that is no more has left of a lock, where nothing else is to be done. Says and returns why that fails. */
async function clearAway(session: Session, owner: Owner): Promise<string | undefined> {
  const parameters = lockParameters(session.clients, owner);
  let found: readonly LockParameter[] = [];
  try {
    found = await parameters.list();
    const isGarbage = found.every((one) => one.holder !== undefined && lapse(session, one) !== undefined);
    if (isGarbage) await parameters.remove(found.map(({ number }) => number));
    return undefined;
  } catch (error) {
    // Nothing is changed that needs the lock, so who may not look for one misses nothing.
    if (found.length === 0 && causeClass(error) === "permission") return undefined;
    const { message } = explain(error);
    const text = `what an earlier run may have left of the lock of cluster ${owner.cluster} could not be cleared away: ${message}`;
    session.emit({ type: "note", at: session.clock.now(), text });
    return message;
  }
}
