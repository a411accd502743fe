import type { ClusterConfig } from "../config/types.ts";
import type { Graph } from "../engine/graph.ts";
import type { AwsContext, Owner } from "../aws/context.ts";
import {
  type Observation,
  type Plan,
  type RunResult,
  observe,
  observeAftermath,
  plan,
  planDelete,
} from "../engine/index.ts";
import { RefusedError } from "../errors.ts";
import { cluster as clusterKind } from "../resources/eks/cluster.ts";
import { nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { information } from "../topology/index.ts";
import type { KubeconfigChoice } from "./kubeconfig.ts";
import { type ClusterOutput, clusterOutput, timingsOf } from "./outputs.ts";
import { type Prepared, prepare } from "./prepare.ts";
import type { Proposal } from "./proposal.ts";
import { proposalOf } from "./propose.ts";
import { type Session, engineOf } from "./session.ts";
import { type Found, livesOf } from "./things.ts";

/**
 * Makes what the file asks for and is missing, and repairs what never came up. Differences in what exists are only listed.
 *
 * @throws RefusedError when the cluster was not made by ekstool.
 */
export async function proposeCreate(
  session: Session,
  config: ClusterConfig,
  kubeconfig?: KubeconfigChoice,
): Promise<Proposal<ClusterOutput>> {
  const prepared = await prepare(session, config, kubeconfig && { choice: kubeconfig, when: "always" });
  if (isForeign(prepared)) throw notOurs(prepared.owner, "ekstool cannot continue or complete it");
  const { engine, graph, observation } = prepared;
  return propose(
    `create cluster ${prepared.owner.cluster}`,
    prepared,
    plan(engine, graph, observation, { mode: "create" }),
  );
}

export interface ApplyOptions {
  /** Also deletes what is ours and no longer in the file. */
  readonly prune: boolean;
  /** Written when the cluster is new. */
  readonly kubeconfig?: KubeconfigChoice;
}

/** Brings the cluster in line with the file. A cluster that was made elsewhere is only compared: the proposal is read-only. */
export async function proposeApply(
  session: Session,
  config: ClusterConfig,
  options: ApplyOptions,
): Promise<Proposal<ClusterOutput>> {
  const kubeconfig = options.kubeconfig && { choice: options.kubeconfig, when: "if-new" as const };
  const prepared = await prepare(session, config, kubeconfig);
  const { engine, graph, observation } = prepared;
  const changes = plan(engine, graph, observation, {
    mode: "apply",
    prune: options.prune,
    readOnlyForeign: isForeign(prepared),
  });
  return propose(`apply to cluster ${prepared.owner.cluster}`, prepared, changes);
}

/** What deleting a cluster leaves behind, which should be nothing. */
export interface DeleteOutput {
  readonly cluster: string;
  readonly region: string;
  readonly deleted: readonly { readonly id: string; readonly kind: string; readonly name: string }[];
  readonly leftovers: RunResult["leftovers"];
  readonly seconds: number;
}

/**
 * Deletes everything that belongs to the cluster, found by its tags; no file is needed. Nothing there: an empty proposal.
 *
 * @throws RefusedError when there is a cluster of this name that ekstool did not make, or one of ours with nodegroups that
 * it did not make.
 */
export async function proposeDelete(session: Session, name: string): Promise<Proposal<DeleteOutput>> {
  const engine = await engineOf(session, name, { local: true });
  const owner = { region: session.region, cluster: name };
  const live = await clusterKind.find(name, engine.ctx);
  if (live && live.owner !== "us") throw notOurs(owner, "ekstool deletes only what it made");
  // Without a control plane that came up, a create may have been cut short a moment ago.
  const observation = await (live?.attrs.endpoint ? observe(engine) : observeAftermath(engine));
  refuseNodegroupsOfOthers(name, observation);
  const about = {
    title: `delete cluster ${name}`,
    owner,
    caller: await session.caller(),
    information: [],
    owned: true,
    readOnly: false,
  };
  return proposalOf(engine, planDelete(engine, observation), about, (result) => ({
    cluster: name,
    region: session.region,
    deleted: result.steps
      .filter((step) => step.action === "delete" && !step.failed)
      .map(({ id, kind, name }) => ({ id, kind, name })),
    leftovers: result.leftovers,
    seconds: result.seconds,
  }));
}

function propose(title: string, prepared: Prepared, changes: Plan<AwsContext>): Proposal<ClusterOutput> {
  const { config, engine, facts, graph, owner } = prepared;
  const about = {
    title,
    owner,
    caller: facts.caller,
    information: information(config, facts),
    owned: !isForeign(prepared),
    readOnly: isForeign(prepared),
  };
  return proposalOf(engine, changes, about, (result) => outputOf(graph, owner, result));
}

function outputOf(graph: Graph<AwsContext>, owner: Owner, result: RunResult): ClusterOutput | undefined {
  // In the order of the graph, which is the file's, however the run went.
  const found: Found[] = [...graph.nodes.values()].flatMap((node) => {
    const live = result.live.get(node.id);
    return live === undefined || node.source === "given" ? [] : [{ kind: node.kind.name, live }];
  });
  return clusterOutput(found, owner.region, timingsOf(result));
}

/** EKS keeps a cluster as long as it has nodegroups: better to say so before anything of it is gone. */
function refuseNodegroupsOfOthers(cluster: string, { things }: Observation<AwsContext>): void {
  const found = things.map(({ kind, live }) => ({ kind: kind.name, live }));
  const names = livesOf(nodegroupKind, found)
    .filter(({ owner, phase }) => owner === "foreign" && phase !== "deleting")
    .map(({ attrs }) => attrs.name);
  if (names.length === 0) return;
  throw new RefusedError(`the cluster ${cluster} has nodegroups that ekstool did not make: ${names.join(", ")}`, {
    hint: `delete them first, with what made them or with: aws eks delete-nodegroup --cluster-name ${cluster} --nodegroup-name ${names[0]}`,
  });
}

function isForeign({ facts }: Prepared): boolean {
  return facts.cluster !== undefined && !facts.cluster.owned;
}

function notOurs(owner: Owner, consequence: string): RefusedError {
  return new RefusedError(
    `the cluster ${owner.cluster} in ${owner.region} was not made by ekstool (it carries no ekstool.dev tags); ${consequence}`,
    {
      hint: "`ekstool plan` compares it with a file; get, utils write-kubeconfig, scale and upgrade work on any cluster",
    },
  );
}
