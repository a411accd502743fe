import type { AwsContext, Owner } from "../aws/context.ts";
import type { ClusterConfig } from "../config/types.ts";
import { Graph, type GraphNode, type ManagedNode, type NodeOptions, dependencies } from "../engine/graph.ts";
import { type Observation, type Plan, observe, plan } from "../engine/index.ts";
import type { AnyKind, KindName } from "../engine/kind.ts";
import type { PlanItem } from "../engine/plan-types.ts";
import { RefusedError } from "../errors.ts";
import { noCluster } from "./inventory.ts";
import { fargateProfiles, nodegroups } from "./parts.ts";
import { type Prepared, type PrepareOptions, prepare } from "./prepare.ts";
import type { Session } from "./session.ts";

/** What of a cluster a command is about, of all that its config says. */
export interface Cut {
  readonly isOwn: (id: string) => boolean;
  /** Which aspects are compared, by the logical id of their thing. */
  readonly sees: (id: string, aspect: string) => boolean;
  /** Nothing of what its own nodes are made from is read: it need not be as the config has it. */
  readonly readsOnlyItself?: true;
}

/**
 * A config held against its cluster, of which a part is to be changed.
 *
 * @throws RefusedError when the cluster is not there, or is not ours.
 */
export async function preparedCut(
  session: Session,
  config: ClusterConfig,
  options: PrepareOptions = {},
): Promise<Prepared> {
  const prepared = await prepare(session, config, undefined, options);
  const { facts, owner } = prepared;
  if (facts.cluster === undefined) throw noCluster(owner);
  if (!facts.cluster.owned) throw notOurs(owner);
  return prepared;
}

/**
 * The plan for a part of a config, and the lines that are about it.
 *
 * @throws RefusedError when the cluster lacks what the part needs.
 */
export async function cut(
  { engine, graph: full, observation, owner }: Prepared,
  mode: "create" | "apply",
  wanted: Cut,
): Promise<{ readonly items: readonly PlanItem[]; readonly changes: Plan<AwsContext> }> {
  const graph = partOf(full, wanted, observation, owner);
  const changes = plan(engine, graph, await observe(engine, graph), { mode });
  return { items: changes.items.filter((item) => graph.nodes.has(item.id)), changes };
}

/** The part of a graph that is made by its own nodes; what they are made from is only read. */
function partOf(
  full: Graph<AwsContext>,
  wanted: Cut,
  observation: Observation<AwsContext>,
  owner: Owner,
): Graph<AwsContext> {
  const { isOwn, readsOnlyItself } = wanted;
  const managed = [...full.nodes.values()].filter((node): node is ManagedNode<AwsContext> => node.source === "managed");
  const own = managed.filter(({ id }) => isOwn(id));
  const needed = new Set(own.flatMap((node) => dependencies(node).map(({ id }) => id)));
  const graph = new Graph<AwsContext>();
  for (const node of full.nodes.values()) {
    if (isOwn(node.id) || (needed.has(node.id) && node.source !== "managed")) {
      addAgain(graph, node, wanted, hasNodes(observation));
    } else if (needed.has(node.id) && node.source === "managed") {
      const thing = observation.things.find(({ live }) => live.id === node.id);
      if (thing) graph.observed(node.kind, { id: node.id, ref: thing.live.ref });
      else if (readsOnlyItself) graph.given(node.id, {});
      else {
        throw new RefusedError(`the cluster ${owner.cluster} lacks its ${node.kind.title} ${node.name}`, {
          hint: "run `ekstool apply` with the cluster's file first",
        });
      }
    }
  }
  return graph;
}

/** @param awaited what of an add-on runs on nodes can get healthy. */
function addAgain(graph: Graph<AwsContext>, node: GraphNode<AwsContext>, wanted: Cut, awaited: boolean): void {
  const { isOwn, sees } = wanted;
  if (node.source === "observed") graph.observed(node.kind, node);
  else if (node.source === "given") graph.given(node.id, node.attrs);
  else {
    // What is no part of this graph is there already, or not for this part to make.
    const after = node.after.filter((edge) => graph.nodes.has(edge.on.id));
    const options: unknown = {
      ...node,
      kind: seeing(node.kind, (aspect) => sees(node.id, aspect)),
      after,
      healthyAfter: node.healthyAfter === "never" && awaited ? [] : node.healthyAfter,
      late: Object.fromEntries(Object.entries(node.late).filter(([, others]) => others.every(({ id }) => isOwn(id)))),
    };
    if (isWhatItsKindTakes(options)) graph.add(node.kind, options);
  }
}

/** The kind, blind to some of its aspects. */
function seeing(kind: AnyKind<AwsContext>, sees: (aspect: string) => boolean): AnyKind<AwsContext> {
  const aspects = Object.entries(kind.aspects).filter(([name]) => sees(name));
  return { ...kind, aspects: Object.fromEntries(aspects) };
}

/** A node was that when it was added, and a graph does not keep the types. */
function isWhatItsKindTakes(options: unknown): options is NodeOptions<never, never, string> {
  return options !== undefined;
}

function hasNodes({ things }: Observation<AwsContext>): boolean {
  return things.some(({ kind, live }) => hosts.has(kind.name) && live.phase !== "deleting");
}

const hosts: ReadonlySet<KindName> = new Set([...nodegroups.kinds, ...fargateProfiles.kinds]);

function notOurs({ cluster, region }: Owner): RefusedError {
  return new RefusedError(`the cluster ${cluster} in ${region} was not made by ekstool`, {
    hint: "ekstool adds, changes and deletes parts only of clusters that it made; scale and upgrade work on any",
  });
}
