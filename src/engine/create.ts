import { EkstoolError, FailedError, RefusedError } from "../errors.ts";
import { type Decision, decide, makes, notOurs, strength } from "./decide.ts";
import { isReplacement, specAtBirth } from "./diff.ts";
import type { ManagedNode } from "./graph.ts";
import { hash } from "./hash.ts";
import type { Live, Want } from "./kind.ts";
import type { OpenStep } from "./recorder.ts";
import { deleteThing } from "./delete.ts";
import { type Run, dependenciesNow, inWords, staleError } from "./run.ts";
import { beforeRetry, isNew, messageOf } from "./retry.ts";
import { type Session, mayBeDone, patience, pause, secondsSince, watch } from "./session.ts";
import { nodeSubject } from "./steps.ts";
import { creationToken } from "./tokens.ts";
import { gone } from "./waiter.ts";

interface Made {
  readonly live: Live<unknown>;
  /** When it was created, in milliseconds since the epoch; undefined when it was there. */
  readonly since: number | undefined;
}

/**
 * Makes a node's thing exist: looks again, removes what failed, waits for what is being deleted, creates, and reads it until it
 * shows. Gives the live thing, as it is right after creation or as it was found.
 */
export async function makeThing<Ctx>(run: Run<Ctx>, planned: Decision<Ctx>, step: OpenStep): Promise<Made> {
  const { session } = run;
  const { node } = planned;
  const decision = await decideAgain(run, planned);
  if (!makes(decision)) {
    if (decision.current === undefined) throw new Error(`${node.id}: ${decision.verb} has nothing that stays`);
    return { live: decision.current, since: undefined };
  }
  const duration = node.kind.timing("delete", undefined, undefined);
  for (const live of decision.inTheWay) await deleteThing(session, { kind: node.kind, live }, step);
  for (const live of decision.deleting) {
    await gone(session, node.kind, live, { what: inWords(nodeSubject(planned)), duration, step });
  }
  const { ref, since } = await create(run, decision, step);
  return { live: await appearance(session, node, ref), since };
}

/** Observes and compares once more, now that dependencies are known. More to do than was planned means that the plan is stale. */
async function decideAgain<Ctx>(run: Run<Ctx>, planned: Decision<Ctx>): Promise<Decision<Ctx>> {
  const { node } = planned;
  // Nothing but a look keeps a second one from being made where names are not unique.
  if (!node.kind.find) await aftermath(run);
  // Things that share the node's id have several names.
  const candidates = await lookFor(run.session, node, planned.verb === "create" ? node.name : undefined);
  const decision = decide(node, candidates, dependenciesNow(run, node), run.plan.mode);
  if (strength[decision.verb] > strength[planned.verb]) {
    throw staleError(node.id, decision.reason ?? `${decision.verb} instead of ${planned.verb}`);
  }
  return decision;
}

/** Waits until what a run that ended right before this one made can be seen. */
async function aftermath<Ctx>({ session, startedAt }: Run<Ctx>): Promise<void> {
  const left = patience.aftermath - secondsSince(session, startedAt);
  if (left > 0) await pause(session, left);
}

/** All that may be a node's thing: where only one thing can have its name, one read says it, else what carries its id. */
async function lookFor<Ctx>(
  session: Session<Ctx>,
  { id, kind, spec }: ManagedNode<Ctx>,
  name: string | undefined,
): Promise<readonly Live<unknown>[]> {
  if (kind.find && name !== undefined) {
    const found = await session.request(async () => (await kind.find?.(name, session.ctx, spec)) ?? null);
    return found ? [found] : [];
  }
  const listed = await session.request(() => kind.list(session.ctx, id));
  return listed.filter((live) => live.id === id && live.owner !== "foreign");
}

