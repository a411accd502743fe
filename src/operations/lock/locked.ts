import type { Owner } from "../../aws/context.ts";
import { causeClass } from "../../aws/errors.ts";
import { lockPath } from "../../aws/names.ts";
import type { RunResult } from "../../engine/index.ts";
import { RefusedError } from "../../errors.ts";
import { explain } from "../explain.ts";
import { type Finished, type Proposal, type RunOptions, obstacles } from "../proposal.ts";
import type { Session } from "../session.ts";
import type { HeldLock } from "./held.ts";
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
    await clearAway(session, owner);
    return proposal.run(options);
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
  const trouble = await release(session, owner, lock);
  if (trouble === undefined || locking.endsOwnership !== true) return finished;
  return { ...finished, result: withLockLeft(finished.result, owner, trouble) };
}

async function proposedAgain<Output>(
  { propose }: Locking<Output>,
  before: Proposal<Output>,
  { reconsider }: RunOptions,
): Promise<Proposal<Output>> {
  const now = await propose();
  if (now.fingerprint === before.fingerprint) return now;
  if (!reconsider) {
    throw new RefusedError("another run has changed what the plan was made of", {
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

function withLockLeft(result: RunResult, owner: Owner, because: string): RunResult {
  const name = lockPath(owner);
  const left = { id: "lock", kind: "ssm.parameter", title: "lock parameter", name, ref: name, because } as const;
  return {
    ...result,
    outcome: result.outcome === "done" ? "failed" : result.outcome,
    leftovers: [...result.leftovers, left],
  };
}

/** Deletes what a run that is no more has left of a lock, where nothing else is to be done. */
async function clearAway(session: Session, owner: Owner): Promise<void> {
  const parameters = lockParameters(session.clients, owner);
  try {
    const found = await parameters.list();
    const isGarbage = found.every((one) => one.holder !== undefined && lapse(session, one) !== undefined);
    if (isGarbage) await parameters.remove(found.map(({ number }) => number));
  } catch (error) {
    // Nothing was asked for that needs the lock, so one who may not see it misses nothing.
    if (causeClass(error) === "permission") return;
    const text = `whether an earlier run has left a lock of cluster ${owner.cluster} cannot be told: ${explain(error).message}`;
    session.emit({ type: "note", at: session.clock.now(), text });
  }
}
