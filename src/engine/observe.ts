import { isDeepStrictEqual } from "node:util";
import { InputError } from "../errors.ts";
import { arnOf } from "./attributes.ts";
import type { EngineContext } from "./context.ts";
import type { Graph, ManagedNode } from "./graph.ts";
import { type AnyRemovable, isSame, type KindName, type Live, UnobservableError } from "./kind.ts";
import { openSession, patience, pause } from "./session.ts";

/** A live thing and what it is. */
export interface Thing<Ctx> {
  readonly kind: AnyRemovable<Ctx>;
  readonly live: Live<unknown>;
}

/** What exists in AWS, as far as one cluster is concerned. */
export interface Observation<Ctx> {
  /** All that the kinds list. */
  readonly things: readonly Thing<Ctx>[];
  /**
   * By node id: what has a managed node's name without being listed, or stands in its way where there can be only one, and what
   * an observed node points to.
   */
  readonly named: ReadonlyMap<string, Thing<Ctx>>;
  /** Kinds that cannot be seen from here, and why. */
  readonly unobservable: ReadonlyMap<KindName, string>;
}

/**
 * Lists every kind, and looks for the graph's nodes that no list gave by their names. Changes nothing. An error of any request
 * is thrown; a thing that the file points to and that does not exist is an InputError.
 */
export async function observe<Ctx>(engine: EngineContext<Ctx>, graph?: Graph<Ctx>): Promise<Observation<Ctx>> {
  return look(engine, engine.kinds, graph);
}

/** The same of a whole cluster that is to go: with what others made for it. */
export async function observeWhole<Ctx>(engine: EngineContext<Ctx>): Promise<Observation<Ctx>> {
  return look(engine, [...engine.kinds, ...(engine.derived ?? [])]);
}

/**
 * Resolves when what a run that ended right before this one made can be seen: for who would otherwise take it for nothing and
 * leave it behind.
 */
export async function aftermath<Ctx>(engine: EngineContext<Ctx>): Promise<void> {
  await pause(openSession(engine), patience.aftermath);
}

async function look<Ctx>(
  engine: EngineContext<Ctx>,
  kinds: readonly AnyRemovable<Ctx>[],
  graph?: Graph<Ctx>,
): Promise<Observation<Ctx>> {
  const session = openSession(engine);
  const { ctx } = engine;
  const unobservable = new Map<KindName, string>();
  const seeing = async <T>(kind: AnyRemovable<Ctx>, call: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await session.request(call);
    } catch (error) {
      if (!(error instanceof UnobservableError)) throw error;
      unobservable.set(kind.name, error.message);
      return otherwise;
    }
  };

  const nodes = [...(graph?.nodes.values() ?? [])];
  const pointedAt = nodes.map(async (node): Promise<readonly (readonly [string, Thing<Ctx>])[]> => {
    if (node.source !== "observed") return [];
    const live = await session.request(() => node.kind.read(node.ref, ctx));
    if (live === null) throw new InputError(`${node.kind.title} ${node.ref} does not exist`);
    return [[node.id, { kind: node.kind, live }]];
  });
  const listed = kinds.map(async (kind) => {
    const lives = await seeing(kind, () => kind.list(ctx), []);
    return lives.map((live) => ({ kind, live }));
  });
  const [observed, seen] = await Promise.all([concat(pointedAt), concat(listed)]);
  const dying = new Set(seen.flatMap(({ kind, live }) => (live.phase === "deleting" ? [kind.name] : [])));
  /** What goes with something that is being deleted is there for a while, and must not be counted on. */
  const fated = (thing: Thing<Ctx>): Thing<Ctx> =>
    thing.kind.diesWith && dying.has(thing.kind.diesWith)
      ? { ...thing, live: { ...thing.live, phase: "deleting" } }
      : thing;
  const things = seen.map(fated);

  const found = await Promise.all(
    nodes.map(async (node) => {
      if (node.source !== "managed" || unobservable.has(node.kind.name)) return [];
      if (listedFor(things, node).length > 0 && !node.kind.onlyOne) return [];
      const live = await seeing(
        node.kind,
        async () => (await node.kind.find?.(node.name, ctx, node.spec)) ?? null,
        null,
      );
      return live === null ? [] : [[node.id, fated({ kind: node.kind, live })] as const];
    }),
  );
  return { things, named: new Map([...observed, ...found.flat()]), unobservable };
}

async function concat<T>(lists: readonly Promise<readonly T[]>[]): Promise<readonly T[]> {
  return (await Promise.all(lists)).flat();
}

/**
 * What may be the thing that a node wants: what carries its id, or else what has its name. Where there can be only one, what has the
 * name counts beside it: a successor would come upon that.
 */
export function candidatesFor<Ctx>(observation: Observation<Ctx>, node: ManagedNode<Ctx>): readonly Live<unknown>[] {
  const listed = listedFor(observation.things, node);
  const named = observation.named.get(node.id);
  return !named || listed.some((live) => isSame(live, named.live)) ? listed : [...listed, named.live];
}

/** What is ours and no node of the graph wants, apart from what is on its way out. */
export function orphansIn<Ctx>({ things }: Observation<Ctx>, graph: Graph<Ctx>): readonly Thing<Ctx>[] {
  return things.filter(({ live }) => live.owner === "us" && live.phase !== "deleting" && !isWanted(graph, live));
}

/**
 * What is given stands in the place of what was made before, unless it is that very thing; where nothing is known of it, it is
 * whatever is there.
 */
function isWanted<Ctx>(graph: Graph<Ctx>, { id, attrs }: Live<unknown>): boolean {
  const node = graph.nodes.get(id);
  if (node?.source !== "given") return node !== undefined;
  return isDeepStrictEqual(node.attrs, {}) || arnOf(node.attrs) === arnOf(attrs);
}

function listedFor<Ctx>(things: readonly Thing<Ctx>[], node: ManagedNode<Ctx>): readonly Live<unknown>[] {
  return things
    .filter(({ kind, live }) => kind.name === node.kind.name && live.id === node.id && live.owner !== "foreign")
    .map(({ live }) => live);
}
