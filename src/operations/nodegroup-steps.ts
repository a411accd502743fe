import type { AwsContext } from "../aws/context.ts";
import { stack as stackKind } from "../resources/cloudformation/stack.ts";
import { nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { summarizeNodegroups, summarizeStacks } from "./inventory.ts";
import type { Nodegroup } from "./nodegroup-lookup.ts";
import type { AnyNodegroupSummary } from "./outputs.ts";
import type { Proposal } from "./proposal.ts";
import type { Session } from "./session.ts";
import { type Step, type Steps, proposeSteps } from "./steps.ts";

export interface NodegroupStep extends Step {
  readonly nodegroup: Nodegroup;
}

interface NodegroupSteps extends Pick<Steps<unknown>, "title" | "owner" | "wait" | "clusterIsOurs"> {
  readonly steps: readonly NodegroupStep[];
}

/** A proposal of updates of nodegroups, which do not depend on each other. */
export function proposeNodegroupSteps(
  session: Session,
  asked: NodegroupSteps,
): Promise<Proposal<readonly AnyNodegroupSummary[]>> {
  const before = asked.steps.map(({ nodegroup }) => nodegroup);
  return proposeSteps(session, {
    ...asked,
    async look(ctx) {
      const now = ctx === undefined ? before : (await Promise.all(before.map((one) => readAgain(one, ctx)))).flat();
      return {
        output: await summarize(session, asked.owner.cluster, now),
        live: new Map(now.map(({ live }) => [live.id || live.ref, live])),
      };
    },
  });
}

/** As it is now; nothing where it has gone. */
async function readAgain(one: Nodegroup, ctx: AwsContext): Promise<readonly Nodegroup[]> {
  if (one.managed) {
    const live = await nodegroupKind.read(one.live.ref, ctx);
    return live ? [{ managed: true, live }] : [];
  }
  const live = await stackKind.read(one.live.ref, ctx);
  return live ? [{ managed: false, live }] : [];
}

async function summarize(
  session: Session,
  cluster: string,
  nodegroups: readonly Nodegroup[],
): Promise<readonly AnyNodegroupSummary[]> {
  const managed = nodegroups.flatMap((one) => (one.managed ? [one.live] : []));
  const stacks = nodegroups.flatMap((one) => (one.managed ? [] : [one.live]));
  return [...(await summarizeNodegroups(session, managed)), ...(await summarizeStacks(session, stacks, cluster))];
}
