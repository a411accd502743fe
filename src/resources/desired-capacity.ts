import type { Tags } from "../aws/tags.ts";
import type { Aspect } from "../engine/kind.ts";

/** Of a nodegroup: holds the desired capacity that was last applied, which tells the user's edit from an autoscaler's choice. */
const tag = "ekstool.dev/desired-capacity";

/** The tag for a capacity that the file asks for; none where it leaves that open. */
export function appliedCapacity(desiredCapacity: number | undefined): Tags {
  return desiredCapacity === undefined ? {} : { [tag]: String(desiredCapacity) };
}

/** Whether the file asks for another capacity than the one that was applied last. */
export function isEdited(desiredCapacity: number | undefined, tags: Tags): boolean {
  return desiredCapacity !== undefined && tags[tag] !== String(desiredCapacity);
}

/**
 * The tag before and after an edit is applied: what is cut short between them is not taken for an autoscaler's work. Empty where
 * nothing is to be said.
 */
export function capacityChanges(
  wanted: number | undefined,
  { tags, desiredCapacity: live }: { readonly tags: Tags; readonly desiredCapacity: number },
): Readonly<Record<"before" | "after", Tags>> {
  if (!isEdited(wanted, tags)) return { before: {}, after: {} };
  return { before: wanted === live ? {} : { [tag]: `applying ${wanted}` }, after: appliedCapacity(wanted) };
}

/**
 * Differs from what was last applied: the user's edit. Only the live one differs: an autoscaler's choice, kept.
 *
 * @param liveOf null while there is no group.
 */
export function desiredCapacityAspect<Attrs extends { readonly tags: Tags }, Group extends string>(
  liveOf: (attrs: Attrs) => number | null,
  change: Group,
): Aspect<{ readonly desiredCapacity?: number }, unknown, Attrs, Group> {
  return {
    want: (spec) => spec.desiredCapacity,
    // The live number, unless it is the wanted one or the last applied one is: then what was applied decides.
    have: (attrs, want) => {
      const live = liveOf(attrs);
      const applied = lastApplied(attrs.tags, live);
      return typeof applied === "string" || applied === want || live === want ? applied : live;
    },
    change: () => change,
    kept: (attrs, want) => {
      const live = liveOf(attrs);
      return lastApplied(attrs.tags, live) === want && live !== null && live !== want ? [`${live} (scaled)`] : [];
    },
  };
}

/** Not a number while, or because, an edit was not applied to its end. */
function lastApplied(tags: Tags, live: number | null): number | string {
  const { [tag]: applied } = tags;
  return applied === undefined ? (live ?? 0) : /^\d+$/.test(applied) ? Number(applied) : applied;
}
