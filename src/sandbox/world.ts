import type { Durations } from "./durations.ts";
import type { Scenario } from "./scenario.ts";
import type { AutoScalingState } from "./services/autoscaling/state.ts";
import type { CloudFormationState } from "./services/cloudformation/state.ts";
import type { Ec2State } from "./services/ec2/state.ts";
import type { EksState } from "./services/eks/state.ts";
import type { ElbState } from "./services/elb/state.ts";
import type { ElbV2State } from "./services/elbv2/state.ts";
import type { IamState } from "./services/iam/state.ts";
import type { KmsState } from "./services/kms/state.ts";
import type { KubernetesState } from "./kubernetes/state.ts";
import type { EventsState } from "./services/events/state.ts";
import type { LogsState } from "./services/logs/state.ts";
import type { RolesAnywhereState } from "./services/rolesanywhere/state.ts";
import type { OutpostsState } from "./services/outposts/state.ts";
import type { SqsState } from "./services/sqs/state.ts";
import type { SsmState } from "./services/ssm/state.ts";

/** What one region holds. Plain JSON: it is the snapshot. */
export interface RegionState {
  autoscaling: AutoScalingState;
  cloudformation: CloudFormationState;
  ec2: Ec2State;
  eks: EksState;
  elb: ElbState;
  elbv2: ElbV2State;
  kms: KmsState;
  kubernetes: KubernetesState;
  events: EventsState;
  logs: LogsState;
  rolesanywhere: RolesAnywhereState;
  outposts: OutpostsState;
  sqs: SqsState;
  ssm: SsmState;
}

/** The whole account: regions are separate, IAM is global. */
export interface WorldState {
  account: string;
  /** Where the account lives: that of the first request that made something. */
  partition: string;
  /** Counts up for identifiers: the same requests give the same ids. */
  sequence: number;
  regions: Record<string, RegionState>;
  iam: IamState;
  /** IAM of other accounts, by account number: what residents name, and nothing else. */
  otherAccounts: Record<string, IamState>;
  scenario: Scenario;
}

export interface World {
  readonly state: WorldState;
  readonly durations: Durations;
  /** Where the Kubernetes APIs of all clusters are; empty where nobody serves them. */
  kubernetesUrl: string;
  /** Milliseconds since the epoch, virtual. */
  now(): number;
  /** The region's state, made empty on first use. Throws for a region that does not exist. */
  region(name: string): RegionState;
  /** A fresh identifier of AWS's form: `id("vpc")` is `vpc-0123456789abcdef0`; deterministic. */
  id(prefix: string): string;
  /** `length` hex digits (at most 64), deterministic. */
  hex(length: number): string;
  /**
   * How long something takes, in milliseconds: as the scenario says, else from the table, drawn from the seed when the
   * sandbox was given one. `of` names the thing, so that each draws its own and the order of requests does not matter.
   */
  duration(name: keyof Durations, of?: string): number;
}
