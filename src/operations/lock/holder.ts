import type { ProcessIdentity } from "./process.ts";

/** Who holds a lock, as the value of its parameter says it. */
export interface Holder {
  readonly process: ProcessIdentity;
  /** Drawn for each run. */
  readonly run: string;
  /** ARN. */
  readonly caller: string;
  /** As "create cluster quickstart". */
  readonly command: string;
  /** ISO 8601, as the next one. */
  readonly since: string;
  readonly heartbeat: string;
}

/** One parameter of a lock. */
export interface LockParameter {
  readonly name: string;
  /** Counts the takeovers: the highest number holds. */
  readonly number: number;
  /** Undefined where the value is none of ours. */
  readonly holder: Holder | undefined;
  /** The last sign of life, by AWS's clock, in milliseconds since the epoch. */
  readonly writtenAt: number;
}

/** Counts up when an older tool could no longer read it. */
const format = 1;

export function formatHolder(holder: Holder): string {
  return JSON.stringify({ ekstoolLock: format, ...holder });
}

export function parseHolder(text: string): Holder | undefined {
  const data = parse(text);
  return isHolder(data) ? data : undefined;
}

function isHolder(data: unknown): data is Holder {
  if (member(data, "ekstoolLock") !== format) return false;
  const process = member(data, "process");
  return (
    ["run", "caller", "command", "since", "heartbeat"].every((name) => typeof member(data, name) === "string") &&
    ["host", "space", "started"].every((name) => typeof member(process, name) === "string") &&
    typeof member(process, "pid") === "number"
  );
}

function member(data: unknown, name: string): unknown {
  return typeof data === "object" && data !== null ? (Reflect.get(data, name) as unknown) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Somebody else's: the caller says so.
    return undefined;
  }
}

/** `"apply to cluster demo" since 2026-01-01T00:00:00Z, by arn:… on build-7 (process 4711)`. */
export function describeHolder({ holder, name }: LockParameter): string {
  if (holder === undefined) return `somebody who is not ekstool, or a newer one (parameter ${name})`;
  const { process, caller, command, since } = holder;
  return `"${command}" since ${since}, by ${caller} on ${process.host} (process ${process.pid})`;
}

/** An instant in milliseconds since the epoch as ISO 8601, to the second. */
export function instant(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}
