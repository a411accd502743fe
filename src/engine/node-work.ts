import { makeThing } from "./create.ts";
import { type Decision, makes } from "./decide.ts";
import { compare, groupOf } from "./diff.ts";
import type { Action } from "./events.ts";
import { UnobservableError } from "./kind.ts";
import { type OpenStep, type Work, during } from "./recorder.ts";
import { type Making, type Run, defer, dependenciesNow, inWords } from "./run.ts";
import { nodeSubject, stepKey } from "./steps.ts";
import { updateNode } from "./update.ts";
import { settled } from "./waiter.ts";

/** Makes a node's thing exist, as far as one call does it; `becomeReady` waits for the rest, under the same locks. */
export async function ensure<Ctx>(run: Run<Ctx>, decision: Decision<Ctx>): Promise<void> {
  const { node } = decision;
  if (!makes(decision)) return;
  const release = await run.session.locks.acquire(node.kind.locks?.("create") ?? []);
  const step = run.recorder.start(makingOf(decision));
  const making: Making = { step, release };
  run.making.set(node.id, making);
  try {
    const { live, since } = await makeThing(run, decision, step);
    run.current.set(node.id, live);
    if (since !== undefined) {
      making.since = since;
      run.made.set(node.id, { kind: node.kind, live });
    }
  } catch (error) {
    if (!(error instanceof UnobservableError)) throw error;
    defer(run, node, error.message);
    endMaking(run, node.id)?.skip(error.message);
  }
  // Others may have to hold these locks before its health can be judged.
  if (node.healthyAfter === "never" || node.healthyAfter.length > 0) release();
}

/** Waits until a node's thing, made by this run or found pending, is ready. */
export async function becomeReady<Ctx>(run: Run<Ctx>, decision: Decision<Ctx>): Promise<void> {
  const { node } = decision;
  const { kind } = node;
  const live = run.current.get(node.id);
  if (!live) return;
  const duration = kind.timing("create", node.spec, live);
  const what = inWords(nodeSubject(decision));
  const making = run.making.get(node.id);
  if (making && node.healthyAfter === "never") {
    if (live.phase !== "ready") defer(run, node, live.detail ?? "its health is not awaited");
  } else if (making) {
    const { step, since } = making;
    const wait = { what, duration, ...(since !== undefined && { since }), step, degradedWillDo: false };
    run.current.set(node.id, live.phase === "ready" ? live : await settled(run.session, kind, live.ref, wait));
  } else if (decision.verb === "wait") {
    await during(run.recorder, waitingOf(decision), async (step) => {
      const wait = { what, duration, step, degradedWillDo: false };
      run.current.set(node.id, await settled(run.session, kind, live.ref, wait));
    });
  } else if (decision.verb === "deferred") {
    defer(run, node, decision.reason ?? "its health is not awaited");
  }
  endMaking(run, node.id)?.finish(live.ref);
}

/** Brings in the differences that need not come last. */
export async function sync<Ctx>(run: Run<Ctx>, decision: Decision<Ctx>): Promise<void> {
  const { node } = decision;
  if (!mayDiffer(decision)) return;
  await updateNode(run, decision, stepKey.sync(node.id), (group) => !(group in node.late));
}

/** Brings in the differences of an update group that has to come last. */
export async function syncLate<Ctx>(run: Run<Ctx>, decision: Decision<Ctx>, late: string): Promise<void> {
  if (!mayDiffer(decision)) return;
  await updateNode(run, decision, stepKey.late(decision.node.id, late), (group) => group === late);
}

/** Ends the visible step of a creation, if one is open, and lets its locks go. */
export function endMaking<Ctx>(run: Run<Ctx>, id: string): OpenStep | undefined {
  const making = run.making.get(id);
  run.making.delete(id);
  making?.release();
  return making?.step;
}

/** The visible creation of a node. */
export function makingOf<Ctx>(decision: Decision<Ctx>): Work {
  const { node } = decision;
  const action = actionOf(decision);
  const duration = node.kind.timing("create", node.spec, undefined);
  const keys = [stepKey.ensure(node.id), stepKey.ready(node.id)];
  return { subject: nodeSubject(decision), step: `${action} ${node.id}`, action, duration, keys };
}

function actionOf<Ctx>({ verb }: Decision<Ctx>): Action {
  return verb === "repair" || verb === "replace" ? verb : "create";
}

/** The visible wait for what was pending when the run started. */
export function waitingOf<Ctx>(decision: Decision<Ctx>): Work {
  const { node, current } = decision;
  const duration = node.kind.timing("create", node.spec, current);
  return {
    subject: nodeSubject(decision),
    step: `wait ${node.id}`,
    action: "wait",
    duration,
    keys: [stepKey.ready(node.id)],
  };
}

/** The update groups that a node still needs, of those that are `chosen`: what is skipped when an earlier step fails. */
export function groupsLeft<Ctx>(
  run: Run<Ctx>,
  decision: Decision<Ctx>,
  chosen: (group: string) => boolean,
): ReadonlySet<string> {
  const live = run.current.get(decision.node.id);
  if (!live || !mayDiffer(decision)) return new Set();
  const isNew = run.made.has(decision.node.id);
  const groups = compare(decision.node, dependenciesNow(run, decision.node), live).flatMap(
    (difference) => groupOf(difference) ?? [],
  );
  return new Set(groups.filter((group) => chosen(group) && (isNew || decision.groups.has(group))));
}

function mayDiffer<Ctx>(decision: Decision<Ctx>): boolean {
  return makes(decision) || decision.verb === "wait" || decision.groups.size > 0;
}
