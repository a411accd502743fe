import type { FaultRule } from "../../src/sandbox/index.ts";
import { waiting } from "./commands.ts";
import type { Disturbance } from "./disturbances.ts";
import { type Ending, type Moment, type Trial, run } from "./judge.ts";
import { mortalClock } from "./mortal-clock.ts";
import { changes, nameOf, whenItComes } from "./points.ts";

/**
 * Two runs on one cluster: the second begins when the first is at one of its changing requests, and waits for the lock. A first
 * run that is suspended there loses it meanwhile, and goes on when the second has done all. An account may have no lock:
 * then a deletion that sleeps through another run may delete what that run came to use, which is what the lock is for.
 */
export const rivalries: readonly Disturbance[] = [
  { name: "two at once", moments: (trial) => withRivals(trial, {}) },
  { name: "overtaken", moments: (trial) => withRivals(trial, { suspends: true }) },
  { name: "two at once, no lock", moments: (trial) => withRivals(trial, { lock: false }) },
];

interface Rivalry {
  readonly suspends?: boolean;
  /** Absent: there is one. */
  readonly lock?: boolean;
}

/** The lock lives in SSM, which nobody is allowed to use then. */
const noLock: FaultRule = { service: "ssm", effect: "deny" };

function withRivals({ scene, journal }: Trial, { suspends = false, lock = true }: Rivalry): readonly Moment[] {
  const requests = journal.filter(({ service }) => lock || service !== noLock.service);
  return changes(requests).flatMap((point) =>
    scene.rivals.map((rival): Moment => ({
      at: `${rival.name} at ${nameOf(point)}`,
      others: true,
      fits: ["done", "refused", "failed", "stopped", "still-working"],
      async strike(account) {
        const { sandbox } = account;
        const clock = mortalClock(sandbox.clock);
        let second: Promise<Ending> | undefined;
        const hasCome = whenItComes(sandbox, point, (after) => {
          if (after > 0) return;
          if (suspends) clock.suspend();
          second = run(waiting(rival), account).finally(() => clock.wake());
          // Looked at below, when the first run has ended.
          second.catch(() => undefined);
        });
        sandbox.faults(lock ? [] : [noLock]);
        const first = await run(scene.command, account, { clock });
        await second;
        sandbox.faults([]);
        if (!hasCome()) throw new Error("the run never came to that request");
        return first;
      },
    })),
  );
}
