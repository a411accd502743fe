import { type Command, InvalidArgumentError } from "commander";
import type { DrainChoice } from "../../operations/session.ts";
import { parseDuration } from "../duration.ts";
import { addSwitch, wholeNumber } from "./parse.ts";

/** eksctl's options for draining nodes. Durations in seconds. */
export interface DrainFlags {
  readonly maxGracePeriod?: number;
  readonly podEvictionWaitPeriod?: number;
  readonly nodeDrainWaitPeriod?: number;
  readonly disableEviction?: boolean;
  readonly parallel?: number;
}

export const drainOptionNames = [
  "--drain",
  "--max-grace-period",
  "--pod-eviction-wait-period",
  "--node-drain-wait-period",
  "--disable-eviction",
  "--parallel",
] as const;

/** eksctl's own limit. */
const mostParallel = 25;

export function addDrainOptions(command: Command): void {
  command
    .option("--max-grace-period <duration>", "the most that a pod is given to end (default: 10m)", duration)
    .option("--pod-eviction-wait-period <duration>", "until a refused eviction is tried again (default: 10s)", duration)
    .option("--node-drain-wait-period <duration>", "after each node (default: 0s)", duration);
  addSwitch(command, "--disable-eviction", "delete pods, whatever disruption budgets say");
  command.option("--parallel <count>", "nodes drained at once, up to 25 (default: 1)", (text) => {
    const count = wholeNumber(1)(text);
    if (count > mostParallel) throw new InvalidArgumentError(`It must be at most ${mostParallel}.`);
    return count;
  });
}

function duration(text: string): number {
  return /^0[smh]?$/u.test(text) ? 0 : parseDuration(text);
}

/** What was not typed is as usual. */
export function drainChoice(flags: DrainFlags): DrainChoice {
  return {
    maxGracePeriod: flags.maxGracePeriod ?? 600,
    podEvictionWaitPeriod: flags.podEvictionWaitPeriod ?? 10,
    nodeDrainWaitPeriod: flags.nodeDrainWaitPeriod ?? 0,
    disableEviction: flags.disableEviction ?? false,
    parallel: flags.parallel ?? 1,
  };
}

/** For what drains only beside something else: `--drain=false` leaves it out. */
export function drainChoiceUnlessOff(flags: DrainFlags & { readonly drain?: boolean }): DrainChoice | false {
  return flags.drain !== false && drainChoice(flags);
}
