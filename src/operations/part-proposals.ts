import type { AwsContext, Owner } from "../aws/context.ts";
import type { ClusterConfig } from "../config/types.ts";
import { Graph, type GraphNode, type ManagedNode, type NodeOptions, dependencies } from "../engine/graph.ts";
import { type Observation, type RunResult, observe, plan, planRemoval } from "../engine/index.ts";
import type { AnyKind, KindName } from "../engine/kind.ts";
import { RefusedError } from "../errors.ts";
import { noCluster } from "./inventory.ts";
import { locked } from "./lock/locked.ts";
import { type Timings, timingsOf } from "./outputs.ts";
import { type Part, fargateProfiles, nodegroups } from "./parts.ts";
import type { TopologyOptions } from "../topology/index.ts";
import { prepare } from "./prepare.ts";
import type { Proposal } from "./proposal.ts";
import { proposalOf } from "./propose.ts";
import { type Session, engineOf } from "./session.ts";

/** What a run has made of a part. */
export interface MadePart {
  readonly owner: Owner;
  readonly names: readonly string[];
  readonly config: ClusterConfig;
  readonly result: RunResult;
}

export interface PartChange<Output> extends Pick<TopologyOptions, "withoutDevicePlugins"> {
  readonly part: Part;
  /**
   * `create` makes those that are missing, or never came up, and lists other differences; `update` brings those that are there in
   * line, and makes none.
   */
  readonly verb: "create" | "update";
  /** Absent: all that the file lists. */
  readonly selected?: (name: string) => boolean;
  /** Aspects that are left as they are: a config that is made of options does not speak of them. */
  readonly leaves?: readonly string[];
  output(made: MadePart): Promise<Output> | Output;
}

/**
 * Creates or updates those things of a part that a ClusterConfig lists in its cluster, and nothing else.
 *
 * @throws RefusedError when the cluster is not there, is not ours, or lacks what they need.
 */
export function proposePart<Output>(
  session: Session,
  config: ClusterConfig,
  change: PartChange<Output>,
): Promise<Proposal<Output>> {
  return locked({ session, propose: () => partProposal(session, config, change) });
}

async function partProposal<Output>(
  session: Session,
  config: ClusterConfig,
  { part, verb, selected = () => true, leaves = [], output, ...options }: PartChange<Output>,
): Promise<Proposal<Output>> {
  const prepared = await prepare(session, config, undefined, options);
  const { engine, facts, owner, observation } = prepared;
  if (facts.cluster === undefined) throw noCluster(owner);
  if (!facts.cluster.owned) throw notOurs(owner);
  const chosen = part.listed(config).filter(selected);
  const present = new Set(observation.things.flatMap(({ live }) => part.named(live.id, live.ref) ?? []));
  const names = verb === "create" ? chosen : chosen.filter((name) => present.has(name));
  const tests = names.map((name) => part.belongs(name));
  const shared = new Set(names.flatMap((name) => part.shares?.(name, prepared.graph) ?? []));
  const isOwn = (id: string) => shared.has(id) || tests.some((test) => test(id));
  const graph = partOf(prepared.graph, { isOwn, observation, owner, leaves, hasNodes: hasNodes(observation) });
  const changes = plan(engine, graph, await observe(engine, graph), { mode: verb === "create" ? "create" : "apply" });
  const about = {
    title: `${verb} ${counted(part, names)} ${verb === "create" ? "in" : "of"} cluster ${owner.cluster}`,
    owner,
    caller: facts.caller,
    items: changes.items.filter((item) => graph.nodes.has(item.id)),
    information: chosen
      .filter((name) => !names.includes(name))
      .map((name) => `the cluster has no ${part.title} ${name} to update: create makes it`),
    owned: true,
    readOnly: false,
  };
  return proposalOf(engine, changes, about, (result) => output({ owner, names, config, result }));
}

function hasNodes({ things }: Observation<AwsContext>): boolean {
  return things.some(({ kind, live }) => hosts.has(kind.name) && live.phase !== "deleting");
}

const hosts: ReadonlySet<KindName> = new Set([...nodegroups.kinds, ...fargateProfiles.kinds]);

function counted({ title, titles }: Part, names: readonly string[]): string {
  return names.length === 1 ? `${title} ${names[0]}` : `${names.length} ${titles}`;
}

export interface RemovedPart {
  readonly cluster: string;
  readonly region: string;
  readonly deleted: readonly string[];
  readonly leftovers: RunResult["leftovers"];
  readonly timings: Timings;
}

