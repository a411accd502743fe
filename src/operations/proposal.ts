import type { AwsContext, Owner } from "../aws/context.ts";
import { type EngineContext, type Plan, type RunResult, execute } from "../engine/index.ts";
import type { PlanItem } from "../engine/plan-types.ts";
import type { Caller } from "../facts/types.ts";

export type OnFailure = "auto" | "keep" | "rollback";

export interface RunOptions {
  readonly onFailure: OnFailure;
  /** Seconds after which waiting ends; what AWS is doing goes on. */
  readonly timeout?: number;
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

/** The logical id of the control plane: once it has been ready, something of value exists. */
const heart = "cluster";

/** A proposal whose work is a plan of the engine. */
export function proposalOf<Output>(
  engine: EngineContext<AwsContext>,
  plan: Plan<AwsContext>,
  about: Pick<Proposal, "title" | "owner" | "caller" | "information" | "owned" | "readOnly"> & {
    readonly items?: Proposal["items"];
  },
  output: (result: RunResult) => Promise<Output | undefined> | Output | undefined,
): Proposal<Output> {
  return {
    items: plan.items,
    ...about,
    changes: plan.changes,
    expectSeconds: plan.expectSeconds,
    fingerprint: plan.fingerprint,
    async run(options) {
      const result = await execute(engine, plan, { ...options, heart });
      return { result, output: await output(result) };
    },
  };
}

/** Items that cannot be carried out. */
export function obstacles(proposal: Proposal): readonly PlanItem[] {
  return proposal.items.filter(({ verb }) => verb === "refuse" || verb === "conflict");
}

const riskyVerbs = new Set<PlanItem["verb"]>(["delete", "replace", "repair", "update"]);

/** Items that change, take away or interrupt something that exists. */
export function risks(proposal: Proposal): readonly PlanItem[] {
  return proposal.items.filter((item) => !item.listedOnly && (riskyVerbs.has(item.verb) || item.interrupts));
}
