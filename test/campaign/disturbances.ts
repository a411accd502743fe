import type { FaultRule } from "../../src/sandbox/index.ts";
import { type Account, processesOf } from "../support/account.ts";
import type { Command } from "./commands.ts";
import { type Draw, drawn } from "./draw.ts";
import { type Ending, type Moment, type Trial, run } from "./judge.ts";
import { meddlers } from "./meddlers.ts";
import { mortalClock } from "./mortal-clock.ts";
import { type Point, all, changes, nameOf, reads, whenItComes } from "./points.ts";
import { processes } from "./processes.ts";
import { rivalries } from "./rivals.ts";
import type { Scene } from "./scenes.ts";

/** Something that can go wrong, at many moments of a scene. */
export interface Disturbance {
  readonly name: string;
  moments(trial: Trial, draw: Draw): readonly Moment[] | Promise<readonly Moment[]>;
}

const faults = {
  throttle: "throttle",
  "500": { error: { code: "InternalError", status: 500 } },
  timeout: "timeout",
  reset: "reset",
  deny: "deny",
  lost: "lost",
} as const satisfies Record<string, FaultRule["effect"]>;
type Fault = keyof typeof faults;
const faultNames = Object.keys(faults) as Fault[];

/** What passes by itself is outlived; the rest may fail the run. */
const endings: Partial<Record<Fault, readonly Ending["as"][]>> = { throttle: ["done"] };

/** Every disturbance of the campaign, in the order of the table. */
export const disturbances: readonly Disturbance[] = [
  { name: "none", moments: ({ scene }) => [undisturbed(scene)] },
  ...faultNames.map(fault),
  spell("outage"),
  spell("expired"),
  {
    name: "killed before",
    moments: ({ scene, journal }) => changes(journal).map((at) => killed(scene.command, at, "reset")),
  },
  {
    name: "killed after",
    moments: ({ scene, journal }) => all(journal).map((at) => killed(scene.command, at, "lost")),
  },
  { name: "interrupted", moments: (trial) => atEach(trial, (point) => interrupted(trial.scene.command, point, false)) },
  {
    name: "interrupted twice",
    moments: (trial) => atEach(trial, (point) => interrupted(trial.scene.command, point, true)),
  },
  { name: "two faults", moments: twoFaults },
  { name: "killed twice", moments: killedTwice },
  ...rivalries,
  meddlers,
  ...processes,
];

/** Nothing but what the account draws: late consistency, requests that come too fast. */
function undisturbed({ command, failure }: Scene): Moment {
  return { at: "all", ...(!failure && { fits: ["done"] }), strike: (account) => run(command, account) };
}

/** At every changing request, and at one read of each operation. */
function atEach({ journal }: Trial, moment: (point: Point) => Moment): readonly Moment[] {
  return [...changes(journal), ...reads(journal)].map(moment);
}

function fault(name: Fault): Disturbance {
  return {
    name,
    moments: (trial) =>
      atEach(trial, (point) => ({
        at: nameOf(point),
        ...(endings[name] && !trial.scene.failure && { fits: endings[name] }),
        async strike(account) {
          const hasCome = meet(account, point, name);
          const ending = await run(trial.scene.command, account);
          if (!hasCome()) throw new Error("the run never came to that request");
          return ending;
        },
      })),
  };
}

/** Every request from that one on: all, or so many. */
const spells = {
  outage: { effect: "reset", times: 30 },
  expired: { effect: "expired" },
} as const satisfies Record<string, FaultRule>;

function spell(name: keyof typeof spells): Disturbance {
  return {
    name,
    moments: ({ scene, journal }) =>
      changes(journal).map((point) => ({
        at: nameOf(point),
        async strike(account) {
          const { sandbox } = account;
          const hasCome = whenItComes(sandbox, point, (after) => after === 0 && sandbox.faults([spells[name]]));
          const ending = await run(scene.command, account);
          sandbox.faults([]);
          if (!hasCome()) throw new Error("the run never came to that request");
          return ending;
        },
      })),
  };
}

