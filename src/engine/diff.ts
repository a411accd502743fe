import { isDeepStrictEqual } from "node:util";
import { known } from "./attributes.ts";
import type { ManagedNode } from "./graph.ts";
import type { AnyKind, Effect, Live } from "./kind.ts";
import { type Change, knownAfterApply } from "./plan-types.ts";

type AnyAspect = AnyKind<never>["aspects"][string];
/** Of a type that only the kind knows. */
export type Dependencies = never;

/** One aspect of a live thing that is not as wanted. */
export interface Difference {
  readonly aspect: string;
  readonly from: unknown;
  /** `knownAfterApply` when it comes from something that does not exist yet. */
  readonly to: unknown;
  readonly effect: Effect<string>;
}

/** Compares a live thing with what the node wants, aspect by aspect. */
export function compare<Ctx>(node: ManagedNode<Ctx>, deps: Dependencies, live: Live<unknown>): readonly Difference[] {
  return aspectsOf(node).flatMap(([name, aspect]) => {
    const difference = known(
      () => {
        const to = wanted(aspect, node.spec, deps);
        if (to === undefined) return undefined;
        const from = aspect.have(live.attrs, to);
        return isDeepStrictEqual(from, to) ? undefined : { aspect: name, from, to };
      },
      { aspect: name, from: aspect.have(live.attrs, undefined), to: knownAfterApply },
    );
    if (difference === undefined) return [];
    return [{ ...difference, effect: aspect.change(difference.from, difference.to) }];
  });
}

/** Elements that others wrote and that stay, as `<aspect>: <element>`. */
export function keptElements<Ctx>(node: ManagedNode<Ctx>, deps: Dependencies, live: Live<unknown>): readonly string[] {
  return aspectsOf(node).flatMap(([name, aspect]) => {
    const want = known(() => wanted(aspect, node.spec, deps), undefined);
    if (want === undefined || aspect.kept === undefined) return [];
    return aspect.kept(live.attrs, want).map((element) => `${name}: ${element}`);
  });
}

/**
 * Whether a difference is the rest of a creation that was cut short: an update group that completes creations, or a value that
 * was given at birth and was to end otherwise.
 */
export function isUnfinishedCreation<Ctx>(
  node: ManagedNode<Ctx>,
  deps: Dependencies,
  live: Live<unknown>,
  difference: Difference,
): boolean {
  if (typeof difference.effect !== "string" || difference.effect === "replace") return false;
  if (node.kind.completes?.includes(difference.effect)) return true;
  const aspect = node.kind.aspects[difference.aspect];
  return known(() => {
    const atBirth = aspect && wanted(aspect, specAtBirth(node), deps);
    return atBirth !== undefined && isDeepStrictEqual(aspect?.have(live.attrs, atBirth), atBirth);
  }, false);
}

/** What the create call is given. */
export function specAtBirth<Ctx>(node: ManagedNode<Ctx>): never {
  const spec: object = node.spec;
  return { ...spec, ...node.initially } as never;
}

export function isReplacement(difference: Difference): boolean {
  return difference.effect === "replace";
}

/** Why a difference cannot be brought in; undefined when it can. */
export function refusal({ effect }: Difference): string | undefined {
  return typeof effect === "object" ? effect.refuse : undefined;
}

/** The update group that brings a difference in; undefined for a replacement and for what is refused. */
export function groupOf({ effect }: Difference): string | undefined {
  return typeof effect === "string" && effect !== "replace" ? effect : undefined;
}

/** A difference as a plan shows it. */
export function asChange<Ctx>(kind: AnyKind<Ctx>, difference: Difference, listedOnly: boolean): Change {
  const { aspect, from, to, effect } = difference;
  const group = typeof effect === "string" ? effect : "refuse";
  const interrupts = effect === "replace" || (kind.interrupts?.includes(group) ?? false);
  return { aspect, from, to, group, interrupts, listedOnly };
}

function aspectsOf<Ctx>(node: ManagedNode<Ctx>): [string, AnyAspect][] {
  return Object.entries(node.kind.aspects);
}

function wanted(aspect: AnyAspect, spec: never, deps: Dependencies): unknown {
  return aspect.want(spec, deps);
}
