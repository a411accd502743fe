import { onTestFinished } from "vitest";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, virtualClock } from "../../src/clock.ts";
import type { ClusterConfig } from "../../src/config/types.ts";
import { loadClusterConfig } from "../../src/config/load.ts";
import type { EngineEvent } from "../../src/engine/events.ts";
import {
  type DeleteChoice,
  type DeleteOutput,
  proposeApply,
  proposeCreate,
  proposeDelete,
} from "../../src/operations/cluster.ts";
import { givenThings } from "../../src/operations/given-things.ts";
import type { Finished, OnFailure, Proposal } from "../../src/operations/proposal.ts";
import { type Processes, systemProcesses } from "../../src/operations/lock/process.ts";
import { programsOn } from "../../src/programs.ts";
import { type Session, openSession } from "../../src/operations/session.ts";
import { type JournalEntry, type Sandbox, type SandboxOptions, sandboxCredentials } from "../../src/sandbox/index.ts";
import { pathOfPrograms } from "./programs.ts";
import { startTestSandbox } from "./sandbox.ts";

export const examples: readonly string[] = readdirSync(new URL("../../examples", import.meta.url))
  .filter((name) => name.endsWith(".yaml"))
  .toSorted();

export function example(name: string): string {
  return readFileSync(new URL(`../../examples/${name}`, import.meta.url), "utf8");
}

export function parse(text: string): ClusterConfig {
  return loadClusterConfig({ text, name: "test.yaml" }).config;
}

/** An AWS account of the test's own, and the operations on it as the command line uses them. */
export interface Account {
  readonly sandbox: Sandbox;
  readonly events: EngineEvent[];
  readonly kubeconfig: string;
  session(region: string, choice?: RunChoice): Session;
  create(text: string, options?: RunChoice): Promise<Finished<unknown>>;
  apply(text: string, options?: RunChoice & { prune?: boolean }): Promise<Finished<unknown>>;
  plan(text: string, prune?: boolean): Promise<Proposal>;
  delete(name: string, region: string, choice?: DeleteChoice & RunChoice): Promise<Finished<DeleteOutput>>;
  /** The changing requests since the last call, apart from those of the lock, which every run has that changes something. */
  changes(): readonly JournalEntry[];
  /** Lets so much time pass that all that is under way has come to its end, and what lingers is gone. */
  rest(): Promise<void>;
  /** Another account that holds all that this one holds now, at the same time of day; from then on it may be drawn otherwise. */
  fork(drawn?: Pick<SandboxOptions, "seed" | "throttle">): Promise<Account>;
  close(): Promise<void>;
}

export interface RunChoice {
  readonly onFailure?: OnFailure;
  readonly interrupt?: AbortSignal;
  /** Absent: the sandbox itself. */
  readonly endpoint?: string;
  /** Absent: the sandbox's. */
  readonly clock?: Clock;
  /** Absent: those of a machine on which every other process has ended, the real ones of this machine apart. */
  readonly processes?: Processes;
}

/** The processes of a machine as one of them sees it: `others` are those that still run beside it. Real ones are what they are. */
export function processesOf(pid: number, others: readonly number[] = [], host = "here"): Processes {
  const self = { host, space: host, pid, started: "0" };
  const real = systemProcesses();
  return {
    self,
    exists: (process) =>
      process.host === host ? process.pid === pid || others.includes(process.pid) : real.exists(process),
  };
}

/** An account that is closed when the test that asked for it is over. */
export function closing(account: Account): Account {
  onTestFinished(() => account.close());
  return account;
}

/** What went wrong in a run, one line for each failed step. */
export function failuresOf({ result }: Finished<unknown>): readonly string[] {
  return result.failures.map(({ step, error }) => `${step}: ${String(error)}`);
}

export async function openTestAccount(options: SandboxOptions = {}): Promise<Account> {
  const sandbox = await startTestSandbox(options);
  const home = mkdtempSync(join(tmpdir(), "ekstool-test-"));
  const kubeconfig = join(home, "config");
  const events: EngineEvent[] = [];
  let seen = 0;

  const session = (
    region: string,
    { interrupt, endpoint = sandbox.endpoint, clock = sandbox.clock, processes = processesOf(1) }: RunChoice = {},
  ): Session =>
    openSession({
      connection: {
        clock,
        endpoint,
        credentials: sandboxCredentials,
        close: () => Promise.resolve(),
      },
      region,
      version: "0.0.0-test",
      kubeconfig: [kubeconfig],
      emit: (event) => events.push(event),
      processes,
      programs: programsOn({ PATH: pathOfPrograms }),
      ...(interrupt === undefined ? {} : { interrupt }),
    });
  /** The file, in an account that holds what it takes as given. */
  const read = (text: string): ClusterConfig => {
    const config = parse(text);
    sandbox.residents(givenThings(config));
    return config;
  };
  const run = <Output>(proposal: Proposal<Output>, choice: RunChoice) =>
    proposal.run({ onFailure: choice.onFailure ?? "auto" });

  return {
    sandbox,
    events,
    kubeconfig,
    session,
    async create(text, choice = {}) {
      const config = read(text);
      const proposal = await proposeCreate(session(config.metadata.region, choice), config);
      return run(proposal, choice);
    },
    async apply(text, { prune = false, ...choice } = {}) {
      const config = read(text);
      const proposal = await proposeApply(session(config.metadata.region, choice), config, { prune });
      return run(proposal, choice);
    },
    async plan(text, prune = false) {
      const config = read(text);
      const asking = session(config.metadata.region);
      const proposal = await proposeApply(asking, config, { prune });
      // Most plans are only looked at: connections that stay open would use up the process's file descriptors.
      asking.close();
      return proposal;
    },
    async delete(name, region, { volumes, ...choice } = { volumes: "keep" }) {
      return run(await proposeDelete(session(region, choice), name, { volumes }), choice);
    },
    changes() {
      const fresh = sandbox.journal.slice(seen).filter((entry) => entry.changes && entry.service !== "ssm");
      seen = sandbox.journal.length;
      return fresh;
    },
    async rest() {
      const { region = "us-east-1" } = sandbox.journal.at(-1) ?? {};
      // What ends sets off what lingers. The account knows the regions of one partition only.
      for (let hours = 0; hours < 4; hours += 2) {
        await sandbox.clock.sleep(2 * 60 * 60 * 1000);
        // A request lets the sandbox catch up.
        await session(region).caller();
      }
    },
    async fork(drawn = {}) {
      const copy = await openTestAccount({ ...options, ...drawn, clock: virtualClock(sandbox.clock.now()) });
      const { state, kubernetesUrl } = sandbox.world;
      const moved = withUserData(state, (text) => text.replaceAll(kubernetesUrl, copy.sandbox.world.kubernetesUrl));
      Object.assign(copy.sandbox.world.state, moved);
      return copy;
    },
    async close() {
      rmSync(home, { recursive: true, force: true });
      await sandbox.close();
    },
  };
}

/** A copy of a state in which nodes were told something else when they booted, as where the cluster's API is. */
function withUserData<Value>(value: Value, told: (text: string) => string): Value {
  return JSON.parse(JSON.stringify(value), (key, member: unknown) => {
    if (key.toLowerCase() !== "userdata" || typeof member !== "string") return member;
    return Buffer.from(told(Buffer.from(member, "base64").toString())).toString("base64");
  }) as Value;
}
