import type { Owner } from "../aws/context.ts";
import type { Permit, RunResult } from "../engine/index.ts";
import type { PlanItem } from "../engine/plan-types.ts";
import type { Caller } from "../facts/types.ts";

export type OnFailure = "auto" | "keep" | "rollback";

export interface RunOptions {
  readonly onFailure: OnFailure;
  /** Seconds after which waiting ends; what AWS is doing goes on. */
  readonly timeout?: number;
  /** Seconds to wait for another run that holds the cluster's lock; absent: it is refused at once. */
  readonly waitForLock?: number;
  /**
   * Is shown the plan again where it is another one by the time that the lock is held, and rejects when that is not to be
   * carried out. Absent: it is refused.
   */
  readonly reconsider?: (now: Proposal) => Promise<void>;
  /** To change things: the lock gives it. */
  readonly permit?: Permit;
}

/** What an operation would do, before anything is done: to be shown, asked about, and then run or dropped. */
export interface Proposal<Output = unknown> {
  /** As "create cluster quickstart". */
  readonly title: string;
  readonly owner: Owner;
  readonly caller: Caller;
  readonly items: readonly PlanItem[];
  /** Something would be changed in AWS. */
  readonly changes: boolean;
  readonly expectSeconds: number;
  /** Changes when what was observed, or what follows from it, changes. */
  readonly fingerprint: string;
  /** What the user should know and that needs nothing done. */
  readonly information: readonly string[];
  /** The cluster was made by ekstool, or would be. */
  readonly owned: boolean;
  /** Differences only: a cluster that was made elsewhere is not brought in line with a file. */
  readonly readOnly: boolean;
  run(options: RunOptions): Promise<Finished<Output>>;
}

export interface Finished<Output> {
  readonly result: RunResult;
  /** Undefined where the run did not get far enough to have one. */
  readonly output: Output | undefined;
}

/** Items that keep the proposal from being carried out. */
export function obstacles(proposal: Proposal): readonly PlanItem[] {
  return proposal.items.filter(({ verb }) => verb === "refuse" || verb === "conflict");
}

const riskyVerbs = new Set<PlanItem["verb"]>(["delete", "replace", "repair", "update"]);

/** Items that change, take away or interrupt something that exists. */
export function risks(proposal: Proposal): readonly PlanItem[] {
  return proposal.items.filter((item) => !item.listedOnly && (riskyVerbs.has(item.verb) || item.interrupts));
}
