import type { Condition } from "./context.ts";
import { type ManagedNode, dependencies } from "./graph.ts";
import type { OpenStep } from "./recorder.ts";
import type { Run } from "./run.ts";
import { type Session, mayPass, patience, pause, retryDelay, secondsSince } from "./session.ts";

interface Retry {
  readonly error: unknown;
  /** The same, with more to say. */
  readonly named?: Error;
  /** When the first try was made, in milliseconds since the epoch. */
  readonly start: number;
  /** Seconds that the kind allows for the whole. */
  readonly limit: number;
  /** The call names something that this very run made. */
  readonly upstreamIsNew?: boolean;
  /** Deletions may be sent again whatever became of them. */
  readonly deletes?: boolean;
  readonly step: OpenStep;
}

/** Sleeps until a changing call may be tried again; throws its error where that is hopeless, or has been for long enough. */
export async function beforeRetry<Ctx>(session: Session<Ctx>, retry: Retry): Promise<void> {
  const elapsed = secondsSince(session, retry.start);
  if (elapsed >= patienceFor(session.classify(retry.error), retry) || session.clock.now() >= session.deadline) {
    throw retry.named ?? retry.error;
  }
  retry.step.progress(messageOf(retry.named ?? retry.error));
  await pause(session, retryDelay(elapsed));
}

/** Seconds for which an error of this condition is worth another try. */
function patienceFor(condition: Condition | undefined, { limit, upstreamIsNew, deletes }: Retry): number {
  if (condition === "busy") return limit;
  if (deletes) return condition === "dependency" ? limit : mayPass(condition) ? patience.outage : 0;
  if (condition === "propagation" || condition === "throttled") return patience.propagation;
  // What was made a moment ago is not known everywhere yet.
  return condition === "not-found" && upstreamIsNew ? patience.propagation : 0;
}

/** Whether this run made a node's thing, or something that it reads from. */
export function isNew<Ctx>(run: Run<Ctx>, node: ManagedNode<Ctx>): boolean {
  return [node, ...dependencies(node)].some(({ id }) => run.made.has(id));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
