import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { realClock } from "../clock.ts";
import { RefusedError } from "../errors.ts";
import { replaceFile } from "../files.ts";
import { parsePrincipals, type Principal } from "./access/principals.ts";
import { openAccount } from "./account.ts";
import { control, sandboxHealth } from "./client.ts";
import { controlOf } from "./control.ts";
import type { FaultRule } from "./faults.ts";
import { parseFaultRules } from "./faults.ts";
import { lockHolder } from "./lock.ts";
import { parseScenario, type WrittenScenario } from "./scenario.ts";
import { listenAll } from "./listeners.ts";
import type { SandboxServer } from "./server.ts";
import { eraseStore, memoryStore, openStore } from "./store.ts";
import { timekeeper } from "./timekeeper.ts";
import { afterWallTime, nothingToCancel } from "./wall-timer.ts";

export interface ServeOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** A directory that keeps the account; absent: it lives as long as the process. */
  readonly state?: string;
  /** Virtual seconds per wall second. Absent: members are not paced, everyone else sees wall time. */
  readonly speed?: number;
  /** Draws durations, and how long IAM and EC2 take to be consistent; absent: the table's. */
  readonly seed?: number;
  readonly faults?: readonly FaultRule[];
  /** Callers that are held to policies. */
  readonly principals?: readonly Principal[];
  /** What goes wrong by itself. Absent: what the account has been told before. */
  readonly scenario?: WrittenScenario;
  /** Ends the server when nobody has been connected for so many wall-clock seconds. */
  readonly idleExit?: number;
}

export interface ServedSandbox {
  readonly url: string;
  /** Resolves when the server has ended: closed, told to shut down, or idle. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** Where the time of a new account starts. */
const firstInstant = Date.UTC(2026, 0, 1);

/**
 * Serves an AWS account on loopback, with AWS's request rates, to every process that knows the URL. Those that join its
 * time (`joinSandbox`) move it in lockstep.
 *
 * @throws RefusedError when a living process holds the state directory, or the port is taken; InputError for invalid
 *   fault rules, scenarios or principals.
 */
export async function serveSandbox(options: ServeOptions = {}): Promise<ServedSandbox> {
  const faults = parseFaultRules(options.faults ?? []);
  const scenario = options.scenario && parseScenario(options.scenario);
  const principals = parsePrincipals(options.principals ?? []);
  const { state, seed } = options;
  const store = state === undefined ? memoryStore() : openStore(state);
  const time = timekeeper(store.lastAt ?? firstInstant, options.speed);
  const account = openAccount(store, time.clock, { seed, faults, throttle: true });
  account.setPrincipals(principals);
  if (scenario) account.setScenario(scenario);
  let ending: Promise<void> | undefined;
  const close = () => (ending ??= end());
  const ports = { aws: options.port, kubernetes: state === undefined ? undefined : readPort(state) };
  const controls = controlOf({ account, timekeeper: time, shutdown: () => void close() });
  const server = await listenAll(account, time.clock, controls, ports).catch((error: unknown) => {
    account.close();
    throw error;
  });
  if (state !== undefined) {
    writeEndpoint(state, { url: server.url, pid: process.pid });
    writePort(state, server.kubernetesPort);
  }
  const stopWatching =
    options.idleExit === undefined ? nothingToCancel : whenIdle(server, options.idleExit, () => void close());
  let tellEnded: () => void;
  const closed = new Promise<void>((resolve) => (tellEnded = resolve));

  async function end(): Promise<void> {
    if (state !== undefined) rmSync(join(state, endpointName), { force: true });
    stopWatching();
    await server.close();
    account.close();
    tellEnded();
  }

  return { url: server.url, closed, close };
}

/** The URL of the living sandbox that serves a state directory; undefined when none does. */
export async function sandboxEndpoint(directory: string): Promise<string | undefined> {
  const endpoint = readEndpoint(directory);
  const health = endpoint && (await sandboxHealth(endpoint.url));
  return health?.pid === endpoint?.pid ? endpoint?.url : undefined;
}

/** Wall-clock milliseconds within which a sandbox that is told to end has ended. */
const endPatience = 5000;

/**
 * Empties the account of a state directory; a sandbox that serves it is ended first.
 *
 * @throws RefusedError when somebody uses it.
 */
export async function resetSandbox(directory: string): Promise<void> {
  const url = await sandboxEndpoint(directory);
  const health = url === undefined ? undefined : await sandboxHealth(url);
  if (url !== undefined && health) {
    if (health.members > 0)
      throw new RefusedError(`the sandbox in ${directory} is in use`, { hint: "end what uses it first" });
    await control(url, "POST", "shutdown");
    const deadline = realClock.now() + endPatience;
    while (lockHolder(directory) === health.pid && realClock.now() < deadline) await realClock.sleep(10);
  }
  if (existsSync(directory)) eraseStore(directory);
}

/** Where a state directory says who serves it. */
const endpointName = "endpoint.json";
interface EndpointFile {
  readonly url: string;
  readonly pid: number;
}

function writeEndpoint(directory: string, endpoint: EndpointFile): void {
  replaceFile(join(directory, endpointName), JSON.stringify(endpoint), { lasting: false });
}

function readEndpoint(directory: string): EndpointFile | undefined {
  const file = join(directory, endpointName);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as EndpointFile) : undefined;
}

/** Kubeconfigs name the port of the Kubernetes APIs: it is the same the next time, where it can be. */
const portName = "kubernetes-port";

function writePort(directory: string, port: number): void {
  replaceFile(join(directory, portName), `${port}\n`, { lasting: false });
}

function readPort(directory: string): number | undefined {
  const file = join(directory, portName);
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : undefined;
}

/** Calls `exit` when there has been no connection for so many seconds; returns what stops the watch. */
function whenIdle(server: SandboxServer, seconds: number, exit: () => void): () => void {
  let stopped = false;
  let cancel = nothingToCancel;
  function look(): void {
    cancel();
    if (!stopped && server.connections() === 0) cancel = afterWallTime(seconds * 1000, exit);
  }
  server.onConnections(look);
  look();
  return () => {
    stopped = true;
    cancel();
  };
}
