import type { Disturbance } from "./disturbances.ts";
import { type Ending, type Moment, type Trial, run } from "./judge.ts";
import { mortalClock } from "./mortal-clock.ts";
import { changes, nameOf, whenItComes } from "./points.ts";

/** Two runs on one cluster: the second begins when the first is at one of its changing requests. */
export const together: Disturbance = {
  name: "two at once",
  moments: (trial) => withRivals(trial, false),
};

/** The first run is suspended at one of its changing requests, the second does all, then the first goes on. */
export const overtaken: Disturbance = {
  name: "overtaken",
  moments: (trial) => withRivals(trial, true),
};

function withRivals({ scene, journal }: Trial, suspends: boolean): readonly Moment[] {
  return changes(journal).flatMap((point) =>
    scene.rivals.map((rival): Moment => ({
      at: `${rival.name} at ${nameOf(point)}`,
      others: true,
      fits: ["done", "refused", "failed", "still-working"],
      async strike(account) {
        const clock = mortalClock(account.sandbox.clock);
        let second: Promise<Ending> | undefined;
        const hasCome = whenItComes(account.sandbox, point, (after) => {
          if (after > 0) return;
          if (suspends) clock.suspend();
          second = run(rival, account).finally(() => clock.wake());
          // Looked at below, when the first run has ended.
          second.catch(() => undefined);
        });
        const first = await run(scene.command, account, { clock });
        await second;
        if (!hasCome()) throw new Error("the run never came to that request");
        return first;
      },
    })),
  );
}
