import type { Decision } from "./decide.ts";
import type { AnyDerivedKind, AnyKind, AnyRemovable, KindName } from "./kind.ts";
import type { Thing } from "./observe.ts";
import { type Step, stepKey } from "./steps.ts";

export interface Removal<Ctx> {
  readonly kinds: readonly AnyKind<Ctx>[];
  /** Kinds of which all goes, also what is not there yet: looked for once more. */
  readonly sweeps?: readonly AnyDerivedKind<Ctx>[];
  readonly goes: readonly Thing<Ctx>[];
  /** The nodes whose things stay. */
  readonly stays: readonly Decision<Ctx>[];
  /** The whole cluster goes: what dies with something else gets no step of its own. */
  readonly whole: boolean;
  /** What runs on them is moved away first. */
  readonly retires: boolean;
}

/**
 * The one rule by which things go, for delete, prune, replacement and rollback: a thing goes after all that must go before it is
 * gone, and after what stays has let go of it.
 */
export function removalSteps<Ctx>(removal: Removal<Ctx>): readonly Step<Ctx>[] {
  const { goes, stays, whole, retires, sweeps = [] } = removal;
  const kinds: readonly AnyRemovable<Ctx>[] = [...removal.kinds, ...sweeps];
  const goingKinds = new Set(goes.map(({ kind }) => kind.name));
  /** What takes a thing along when it goes. */
  const hostOf = ({ kind: { diesWith } }: Thing<Ctx>): KindName | undefined =>
    whole && diesWith && goingKinds.has(diesWith) ? diesWith : undefined;
  /** The steps after which everything of one kind that was seen is gone. */
  const gone = (name: KindName): readonly string[] =>
    goes
      .filter(({ kind }) => kind.name === name)
      .flatMap((thing) => {
        const host = hostOf(thing);
        return host ? gone(host) : [stepKey.delete(thing)];
      });
  /** The step after which there is nothing of a derived kind any more, for whatever goes after what they are made for. */
  const swept = (name: KindName, before: KindName): readonly string[] =>
    sweeps
      .filter((kind) => kind.name === name && kind.madeFor !== before)
      .filter(({ madeFor }) => !deletedBefore(kinds, madeFor).has(before))
      .map(stepKey.sweep);
  /** The steps after which nothing is left of all that goes before one kind. */
  const earlierGone = (name: KindName): readonly string[] =>
    [...deletedBefore(kinds, name)].flatMap((earlier) => [...gone(earlier), ...swept(earlier, name)]);
  const label = labels(goes);

  const steps = goes
    .filter((thing) => !hostOf(thing))
    .flatMap((thing): readonly Step<Ctx>[] => {
      const { kind, live } = thing;
      const earlier = deletedBefore(kinds, kind.name);
      const letGo = stays
        .filter(({ node }) => earlier.has(node.kind.name) || node.id === live.id)
        .map(({ node }) => stepKey.done(node.id));
      const needs = [...earlierGone(kind.name), ...letGo].filter((key) => key !== stepKey.delete(thing));
      const seconds = (verb: "delete" | "retire") => kind.timing(verb, undefined, live).expect;
      const common = { thing, label: label(thing) };
      const isRetired = retires && kind.retire !== undefined && live.phase !== "deleting";
      const deletion = { ...common, key: stepKey.delete(thing), does: "delete", seconds: seconds("delete") } as const;
      if (!isRetired) return [{ ...deletion, needs }];
      const retirement = { ...common, key: stepKey.retire(thing), does: "retire", seconds: seconds("retire") } as const;
      return [
        { ...retirement, needs },
        { ...deletion, needs: [retirement.key] },
      ];
    });
  const looks = sweeps.map((kind): Step<Ctx> => {
    const needs = [...gone(kind.name), ...gone(kind.madeFor), ...earlierGone(kind.name)];
    return { key: stepKey.sweep(kind), does: "sweep", kind, needs, seconds: 0 };
  });
  return withLast([...steps, ...looks]);
}

/** What goes last comes after all the others, however they end. */
function withLast<Ctx>(steps: readonly Step<Ctx>[]): readonly Step<Ctx>[] {
  const isLast = (step: Step<Ctx>) => {
    if ("decision" in step) return false;
    return ("thing" in step ? step.thing.kind : step.kind).deletedLast === true;
  };
  const others = steps.filter((step) => !isLast(step)).map(({ key }) => key);
  return steps.map((step) => (isLast(step) ? { ...step, after: others } : step));
}

/** What events call a thing that goes: its id where that names one thing, else also its reference. */
function labels<Ctx>(goes: readonly Thing<Ctx>[]): (thing: Thing<Ctx>) => string {
  const times = new Map<string, number>();
  for (const { live } of goes) times.set(live.id, (times.get(live.id) ?? 0) + 1);
  return ({ kind, live }) => {
    if (live.id === "") return `${kind.name} ${live.ref}`;
    return times.get(live.id) === 1 ? live.id : `${live.id} ${live.ref}`;
  };
}

/** All kinds of which nothing may be left when one of `name` is deleted. */
function deletedBefore<Ctx>(kinds: readonly AnyRemovable<Ctx>[], name: KindName): ReadonlySet<KindName> {
  const found = new Set<KindName>();
  const add = (of: KindName) => {
    for (const kind of kinds) {
      if (!kind.deletedBefore.includes(of) || found.has(kind.name)) continue;
      found.add(kind.name);
      add(kind.name);
    }
  };
  add(name);
  return found;
}

/** A cycle in the registry's `deletedBefore`, as the names along it; undefined when there is none. */
export function deletionCycle<Ctx>(kinds: readonly AnyRemovable<Ctx>[]): readonly KindName[] | undefined {
  const clear = new Set<KindName>();
  const follow = (name: KindName, path: readonly KindName[]): readonly KindName[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (clear.has(name)) return undefined;
    for (const after of kinds.find((kind) => kind.name === name)?.deletedBefore ?? []) {
      const cycle = follow(after, [...path, name]);
      if (cycle) return cycle;
    }
    clear.add(name);
    return undefined;
  };
  for (const { name } of kinds) {
    const cycle = follow(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}
