import type { AwsContext } from "../../aws/context.ts";
import type { Duration, KindName, Operation, OperationStatus } from "../../engine/kind.ts";
import type { KubernetesApi } from "../../kube/api.ts";
import { type DrainChoice, type DrainStatus, drain } from "../../kube/drain.ts";
import { KubernetesError } from "../../kube/errors.ts";
import { reachedApi } from "../kube/reached-api.ts";
import type { NodegroupAttrs } from "./nodegroup.ts";

/** What ending nodes need: their way out, their role and the CNI, and what lets them in. */
export const neededByNodes: readonly KindName[] = [
  "eks.cluster",
  "eks.addon",
  "eks.access-entry",
  "iam.role",
  "ec2.launch-template",
  "ec2.placement-group",
  "ec2.route-table",
  "ec2.vpc-endpoint",
  "ec2.nat-gateway",
  "ec2.internet-gateway",
  "ec2.security-group-rule",
  "ec2.security-group",
  "ec2.subnet",
];

/** Seconds: one node after the other; the drain itself knows when it stands still. */
export function drainTiming(nodes = 1): Duration {
  return { expect: 30 * Math.max(1, nodes), limit: 3600 * Math.max(1, nodes) };
}

/** The nodes of a managed nodegroup, by the label that EKS gives them: nodegroups that follow each other share ours. */
export function nodesOf({ name }: Pick<NodegroupAttrs, "name">): string {
  return `eks.amazonaws.com/nodegroup=${name}`;
}

/** The nodes of a self-managed nodegroup, by its logical id and the label that their user data gives them. */
export function nodesLabelled(id: string): string {
  return `alpha.eksctl.io/nodegroup-name=${id.slice(id.indexOf("/") + 1)}`;
}

/**
 * Cordons the nodes that a label selector chooses, and moves away what runs on them.
 *
 * @param stranded what it is when nothing is left but what has nowhere to go.
 */
export function drainOf(
  nodes: string,
  { api, clock }: { readonly api: KubernetesApi; readonly clock: AwsContext["clock"] },
  choice: DrainChoice,
  stranded: "done" | "failed",
): Operation {
  const work = drain(api, clock, nodes, choice);
  return {
    what: "drain",
    every: work.every,
    async check(): Promise<OperationStatus> {
      const seen = await unlessForbidden(work.check());
      if (typeof seen === "string") return { state: "failed", detail: seen };
      const { state, ...status } = seen;
      if (state !== "stranded") return { state, ...status };
      return { ...status, state: stranded, detail: `${status.detail}, and no other node could take them` };
    },
  };
}

/** Why it is not allowed, and what would allow it; every other error is thrown. */
async function unlessForbidden(looking: Promise<DrainStatus>): Promise<DrainStatus | string> {
  try {
    return await looking;
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.status !== 403) throw error;
    return `${error.message}: let somebody do it whose access entry allows it, or leave it out with --drain=false`;
  }
}

/** Before nodes go: as the run has chosen. What would have nowhere to go ends with its node. Throws UnobservableError. */
export async function drainNodes(nodes: string, ctx: AwsContext): Promise<Operation | undefined> {
  if (ctx.drain === undefined) return undefined;
  const api = await reachedApi(ctx);
  return api ? drainOf(nodes, { api, clock: ctx.clock }, ctx.drain, "done") : undefined;
}
