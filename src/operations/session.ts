import { type Clients, createClients } from "../aws/clients.ts";
import { classify } from "../aws/errors.ts";
import { type AwsContext, type Owner, createContext } from "../aws/context.ts";
import { partitionOf } from "../aws/partition.ts";
import type { Clock } from "../clock.ts";
import type { Emit } from "../engine/events.ts";
import type { EngineContext } from "../engine/index.ts";
import { gatherCaller } from "../facts/gather.ts";
import type { Caller } from "../facts/types.ts";
import { derivedKinds, kinds } from "../resources/index.ts";
import type { GivenThings } from "./given-things.ts";
import { type Processes, systemProcesses } from "./lock/process.ts";

/** Which AWS, and how time passes there. */
export interface Connection {
  readonly clock: Clock;
  /** Absent: AWS itself, or what AWS_ENDPOINT_URL says. */
  readonly endpoint?: string;
  /** Absent: the SDK's usual chain, starting from the profile. */
  readonly credentials?: Credentials;
  /** In a sandbox: lets the account hold things as if others had made them; resolves to those that were not there. */
  readonly residents?: (things: GivenThings) => Promise<GivenThings>;
  close(): Promise<void>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SessionOptions {
  readonly connection: Connection;
  readonly region: string;
  readonly profile?: string;
  /** For the user agent. */
  readonly version: string;
  /** The kubeconfig files in use, in order. */
  readonly kubeconfig: readonly string[];
  readonly emit: Emit;
  /** Aborted when the user asks to stop. */
  readonly interrupt?: AbortSignal;
  /** Absent: those of the operating system. */
  readonly processes?: Processes;
}

/** What every operation works with: one region of one account. */
export interface Session {
  readonly region: string;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly kubeconfig: readonly string[];
  readonly emit: Emit;
  readonly interrupt: AbortSignal | undefined;
  /** This process, and those beside it. */
  processes(): Processes;
  /** STS GetCallerIdentity, asked once. */
  caller(): Promise<Caller>;
  /** Clients of somebody else, for the same AWS. */
  clientsOf(credentials: Credentials): Clients;
}

/** Sends nothing yet. */
export function openSession(options: SessionOptions): Session {
  const { connection, region, profile } = options;
  const base = {
    region,
    clock: connection.clock,
    version: options.version,
    ...(connection.endpoint === undefined ? {} : { endpoint: connection.endpoint }),
  };
  const clients = createClients({
    ...base,
    ...(profile === undefined ? {} : { profile }),
    ...(connection.credentials === undefined ? {} : { credentials: connection.credentials }),
  });
  let caller: Promise<Caller> | undefined;
  let { processes } = options;
  return {
    region,
    clients,
    clock: connection.clock,
    kubeconfig: options.kubeconfig,
    emit: options.emit,
    interrupt: options.interrupt,
    processes: () => (processes ??= systemProcesses()),
    caller: () => (caller ??= gatherCaller(clients, region)),
    clientsOf: (credentials) => createClients({ ...base, credentials }),
  };
}

/** What the kinds are given for one cluster of this session. */
export async function contextOf(session: Session, cluster: string): Promise<AwsContext> {
  const owner: Owner = { region: session.region, cluster };
  const { account } = await session.caller();
  return createContext({
    owner,
    account,
    partition: partitionOf(session.region),
    clients: session.clients,
    clock: session.clock,
    kubeconfig: session.kubeconfig,
  });
}

/** @param options.local whether files on this machine (the kubeconfig) count as part of the cluster. */
export async function engineOf(
  session: Session,
  cluster: string,
  options: { readonly local: boolean },
): Promise<EngineContext<AwsContext>> {
  return {
    kinds: options.local ? kinds : kinds.filter((kind) => !kind.name.startsWith("local.")),
    derived: derivedKinds,
    ctx: await contextOf(session, cluster),
    clock: session.clock,
    emit: session.emit,
    owner: `${session.region}/${cluster}`,
    classify,
    ...(session.interrupt === undefined ? {} : { interrupt: session.interrupt }),
  };
}
