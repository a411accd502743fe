import type { FaultRule } from "../../src/sandbox/index.ts";
import { exitCode } from "../../src/errors.ts";
import { waiting } from "./commands.ts";
import type { Disturbance } from "./disturbances.ts";
import { type Draw, drawn } from "./draw.ts";
import type { Ending, Moment, Trial } from "./judge.ts";
import { type Point, changes, nameOf } from "./points.ts";
import { type Ended, type Process, type Served, served } from "./served.ts";

/** Moments a row: a process takes its time, and all of them are gone through in one process with the sandbox. */
const momentsPerRow = 12;

/** The built tool as a process of its own, over a served sandbox; its requests are held by faults that never answer. */
export const processes: readonly Disturbance[] = [
  ofProcess("SIGKILL before", "stall", async (tool) => tool.signal("SIGKILL"), ["killed"]),
  ofProcess("SIGKILL after", { latency: { seconds: 3600 } }, async (tool) => tool.signal("SIGKILL"), ["killed"]),
  ofProcess("SIGINT", { latency: { seconds: 0.5 } }, async (tool) => tool.signal("SIGINT"), ["interrupted", "done"]),
  ofProcess("SIGINT twice", "stall", interruptTwice, ["interrupted"]),
  { name: "two processes", moments: twoProcesses },
];

async function interruptTwice(tool: Process): Promise<void> {
  tool.signal("SIGINT");
  await tool.says("press Ctrl-C again to leave at once");
  tool.signal("SIGINT");
}

function ofProcess(
  name: string,
  effect: FaultRule["effect"],
  act: (tool: Process) => Promise<void>,
  fits: readonly Ending["as"][],
): Disturbance {
  return {
    name,
    moments: (trial, draw) =>
      someOf(trial, draw).map((point) => ({
        at: nameOf(point),
        ...(!trial.scene.failure && { fits }),
        strike: (account) =>
          served(account, async (sandbox) => {
            await sandbox.faults({ ...point, effect });
            const tool = sandbox.start(trial.scene.command);
            await sandbox.met(tool);
            await act(tool);
            return endingOf(await tool.ended);
          }),
      })),
  };
}

/** The second process begins when the first one is at one of its changing requests, which is answered a little later; it waits. */
function twoProcesses(trial: Trial, draw: Draw): readonly Moment[] {
  const { command, rivals } = trial.scene;
  return rivals.flatMap((rival) =>
    someOf(trial, draw, rival.name).map((point): Moment => ({
      at: `${rival.name} at ${nameOf(point)}`,
      others: true,
      fits: ["done", "refused", "failed", "still-working"],
      strike: (account) =>
        served(account, async (sandbox: Served) => {
          await sandbox.faults({ ...point, effect: { latency: { seconds: 1 } } });
          const first = sandbox.start(command);
          await sandbox.met(first);
          const second = sandbox.start(waiting(rival));
          const [one, other] = await Promise.all([first.ended, second.ended]);
          endingOf(other);
          return endingOf(one);
        }),
    })),
  );
}

function someOf({ scene, journal }: Trial, draw: Draw, ...of: readonly string[]): readonly Point[] {
  const all = drawn(changes(journal), draw, (point) => [point, ...of]);
  return all.slice(0, Math.ceil(momentsPerRow / Math.max(1, of.length * scene.rivals.length)));
}

const endings: Readonly<Record<number, Ending["as"]>> = {
  [exitCode.done]: "done",
  [exitCode.failed]: "failed",
  [exitCode.refused]: "refused",
  [exitCode.stillWorking]: "still-working",
  [exitCode.interrupted]: "interrupted",
};

/** @throws when a process ended in a way that no user should see. */
function endingOf({ code, stderr }: Ended): Ending {
  const as = code === null ? "killed" : endings[code];
  // A stack trace.
  if (as === undefined || /^ +at .+:\d+:\d+\)?$/m.test(stderr))
    throw new Error(`a process ended with ${code}:\n${stderr}`);
  return { as, why: [stderr] };
}
