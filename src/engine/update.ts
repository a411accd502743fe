import { FailedError } from "../errors.ts";
import { type Decision, makes } from "./decide.ts";
import { type Difference, compare, groupOf, isUnfinishedCreation, refusal } from "./diff.ts";
import { type Live, type Operation, UnobservableError, type Want } from "./kind.ts";
import { type OpenStep, during } from "./recorder.ts";
import { beforeRetry, isNew, messageOf } from "./retry.ts";
import { type Run, defer, dependenciesNow, inWords, staleError } from "./run.ts";
import { mayBeDone, patience, watch } from "./session.ts";
import { nodeSubject } from "./steps.ts";
import { updateToken } from "./tokens.ts";
import { finished, settled } from "./waiter.ts";

/** Brings in the differences whose update groups are `chosen`, one group after the other, until there is none left. */
export async function updateNode<Ctx>(
  run: Run<Ctx>,
  decision: Decision<Ctx>,
  key: string,
  chosen: (group: string) => boolean,
): Promise<void> {
  const { node } = decision;
  for (;;) {
    const live = run.current.get(node.id);
    if (!live) return;
    const group = nextGroup(run, decision, live, chosen);
    if (group === undefined) return;
    const release = await run.session.locks.acquire(node.kind.locks?.(group) ?? []);
    try {
      await updateGroup(run, decision, group, key);
    } catch (error) {
      if (!(error instanceof UnobservableError)) throw error;
      defer(run, node, error.message);
      return;
    } finally {
      release();
    }
  }
}

/** The update group that is next; undefined when all is as wanted. What was not planned is refused. */
function nextGroup<Ctx>(
  run: Run<Ctx>,
  decision: Decision<Ctx>,
  live: Live<unknown>,
  chosen: (group: string) => boolean,
): string | undefined {
  const { node } = decision;
  const deps = dependenciesNow(run, node);
  const isMade = run.made.has(node.id);
  // A thing of which not all was known when the plan was made may turn out to differ in anything that can be changed in place.
  const open = isMade || makes(decision) || decision.verb === "wait";
  for (const difference of compare(node, deps, live)) {
    const group = groupOf(difference);
    if (group === undefined) {
      if (isMade) throw new FailedError(`${node.id} is not as wanted right after its creation: ${inText(difference)}`);
      if (run.plan.mode === "create") continue;
      throw staleError(node.id, inText(difference));
    }
    const isOurs = run.plan.mode === "apply" || isMade || isUnfinishedCreation(node, deps, live, difference);
    if (!isOurs || !chosen(group)) continue;
    if (!open && !decision.groups.has(group)) throw staleError(node.id, inText(difference));
    return group;
  }
  return undefined;
}

/** One update group, as one visible step: looked at again, called, waited for, and compared afterwards. */
async function updateGroup<Ctx>(run: Run<Ctx>, decision: Decision<Ctx>, group: string, key: string): Promise<void> {
  const { session } = run;
  const { node } = decision;
  const { kind } = node;
  const ref = run.current.get(node.id)?.ref ?? "";
  const before = await watch(session, isNew(run, node) ? patience.consistency : 0, async () => {
    return (await session.request(() => kind.read(ref, session.ctx))) ?? undefined;
  });
  if (!before) throw staleError(node.id, `${ref} does not exist any more`);
  run.current.set(node.id, before);
  const differences = differencesOf(run, decision, before, group);
  if (differences.length === 0) return;

  const subject = nodeSubject(decision);
  const duration = kind.timing(group, node.spec, before);
  const work = {
    subject,
    step: `update ${node.id}:${group}`,
    action: "update",
    what: differences.map(({ aspect }) => aspect).join(", "),
    duration,
    keys: [key],
  } as const;
  await during(run.recorder, work, async (step) => {
    const wait = { what: inWords(subject), duration, since: step.startedAt, step };
    const operation = await callUpdate(run, decision, group, before, step);
    if (operation) await finished(session, operation, wait);
    const moved = await movedAspects(run, decision, group, differences, async () =>
      settled(session, kind, ref, { ...wait, degradedWillDo: true }),
    );
    run.current.set(node.id, moved);
  });
}

/** Calls the kind's update until AWS has taken it; a call of which nobody knows is a success when the thing is on its way. */
async function callUpdate<Ctx>(
  run: Run<Ctx>,
  decision: Decision<Ctx>,
  group: string,
  live: Live<unknown>,
  step: OpenStep,
): Promise<Operation | undefined> {
  const { session } = run;
  const { node } = decision;
  const { kind } = node;
  const { limit } = kind.timing(group, node.spec, live);
  const changes = differencesOf(run, decision, live, group).map(({ aspect, from, to }) => [aspect, from, to]);
  const want: Want<never, never> = {
    id: node.id,
    name: node.name,
    token: updateToken(session.owner, live.ref, group, changes, run.startedAt),
    spec: node.spec,
    deps: dependenciesNow(run, node),
  };
  const start = session.clock.now();
  for (;;) {
    await session.mayChange("update");
    try {
      return await session.request(async () => kind.updates[group]?.(want, live, session.ctx));
    } catch (error) {
      if (mayBeDone(session.classify(error)) && (await isOnItsWay(run, decision, group, live.ref))) {
        run.recorder.note(`${node.id}: the update was taken although the call ended with: ${messageOf(error)}`);
        return undefined;
      }
      await beforeRetry(session, { error, start, limit, upstreamIsNew: isNew(run, node), step });
    }
  }
}

/** Whether AWS is at work on the thing, or it is as wanted already; looked at for as long as reads may lag behind. */
async function isOnItsWay<Ctx>(run: Run<Ctx>, decision: Decision<Ctx>, group: string, ref: string): Promise<boolean> {
  const { session } = run;
  const seen = await watch(session, patience.consistency, async () => {
    const live = await session.request(() => decision.node.kind.read(ref, session.ctx));
    if (live === null) return undefined;
    return live.phase === "pending" || differencesOf(run, decision, live, group).length === 0 ? live : undefined;
  });
  return seen !== undefined;
}

/** The thing after an update, when all aspects of the group have moved; an error where one has not, whatever AWS's status says. */
async function movedAspects<Ctx>(
  run: Run<Ctx>,
  decision: Decision<Ctx>,
  group: string,
  before: readonly Difference[],
  look: () => Promise<Live<unknown>>,
): Promise<Live<unknown>> {
  let still: readonly Difference[] = [];
  const moved = await watch(run.session, patience.consistency, async () => {
    const live = await look();
    still = differencesOf(run, decision, live, group).filter(({ aspect }) =>
      before.some((was) => was.aspect === aspect),
    );
    return still.length === 0 ? live : undefined;
  });
  if (moved) return moved;
  throw new FailedError(`${decision.node.id} is unchanged after the update: ${still.map(inText).join("; ")}`);
}

function differencesOf<Ctx>(
  run: Run<Ctx>,
  { node }: Decision<Ctx>,
  live: Live<unknown>,
  group: string,
): readonly Difference[] {
  return compare(node, dependenciesNow(run, node), live).filter((difference) => groupOf(difference) === group);
}

function inText(difference: Difference): string {
  const { aspect, from, to } = difference;
  return refusal(difference) ?? `${aspect} is ${JSON.stringify(from)}, wanted ${JSON.stringify(to)}`;
}
