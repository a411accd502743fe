import { arnOf } from "./attributes.ts";
import {
  type Dependencies,
  type Difference,
  compare,
  groupOf,
  isReplacement,
  isUnfinishedCreation,
  keptElements,
  refusal,
} from "./diff.ts";
import type { ManagedNode } from "./graph.ts";
import type { Live } from "./kind.ts";
import { type Verb, knownAfterApply } from "./plan-types.ts";

/**
 * How differences are treated: `create` lists them (and finishes creations that were cut short), `apply` brings them in,
 * `compare` only shows them, whoever owns the thing.
 */
export type Mode = "create" | "apply" | "compare";

/** What happens to one node, given what exists. */
export interface Decision<Ctx> {
  readonly node: ManagedNode<Ctx>;
  readonly verb: Verb;
  /** The live thing that is the node's and stays. */
  readonly current: Live<unknown> | undefined;
  readonly differences: readonly Difference[];
  /** The update groups among the differences that are brought in. */
  readonly groups: ReadonlySet<string>;
  /** Deleted before the node's thing is created: what never came up, and what is replaced where there can be only one. */
  readonly inTheWay: readonly Live<unknown>[];
  /** Waited for until they are gone, before the node's thing is created. */
  readonly deleting: readonly Live<unknown>[];
  /** Removed when the node is done. */
  readonly superseded: readonly Live<unknown>[];
  readonly kept: readonly string[];
  readonly reason?: string;
}

/** Whether the decision creates something. A replacement that is only listed does not: what is there stays. */
export function makes<Ctx>({ verb, current }: Decision<Ctx>): boolean {
  return current === undefined && (verb === "create" || verb === "repair" || verb === "replace");
}

/** Orders verbs by how much they do: what was planned may shrink when it is looked at again, and may not grow. */
export const strength: Readonly<Record<Verb, number>> = {
  keep: 0,
  deferred: 0,
  orphan: 0,
  wait: 1,
  update: 2,
  create: 3,
  repair: 4,
  replace: 5,
  delete: 5,
  conflict: 6,
  refuse: 6,
};

const preferred: readonly Live<unknown>["phase"][] = ["ready", "degraded", "pending"];

/** Decides on a node. `candidates` are all live things that may be its own: those with its id, or the one with its name. */
export function decide<Ctx>(
  node: ManagedNode<Ctx>,
  candidates: readonly Live<unknown>[],
  deps: Dependencies,
  mode: Mode,
): Decision<Ctx> {
  const decided = (verb: Verb, rest: Partial<Decision<Ctx>>): Decision<Ctx> => ({
    node,
    verb,
    current: undefined,
    differences: [],
    groups: new Set(),
    inTheWay: [],
    deleting: [],
    superseded: [],
    kept: [],
    ...rest,
  });

  const foreign = candidates.find(({ owner }) => owner === "foreign");
  if (foreign && mode !== "compare") {
    return decided("conflict", { reason: notOurs(foreign) });
  }

  const comparisons = preferred
    .flatMap((phase) => candidates.filter((live) => live.phase === phase))
    .map((live) => ({ live, differences: compare(node, deps, live) }));
  const best =
    comparisons.find(({ differences }) => !differences.some(isReplacement)) ??
    // Only `apply` replaces; and what is not ours cannot be replaced, which is said below.
    comparisons.find(({ live }) => mode !== "apply" || live.owner !== "us");
  const failed = candidates.filter(({ phase }) => phase === "failed");
  const deleting = candidates.filter(({ phase }) => phase === "deleting");

  if (best === undefined) {
    const superseded = comparisons.map(({ live }) => live);
    const rest = node.kind.onlyOne
      ? { inTheWay: [...failed, ...superseded], deleting }
      : { inTheWay: failed, deleting, superseded };
    const sharedFailure = failed.find(({ owner }) => owner !== "us");
    if (sharedFailure) {
      return decided("refuse", { reason: `${sharedFailure.ref} has failed and is not ours to delete` });
    }
    if (superseded.length > 0) {
      const differences = comparisons[0]?.differences ?? [];
      return decided("replace", { ...rest, differences });
    }
    if (failed.length > 0) return decided("repair", { ...rest, ...reasonFrom(failed) });
    if (deleting.length > 0) return decided("create", { ...rest, reason: "the old one is still being deleted" });
    return decided("create", rest);
  }

  const { live, differences } = best;
  const known = mode === "compare" ? differences.filter(({ to }) => to !== knownAfterApply) : differences;
  const reasons = known.flatMap((difference) => refusal(difference) ?? []);
  if (mode === "apply" && known.some(isReplacement)) {
    reasons.push(`${live.ref} would have to be replaced, and is not ours to delete`);
  }
  const groups = known
    .filter(
      (difference) => mode === "apply" || (mode === "create" && isUnfinishedCreation(node, deps, live, difference)),
    )
    .flatMap((difference) => groupOf(difference) ?? []);
  const others = candidates.filter((other) => other !== live && other.phase !== "deleting" && other.owner === "us");
  const rest = {
    current: live,
    differences: known,
    groups: new Set(groups),
    superseded: mode === "apply" ? others : [],
    kept: keptElements(node, deps, live),
  };
  if (reasons.length > 0) return decided("refuse", { ...rest, reason: reasons.join("; ") });
  if (live.phase === "pending" && node.healthyAfter !== "never") {
    return decided("wait", { ...rest, ...reasonFrom([live]) });
  }
  if (known.some(isReplacement)) return decided("replace", { ...rest, ...reasonFrom([live]) });
  if (known.length > 0) return decided("update", { ...rest, ...reasonFrom([live]) });
  if (live.phase !== "ready" && node.healthyAfter === "never") {
    return decided("deferred", { ...rest, reason: live.detail ?? "its health is not awaited" });
  }
  return decided("keep", { ...rest, ...reasonFrom([live]) });
}

/** Says which thing stands in the way: by its ARN where it has one, since a name alone may not tell it from ours. */
export function notOurs({ ref, attrs }: Live<unknown>): string {
  return `${arnOf(attrs) ?? ref} exists and is not ours`;
}

/** AWS's words on things that are not well. */
function reasonFrom(lives: readonly Live<unknown>[]): { readonly reason?: string } {
  const words = lives.flatMap(({ phase, detail }) =>
    phase === "ready" ? [] : [detail ? `${phase}: ${detail}` : phase],
  );
  return words.length === 0 ? {} : { reason: words.join("; ") };
}
