import type { Owner } from "../aws/context.ts";
import type { EngineEvent } from "../engine/events.ts";
import type { RunResult } from "../engine/index.ts";
import type { Live, Operation } from "../engine/kind.ts";
import type { PlanItem } from "../engine/plan-types.ts";
import { FailedError } from "../errors.ts";
import type { NodegroupAttrs } from "../resources/eks/nodegroup.ts";
import { nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { type NodegroupSummary, nodegroupSummary } from "./outputs.ts";
import type { Finished, Proposal, RunOptions } from "./proposal.ts";
import { type Session, contextOf } from "./session.ts";

/** One update that a person asks for by name, outside of what a file says. */
export interface NodegroupStep {
  readonly live: Live<NodegroupAttrs>;
  readonly item: PlanItem;
  readonly limitSeconds: number;
  /** Sends the update. */
  start(): Promise<Operation>;
}

export interface NodegroupStepsOptions {
  readonly title: string;
  readonly owner: Owner;
  /** Waits until AWS is done. */
  readonly wait: boolean;
  readonly clusterIsOurs: boolean;
}

type Subject = Pick<PlanItem, "id" | "kind" | "title" | "name">;

/** A proposal of updates that do not depend on each other. */
export async function proposeSteps(
  session: Session,
  steps: readonly NodegroupStep[],
  { title, owner, wait, clusterIsOurs }: NodegroupStepsOptions,
): Promise<Proposal<readonly NodegroupSummary[]>> {
  const items = steps.map(({ item }) => item);
  return {
    title,
    owner,
    caller: await session.caller(),
    items,
    changes: items.some(({ verb }) => verb === "update"),
    expectSeconds: wait ? Math.max(0, ...items.map((item) => item.expectSeconds)) : 0,
    fingerprint: "",
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
): Promise<Finished<readonly NodegroupSummary[]>> {
  const { clock } = session;
  const start = clock.now();
  const deadline = options.timeout === undefined ? Infinity : start + options.timeout * 1000;
  const ends = await Promise.all(
    steps.filter(({ item }) => item.verb === "update").map((step) => runStep(session, step, wait, deadline)),
  );
  const ctx = await contextOf(session, owner.cluster);
  const lives = await Promise.all(steps.map(({ live }) => nodegroupKind.read(live.ref, ctx)));
  const present = lives.filter((live) => live !== null);
  const records = ends.map(({ record }) => record);
  const outcomes = ends.map(({ outcome }) => outcome);
  const result: RunResult = {
    outcome: (["failed", "interrupted", "still-working"] as const).find((one) => outcomes.includes(one)) ?? "done",
    failures: ends.flatMap(({ failure }) => failure ?? []),
    skipped: [],
    deferred: [],
    rolledBack: [],
    steps: records,
    criticalPath: records.toSorted((a, b) => b.finishedAt - a.finishedAt).slice(0, 1),
    seconds: (clock.now() - start) / 1000,
    live: new Map(present.map((live) => [live.id || live.ref, live])),
    leftovers: [],
  };
  return { result, output: present.map(nodegroupSummary) };
}

interface End {
  readonly outcome: RunResult["outcome"];
  readonly record: RunResult["steps"][number];
  readonly failure?: RunResult["failures"][number];
}

async function runStep(session: Session, step: NodegroupStep, wait: boolean, deadline: number): Promise<End> {
  const { clock, emit } = session;
  const { id, kind, title, name, expectSeconds, changes } = step.item;
  const subject: Subject = { id, kind, title, name };
  const what = changes.map(({ aspect }) => aspect).join(", ");
  const about = { ...subject, step: `update ${id}`, action: "update" as const, what };
  const startedAt = clock.now();
  emit({ ...about, type: "step-started", at: startedAt, expectSeconds, limitSeconds: step.limitSeconds });
  try {
    const limit = Math.min(deadline, startedAt + step.limitSeconds * 1000);
    const outcome = await follow(session, await step.start(), wait, expectSeconds, limit, (progress) =>
      emit({ ...about, type: "step-progress", at: clock.now(), ...progress }),
    );
    if (outcome === "done") emit({ ...about, type: "step-finished", at: clock.now(), seconds: secondsSince() });
    return { outcome, record: record(false) };
  } catch (error) {
    emit({ ...about, type: "step-failed", at: clock.now(), error, seconds: secondsSince() });
    return { outcome: "failed", record: record(true), failure: { ...subject, step: about.step, error } };
  }

  function secondsSince(): number {
    return (clock.now() - startedAt) / 1000;
  }

  function record(failed: boolean): End["record"] {
    return { ...subject, step: about.step, action: "update", startedAt, finishedAt: clock.now(), failed };
  }
}

type Progress = Omit<
  Extract<EngineEvent, { type: "step-progress" }>,
  keyof Subject | "type" | "at" | "step" | "action" | "what"
>;

/** Looks at the update until it ends, with AWS's own reason where it failed. */
async function follow(
  session: Session,
  operation: Operation,
  wait: boolean,
  expectSeconds: number,
  limit: number,
  report: (progress: Progress) => void,
): Promise<RunResult["outcome"]> {
  const { clock, interrupt } = session;
  const pause = Math.max(2, expectSeconds / 40) * 1000;
  while (wait) {
    const status = await operation.check();
    if (status.state === "done") return "done";
    if (status.state === "failed") throw new FailedError(status.detail ?? `${operation.what} failed`);
    report({
      ...(status.detail === undefined ? {} : { detail: status.detail }),
      ...(status.progress === undefined ? {} : { progress: status.progress }),
    });
    if (interrupt?.aborted) return "interrupted";
    if (clock.now() + pause > limit) return "still-working";
    try {
      await clock.sleep(pause, interrupt);
    } catch (error) {
      if (interrupt?.aborted) return "interrupted";
      throw error;
    }
  }
  return "done";
}
