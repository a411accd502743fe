import type { Update, UpdateParamType, UpdateType } from "@aws-sdk/client-eks";
import type { AwsContext, Owner } from "../aws/context.ts";
import { type UpdateTarget, runningUpdate } from "../aws/eks-updates.ts";
import { hash } from "../engine/hash.ts";
import type { DeferredNode, EngineContext, RunResult } from "../engine/index.ts";
import type { Live, Operation } from "../engine/kind.ts";
import type { PlanItem } from "../engine/plan-types.ts";
import { prohibition } from "../engine/interruption.ts";
import { type Recorder, type Work, createRecorder, during } from "../engine/recorder.ts";
import { type Session as EngineSession, openSession } from "../engine/session.ts";
import { finished } from "../engine/waiter.ts";
import { type EkstoolError, InterruptedError, RefusedError, StillWorkingError } from "../errors.ts";
import type { Finished, Proposal, RunOptions } from "./proposal.ts";
import { type Session, engineOf } from "./session.ts";

/** One update that a person asks for by name, outside of what a file says. */
export interface Step {
  readonly item: PlanItem;
  /** What tells it from other steps of the same thing. */
  readonly key?: string;
  readonly limitSeconds: number;
  /** Sends the update; for one that is under way already, only gives it. */
  readonly start: () => Promise<Operation>;
}

/** What there is when the steps have ended. */
export interface Outlook<Output> {
  readonly output: Output;
  readonly live?: RunResult["live"];
  /** What a person has to do next. */
  readonly remaining?: readonly DeferredNode[];
}

export interface Steps<Output> {
  readonly title: string;
  readonly owner: Owner;
  readonly steps: readonly Step[];
  /** Each one when the one before is done. Absent: they do not depend on each other. */
  readonly inOrder?: true;
  /** Waits until AWS is done. */
  readonly wait: boolean;
  readonly clusterIsOurs: boolean;
  readonly information?: readonly string[];
  /** Absent `ctx`: whoever asks to stop does not wait for one more look; and without credentials there is none. */
  look(ctx: AwsContext | undefined): Promise<Outlook<Output>>;
}

interface Busy {
  /** As "the nodegroup workers". */
  readonly what: string;
  readonly target: UpdateTarget;
  readonly type: UpdateType;
  /** The parameters of the command; absent ones are left to EKS. */
  readonly wanted: Readonly<Partial<Record<UpdateParamType, string | number | undefined>>>;
}

/**
 * The update that an earlier run of the same command has begun and EKS still works on; undefined when the thing is free.
 *
 * @throws RefusedError when it is busy with anything else.
 */
export async function earlierUpdate(
  session: Session,
  { phase, detail }: Pick<Live<unknown>, "phase" | "detail">,
  { what, target, type, wanted }: Busy,
): Promise<Update | undefined> {
  if (phase === "ready" || phase === "degraded") return undefined;
  const update = await runningUpdate(session.clients.eks, target);
  const asked = new Map(update?.params?.map((param) => [param.type, param.value]));
  const isThis = Object.entries(wanted).every(
    ([param, value]) => value === undefined || asked.get(param as UpdateParamType) === String(value),
  );
  if (update?.type === type && isThis) return update;
  throw new RefusedError(`${what} is ${phase}${detail === undefined ? "" : `: ${detail}`}`, {
    hint: "run the same command again when it is ready",
  });
}

export async function proposeSteps<Output>(session: Session, asked: Steps<Output>): Promise<Proposal<Output>> {
  const { title, owner, steps, inOrder, wait, clusterIsOurs, information = [] } = asked;
  const items = steps.map(({ item }) => item);
  const seconds = items.map(({ expectSeconds }) => expectSeconds);
  const expectSeconds = inOrder ? seconds.reduce((sum, one) => sum + one, 0) : Math.max(0, ...seconds);
  return {
    title,
    owner,
    caller: await session.caller(),
    items,
    changes: items.some(({ verb }) => verb !== "keep"),
    expectSeconds: wait ? expectSeconds : 0,
    fingerprint: hash(items),
    information: [...information, ...(clusterIsOurs ? [] : [`the cluster ${owner.cluster} was not made by ekstool`])],
    readOnly: false,
    owned: clusterIsOurs,
    run: (options) => runSteps(session, asked, options),
  };
}

