import type { AwsContext } from "../aws/context.ts";
import { type EngineContext, type Plan, type RunResult, execute } from "../engine/index.ts";
import type { Proposal } from "./proposal.ts";

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
      const { onFailure, timeout, permit } = options;
      const result = await execute({ ...engine, ...(permit && { permit }) }, plan, {
        onFailure,
        heart,
        ...(timeout === undefined ? {} : { timeout }),
      });
      return { result, output: await output(result) };
    },
  };
}
