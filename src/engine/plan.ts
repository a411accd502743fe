import { type Attributes, dependenciesOf, exceptFor, onlyKnown } from "./attributes.ts";
import type { EngineContext } from "./context.ts";
import { type Decision, type Mode, decide, makes } from "./decide.ts";
import type { Graph, ManagedNode } from "./graph.ts";
import { hash } from "./hash.ts";
import { isOurs, type KindName, type Live } from "./kind.ts";
import { type Observation, type Thing, candidatesFor, orphansIn } from "./observe.ts";
import { keptItem, leavingItem, nodeItem } from "./plan-items.ts";
import type { PlanItem } from "./plan-types.ts";
import { removalSteps } from "./removal.ts";
import { type Step, type Steps, asSteps, expectedSeconds, nodeSteps, stepKey } from "./steps.ts";

export interface PlanOptions {
  /** `create` makes what is missing, repairs what failed, and lists other differences; `apply` brings everything in. */
  readonly mode: "create" | "apply";
  /** Delete what is ours and no longer wanted, instead of listing it. */
  readonly prune?: boolean;
  /** The cluster is not ours: what is found by name is compared whoever owns it, and nothing can be carried out. */
  readonly readOnlyForeign?: boolean;
}

export interface Plan<Ctx> {
  readonly items: readonly PlanItem[];
  /** Carrying it out does something, or is refused. What is only listed does not count. */
  readonly changes: boolean;
  /** The longest chain of expected times, not their sum. */
  readonly expectSeconds: number;
  /** Changes when what was observed, or what follows from it, changes: a saved plan with another fingerprint is stale. */
  readonly fingerprint: string;
  readonly readOnly: boolean;
  /** How its nodes are decided on, when they are looked at again. */
  readonly mode: Mode;
  /** Absent where the plan only deletes. */
  readonly graph: Graph<Ctx> | undefined;
  readonly observation: Observation<Ctx>;
  /** Everything that is ours goes. */
  readonly whole: boolean;
  /** Kinds whose things stay all the same, since they hold data. */
  readonly keeps: ReadonlySet<KindName>;
  /** What is ours and not wanted goes. */
  readonly prunes: boolean;
  readonly steps: Steps<Ctx>;
}

/** What has to happen so that AWS is as the graph says. Sends no request. */
export function plan<Ctx>(
  engine: EngineContext<Ctx>,
  graph: Graph<Ctx>,
  observation: Observation<Ctx>,
  options: PlanOptions,
): Plan<Ctx> {
  const { prune: prunes = false } = options;
  const mode: Mode = options.readOnlyForeign ? "compare" : options.mode;
  const readOnly = mode === "compare";
  const decisions = decideAll(graph, observation, mode);
  const superseded = decisions.flatMap(({ node, superseded }) =>
    superseded.map((live) => ({ kind: node.kind, live, reason: `replaced by ${node.id}` })),
  );
  const orphans = readOnly ? [] : orphansIn(observation, graph);
  const workable = decisions.filter(
    ({ verb, node }) => !isObstacle(verb) && !observation.unobservable.has(node.kind.name),
  );
  const goes: readonly Thing<Ctx>[] = [...superseded, ...(prunes ? orphans : [])];
  const steps = readOnly
    ? []
    : [
        ...workable.flatMap(nodeSteps),
        ...removalSteps({ kinds: engine.kinds, goes, stays: workable, whole: false, retires: true }),
      ];
  const items = [
    ...decisions.map((decision) => nodeItem(decision, readOnly)),
    ...superseded.map((thing) => leavingItem(thing, "delete", thing.reason)),
    ...orphans.map((thing) => leavingItem(thing, prunes ? "delete" : "orphan", "no longer wanted by the file")),
  ];
  return finished({
    items,
    readOnly,
    mode,
    graph,
    observation,
    whole: false,
    keeps: new Set(),
    prunes,
    steps: asSteps(steps),
  });
}

export interface DeleteOptions {
  /** Also what holds data goes. */
  readonly withData?: boolean;
}

/** The whole cluster goes: everything that is ours. */
export function planDelete<Ctx>(
  engine: EngineContext<Ctx>,
  observation: Observation<Ctx>,
  options: DeleteOptions = {},
): Plan<Ctx> {
  return removalPlan(engine, observation, { ...options, whole: true, retires: false, goes: () => true });
}

/** Some things go, in an orderly way: what runs on them is moved away first. */
export function planRemoval<Ctx>(
  engine: EngineContext<Ctx>,
  observation: Observation<Ctx>,
  goes: (live: Live<unknown>) => boolean,
): Plan<Ctx> {
  return removalPlan(engine, observation, { whole: false, retires: true, goes: ({ live }) => goes(live) });
}

