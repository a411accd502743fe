import { createHash } from "node:crypto";
import { AwsError } from "./aws-error.ts";
import { drawnUpTo, type Durations, durations } from "./durations.ts";
import { partitionOf } from "./partitions.ts";
import { emptyScenario } from "./scenario.ts";
import { emptyAutoScalingState } from "./services/autoscaling/state.ts";
import { emptyCloudFormationState } from "./services/cloudformation/state.ts";
import { emptyEc2State } from "./services/ec2/state.ts";
import { emptyEksState } from "./services/eks/state.ts";
import { emptyElbState } from "./services/elb/state.ts";
import { emptyElbV2State } from "./services/elbv2/state.ts";
import { emptyEventsState } from "./services/events/state.ts";
import { emptyIamState } from "./services/iam/state.ts";
import { emptyKmsState } from "./services/kms/state.ts";
import { emptyLogsState } from "./services/logs/state.ts";
import { emptyRolesAnywhereState } from "./services/rolesanywhere/state.ts";
import { emptySqsState } from "./services/sqs/state.ts";
import { emptySsmState } from "./services/ssm/state.ts";
import type { RegionState, World, WorldState } from "./world.ts";

/** The account number of every sandbox. */
export const sandboxAccount = "111122223333";

/** An account in which nothing was ever made. */
export function emptyWorldState(): WorldState {
  return {
    account: sandboxAccount,
    partition: "aws",
    sequence: 0,
    regions: {},
    iam: emptyIamState(),
    otherAccounts: {},
    scenario: emptyScenario(),
  };
}

/** A state that an earlier sandbox saved, with the parts that it did not know. */
export function completed(state: WorldState): WorldState {
  const regions = Object.entries(state.regions).map(([name, region]) => [name, completedRegion(region)]);
  const empty = emptyWorldState();
  return {
    ...empty,
    ...state,
    regions: Object.fromEntries(regions) as WorldState["regions"],
    scenario: { ...empty.scenario, ...state.scenario },
  };
}

function completedRegion(region: RegionState): RegionState {
  const parts = Object.entries(emptyRegion()) as [keyof RegionState, object][];
  return Object.fromEntries(
    parts.map(([name, empty]) => [name, { ...empty, ...region[name] }]),
  ) as unknown as RegionState;
}

function emptyRegion(): RegionState {
  return {
    autoscaling: emptyAutoScalingState(),
    cloudformation: emptyCloudFormationState(),
    ec2: emptyEc2State(),
    eks: emptyEksState(),
    elb: emptyElbState(),
    elbv2: emptyElbV2State(),
    events: emptyEventsState(),
    kms: emptyKmsState(),
    kubernetes: {},
    logs: emptyLogsState(),
    rolesanywhere: emptyRolesAnywhereState(),
    outposts: {},
    sqs: emptySqsState(),
    ssm: emptySsmState(),
  };
}

/** How far a drawn duration lies from the table's, at most, either way. */
const spread = 0.4;

/**
 * The world over a state. `state()` is asked each time, since a request that fails puts the state before it back.
 *
 * @param seed draws durations within 40 % of the table, and those of `drawnUpTo` from nothing up; absent: the table's.
 */
export function worldOver(state: () => WorldState, now: () => number, seed?: number): World {
  const hex = (length: number): string => digest(`${state().sequence++}`).slice(0, length);
  return {
    get state() {
      return state();
    },
    durations,
    kubernetesUrl: "",
    now,
    region(name) {
      if (!partitionOf(name)) throw new AwsError("InvalidRegion", `There is no region ${name}.`);
      return (state().regions[name] ??= emptyRegion());
    },
    id: (prefix) => `${prefix}-0${hex(16)}`,
    hex,
    duration: (name, of = "") => 1000 * (state().scenario.durations[name] ?? seconds(name, seed, of)),
  };
}

function seconds(name: keyof Durations, seed: number | undefined, of: string): number {
  if (seed === undefined) return durations[name];
  const fraction = drawn(`${seed}/${name}/${of}`);
  const most = drawnUpTo[name];
  return most === undefined ? durations[name] * (1 + spread * (2 * fraction - 1)) : most * fraction;
}

/** Between 0 and 1; depends on nothing but what it is drawn for, so that the order of requests does not matter. */
function drawn(from: string): number {
  return Number.parseInt(digest(from).slice(0, 8), 16) / 0xffffffff;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
