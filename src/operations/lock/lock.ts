import { randomUUID } from "node:crypto";
import type { Owner } from "../../aws/context.ts";
import { causeClass } from "../../aws/errors.ts";
import { InterruptedError, RefusedError } from "../../errors.ts";
import { explain } from "../explain.ts";
import type { Session } from "../session.ts";
import { type HeldLock, type Taking, holdLock } from "./held.ts";
import { type LockParameter, describeHolder, instant } from "./holder.ts";
import { lapse, patience, runsHere } from "./lapse.ts";
import { keepingLock, lockParameters } from "./parameters.ts";

export interface LockRequest {
  /** What it is taken for, as "create cluster quickstart". */
  readonly command: string;
  /** Seconds to wait while another run holds it; absent: none. */
  readonly wait?: number;
}

/** Milliseconds between two looks at a lock that somebody else holds. */
const waitingPace = 10_000;
/** And at one that somebody took this moment, and that does not show yet. */
const settlingPace = 1000;

/**
 * Takes a cluster's lock for one run: a parameter that is made without overwriting, which AWS lets only one do. As SSM compares
 * nothing before it overwrites, a lock that nobody keeps any more is topped by the next number: the highest one holds.
 *
 * @returns undefined where the account does not let us, which a note has said.
 * @throws RefusedError when another run holds it, also after the time to wait; InterruptedError when the user asks to stop.
 */
export async function takeLock(session: Session, owner: Owner, request: LockRequest): Promise<HeldLock | undefined> {
  try {
    return await take(session, owner, request);
  } catch (error) {
    if (causeClass(error) !== "permission") throw error;
    const text = `the lock of cluster ${owner.cluster} cannot be used, so nothing keeps another run from working on it at the same time: ${explain(error).message} (the lock needs ${keepingLock.map(({ action }) => action).join(", ")})`;
    session.emit({ type: "note", at: session.clock.now(), text });
    return undefined;
  }
}

async function take(session: Session, owner: Owner, request: LockRequest): Promise<HeldLock> {
  const { clock } = session;
  const parameters = lockParameters(session.clients, owner);
  const { arn: caller } = await session.caller();
  const self = { process: session.processes().self, run: randomUUID(), caller, command: request.command };
  runsHere.add(self.run);
  const began = clock.now();
  const attempt: Attempt = { until: began + (request.wait ?? 0) * 1000, contended: false, askedAt: began };
  try {
    for (;;) {
      const held = await tryOnce({ session, owner, parameters, self }, attempt);
      if (held) return held;
    }
  } catch (error) {
    runsHere.delete(self.run);
    if (attempt.made !== undefined) await parameters.remove([attempt.made]).catch(givenUpWithThisProcess);
    throw error;
  }
}

/** What is not removed now is taken over by the next run, as this process is no more then. */
function givenUpWithThisProcess(): void {
  // The error that came first is the one to be told.
}

interface Attempt {
  /** When waiting ends, in milliseconds since the epoch. */
  readonly until: number;
  contended: boolean;
  /** When a parameter was asked for, in milliseconds since the epoch: this process may sleep before it finds it uncontested. */
  askedAt: number;
  /** The number of the parameter that was made and has yet to be found uncontested. */
  made?: number;
  /** The parameter whose holder the user was told of. */
  waitingFor?: string;
}

/** One round: looks, and makes a parameter, or finds the one made before uncontested, or waits. */
async function tryOnce(taking: Taking, attempt: Attempt): Promise<HeldLock | undefined> {
  const { session, owner, parameters, self } = taking;
  const now = instant(session.clock.now());
  const note = (text: string) => session.emit({ type: "note", at: session.clock.now(), text });
  const found = await parameters.list();
  // Its answer may have been lost.
  const made = attempt.made ?? found.find((one) => one.holder?.run === self.run)?.number;
  const others = found.filter((one) => one.holder?.run !== self.run);
  const rival = others.findLast((other) => lapse(session, other) === undefined);
  const last = others.at(-1);

  if (made !== undefined && !rival && (last?.number ?? 0) < made) {
    if (last && others.length === found.length) {
      // The one whose lock it was may come back, and has to see that it is no more.
      await pause(session, settlingPace);
      return undefined;
    }
    if (last) note(`took over from ${describeHolder(last)}: ${lapse(session, last) ?? ""}`);
    const topped = others.filter((other) => other.holder !== undefined).map(({ number }) => number);
    const { askedAt: madeAt, contended } = attempt;
    return holdLock({ ...taking, number: made, madeAt, since: now, topped, contended });
  }
  if (made !== undefined) {
    await parameters.remove([made]);
    delete attempt.made;
  }
  if (rival) {
    const left = attempt.until - session.clock.now();
    if (left <= 0) throw isHeld(session, owner, rival);
    attempt.contended = true;
    if (attempt.waitingFor !== rival.name) note(`waiting for ${describeHolder(rival)}`);
    attempt.waitingFor = rival.name;
    await pause(session, Math.min(waitingPace, left));
    return undefined;
  }
  const number = (last?.number ?? 0) + 1;
  attempt.askedAt = session.clock.now();
  const isMade = await parameters.create(number, { ...self, since: now, heartbeat: now });
  if (isMade) attempt.made = number;
  else await pause(session, settlingPace);
  return undefined;
}

function isHeld({ clock, command }: Session, { cluster, region }: Owner, rival: LockParameter): RefusedError {
  const unlock = command(["utils", "unlock", "--cluster", cluster, "--region", region]);
  const seconds = Math.max(1, Math.ceil((rival.writtenAt + patience - clock.now()) / 1000));
  return new RefusedError(`another run is at work on the cluster ${cluster}: ${describeHolder(rival)}`, {
    hint: `wait for it with --wait-lock; should it be dead, it is given up in ${seconds} s, or at once by: ${unlock}`,
  });
}

async function pause({ clock, interrupt }: Session, milliseconds: number): Promise<void> {
  try {
    await clock.sleep(milliseconds, interrupt);
  } catch (error) {
    if (!interrupt?.aborted) throw error;
    throw new InterruptedError("interrupted while another run was waited for; nothing was changed", { cause: error });
  }
}
