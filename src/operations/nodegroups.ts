import type { AwsContext, Owner } from "../aws/context.ts";
import { nodegroupNames } from "../config/nodegroup-names.ts";
import type { ClusterConfig } from "../config/types.ts";
import { Graph, type GraphNode, type ManagedNode, type NodeOptions, dependencies } from "../engine/graph.ts";
import { type Observation, type RunResult, observe, plan, planRemoval } from "../engine/index.ts";
import type { KindName, Live } from "../engine/kind.ts";
import { RefusedError } from "../errors.ts";
import { launchTemplate as launchTemplateKind } from "../resources/ec2/launch-template.ts";
import { stack as stackKind } from "../resources/cloudformation/stack.ts";
import { nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { noCluster } from "./inventory.ts";
import { nameInFile, nodegroupName } from "./nodegroup-lookup.ts";
import { locked } from "./lock/locked.ts";
import { type AnyNodegroupSummary, type Timings, nodegroupSummaries, timingsOf } from "./outputs.ts";
import { prepare } from "./prepare.ts";
import type { Proposal } from "./proposal.ts";
import { proposalOf } from "./propose.ts";
import { type Session, engineOf } from "./session.ts";
import { type Found, livesOf } from "./things.ts";

/** What belongs to one nodegroup, by logical id. */
function belongsTo(nodegroup: string): (id: string) => boolean {
  const ids = new Set([
    `nodegroup/${nodegroup}`,
    `launch-template/${nodegroup}`,
    `role/nodegroup/${nodegroup}`,
    `access-entry/nodegroup/${nodegroup}`,
    `security-group/remote-access/${nodegroup}`,
    `security-group/node/${nodegroup}`,
    `security-group/efa/${nodegroup}`,
    `placement-group/${nodegroup}`,
    `key-pair/${nodegroup}`,
  ]);
  const rules = ["remote-access", "node", "efa"].map((group) => `security-group-rule/${group}/${nodegroup}/`);
  return (id) => ids.has(id) || rules.some((start) => id.startsWith(start));
}

export interface NodegroupsOutput {
  readonly cluster: string;
  readonly region: string;
  readonly nodegroups: readonly AnyNodegroupSummary[];
  readonly timings: Timings;
}

export interface DeletedNodegroupsOutput {
  readonly cluster: string;
  readonly region: string;
  readonly deleted: readonly string[];
  readonly leftovers: RunResult["leftovers"];
  readonly timings: Timings;
}

/**
 * Makes the nodegroups of a ClusterConfig that are missing in its cluster, or never came up, and nothing else.
 *
 * @throws RefusedError when the cluster is not there, is not ours, or lacks what the nodegroups need.
 */
export function proposeCreateNodegroups(
  session: Session,
  config: ClusterConfig,
  selected: (name: string) => boolean,
): Promise<Proposal<NodegroupsOutput>> {
  return locked({ session, propose: () => createProposal(session, config, selected) });
}

async function createProposal(
  session: Session,
  config: ClusterConfig,
  selected: (name: string) => boolean,
): Promise<Proposal<NodegroupsOutput>> {
  const names = nodegroupNames(config).filter(selected);
  const prepared = await prepare(session, config);
  const { engine, facts, owner } = prepared;
  if (facts.cluster === undefined) throw noCluster(owner);
  if (!facts.cluster.owned) throw notOurs(owner);
  const tests = names.map(belongsTo);
  const own = (id: string) => tests.some((test) => test(id));
  const graph = onlyNodes(prepared.graph, own, prepared.observation, owner);
  const changes = plan(engine, graph, await observe(engine, graph), { mode: "create" });
  const about = {
    title: `create nodegroups in cluster ${owner.cluster}`,
    owner,
    caller: facts.caller,
    items: changes.items.filter((item) => own(item.id)),
    information: [],
    owned: true,
    readOnly: false,
  };
  return proposalOf(engine, changes, about, (result) => output(owner, names, config, result));
}

type ChooseNodegroups = (ours: readonly string[], others: readonly string[]) => readonly string[];

/**
 * Deletes nodegroups with what was made for them: launch template, role, access entry, SSH group.
 *
 * @param choose which ones, of the names of all that are ours; beside them it is given the names of others'.
 */
export function proposeDeleteNodegroups(
  session: Session,
  cluster: string,
  choose: ChooseNodegroups,
): Promise<Proposal<DeletedNodegroupsOutput>> {
  return locked({ session, propose: () => deleteProposal(session, cluster, choose) });
}

async function deleteProposal(
  session: Session,
  cluster: string,
  choose: ChooseNodegroups,
): Promise<Proposal<DeletedNodegroupsOutput>> {
  const owner = { region: session.region, cluster };
  const engine = await engineOf(session, cluster, { local: false });
  const observation = await observe(engine);
  const found = observation.things.map(({ kind, live }) => ({ kind: kind.name, live }));
  const existing = livesOf(nodegroupKind, found);
  const selfManaged = livesOf(stackKind, found).map(({ id }) => nameInFile(id));
  const namesOf = (ours: boolean) => [
    ...new Set(existing.filter((live) => (live.owner === "us") === ours).map(nodegroupName)),
    ...(ours ? selfManaged : []),
  ];
  const names = choose(namesOf(true), namesOf(false));
  const tests = names.map(belongsTo);
  const removal = planRemoval(engine, observation, ({ id }) => tests.some((test) => test(id)));
  const about = {
    title: `delete ${names.length === 1 ? `nodegroup ${names[0]}` : `${names.length} nodegroups`} of cluster ${cluster}`,
    owner,
    caller: await session.caller(),
    information: session.drain || names.length === 0 ? [] : ["nodes are not drained before they go (--drain=false)"],
    owned: true,
    readOnly: false,
  };
  return proposalOf(engine, removal, about, (result) => ({
    ...owner,
    deleted: names,
    leftovers: result.leftovers,
    timings: timingsOf(result),
  }));
}

function output(
  { region, cluster }: Owner,
  names: readonly string[],
  { nodeGroups = [] }: ClusterConfig,
  result: RunResult,
): NodegroupsOutput {
  const isSelfManaged = (name: string) => nodeGroups.some((group) => group.name === name);
  const found = names.flatMap((name) => [
    ...foundAs(isSelfManaged(name) ? stackKind : nodegroupKind, result.live.get(`nodegroup/${name}`)),
    ...foundAs(launchTemplateKind, result.live.get(`launch-template/${name}`)),
  ]);
  return { cluster, region, nodegroups: nodegroupSummaries(found, cluster), timings: timingsOf(result) };
}

function foundAs({ name }: { readonly name: KindName }, live: Live<unknown> | undefined): readonly Found[] {
  return live === undefined ? [] : [{ kind: name, live }];
}

/**
 * The part of a graph that is made by `own` nodes; what they are made from is only read, and must be there.
 *
 * @throws RefusedError when it is not.
 */
function onlyNodes(
  full: Graph<AwsContext>,
  own: (id: string) => boolean,
  observation: Observation<AwsContext>,
  owner: Owner,
): Graph<AwsContext> {
  const managed = [...full.nodes.values()].filter((node): node is ManagedNode<AwsContext> => node.source === "managed");
  const needed = new Set(managed.filter(({ id }) => own(id)).flatMap((node) => dependencies(node).map(({ id }) => id)));
  const graph = new Graph<AwsContext>();
  for (const node of full.nodes.values()) {
    if (own(node.id) || (needed.has(node.id) && node.source !== "managed")) addAgain(graph, node);
    else if (needed.has(node.id) && node.source === "managed") {
      const thing = observation.things.find(({ live }) => live.id === node.id);
      if (thing === undefined) {
        throw new RefusedError(`the cluster ${owner.cluster} lacks its ${node.kind.title} ${node.name}`, {
          hint: "run `ekstool apply` with the cluster's file first",
        });
      }
      graph.observed(node.kind, { id: node.id, ref: thing.live.ref });
    }
  }
  return graph;
}

function addAgain(graph: Graph<AwsContext>, node: GraphNode<AwsContext>): void {
  if (node.source === "observed") graph.observed(node.kind, node);
  else if (node.source === "given") graph.given(node.id, node.attrs);
  else {
    // What is no part of this graph is there already, or not for a nodegroup to make.
    const after = node.after.filter((edge) => graph.nodes.has(edge.on.id));
    const options: unknown = { ...node, after, late: {} };
    if (isWhatItsKindTakes(options)) graph.add(node.kind, options);
  }
}

/** A node was that when it was added, and a graph does not keep the types. */
function isWhatItsKindTakes(options: unknown): options is NodeOptions<never, never, string> {
  return options !== undefined;
}

function notOurs({ cluster, region }: Owner): RefusedError {
  return new RefusedError(`the cluster ${cluster} in ${region} was not made by ekstool`, {
    hint: "ekstool adds and deletes nodegroups only where it made the cluster; scale and upgrade work on any",
  });
}
