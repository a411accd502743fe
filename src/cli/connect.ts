import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { realClock } from "../clock.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { EngineEvent } from "../engine/events.ts";
import { InputError, InterruptedError, RefusedError } from "../errors.ts";
import type { Connection, DrainChoice, Session } from "../operations/session.ts";
import type { Call } from "./call.ts";
import { commandHint } from "./command-line.ts";
import { programsOn } from "../programs.ts";
import { personAt } from "./person.ts";
import { toolVersion } from "./version.ts";

/** A session, and who is told of its events meanwhile. */
export interface Connected {
  readonly session: Session;
  listen(listener: ((event: EngineEvent) => void) | undefined): void;
  /** Lets a sandbox hold what a config takes as given. */
  hold(config: ClusterConfig): Promise<void>;
  /** Asks what runs in the session to stop. */
  interrupt(): void;
}

export interface Where {
  /** What the command works by. */
  readonly config?: ClusterConfig;
  /** Absent: from the options, the environment or the profile. */
  readonly region?: string;
  /** How nodes are drained before they go; absent: as usual. */
  readonly drain?: DrainChoice | false;
  /** What an add-on runs stays when it is deleted. */
  readonly preserve?: boolean;
  /** A kubeconfig file in place of the usual ones. */
  readonly kubeconfig?: string;
}

/**
 * Runs `work` in a session with the AWS, or the sandbox, that options and environment lead to. A sandbox holds what the
 * config takes as given before `work` begins.
 */
export async function withSession<Result>(
  call: Call,
  where: Where,
  work: (connected: Connected) => Promise<Result>,
): Promise<Result> {
  const { globals, io } = call;
  const { openSession } = await import("../operations/session.ts");
  const region = where.config?.metadata.region ?? where.region ?? (await chosenRegion(call));
  const connection = await connect(call);
  let session: Session | undefined;
  try {
    const stop = new AbortController();
    let listener: ((event: EngineEvent) => void) | undefined;
    const person = personAt(call, stop.signal);
    session = openSession({
      connection,
      region,
      version: toolVersion,
      kubeconfig: kubeconfigPaths(where.kubeconfig, call),
      emit: (event) => listener?.(event),
      interrupt: stop.signal,
      programs: programsOn(io.env),
      command: (args) => commandHint(call, args),
      ...(where.drain !== undefined && { drain: where.drain }),
      ...(where.preserve === true && { preserve: true }),
      ...(person === undefined ? {} : { person }),
      ...(globals.profile === undefined ? {} : { profile: globals.profile }),
    });
    if (globals.expectAccount !== undefined) await checkAccount(session, globals.expectAccount);
    const hold = async (config: ClusterConfig) => {
      if (connection.residents === undefined) return;
      const { holdGivenThings } = await import("./given-things.ts");
      await holdGivenThings(call, connection.residents, config);
    };
    if (where.config !== undefined) await hold(where.config);
    return await work({
      session,
      hold,
      listen: (next) => (listener = next),
      interrupt: () => stop.abort(new InterruptedError("interrupted by the user")),
    });
  } finally {
    session?.close();
    if (connection !== io.connection) await connection.close();
  }
}

async function connect({ globals, io }: Call): Promise<Connection> {
  if (io.connection) return io.connection;
  const sandbox = globals.sandbox ?? io.env["EKSTOOL_SANDBOX"];
  if (sandbox !== undefined) {
    const { connectSandbox } = await import("./sandbox.ts");
    const { credentials, ...joined } = await connectSandbox(sandbox, globals.sandboxSpeed, io);
    // A profile that is asked for by name says who the user of the sandbox is.
    return { ...joined, ...(globals.profile === undefined && credentials && { credentials }) };
  }
  if (globals.sandboxSpeed !== undefined) {
    throw new InputError("--sandbox-speed says how fast the sandbox runs", { hint: "use --sandbox with it" });
  }
  return { clock: realClock, close: () => Promise.resolve() };
}

/** The region for a command without a file. */
export async function chosenRegion({ globals, io }: Call): Promise<string> {
  const named = globals.region ?? (io.env["AWS_REGION"] || io.env["AWS_DEFAULT_REGION"]);
  return named ?? (await import("../operations/region.ts")).usualRegion(globals.profile);
}

async function checkAccount(session: Session, expected: string): Promise<void> {
  const { account, arn } = await session.caller();
  if (account === expected) return;
  throw new RefusedError(`these are credentials of the AWS account ${account}, not ${expected}`, {
    hint: `they belong to ${arn}; choose others with --profile`,
  });
}

/** KUBECONFIG is a list; empty entries in it mean nothing. */
function kubeconfigPaths(chosen: string | undefined, { io }: Call): readonly string[] {
  const absolute = (path: string) => resolve(io.cwd, path);
  if (chosen !== undefined) return [absolute(chosen)];
  const listed = (io.env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  return listed.length > 0 ? listed.map(absolute) : [join(io.env["HOME"] ?? homedir(), ".kube", "config")];
}