async function runSteps<Output>(
  session: Session,
  asked: Steps<Output>,
  { permit, timeout }: RunOptions,
): Promise<Finished<Output>> {
  const { owner } = asked;
  const engine = { ...(await engineOf(session, owner.cluster, { local: false })), ...(permit && { permit }) };
  const start = session.clock.now();
  const recorder = createRecorder(engine);
  const work = openSession(engine, timeout === undefined ? undefined : start + timeout * 1000);
  const errors = await carryOut(asked, work, recorder);
  const stoppedBy = prohibition(work.interrupt);
  const outcome = outcomeOf(errors, stoppedBy);
  const { output, live = new Map(), remaining = [] } = await asked.look(lookingAfter(outcome, engine));
  const records = recorder.records.map(({ keys: _keys, ...record }) => record);
  const result: RunResult = {
    outcome,
    ...(outcome === "stopped" && stoppedBy && { stoppedBy }),
    failures: recorder.failures,
    skipped: recorder.skipped,
    deferred: outcome === "done" ? remaining : [],
    rolledBack: [],
    steps: records,
    criticalPath: asked.inOrder ? records : records.toSorted((a, b) => b.finishedAt - a.finishedAt).slice(0, 1),
    seconds: (session.clock.now() - start) / 1000,
    live,
    leftovers: [],
    kept: [],
  };
  return { result, output };
}

function lookingAfter(outcome: RunResult["outcome"], { ctx }: EngineContext<AwsContext>): AwsContext | undefined {
  return outcome === "interrupted" || outcome === "stopped" ? undefined : ctx;
}

/** What went wrong. In order, none starts after one that did not end well. */
async function carryOut(
  { steps, inOrder, wait }: Pick<Steps<unknown>, "steps" | "inOrder" | "wait">,
  work: EngineSession<AwsContext>,
  recorder: Recorder,
): Promise<readonly unknown[]> {
  const active = steps.filter(({ item }) => item.verb !== "keep");
  if (!inOrder) {
    const ends = await Promise.allSettled(active.map((step) => runStep(work, recorder, step, wait)));
    return ends.flatMap((end): unknown[] => (end.status === "rejected" ? [end.reason] : []));
  }
  for (const [index, step] of active.entries()) {
    try {
      await runStep(work, recorder, step, wait);
    } catch (error) {
      for (const later of active.slice(index + 1)) recorder.skip(workOf(later), workOf(step).step);
      return [error];
    }
  }
  return [];
}

function workOf({ item, key, limitSeconds }: Step): Work {
  const { id, kind, title, name, changes, verb, expectSeconds: expect } = item;
  const action = verb === "wait" ? "wait" : "update";
  const what = changes.map(({ aspect }) => aspect).join(", ");
  const step = `${action} ${id}${key === undefined ? "" : `:${key}`}`;
  return {
    subject: { id, kind, title, name },
    step,
    action,
    what,
    duration: { expect, limit: limitSeconds },
    keys: [],
  };
}

async function runStep(
  session: EngineSession<AwsContext>,
  recorder: Recorder,
  asked: Step,
  wait: boolean,
): Promise<void> {
  const work = workOf(asked);
  await during(recorder, work, async (step) => {
    await session.mayChange("update");
    const operation = await session.request(asked.start);
    if (!wait) return;
    const { duration, subject } = work;
    const what = `${subject.title} ${subject.name}`;
    await finished(session, operation, { what, duration, since: step.startedAt, step });
  });
}

function outcomeOf(errors: readonly unknown[], stoppedBy: EkstoolError | undefined): RunResult["outcome"] {
  if (errors.length === 0) return "done";
  if (errors.some((error) => error instanceof InterruptedError)) return stoppedBy ? "stopped" : "interrupted";
  return errors.every((error) => error instanceof StillWorkingError) ? "still-working" : "failed";
}
