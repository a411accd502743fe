import { type Decision, makes } from "./decide.ts";
import { type Handle, dependencies } from "./graph.ts";
import type { Subject } from "./run-result.ts";
import type { AnyDerivedKind } from "./kind.ts";
import type { Thing } from "./observe.ts";

interface StepBase {
  readonly key: string;
  /** Keys of the steps that must be done before. */
  readonly needs: readonly string[];
  /** Keys of the steps that must be over before, however they end. */
  readonly after?: readonly string[];
  /** Seconds that it is expected to take; a `ready` step's run from the end of its `ensure`. */
  readonly seconds: number;
}

/**
 * One step of a run. A node's steps: `ensure` makes its thing exist, `ready` waits for it, `sync` brings in differences, `late`
 * those of an update group that has to come last, `done` stands for all of them. A thing that goes: `retire`, `delete`; a
 * `sweep` looks once more for things of a derived kind, and deletes them.
 */
export type Step<Ctx> = StepBase &
  (
    | { readonly does: "ensure" | "ready" | "sync" | "done"; readonly decision: Decision<Ctx> }
    | { readonly does: "late"; readonly decision: Decision<Ctx>; readonly group: string }
    | { readonly does: "retire" | "delete"; readonly thing: Thing<Ctx>; readonly label: string }
    | { readonly does: "sweep"; readonly kind: AnyDerivedKind<Ctx> }
  );

export type Steps<Ctx> = ReadonlyMap<string, Step<Ctx>>;

export const stepKey = {
  ensure: (id: string) => `${id} ensure`,
  ready: (id: string) => `${id} ready`,
  sync: (id: string) => `${id} sync`,
  late: (id: string, group: string) => `${id} late ${group}`,
  done: (id: string) => `${id} done`,
  retire: <Ctx>({ kind, live }: Thing<Ctx>) => `${kind.name} ${live.ref} retire`,
  delete: <Ctx>({ kind, live }: Thing<Ctx>) => `${kind.name} ${live.ref} delete`,
  sweep: ({ name }: { readonly name: string }) => `${name} sweep`,
};

/** How events, plan and result name what a step works on. */
export function subjectOf<Ctx>(step: Step<Ctx>): Subject {
  if ("thing" in step) return thingSubject(step.thing);
  if ("decision" in step) return nodeSubject(step.decision);
  return { id: "", kind: step.kind.name, title: step.kind.title, name: "" };
}

export function thingSubject<Ctx>({ kind, live }: Thing<Ctx>): Subject {
  return { id: live.id, kind: kind.name, title: kind.title, name: live.ref };
}

export function nodeSubject<Ctx>({ node }: Decision<Ctx>): Subject {
  return { id: node.id, kind: node.kind.name, title: node.kind.title, name: node.name };
}

/** The steps of a node that can be worked on; none for one that is refused, in conflict, or cannot be seen. */
export function nodeSteps<Ctx>(decision: Decision<Ctx>): readonly Step<Ctx>[] {
  const { node, current } = decision;
  const late = Object.entries(node.late);
  const isLate = (group: string) => group in node.late;
  const groups = [...decision.groups];
  const timing = (verb: string) => node.kind.timing(verb, node.spec, current).expect;
  const updating = (group: string) => (decision.groups.has(group) ? timing(group) : 0);

  const explicit = new Set(node.after.map(({ on }) => on.id));
  const upstream = [
    // An edge that is declared says more exactly what the node waits for than the dependency does.
    ...synced(dependencies(node).filter(({ id }) => !explicit.has(id))),
    ...node.after.map(({ on, until }) => (until === "created" ? stepKey.ensure(on.id) : stepKey.sync(on.id))),
  ];
  const healthy = node.healthyAfter === "never" ? [] : synced(node.healthyAfter);
  const waits = (makes(decision) && node.healthyAfter !== "never") || decision.verb === "wait";
  const { ensure, ready, sync, done } = {
    ensure: stepKey.ensure(node.id),
    ready: stepKey.ready(node.id),
    sync: stepKey.sync(node.id),
    done: stepKey.done(node.id),
  };
  return [
    { key: ensure, does: "ensure", decision, needs: upstream, seconds: decision.inTheWay.length * timing("delete") },
    { key: ready, does: "ready", decision, needs: [ensure, ...healthy], seconds: waits ? timing("create") : 0 },
    {
      key: sync,
      does: "sync",
      decision,
      needs: [ready],
      seconds: groups.filter((group) => !isLate(group)).reduce((total, group) => total + timing(group), 0),
    },
    ...late.map(([group, after]) => ({
      key: stepKey.late(node.id, group),
      does: "late" as const,
      decision,
      group,
      needs: [sync, ...synced(after ?? [])],
      seconds: updating(group),
    })),
    {
      key: done,
      does: "done",
      decision,
      needs: [sync, ...late.map(([group]) => stepKey.late(node.id, group))],
      seconds: 0,
    },
  ];
}

function synced(handles: readonly Handle<unknown>[]): string[] {
  return handles.map(({ id }) => stepKey.sync(id));
}

/** Steps by key, without needs that point to nothing (what is given or observed is always there). */
export function asSteps<Ctx>(list: readonly Step<Ctx>[]): Steps<Ctx> {
  const keys = new Set(list.map(({ key }) => key));
  const known = (wanted: readonly string[]) => [...new Set(wanted)].filter((key) => keys.has(key));
  return new Map(
    list.map((step) => [
      step.key,
      { ...step, needs: known(step.needs), ...(step.after && { after: known(step.after) }) },
    ]),
  );
}

/** Keys of all steps that have to be over before it starts. */
export function predecessors<Ctx>({ needs, after = [] }: Step<Ctx>): readonly string[] {
  return [...needs, ...after];
}

/** Seconds from start to end when every step takes as long as expected. Throws where steps wait for each other. */
export function expectedSeconds<Ctx>(steps: Steps<Ctx>): number {
  const ends = new Map<string, number>();
  const path: string[] = [];
  const endOf = (key: string): number => {
    const known = ends.get(key);
    if (known !== undefined) return known;
    if (path.includes(key)) throw new Error(`steps wait for each other: ${[...path, key].join(" < ")}`);
    path.push(key);
    const step = steps.get(key);
    const needs = (step ? predecessors(step) : []).map(endOf);
    path.pop();
    const seconds = step?.seconds ?? 0;
    const ready = step?.does === "ready" ? (needs[0] ?? 0) + seconds : 0;
    const end = step?.does === "ready" ? Math.max(ready, ...needs) : Math.max(0, ...needs) + seconds;
    ends.set(key, end);
    return end;
  };
  return Math.max(0, ...[...steps.keys()].map(endOf));
}
