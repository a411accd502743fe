import type { Clock } from "../clock.ts";
import { virtualClock } from "../clock.ts";
import { parsePrincipals, type Principal } from "./access/principals.ts";
import type { SeenRequest } from "./account.ts";
import { openAccount } from "./account.ts";
import { controlOf } from "./control.ts";
import type { FaultRule } from "./faults.ts";
import { parseFaultRules } from "./faults.ts";
import type { JournalEntry } from "./journal.ts";
import { listenAll } from "./listeners.ts";
import { type CheckedResidents, parseResidents, type Residents } from "./residents.ts";
import { parseScenario, type WrittenScenario } from "./scenario.ts";
import { memoryStore, openStore } from "./store.ts";
import type { World } from "./world.ts";

export type { Principal } from "./access/principals.ts";
export type { SeenRequest } from "./account.ts";
export { sandboxCredentials } from "./credentials.ts";
export type { FaultRule } from "./faults.ts";
export type { JournalEntry } from "./journal.ts";
export type { WrittenScenario } from "./scenario.ts";

export interface SandboxOptions {
  /** A directory that keeps the account; absent: it lives as long as the sandbox. */
  readonly state?: string;
  /** The account's time; its clients hold it around each request. Default: a virtual clock of its own. */
  readonly clock?: Clock;
  /**
   * Draws durations within 40 % of the table, and how long IAM and EC2 take to be consistent from nothing to far more than
   * the table says; absent: the table's.
   */
  readonly seed?: number;
  readonly faults?: readonly FaultRule[];
  /** What goes wrong by itself. */
  readonly scenario?: WrittenScenario;
  /** Enforce AWS's request rates. Default: no. */
  readonly throttle?: boolean;
  /** Default: a free one. */
  readonly port?: number;
}

/** A sandbox in this process. */
export interface Sandbox {
  /** For the `endpoint` of any SDK client; the credentials are `sandboxCredentials`. */
  readonly endpoint: string;
  readonly clock: Clock;
  readonly world: World;
  readonly journal: readonly JournalEntry[];
  /** Replaces the fault rules. */
  faults(rules: readonly FaultRule[]): void;
  /** Replaces what will go wrong by itself. */
  scenario(scenario: WrittenScenario): void;
  /** Puts things into the account that others have made; returns those that were not there. Throws InputError. */
  residents(residents: Residents): CheckedResidents;
  /** Replaces the callers that are held to policies; all others may do everything. Throws InputError. */
  principals(principals: readonly Principal[]): void;
  /** Is told of each request that was understood, before it is handled. */
  onRequest(observer: (request: SeenRequest) => void): void;
  close(): Promise<void>;
}

/**
 * Starts an AWS account on loopback.
 *
 * @throws RefusedError when a living process holds the state directory; InputError for invalid fault rules and scenarios.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const faults = parseFaultRules(options.faults ?? []);
  const scenario = options.scenario && parseScenario(options.scenario);
  const store = options.state === undefined ? memoryStore() : openStore(options.state);
  const clock = options.clock ?? virtualClock(store.lastAt);
  const { seed, throttle = false } = options;
  const account = openAccount(store, clock, { seed, faults, throttle });
  if (scenario) account.setScenario(scenario);
  const server = await listenAll(account, clock, controlOf({ account }), { aws: options.port }).catch(
    (error: unknown) => {
      account.close();
      throw error;
    },
  );
  return {
    endpoint: server.url,
    clock,
    world: account.world,
    journal: account.journal,
    faults: (rules) => account.setFaults(parseFaultRules(rules)),
    scenario: (written) => account.setScenario(parseScenario(written)),
    residents: (residents) => account.addResidents(parseResidents(residents)),
    principals: (principals) => account.setPrincipals(parsePrincipals(principals)),
    onRequest: (observer) => account.onRequest(observer),
    close: async () => {
      await server.close();
      account.close();
    },
  };
}
