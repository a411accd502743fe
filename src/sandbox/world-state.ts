import { createHash } from "node:crypto";
import { AwsError } from "./aws-error.ts";
import type { Durations } from "./durations.ts";
import { durations } from "./durations.ts";
import { partitionOf } from "./partitions.ts";
import { emptyEc2State } from "./services/ec2/state.ts";
import { emptyEksState } from "./services/eks/state.ts";
import { emptyIamState } from "./services/iam/state.ts";
import { emptyLogsState } from "./services/logs/state.ts";
import { emptySsmState } from "./services/ssm/state.ts";
import type { RegionState, World, WorldState } from "./world.ts";

/** The account number of every sandbox. */
const sandboxAccount = "111122223333";

/** An account in which nothing was ever made. */
export function emptyWorldState(): WorldState {
  return {
    account: sandboxAccount,
    partition: "aws",
    sequence: 0,
    regions: {},
    iam: emptyIamState(),
    otherAccounts: {},
    scenario: { failures: [] },
  };
}

function emptyRegionState(): RegionState {
  return { ec2: emptyEc2State(), eks: emptyEksState(), logs: emptyLogsState(), ssm: emptySsmState() };
}
const serviceCount = Object.keys(emptyRegionState()).length;

/** How far a drawn duration lies from the table's, at most, either way. */
const spread = 0.4;

/**
 * The world over a state. `state()` is asked each time, since a request that fails puts the state before it back.
 *
 * @param seed draws durations within 40 % of the table; absent: the table's.
 */
export function worldOver(state: () => WorldState, now: () => number, seed?: number): World {
  const hex = (length: number): string => digest(`${state().sequence++}`).slice(0, length);
  return {
    get state() {
      return state();
    },
    durations,
    now,
    region(name) {
      if (!partitionOf(name)) throw new AwsError("InvalidRegion", `There is no region ${name}.`);
      const { regions } = state();
      const present = regions[name];
      // An account that was made before the sandbox knew a service has nothing in it.
      if (present && Object.keys(present).length === serviceCount) return present;
      return (regions[name] = { ...emptyRegionState(), ...present });
    },
    id: (prefix) => `${prefix}-0${hex(16)}`,
    hex,
    duration: (name, of = "") => durations[name] * 1000 * (seed === undefined ? 1 : drawn(seed, name, of)),
  };
}

/** A factor around 1 that depends on nothing but what is drawn, so that the order of requests does not matter. */
function drawn(seed: number, name: keyof Durations, of: string): number {
  const fraction = Number.parseInt(digest(`${seed}/${name}/${of}`).slice(0, 8), 16) / 0xffffffff;
  return 1 + spread * (2 * fraction - 1);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