/** What is ours of an observation, and is chosen, goes. */
export function removalPlan<Ctx>(
  engine: EngineContext<Ctx>,
  observation: Observation<Ctx>,
  chosen: DeleteOptions & { readonly whole: boolean; readonly retires: boolean; goes(thing: Thing<Ctx>): boolean },
): Plan<Ctx> {
  const { whole, retires, withData = false } = chosen;
  const { kinds, derived = [] } = engine;
  const keeps = new Set(withData ? [] : derived.filter(({ holdsData }) => holdsData).map(({ name }) => name));
  const isKept = ({ kind }: Thing<Ctx>) => keeps.has(kind.name);
  const leaving = observation.things.filter((thing) => isOurs(thing.live) && chosen.goes(thing));
  const goes = leaving.filter((thing) => !isKept(thing));
  const sweeps = whole ? derived.filter(({ name }) => !keeps.has(name)) : [];
  const removal = removalSteps({ kinds, sweeps, goes, stays: [], whole, retires });
  const lateness = (step: Step<Ctx>) => (step.does === "sweep" ? (step.kind.appearsWithin?.(engine.ctx) ?? 0) : 0);
  const steps = asSteps(removal.map((step) => ({ ...step, seconds: step.seconds + lateness(step) })));
  const titles = new Map(kinds.map(({ name, title }) => [name, title]));
  const items = goes.map((thing) => {
    const { protection, detail } = thing.live;
    if (protection !== undefined) return leavingItem(thing, "refuse", protection);
    if (steps.has(stepKey.delete(thing))) return leavingItem(thing, "delete", detail);
    const host = thing.kind.diesWith && titles.get(thing.kind.diesWith);
    return { ...leavingItem(thing, "delete", `goes with the ${host}`), expectSeconds: 0 };
  });
  return finished({
    items: [...items, ...leaving.filter(isKept).map(keptItem)],
    readOnly: false,
    mode: "apply",
    graph: undefined,
    observation,
    whole,
    keeps,
    prunes: false,
    // Where nothing goes there is nothing that could still make something.
    steps: goes.length === 0 ? new Map() : steps,
  });
}

function finished<Ctx>(parts: Omit<Plan<Ctx>, "changes" | "expectSeconds" | "fingerprint">): Plan<Ctx> {
  const silent = new Set(["keep", "deferred", "orphan"]);
  const observed = [...parts.observation.things, ...parts.observation.named.values()];
  return {
    ...parts,
    changes: parts.items.some(({ verb, listedOnly }) => !silent.has(verb) && (parts.readOnly || !listedOnly)),
    expectSeconds: expectedSeconds(parts.steps),
    fingerprint: hash([
      parts.items.map((item) => ({ ...item, expectSeconds: undefined, reason: undefined })),
      observed.map(({ kind, live }) => `${kind.name} ${live.ref} ${live.owner}`).toSorted(),
    ]),
  };
}

/** Every node in turn; each one sees of those before it what they will be when it is its turn. */
function decideAll<Ctx>(graph: Graph<Ctx>, observation: Observation<Ctx>, mode: Mode): readonly Decision<Ctx>[] {
  const decisions = new Map<string, Decision<Ctx>>();
  const attributes: Attributes = (id) => {
    const node = graph.nodes.get(id);
    if (node?.source === "given") return node.attrs;
    if (node?.source === "observed") return observation.named.get(id)?.live.attrs;
    const decision = decisions.get(id);
    if (decision?.current) return exceptFor(decision.current.attrs, renewedBy(decision));
    // What somebody else made stands on other things than ours would.
    return mode === "compare" ? undefined : node && onlyKnown(node.foreseen);
  };
  for (const node of graph.nodes.values()) {
    if (node.source !== "managed") continue;
    // What cannot be looked up by its name cannot be compared on a cluster that carries none of our tags.
    if (mode === "compare" && !node.kind.find) continue;
    const decision = observation.unobservable.has(node.kind.name)
      ? deferred(node, observation)
      : decide(node, candidatesFor(observation, node), dependenciesOf(node, attributes), mode);
    decisions.set(node.id, awaitingHealth(decision, decisions));
  }
  return [...decisions.values()];
}

function renewedBy<Ctx>({ node, groups }: Decision<Ctx>): ReadonlySet<string> {
  const renews = Object.entries(node.kind.renews ?? {});
  return new Set(renews.flatMap(([group, attributes]) => (groups.has(group) ? (attributes ?? []) : [])));
}

function deferred<Ctx>(node: ManagedNode<Ctx>, observation: Observation<Ctx>): Decision<Ctx> {
  const nothing = {
    current: undefined,
    differences: [],
    groups: new Set<string>(),
    inTheWay: [],
    deleting: [],
    superseded: [],
  };
  const reason = observation.unobservable.get(node.kind.name) ?? "";
  return { node, verb: "deferred", ...nothing, kept: [], reason };
}

/** A thing that is unhealthy for want of what this very plan makes is waited for. */
function awaitingHealth<Ctx>(decision: Decision<Ctx>, decisions: ReadonlyMap<string, Decision<Ctx>>): Decision<Ctx> {
  const { node, verb, current } = decision;
  if (verb !== "keep" || current?.phase !== "degraded" || node.healthyAfter === "never") return decision;
  const isComing = ({ id }: { readonly id: string }) => {
    const other = decisions.get(id);
    return other !== undefined && (makes(other) || other.verb === "wait");
  };
  return node.healthyAfter.some(isComing) ? { ...decision, verb: "wait" } : decision;
}

function isObstacle(verb: PlanItem["verb"]): boolean {
  return verb === "refuse" || verb === "conflict";
}