function meet(account: Account, point: Point, ...names: readonly Fault[]): () => boolean {
  const hasCome = whenItComes(account.sandbox, point, () => undefined);
  account.sandbox.faults(names.map((name) => ({ ...point, effect: faults[name] })));
  return hasCome;
}

/** Never learns whether it was done. In one process with the sandbox: what waits for the clock is what dies. */
function killed(command: Command, point: Point, effect: "reset" | "lost"): Moment {
  return {
    at: nameOf(point),
    fits: ["killed"],
    strike(account) {
      account.sandbox.faults([{ ...point, effect }]);
      return stopped(command, account, point, ({ kill }) => kill());
    },
  };
}

interface Stops {
  kill(): void;
  interrupt(): void;
}

/** Runs a command as a process of its own, and lets something be done when it comes to a request and at each one after it. */
async function stopped(
  command: Command,
  account: Account,
  point: Point,
  act: (stops: Stops, after: number) => void,
): Promise<Ending> {
  const clock = mortalClock(account.sandbox.clock);
  const interrupt = new AbortController();
  const stops = { kill: () => clock.kill(), interrupt: () => interrupt.abort() };
  const hasCome = whenItComes(account.sandbox, point, (after) => act(stops, after));
  const ending = run(command, account, { clock, interrupt: interrupt.signal, processes: processesOf(2) });
  const first = await Promise.race([ending, clock.dead.then((): Ending => ({ as: "killed", why: [] }))]);
  if (!hasCome()) throw new Error("the run never came to that request");
  return first;
}

/** Ctrl-C when the request is under way; the second one with the next request, so that the process leaves at once. */
function interrupted(command: Command, point: Point, twice: boolean): Moment {
  return {
    at: nameOf(point),
    // The last request of all may be too late to stop.
    fits: twice ? ["killed", "interrupted", "done", "failed"] : ["interrupted", "done", "failed"],
    strike: (account) =>
      stopped(command, account, point, ({ interrupt, kill }, after) => {
        if (after === 0) interrupt();
        if (twice && after === 1) kill();
      }),
  };
}

/** Pairs of faults, as many as there are changing requests: in the same run, or the second one in the next. */
function twoFaults({ scene, journal }: Trial, draw: Draw): readonly Moment[] {
  const points = changes(journal);
  return points.map((point) => {
    const [first, second] = [pick(faultNames, draw, point, 1), pick(faultNames, draw, point, 2)];
    const other = pick(all(journal), draw, point, 3);
    return {
      at: `${first} ${nameOf(point)}, ${second} ${nameOf(other)}`,
      async strike(account) {
        account.sandbox.faults([
          { ...point, effect: faults[first] },
          { ...other, effect: faults[second] },
        ]);
        return run(scene.command, account);
      },
    };
  });
}

/** Killed, and killed again in the run that was to put it right. */
function killedTwice({ scene, journal }: Trial, draw: Draw): readonly Moment[] {
  return changes(journal).map((point) => {
    const other = pick(changes(journal), draw, point, 1);
    return {
      at: `${nameOf(point)}, ${nameOf(other)}`,
      async strike(account) {
        account.sandbox.faults([{ ...point, effect: "lost" }]);
        await stopped(scene.command, account, point, ({ kill }) => kill());
        account.sandbox.faults([{ ...other, effect: "lost" }]);
        const clock = mortalClock(account.sandbox.clock);
        whenItComes(account.sandbox, other, (after) => after === 0 && clock.kill());
        // The second run may have no need of that request.
        const ending = run(scene.again, account, { clock, processes: processesOf(3) });
        return Promise.race([ending, clock.dead.then((): Ending => ({ as: "killed", why: [] }))]);
      },
    };
  });
}

function pick<T>(from: readonly T[], draw: Draw, ...of: readonly unknown[]): T {
  const [first] = drawn(from, draw, (one) => [...of, one]);
  if (first === undefined) throw new Error("nothing to draw from");
  return first;
}
