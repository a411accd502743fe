import { type Decision, makes } from "./decide.ts";
import { asChange, groupOf } from "./diff.ts";
import type { Thing } from "./observe.ts";
import type { PlanItem } from "./plan-types.ts";
import { nodeSubject, thingSubject } from "./steps.ts";

/** A plan's line for a node. */
export function nodeItem<Ctx>(decision: Decision<Ctx>, readOnly: boolean): PlanItem {
  const { node, verb, current, differences, groups, kept, reason } = decision;
  const { kind } = node;
  const live = current ?? decision.inTheWay[0] ?? decision.superseded[0];
  const replaces = verb === "replace" && current === undefined;
  const changes = differences.map((difference) => {
    const group = groupOf(difference);
    const carriedOut = replaces || (group !== undefined && groups.has(group));
    return asChange(kind, difference, readOnly || !carriedOut);
  });
  const seconds = (step: string) => kind.timing(step, node.spec, live).expect;
  const differs = verb === "update" || verb === "replace";
  const updates = [...groups].reduce((total, group) => total + seconds(group), 0);
  return {
    verb,
    ...nodeSubject(decision),
    ...(live && { ref: live.ref, owner: live.owner }),
    // While AWS is at work on it, what is seen may be on its way to what is wanted: it is compared when that is over.
    changes: verb === "wait" ? [] : changes,
    ...(reason !== undefined && { reason }),
    kept,
    interrupts: replaces || changes.some((change) => change.interrupts && !change.listedOnly),
    listedOnly: readOnly || (differs && changes.length > 0 && changes.every((change) => change.listedOnly)),
    expectSeconds:
      decision.inTheWay.length * seconds("delete") +
      (makes(decision) || verb === "wait" ? seconds("create") : 0) +
      updates,
  };
}

/** A plan's line for a thing that goes, may not go, or is listed as not wanted. */
export function leavingItem<Ctx>(
  thing: Thing<Ctx>,
  verb: "delete" | "orphan" | "refuse",
  reason: string | undefined,
): PlanItem {
  const { kind, live } = thing;
  const goes = verb === "delete";
  return {
    verb,
    ...thingSubject(thing),
    ref: live.ref,
    owner: live.owner,
    changes: [],
    ...(reason !== undefined && { reason }),
    kept: [],
    interrupts: goes && kind.retire !== undefined,
    listedOnly: verb === "orphan",
    expectSeconds: goes ? kind.timing("delete", undefined, live).expect : 0,
  };
}

/** A plan's line for what stays, since it holds data. */
export function keptItem<Ctx>(thing: Thing<Ctx>): PlanItem {
  const { live } = thing;
  const common = { verb: "keep" as const, ...thingSubject(thing), ref: live.ref, owner: live.owner };
  const reason = live.detail === undefined ? {} : { reason: live.detail };
  return { ...common, ...reason, changes: [], kept: [], interrupts: false, listedOnly: false, expectSeconds: 0 };
}
