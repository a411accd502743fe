import type { Action } from "../../engine/events.ts";

/** How a step is told while it runs and when it is over. */
export const words: Readonly<Record<Action, { readonly running: string; readonly over: string }>> = {
  create: { running: "creating", over: "created" },
  wait: { running: "waiting for", over: "ready:" },
  repair: { running: "repairing", over: "repaired" },
  update: { running: "updating", over: "updated" },
  replace: { running: "replacing", over: "replaced" },
  retire: { running: "draining", over: "drained" },
  delete: { running: "deleting", over: "deleted" },
  sweep: { running: "watching for late", over: "watched for late" },
  deferred: { running: "not waiting for", over: "not waited for:" },
};

interface Named {
  readonly title: string;
  readonly name: string;
  readonly what?: string;
}

/** `NAT gateway quickstart`, with what changes about it. */
export function subject(step: Named): string {
  const what = step.what === undefined ? "" : ` (${step.what})`;
  return step.name === "" ? `${step.title}${what}` : `${step.title} ${step.name}${what}`;
}

/** What went wrong with a step, without the name that the line says already. */
export function complaint(step: Named, message: string): string {
  const prefix = `${step.title} ${step.name}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}
