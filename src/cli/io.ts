import { realpathSync } from "node:fs";
import type { Connection } from "../operations/session.ts";

/** A stream to write to, which may be a terminal. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
export type InputStream = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** The process as the tool sees it: a test gives its own. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: InputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The program and first arguments that start this tool again, from any directory. */
  readonly self: readonly string[];
  /** Calls `listener` each time that the user asks the process to stop; returns how to end that. */
  onInterrupt(listener: () => void): () => void;
  /** Leaves at once. */
  exit(code: number): void;
  /** AWS, in place of the one that the flags and the environment lead to. */
  readonly connection?: Connection;
}

const interruptSignals = ["SIGINT", "SIGTERM"] as const;

/** This process. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    self: [process.execPath, ...(process.argv[1] === undefined ? [] : [realpathSync(process.argv[1])])],
    onInterrupt(listener) {
      for (const signal of interruptSignals) process.on(signal, listener);
      return () => {
        for (const signal of interruptSignals) process.off(signal, listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}

/** Whoever read our output may leave early (`| head`); what is being done in AWS goes on. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