/** Which ones, of the names of all that are ours; beside them it is given the names of others'. */
export type ChooseParts = (ours: readonly string[], others: readonly string[]) => readonly string[];

/**
 * Deletes some things of a part with what was made for them alone.
 *
 * @param remarks what there is to say about those that go.
 */
export function proposeRemoval(
  session: Session,
  cluster: string,
  part: Part,
  choose: ChooseParts,
  remarks: (names: readonly string[]) => readonly string[] = () => [],
): Promise<Proposal<RemovedPart>> {
  return locked({ session, propose: () => removalProposal(session, cluster, part, choose, remarks) });
}

async function removalProposal(
  session: Session,
  cluster: string,
  part: Part,
  choose: ChooseParts,
  remarks: (names: readonly string[]) => readonly string[],
): Promise<Proposal<RemovedPart>> {
  const owner = { region: session.region, cluster };
  const engine = await engineOf(session, cluster, { local: false, kubernetes: part.kubernetes === true });
  const observation = await observe(engine);
  const lives = observation.things.filter(({ kind }) => part.kinds.includes(kind.name)).map(({ live }) => live);
  const ours = lives.filter(({ owner }) => owner === "us").flatMap((live) => part.named(live.id, live.ref) ?? []);
  const others = lives.filter(({ owner }) => owner !== "us").map((live) => part.othersName?.(live) ?? live.ref);
  const names = choose([...new Set(ours)], others);
  const tests = names.map((name) => part.belongs(name));
  const removal = planRemoval(engine, observation, ({ id }) => tests.some((test) => test(id)));
  const about = {
    title: `delete ${counted(part, names)} of cluster ${cluster}`,
    owner,
    caller: await session.caller(),
    information: [...remarks(names), ...(part.stays !== undefined && names.length > 0 ? [part.stays] : [])],
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

interface Cut {
  readonly isOwn: (id: string) => boolean;
  readonly observation: Observation<AwsContext>;
  readonly owner: Owner;
  readonly leaves: readonly string[];
  /** What of an add-on runs on nodes can get healthy. */
  readonly hasNodes: boolean;
}

/**
 * The part of a graph that is made by its own nodes; what they are made from is only read, and must be there.
 *
 * @throws RefusedError when it is not.
 */
function partOf(full: Graph<AwsContext>, cut: Cut): Graph<AwsContext> {
  const { isOwn, observation, owner } = cut;
  const managed = [...full.nodes.values()].filter((node): node is ManagedNode<AwsContext> => node.source === "managed");
  const own = managed.filter(({ id }) => isOwn(id));
  const needed = new Set(own.flatMap((node) => dependencies(node).map(({ id }) => id)));
  const graph = new Graph<AwsContext>();
  for (const node of full.nodes.values()) {
    if (isOwn(node.id) || (needed.has(node.id) && node.source !== "managed")) addAgain(graph, node, cut);
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

function addAgain(graph: Graph<AwsContext>, node: GraphNode<AwsContext>, { leaves, hasNodes: awaited }: Cut): void {
  if (node.source === "observed") graph.observed(node.kind, node);
  else if (node.source === "given") graph.given(node.id, node.attrs);
  else {
    // What is no part of this graph is there already, or not for this part to make.
    const after = node.after.filter((edge) => graph.nodes.has(edge.on.id));
    const options: unknown = {
      ...node,
      after,
      healthyAfter: node.healthyAfter === "never" && awaited ? [] : node.healthyAfter,
      late: {},
    };
    if (isWhatItsKindTakes(options)) graph.add(without(node.kind, leaves), options);
  }
}

/** The kind, blind to some of its aspects. */
function without(kind: AnyKind<AwsContext>, leaves: readonly string[]): AnyKind<AwsContext> {
  const aspects = Object.entries(kind.aspects).filter(([name]) => !leaves.includes(name));
  return { ...kind, aspects: Object.fromEntries(aspects) };
}

/** A node was that when it was added, and a graph does not keep the types. */
function isWhatItsKindTakes(options: unknown): options is NodeOptions<never, never, string> {
  return options !== undefined;
}

function notOurs({ cluster, region }: Owner): RefusedError {
  return new RefusedError(`the cluster ${cluster} in ${region} was not made by ekstool`, {
    hint: "ekstool adds, changes and deletes parts only of clusters that it made; scale and upgrade work on any",
  });
}
