import type { Update, UpdateParamType, UpdateType } from "@aws-sdk/client-eks";
import type { AwsContext, Owner } from "../aws/context.ts";
import { runningUpdate } from "../aws/eks-updates.ts";
import { hash } from "../engine/hash.ts";
import type { RunResult } from "../engine/index.ts";
import type { Live, Operation } from "../engine/kind.ts";
import type { PlanItem } from "../engine/plan-types.ts";
import { prohibition } from "../engine/interruption.ts";
import { type Recorder, type Work, createRecorder, during } from "../engine/recorder.ts";
import { type Session as EngineSession, openSession } from "../engine/session.ts";
import { finished } from "../engine/waiter.ts";
import { type EkstoolError, InterruptedError, RefusedError, StillWorkingError } from "../errors.ts";
import { stack as stackKind } from "../resources/cloudformation/stack.ts";
import { type NodegroupAttrs, nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { summarizeNodegroups } from "./inventory.ts";
import type { Nodegroup } from "./nodegroup-lookup.ts";
import { type AnyNodegroupSummary, selfManagedSummary } from "./outputs.ts";
import type { Finished, Proposal, RunOptions } from "./proposal.ts";
import { type Session, engineOf } from "./session.ts";

/** One update that a person asks for by name, outside of what a file says. */
export interface NodegroupStep {
  readonly nodegroup: Nodegroup;
  readonly item: PlanItem;
  readonly limitSeconds: number;
  /** Sends the update; for one that is under way already, only gives it. */
  readonly start: () => Promise<Operation>;
}

export interface NodegroupStepsOptions {
  readonly title: string;
  readonly owner: Owner;
  /** Waits until AWS is done. */
  readonly wait: boolean;
  readonly clusterIsOurs: boolean;
}

/**
 * The update that an earlier run of the same command has begun and EKS still works on; undefined when the nodegroup is free.
 *
 * @param wanted the parameters of the command; absent ones are left to EKS.
 * @throws RefusedError when the nodegroup is busy with anything else.
 */
export async function earlierUpdate(
  session: Session,
  { attrs, phase, detail }: Live<NodegroupAttrs>,
  type: UpdateType,
  wanted: Readonly<Partial<Record<UpdateParamType, string | number | undefined>>>,
): Promise<Update | undefined> {
  if (phase === "ready" || phase === "degraded") return undefined;
  const { cluster, name } = attrs;
  const update = await runningUpdate(session.clients.eks, { cluster, nodegroup: name });
  const asked = new Map(update?.params?.map((param) => [param.type, param.value]));
  const isThis = Object.entries(wanted).every(
    ([param, value]) => value === undefined || asked.get(param as UpdateParamType) === String(value),
  );
  if (update?.type === type && isThis) return update;
  throw new RefusedError(`the nodegroup ${name} is ${phase}: ${detail ?? attrs.status}`, {
    hint: "run the same command again when it is ready",
  });
}

/** A proposal of updates that do not depend on each other. */
export async function proposeSteps(
  session: Session,
  steps: readonly NodegroupStep[],
  { title, owner, wait, clusterIsOurs }: NodegroupStepsOptions,
): Promise<Proposal<readonly AnyNodegroupSummary[]>> {
  const items = steps.map(({ item }) => item);
  return {
    title,
    owner,
    caller: await session.caller(),
    items,
    changes: items.some(({ verb }) => verb !== "keep"),
    expectSeconds: wait ? Math.max(0, ...items.map((item) => item.expectSeconds)) : 0,
    fingerprint: hash(items),
    information: clusterIsOurs ? [] : [`the cluster ${owner.cluster} was not made by ekstool`],
    readOnly: false,
    owned: clusterIsOurs,
    run: (options) => runSteps(session, steps, owner, wait, options),
  };
}

async function runSteps(
  session: Session,
  steps: readonly NodegroupStep[],
  owner: Owner,
  wait: boolean,
  options: RunOptions,
): Promise<Finished<readonly AnyNodegroupSummary[]>> {
  const { permit } = options;
  const engine = { ...(await engineOf(session, owner.cluster, { local: false })), ...(permit && { permit }) };
  const start = session.clock.now();
  const deadline = options.timeout === undefined ? undefined : start + options.timeout * 1000;
  const recorder = createRecorder(engine);
  const work = openSession(engine, deadline);
  const active = steps.filter(({ item }) => item.verb !== "keep");
  const ends = await Promise.allSettled(active.map((step) => runStep(work, recorder, step, wait)));
  const stoppedBy = prohibition(work.interrupt);
  const outcome = outcomeOf(ends, stoppedBy);
  const isStopped = outcome === "interrupted" || outcome === "stopped";
  // Who asks to stop does not wait for one more look; and without credentials there is none.
  const present = isStopped
    ? steps.map(({ nodegroup }) => nodegroup)
    : (await Promise.all(steps.map(({ nodegroup }) => readAgain(nodegroup, engine.ctx)))).flat();
  const records = recorder.records.map(({ keys: _keys, ...record }) => record);
  const result: RunResult = {
    outcome,
    ...(outcome === "stopped" && stoppedBy && { stoppedBy }),
    failures: recorder.failures,
    skipped: recorder.skipped,
    deferred: [],
    rolledBack: [],
    steps: records,
    criticalPath: records.toSorted((a, b) => b.finishedAt - a.finishedAt).slice(0, 1),
    seconds: (session.clock.now() - start) / 1000,
    live: new Map(present.map(({ live }) => [live.id || live.ref, live])),
    leftovers: [],
    kept: [],
  };
  return { result, output: await summarize(session, owner.cluster, present) };
}

/** As it is now; nothing where it has gone. */
async function readAgain(one: Nodegroup, ctx: AwsContext): Promise<readonly Nodegroup[]> {
  if (one.managed) {
    const live = await nodegroupKind.read(one.live.ref, ctx);
    return live ? [{ managed: true, live }] : [];
  }
  const live = await stackKind.read(one.live.ref, ctx);
  return live ? [{ managed: false, live }] : [];
}

async function summarize(
  session: Session,
  cluster: string,
  nodegroups: readonly Nodegroup[],
): Promise<readonly AnyNodegroupSummary[]> {
  const managed = nodegroups.flatMap((one) => (one.managed ? [one.live] : []));
  const stacks = nodegroups.flatMap((one) => (one.managed ? [] : [one.live]));
  return [...(await summarizeNodegroups(session, managed)), ...stacks.map((live) => selfManagedSummary(live, cluster))];
}

async function runStep(
  session: EngineSession<AwsContext>,
  recorder: Recorder,
  { item, limitSeconds, start }: NodegroupStep,
  wait: boolean,
): Promise<void> {
  const { id, kind, title, name, expectSeconds: expect } = item;
  const action = item.verb === "wait" ? "wait" : "update";
  const work: Work = {
    subject: { id, kind, title, name },
    step: `${action} ${id}`,
    action,
    what: item.changes.map(({ aspect }) => aspect).join(", "),
    duration: { expect, limit: limitSeconds },
    keys: [],
  };
  await during(recorder, work, async (step) => {
    await session.mayChange("update");
    const operation = await session.request(start);
    if (!wait) return;
    const { duration } = work;
    await finished(session, operation, { what: `${title} ${name}`, duration, since: step.startedAt, step });
  });
}

function outcomeOf(
  ends: readonly PromiseSettledResult<void>[],
  stoppedBy: EkstoolError | undefined,
): RunResult["outcome"] {
  const errors = ends.flatMap((end): unknown[] => (end.status === "rejected" ? [end.reason] : []));
  if (errors.length === 0) return "done";
  if (errors.some((error) => error instanceof InterruptedError)) return stoppedBy ? "stopped" : "interrupted";
  return errors.every((error) => error instanceof StillWorkingError) ? "still-working" : "failed";
}
