import type { FailedCall } from "./failed-call.ts";

/** What AWS does not let the caller do. */
export interface Denial {
  /** `iam:PassRole`: not always that of the call, since AWS checks others with it. */
  readonly action: string;
  /** An ARN; absent where AWS names none. */
  readonly resource?: string;
  /** A policy says no, and none that says yes can help. */
  readonly explicit: boolean;
}

const named = /is not authorized to perform: (?<action>[\w-]+:\w+)(?: on resource: (?<resource>\S+))?/u;

/** What a refusal is about: what its message says, or else the call itself. */
export function denialOf(message: string, call: FailedCall | undefined): Denial | undefined {
  const { action, resource } = named.exec(message)?.groups ?? {};
  const explicit = /explicit deny/u.test(message);
  if (action === undefined) return call && { action: `${call.service}:${call.operation}`, explicit };
  return { action, ...(resource === undefined ? {} : { resource: resource.replace(/[.,;]$/u, "") }), explicit };
}
