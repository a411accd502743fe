import { type Clients, createClients } from "../aws/clients.ts";
import { classify } from "../aws/errors.ts";
import { type AwsContext, type Owner, createContext } from "../aws/context.ts";
import { partitionOf } from "../aws/partition.ts";
import type { Credentials, Person } from "../aws/credentials.ts";
import { type Clock, pausable, realClock } from "../clock.ts";
import type { Emit } from "../engine/events.ts";
import type { EngineContext } from "../engine/index.ts";
import { eitherOf } from "../engine/interruption.ts";
import { gatherCaller } from "../facts/gather.ts";
import type { Caller } from "../facts/types.ts";
import { type DrainChoice, usualDrain } from "../kube/drain.ts";
import type { Programs } from "../programs.ts";
import { derivedKinds, kinds } from "../resources/index.ts";
import type { GivenThings } from "./given-things.ts";
import { type Processes, systemProcesses } from "./lock/process.ts";

export type { Person, Renewal } from "../aws/credentials.ts";
export type { DrainChoice } from "../kube/drain.ts";

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
  /** The user's programs; absent: none is started. */
  readonly programs?: Programs;
  /** How nodes are drained before they go. Absent: as usual; false: not at all. */
  readonly drain?: DrainChoice | false;
  /** What an add-on runs stays in the cluster when it is deleted. */
  readonly preserve?: true;
  /** Absent: those of the operating system. */
  readonly processes?: Processes;
  /** Who is asked for MFA codes and new credentials; absent: nobody. */
  readonly person?: Person;
  /** Another command of the tool, as it is typed to reach the same AWS. Absent: with these arguments alone. */
  readonly command?: (args: readonly string[]) => string;
}

/** What every operation works with: one region of one account. */
export interface Session {
  readonly region: string;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly kubeconfig: readonly string[];
  readonly emit: Emit;
  readonly drain: DrainChoice | undefined;
  readonly programs: Programs | undefined;
  readonly preserve: boolean;
  /** Aborted when the user asks to stop, or the credentials have expired for good; says which of the two. */
  readonly interrupt: AbortSignal;
  /** This process, and those beside it. */
  processes(): Processes;
  /** STS GetCallerIdentity, asked once. */
  caller(): Promise<Caller>;
  /** Clients of somebody else, for the same AWS. */
  clientsOf(credentials: Credentials): Clients;
  /** Another command of the tool, as it is typed to reach the same AWS. */
  command(args: readonly string[]): string;
  /** Ends all connections. */
  close(): void;
}

/** Sends nothing yet. */
export function openSession(options: SessionOptions): Session {
  const { connection, region, profile, person } = options;
  // Stands still while the run waits for new credentials.
  const clock = pausable(connection.clock);
  const base = {
    region,
    version: options.version,
    ...(connection.endpoint === undefined ? {} : { endpoint: connection.endpoint }),
  };
  let known: Caller | undefined;
  const clients = createClients({
    ...base,
    clock,
    ...(profile === undefined ? {} : { profile }),
    ...(connection.credentials === undefined ? {} : { credentials: connection.credentials }),
    ...(person === undefined ? {} : { person }),
    async check(fresh) {
      const asking = createClients({ ...base, clock: realClock, credentials: fresh });
      const { account } = await gatherCaller(asking, region).finally(() => asking.close());
      return known === undefined || account === known.account
        ? undefined
        : `what was found belongs to the account ${account}, not ${known.account}`;
    },
  });
  const interrupt = eitherOf(options.interrupt, clients.credentials.ended);
  let caller: Promise<Caller> | undefined;
  let { processes } = options;
  return {
    region,
    clients,
    clock,
    kubeconfig: options.kubeconfig,
    emit: options.emit,
    preserve: options.preserve === true,
    drain: options.drain === false ? undefined : (options.drain ?? usualDrain),
    programs: options.programs,
    interrupt,
    processes: () => (processes ??= systemProcesses()),
    caller: () => (caller ??= gatherCaller(clients, region).then((found) => (known = found))),
    clientsOf(credentials) {
      const others = createClients({ ...base, clock, credentials });
      clients.alsoClose({ destroy: () => others.close() });
      return others;
    },
    command: options.command ?? ((args) => ["ekstool", ...args].join(" ")),
    close: () => clients.close(),
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
    ...(session.drain && { drain: session.drain }),
    ...(session.programs && { programs: session.programs }),
    ...(session.preserve && { preserve: true }),
  });
}

/**
 * @param options.local whether files on this machine (the kubeconfig) count as part of the cluster.
 * @param options.kubernetes whether objects in its Kubernetes API do: its API is asked then.
 */
export async function engineOf(
  session: Session,
  cluster: string,
  options: { readonly local: boolean; readonly kubernetes?: boolean },
): Promise<EngineContext<AwsContext>> {
  return {
    kinds: kinds.filter(
      ({ name }) =>
        (options.local || !name.startsWith("local.")) && (options.kubernetes === true || !name.startsWith("kube.")),
    ),
    derived: derivedKinds,
    ctx: await contextOf(session, cluster),
    clock: session.clock,
    emit: session.emit,
    owner: `${session.region}/${cluster}`,
    classify,
    interrupt: session.interrupt,
  };
}
