import type { AwsContext } from "../aws/context.ts";
import type { Change, PlanItem } from "../engine/plan-types.ts";
import { stack as stackKind } from "../resources/cloudformation/stack.ts";
import { nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { summarizeNodegroups, summarizeStacks } from "./inventory.ts";
import { type Nodegroup, nameOfNodegroup } from "./nodegroup-lookup.ts";
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

/** The line of a plan about a nodegroup; with no changes nothing is done. */
export function itemOf(
  one: Nodegroup,
  changes: readonly Change[],
  { waits, ...rest }: { readonly waits: boolean } & Pick<PlanItem, "interrupts" | "expectSeconds">,
): PlanItem {
  const name = nameOfNodegroup(one);
  const { name: kind, title } = one.managed ? nodegroupKind : stackKind;
  return {
    verb: waits ? "wait" : changes.length === 0 ? "keep" : "update",
    id: `nodegroup/${name}`,
    kind,
    title,
    name,
    ref: one.live.ref,
    owner: one.live.owner,
    changes,
    kept: [],
    listedOnly: false,
    ...rest,
  };
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
