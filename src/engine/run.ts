import { RefusedError } from "../errors.ts";
import { type Attributes, dependenciesOf, known, onlyKnown } from "./attributes.ts";
import type { Dependencies } from "./diff.ts";
import type { ManagedNode } from "./graph.ts";
import type { KindName, Live } from "./kind.ts";
import type { Thing } from "./observe.ts";
import type { Plan } from "./plan.ts";
import type { OpenStep, Recorder } from "./recorder.ts";
import type { DeferredNode, Subject } from "./run-result.ts";
import type { Session } from "./session.ts";

/** A creation between its call and the end of its wait, which are two steps of the plan and one visible one. */
export interface Making {
  readonly step: OpenStep;
  /** When the thing was created, in milliseconds since the epoch; absent: before this run, or not yet. */
  since?: number;
  /** Lets go of the locks; may be called twice. */
  release(): void;
}

/** A plan being carried out. */
export interface Run<Ctx> {
  readonly session: Session<Ctx>;
  readonly plan: Plan<Ctx>;
  readonly recorder: Recorder;
  /** When it started, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** What is known of each node's thing now, by node id. */
  readonly current: Map<string, Live<unknown>>;
  /** By node id: creations under way. */
  readonly making: Map<string, Making>;
  /** By node id: what this run made. */
  readonly made: Map<string, Thing<Ctx>>;
  /** Keys of things that this run deleted or found gone. */
  readonly removed: Set<string>;
  /** By kind: when the last of what this run deleted was gone, in milliseconds since the epoch. */
  readonly goneAt: Map<KindName, number>;
  readonly deferred: DeferredNode[];
}

export function startRun<Ctx>(session: Session<Ctx>, plan: Plan<Ctx>, recorder: Recorder): Run<Ctx> {
  const current = new Map<string, Live<unknown>>();
  for (const [id, { live }] of plan.observation.named) current.set(id, live);
  for (const step of plan.steps.values()) {
    if (step.does !== "ensure") continue;
    const { node, current: live } = step.decision;
    if (live) current.set(node.id, live);
    else current.delete(node.id);
  }
  return {
    session,
    plan,
    recorder,
    startedAt: session.clock.now(),
    current,
    making: new Map(),
    made: new Map(),
    removed: new Set(),
    goneAt: new Map(),
    deferred: [],
  };
}

/** A node's dependencies as they are now. */
export function dependenciesNow<Ctx>(run: Run<Ctx>, node: ManagedNode<Ctx>): Dependencies {
  const attributes: Attributes = (id) => {
    const target = run.plan.graph?.nodes.get(id);
    if (target?.source === "given") return target.attrs;
    const live = run.current.get(id);
    if (live || target?.source !== "managed") return live?.attrs;
    return onlyKnown(target.foreseen);
  };
  return dependenciesOf(node, attributes);
}

/** Leaves what a node wants for later, with what a person can type to have it. */
export function defer<Ctx>(run: Run<Ctx>, node: ManagedNode<Ctx>, because: string): void {
  const subject: Subject = { id: node.id, kind: node.kind.name, title: node.kind.title, name: node.name };
  run.deferred.push({ ...subject, because, commands: commandsFor(run, node) });
  run.recorder.note(`${inWords(subject)} is deferred: ${because}`);
}

/** The commands that do by hand what a node wants; none where its kind knows none, or what they need is not known. */
export function commandsFor<Ctx>(run: Run<Ctx>, node: ManagedNode<Ctx>): readonly string[] {
  const { kind, id, name, spec, initially } = node;
  const deps = dependenciesNow(run, node);
  return known(() => kind.byHand?.({ id, name, spec: { ...(spec as object), ...initially } as never, deps }) ?? [], []);
}

/** Names a live thing among all of a run: kinds may share identifiers. */
export function thingKey(kind: KindName, ref: string): string {
  return `${kind} ${ref}`;
}

/** "NAT gateway nat-0abc", "nodegroup ng-1". */
export function inWords(subject: { readonly title: string; readonly name: string }): string {
  return `${subject.title} ${subject.name}`;
}

/** More would have to be done than was planned, and perhaps confirmed. */
export function staleError(id: string, why: string): RefusedError {
  return new RefusedError(`${id} is not as it was when the plan was made: ${why}`, {
    hint: "run the command again for a new plan",
  });
}
