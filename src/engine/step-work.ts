import { InterruptedError } from "../errors.ts";
import { makes } from "./decide.ts";
import { deleteThing } from "./delete.ts";
import { becomeReady, endMaking, ensure, groupsLeft, makingOf, sync, syncLate, waitingOf } from "./node-work.ts";
import { sweep, sweepDuration } from "./sweep.ts";
import { UnobservableError } from "./kind.ts";
import type { Thing } from "./observe.ts";
import { type Work, during } from "./recorder.ts";
import { type Run, inWords, thingKey } from "./run.ts";
import { type Step, subjectOf } from "./steps.ts";
import { finished } from "./waiter.ts";
import type { StepOutcome } from "./walk.ts";

type RemovalStep<Ctx> = Extract<Step<Ctx>, { readonly thing: Thing<Ctx> }>;

/** Does one step of a plan and records how it ended. */
export async function perform<Ctx>(run: Run<Ctx>, step: Step<Ctx>): Promise<StepOutcome> {
  try {
    await act(run, step);
    return { state: "done" };
  } catch (error) {
    if (error instanceof InterruptedError) {
      skip(run, step, error.message);
      return { state: "skipped", because: error.message };
    }
    const open = "decision" in step ? endMaking(run, step.decision.node.id) : undefined;
    if (open) open.fail(error);
    else if (!run.recorder.knows(error)) run.recorder.fail(workOf(step), error);
    return { state: "failed", because: `${workOf(step).step} failed` };
  }
}

async function act<Ctx>(run: Run<Ctx>, step: Step<Ctx>): Promise<void> {
  switch (step.does) {
    case "ensure":
      return ensure(run, step.decision);
    case "ready":
      return becomeReady(run, step.decision);
    case "sync":
      return sync(run, step.decision);
    case "late":
      return syncLate(run, step.decision, step.group);
    case "done":
      return;
    case "retire":
      return retire(run, step);
    case "delete":
      return remove(run, step);
    case "sweep":
      return sweep(run, step.kind);
  }
}

/** Moves away what runs on a thing that is to go. */
async function retire<Ctx>(run: Run<Ctx>, step: RemovalStep<Ctx>): Promise<void> {
  const { session } = run;
  const { kind, live } = step.thing;
  if (stays(run, step.thing)) return;
  await session.mayChange("retire");
  const work = workOf(step);
  await during(run.recorder, work, async (open) => {
    try {
      const operation = await session.request(async () => kind.retire?.(live, session.ctx));
      const wait = { what: inWords(work.subject), duration: work.duration, since: open.startedAt, step: open };
      if (operation) await finished(session, operation, wait);
    } catch (error) {
      if (!(error instanceof UnobservableError)) throw error;
      run.recorder.note(`${inWords(work.subject)} goes without being drained: ${error.message}`);
    }
  });
}

async function remove<Ctx>(run: Run<Ctx>, step: RemovalStep<Ctx>): Promise<void> {
  const { kind, live } = step.thing;
  if (stays(run, step.thing)) return;
  const release = await run.session.locks.acquire(kind.locks?.("delete") ?? []);
  try {
    await during(run.recorder, workOf(step), (open) => deleteThing(run.session, step.thing, open));
    run.removed.add(thingKey(kind.name, live.ref));
    run.goneAt.set(kind.name, run.session.clock.now());
  } finally {
    release();
  }
}

/** What was to be replaced may have turned out to fit. */
function stays<Ctx>(run: Run<Ctx>, { live }: Thing<Ctx>): boolean {
  return run.current.get(live.id)?.ref === live.ref;
}

/** Records what a step would have done and will not do; steps that nobody would have seen are skipped in silence. */
export function skip<Ctx>(run: Run<Ctx>, step: Step<Ctx>, because: string): void {
  const { recorder } = run;
  if (step.does === "delete") recorder.skip(workOf(step), because);
  if (!("decision" in step)) return;
  const { decision } = step;
  const open = endMaking(run, decision.node.id);
  if (open) open.skip(because);
  else if (step.does === "ensure" && makes(decision)) recorder.skip(makingOf(decision), because);
  else if (step.does === "ready" && decision.verb === "wait") recorder.skip(waitingOf(decision), because);
  else if (step.does === "sync" || step.does === "late") {
    const chosen = (group: string) => (step.does === "late" ? group === step.group : !(group in decision.node.late));
    for (const group of groupsLeft(run, decision, chosen)) {
      recorder.skip({ ...workOf(step), step: `update ${decision.node.id}:${group}`, what: group }, because);
    }
  }
}

/** A step as it is seen from outside. */
function workOf<Ctx>(step: Step<Ctx>): Work {
  const subject = subjectOf(step);
  const common = { subject, keys: [step.key] };
  if ("thing" in step) {
    const { kind, live } = step.thing;
    const duration = kind.timing(step.does, undefined, live);
    return { ...common, step: `${step.does} ${step.label}`, action: step.does, duration };
  }
  if (!("decision" in step)) return { ...common, step: step.key, action: "sweep", duration: sweepDuration };
  const { decision } = step;
  if (makes(decision) && (step.does === "ensure" || step.does === "ready")) return makingOf(decision);
  if (step.does === "ready") return waitingOf(decision);
  const group = step.does === "late" ? `:${step.group}` : "";
  return {
    ...common,
    step: `update ${decision.node.id}${group}`,
    action: "update",
    duration: { expect: step.seconds, limit: step.seconds },
  };
}
