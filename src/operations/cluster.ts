import type { ClusterConfig } from "../config/types.ts";
import type { Graph } from "../engine/graph.ts";
import type { AwsContext, Owner } from "../aws/context.ts";
import {
  type Observation,
  type Plan,
  type RunResult,
  aftermath,
  observeWhole,
  plan,
  planDelete,
} from "../engine/index.ts";
import { RefusedError } from "../errors.ts";
import { cluster as clusterKind } from "../resources/eks/cluster.ts";
import { nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { type TopologyOptions, information } from "../topology/index.ts";
import type { KubeconfigChoice } from "./kubeconfig.ts";
import { locked } from "./lock/locked.ts";
import { type ClusterOutput, clusterOutput } from "./outputs.ts";
import { type Prepared, prepare } from "./prepare.ts";
import type { Proposal } from "./proposal.ts";
import { proposalOf } from "./propose.ts";
import { type Session, engineOf } from "./session.ts";
import { type Found, livesOf } from "./things.ts";

export interface CreateOptions extends Pick<TopologyOptions, "withoutDevicePlugins"> {
  readonly kubeconfig?: KubeconfigChoice;
}

/**
 * Makes what the file asks for and is missing, and repairs what never came up. Differences in what exists are only listed.
 *
 * @throws RefusedError when the cluster was not made by ekstool.
 */
export function proposeCreate(
  session: Session,
  config: ClusterConfig,
  options: CreateOptions = {},
): Promise<Proposal<ClusterOutput>> {
  return locked({ session, propose: () => createProposal(session, config, options) });
}

async function createProposal(
  session: Session,
  config: ClusterConfig,
  { kubeconfig, ...options }: CreateOptions,
): Promise<Proposal<ClusterOutput>> {
  const prepared = await prepare(session, config, kubeconfig && { choice: kubeconfig, when: "always" }, options);
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
export function proposeApply(
  session: Session,
  config: ClusterConfig,
  options: ApplyOptions,
): Promise<Proposal<ClusterOutput>> {
  return locked({ session, propose: () => applyProposal(session, config, options) });
}

async function applyProposal(
  session: Session,
  config: ClusterConfig,
  options: ApplyOptions,
): Promise<Proposal<ClusterOutput>> {
  const kubeconfig = options.kubeconfig && { choice: options.kubeconfig, when: "if-new" as const };
  const prepared = await prepare(session, config, kubeconfig, { intoKubernetes: options.prune });
  const { engine, graph, observation } = prepared;
  const changes = plan(engine, graph, observation, {
    mode: "apply",
    prune: options.prune,
    readOnlyForeign: isForeign(prepared),
  });
  return propose(`apply to cluster ${prepared.owner.cluster}`, prepared, changes);
}

/** One thing that was deleted. */
interface Deleted {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly name: string;
}

/** What deleting a cluster did, and what it leaves behind. */
export interface DeleteOutput {
  readonly cluster: string;
  readonly region: string;
  /** Of what ekstool made. */
  readonly deleted: readonly Deleted[];
  /** Of what Kubernetes and EKS made for the cluster. */
  readonly swept: readonly Deleted[];
  /** What stays on purpose, and why. */
  readonly kept: RunResult["kept"];
  /** What should be gone and is not. */
  readonly leftovers: RunResult["leftovers"];
  readonly seconds: number;
}

export interface DeleteChoice {
  /** Whether the volumes of persistent volume claims go too. */
  readonly volumes: "keep" | "delete";
}

/**
 * Deletes everything that belongs to the cluster, found by its tags, with what Kubernetes made for it; no file is needed.
 * Nothing there: an empty proposal.
 *
 * @throws RefusedError when there is a cluster of this name that ekstool did not make, or one of ours with nodegroups that
 * it did not make.
 */
export function proposeDelete(
  session: Session,
  name: string,
  choice: DeleteChoice = { volumes: "keep" },
): Promise<Proposal<DeleteOutput>> {
  return locked({ session, propose: () => deleteProposal(session, name, choice), endsOwnership: true });
}

async function deleteProposal(
  session: Session,
  name: string,
  { volumes }: DeleteChoice,
): Promise<Proposal<DeleteOutput>> {
  const engine = await engineOf(session, name, { local: true });
  const owner = { region: session.region, cluster: name };
  const live = await clusterKind.find(name, engine.ctx);
  if (live && live.owner !== "us") throw notOurs(owner, "ekstool deletes only what it made");
  // Without a control plane that came up, a create may have been cut short a moment ago.
  if (!live?.attrs.endpoint) await aftermath(engine);
  const observation = await observeWhole(engine);
  refuseNodegroupsOfOthers(name, observation);
  const about = {
    title: `delete cluster ${name}`,
    owner,
    caller: await session.caller(),
    information: [],
    owned: true,
    readOnly: false,
  };
  const derived = new Set(engine.derived?.map((kind) => kind.name));
  return proposalOf(engine, planDelete(engine, observation, { withData: volumes === "delete" }), about, (result) => {
    const deletions = result.steps.filter((step) => step.action === "delete" && !step.failed);
    const asDeleted = ({ id, kind, title, name }: (typeof deletions)[number]): Deleted => ({ id, kind, title, name });
    return {
      cluster: name,
      region: session.region,
      deleted: deletions.filter(({ kind }) => !derived.has(kind)).map(asDeleted),
      swept: deletions.filter(({ kind }) => derived.has(kind)).map(asDeleted),
      kept: result.kept,
      leftovers: result.leftovers,
      seconds: result.seconds,
    };
  });
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
  return clusterOutput(found, owner.region, result);
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
