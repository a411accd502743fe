import type { Live, Operation } from "../engine/kind.ts";
import type { Change, PlanItem } from "../engine/plan-types.ts";
import { FailedError } from "../errors.ts";
import type { KubernetesApi } from "../kube/api.ts";
import { type DrainChoice, uncordon } from "../kube/drain.ts";
import { UnreachableError } from "../kube/errors.ts";
import { drainOf, nodesOf } from "../resources/eks/nodegroup-drain.ts";
import { type NodegroupAttrs, nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { findCluster } from "./inventory.ts";
import { locked } from "./lock/locked.ts";
import { nodegroupName } from "./nodegroup-lookup.ts";
import type { NodegroupSummary } from "./outputs.ts";
import type { Proposal } from "./proposal.ts";
import { type Session, contextOf } from "./session.ts";
import { type NodegroupStep, proposeSteps } from "./steps.ts";

/**
 * Cordons the nodes of nodegroups of any cluster and moves away what runs on them; "undo" lets pods come again.
 *
 * @param choose which ones, of the names of all.
 * @throws FailedError when there is no such cluster or nodegroup, or its Kubernetes API cannot be used from here.
 */
export function proposeDrain(
  session: Session,
  cluster: string,
  choose: (names: readonly string[]) => readonly string[],
  choice: DrainChoice | "undo",
): Promise<Proposal<readonly NodegroupSummary[]>> {
  return locked({ session, propose: () => drainProposal(session, cluster, choose, choice) });
}

async function drainProposal(
  session: Session,
  cluster: string,
  choose: (names: readonly string[]) => readonly string[],
  choice: DrainChoice | "undo",
): Promise<Proposal<readonly NodegroupSummary[]>> {
  const live = await findCluster(session, cluster);
  const ctx = await contextOf(session, cluster);
  const existing = await nodegroupKind.list(ctx, undefined);
  const names = choose(existing.map(nodegroupName));
  const missing = names.find((name) => existing.every((one) => nodegroupName(one) !== name));
  if (missing !== undefined) {
    throw new FailedError(`the cluster ${cluster} has no managed nodegroup ${missing}`, {
      hint: `\`ekstool get nodegroup --cluster ${cluster} --region ${session.region}\` lists those it has`,
    });
  }
  const chosen = existing.filter((one) => names.includes(nodegroupName(one)));
  const api = await reached(ctx.kubernetes, cluster);
  const verb = choice === "undo" ? "uncordon" : "drain";
  return proposeSteps(
    session,
    chosen.map((one) => stepOf(session, api, one, choice)),
    {
      title: `${verb} ${names.length === 1 ? `nodegroup ${names[0]}` : `${names.length} nodegroups`} of cluster ${cluster}`,
      owner: { region: session.region, cluster },
      wait: true,
      clusterIsOurs: live.owner === "us",
    },
  );
}

async function reached(kubernetes: () => Promise<KubernetesApi | null>, cluster: string): Promise<KubernetesApi> {
  try {
    const api = await kubernetes();
    if (api) return api;
  } catch (cause) {
    if (!(cause instanceof UnreachableError)) throw cause;
    throw new FailedError(cause.message, { cause, hint: "run this where `kubectl get nodes` works" });
  }
  throw new FailedError(`the control plane of ${cluster} is not up`);
}

function stepOf(
  session: Session,
  api: KubernetesApi,
  live: Live<NodegroupAttrs>,
  choice: DrainChoice | "undo",
): NodegroupStep {
  const name = nodegroupName(live);
  const drains = choice !== "undo";
  const { expect, limit } = nodegroupKind.timing("retire", undefined, live);
  const change: Change = {
    aspect: "pods",
    from: drains ? "as they run" : "kept away",
    to: drains ? "moved to other nodes" : "may come",
    group: "drain",
    interrupts: drains,
    listedOnly: false,
  };
  const item: PlanItem = {
    verb: "update",
    id: `nodegroup/${name}`,
    kind: nodegroupKind.name,
    title: nodegroupKind.title,
    name,
    ref: live.ref,
    owner: live.owner,
    changes: [change],
    kept: [],
    interrupts: drains,
    listedOnly: false,
    expectSeconds: drains ? expect : 5,
  };
  return {
    live,
    item,
    limitSeconds: limit,
    async start(): Promise<Operation> {
      if (drains) return drainOf(live, { api, clock: session.clock }, choice, "failed");
      await uncordon(api, nodesOf(live.attrs));
      return { what: "uncordon", check: () => Promise.resolve({ state: "done" }) };
    },
  };
}