/** Calls the kind's create until AWS has made it. An error is believed only after a look at what is there. */
async function create<Ctx>(
  run: Run<Ctx>,
  decision: Decision<Ctx>,
  step: OpenStep,
): Promise<{ readonly ref: string; readonly since: number }> {
  const { session } = run;
  const { node } = decision;
  const { kind } = node;
  let want = wantOf(run, decision, false);
  let mayBeStale = !isNew(run, node);
  const { limit } = kind.timing("create", node.spec, undefined);
  const start = session.clock.now();
  for (;;) {
    await session.mayChange("create");
    const since = session.clock.now();
    try {
      const { ref } = await session.request(() => kind.create(want, session.ctx));
      return { ref, since };
    } catch (error) {
      const found = await lookAfter(run, decision, want.name, error);
      if (found) {
        run.recorder.note(`${node.id}: ${found.ref} was made although the call ended with: ${messageOf(error)}`);
        return { ref: found.ref, since };
      }
      // AWS answers a token that it knows with what it made then, and nothing that the call names is new: that is gone.
      if (mayBeStale && session.classify(error) === "not-found") {
        mayBeStale = false;
        want = wantOf(run, decision, true);
        continue;
      }
      await beforeRetry(session, { error, start, limit, upstreamIsNew: isNew(run, node), step });
    }
  }
}

/**
 * After a failed call: is it there all the same? Ours is a success, somebody else's a conflict. Looks for as long as reads may lag
 * behind where it may be; where nothing can be seen the call's own error stands.
 */
async function lookAfter<Ctx>(
  run: Run<Ctx>,
  { node, superseded, inTheWay }: Decision<Ctx>,
  name: string,
  error: unknown,
): Promise<Live<unknown> | undefined> {
  const { session } = run;
  const seconds = mayBeDone(session.classify(error)) ? patience.consistency : 0;
  const isOld = ({ ref, phase }: Live<unknown>) =>
    phase === "deleting" || (phase === "failed" ? inTheWay : superseded).some((old) => old.ref === ref);
  try {
    return await watch(session, seconds, async () => {
      const candidates = await lookFor(session, node, name);
      const foreign = candidates.find(({ owner }) => owner === "foreign");
      if (foreign) throw conflict(node, foreign);
      return candidates.find((live) => !isOld(live));
    });
  } catch (looking) {
    throw looking instanceof EkstoolError ? looking : error;
  }
}

/** Reads what was just created until it shows. */
async function appearance<Ctx>(session: Session<Ctx>, node: ManagedNode<Ctx>, ref: string): Promise<Live<unknown>> {
  const read = async () => (await session.request(() => node.kind.read(ref, session.ctx))) ?? undefined;
  const live = await watch(session, patience.propagation, read);
  if (!live) throw new FailedError(`${node.kind.title} ${ref} was created and does not show`);
  return live;
}

function wantOf<Ctx>(run: Run<Ctx>, decision: Decision<Ctx>, anew: boolean): Want<never, never> {
  const { node, superseded } = decision;
  const graph = run.plan.graph;
  if (!graph) throw new Error(`${node.id} is created by a plan that has no graph`);
  const name = superseded.length > 0 ? successorName(decision) : node.name;
  const replaced = [...superseded, ...decision.inTheWay, ...decision.deleting];
  const ref = (id: string) => run.current.get(id)?.ref;
  const about = { owner: run.session.owner, graph, node, name, replaced, ref, run: run.startedAt, anew };
  const [old] = superseded;
  return {
    id: node.id,
    name,
    token: creationToken(about),
    spec: specAtBirth(node),
    deps: dependenciesNow(run, node),
    ...(old && { replaces: { live: old, enforced: node.spec } }),
  };
}

/** `<name>-<hash of what cannot change in place>`: the old one keeps its name until the new one has taken over. */
function successorName<Ctx>({ node, differences }: Decision<Ctx>): string {
  const immutable = differences.filter(isReplacement).map(({ aspect, to }) => [aspect, to]);
  const suffix = `-${hash(immutable).slice(0, 6)}`;
  return node.name.slice(0, (node.kind.longestName ?? Infinity) - suffix.length) + suffix;
}

function conflict<Ctx>(node: ManagedNode<Ctx>, foreign: Live<unknown>): RefusedError {
  return new RefusedError(`${node.kind.title} ${notOurs(foreign)}`, {
    hint: "choose another name, or remove it if nobody needs it",
  });
}
