import type { Operation } from "../engine/kind.ts";
import type { Change } from "../engine/plan-types.ts";
import { InterruptedError } from "../errors.ts";
import type { KubernetesApi } from "../kube/api.ts";
import { type DrainChoice, uncordon, usualDrain } from "../kube/drain.ts";
import { drainOf, nodesLabelled, nodesOf } from "../resources/eks/nodegroup-drain.ts";
import { stack as stackKind } from "../resources/cloudformation/stack.ts";
import { nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { usableApi } from "../resources/kube/reached-api.ts";
import { insideCluster } from "./inside-cluster.ts";
import { findCluster } from "./inventory.ts";
import { locked } from "./lock/locked.ts";
import { type NodegroupStep, itemOf, proposeNodegroupSteps } from "./nodegroup-steps.ts";
import { allNodegroups, nameOfNodegroup, type Nodegroup, noNodegroup } from "./nodegroup-lookup.ts";
import type { AnyNodegroupSummary } from "./outputs.ts";
import type { Proposal } from "./proposal.ts";
import { type Session, contextOf } from "./session.ts";

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
): Promise<Proposal<readonly AnyNodegroupSummary[]>> {
  return locked({ session, propose: () => drainProposal(session, cluster, choose, choice) });
}

/** Drains all nodegroups of a cluster of which the lock is held, as the end of something else. */
export function drainAll(choice: Partial<DrainChoice>): (session: Session, cluster: string) => Promise<void> {
  return async (session, cluster) => {
    const proposal = await drainProposal(session, cluster, (names) => names, { ...usualDrain, ...choice });
    const { result } = await proposal.run({ onFailure: "keep" });
    const [failure] = result.failures;
    if (failure) throw failure.error;
    if (result.outcome !== "done") throw new InterruptedError("interrupted while nodegroups were drained");
  };
}

async function drainProposal(
  session: Session,
  cluster: string,
  choose: (names: readonly string[]) => readonly string[],
  choice: DrainChoice | "undo",
): Promise<Proposal<readonly AnyNodegroupSummary[]>> {
  const live = await findCluster(session, cluster);
  const ctx = await contextOf(session, cluster);
  const existing = await allNodegroups(session, cluster);
  const names = choose(existing.map(nameOfNodegroup));
  const missing = names.find((name) => existing.every((one) => nameOfNodegroup(one) !== name));
  if (missing !== undefined) throw noNodegroup(session, cluster, missing);
  const chosen = existing.filter((one) => names.includes(nameOfNodegroup(one)));
  const api = await insideCluster(() => usableApi(ctx));
  const verb = choice === "undo" ? "uncordon" : "drain";
  return proposeNodegroupSteps(session, {
    steps: chosen.map((one) => stepOf(session, api, one, choice)),
    title: `${verb} ${names.length === 1 ? `nodegroup ${names[0]}` : `${names.length} nodegroups`} of cluster ${cluster}`,
    owner: { region: session.region, cluster },
    wait: true,
    clusterIsOurs: live.owner === "us",
  });
}

function stepOf(
  session: Session,
  api: KubernetesApi,
  nodegroup: Nodegroup,
  choice: DrainChoice | "undo",
): NodegroupStep {
  const drains = choice !== "undo";
  const { nodes, expect, limit } = nodesAndTime(nodegroup);
  const change: Change = {
    aspect: "pods",
    from: drains ? "as they run" : "kept away",
    to: drains ? "moved to other nodes" : "may come",
    group: "drain",
    interrupts: drains,
    listedOnly: false,
  };
  const item = itemOf(nodegroup, [change], { waits: false, interrupts: drains, expectSeconds: drains ? expect : 5 });
  return {
    nodegroup,
    item,
    limitSeconds: limit,
    async start(): Promise<Operation> {
      if (drains) return drainOf(nodes, { api, clock: session.clock }, choice, "failed");
      await uncordon(api, nodes);
      return { what: "uncordon", check: () => Promise.resolve({ state: "done" }) };
    },
  };
}

/** The label selector of its nodes, and seconds that a drain takes. */
function nodesAndTime(one: Nodegroup) {
  return one.managed
    ? { nodes: nodesOf(one.live.attrs), ...nodegroupKind.timing("retire", undefined, one.live) }
    : { nodes: nodesLabelled(one.live.id), ...stackKind.timing("retire", undefined, one.live) };
}
