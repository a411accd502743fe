import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { realClock } from "../../src/clock.ts";
import { control, joinSandbox } from "../../src/sandbox/client.ts";
import type { FaultRule, JournalEntry } from "../../src/sandbox/index.ts";
import { serveSandbox } from "../../src/sandbox/serve.ts";
import type { WorldState } from "../../src/sandbox/world.ts";
import { clientsOf } from "../sandbox/clients.ts";
import { type Inventory, inventory, renamed } from "./campaign-inventory.ts";

const tool = new URL("../../bin/ekstool.js", import.meta.url).pathname;

/** A process of the built tool. */
export interface Process {
  signal(name: "SIGKILL" | "SIGINT"): void;
  /** Resolves when it has written this to stderr. */
  says(words: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A served account, and a home for processes that work on it. */
export interface Bench {
  /** The file of the cluster. */
  readonly file: string;
  start(...argv: readonly string[]): Process;
  run(...argv: readonly string[]): Promise<Ended>;
  faults(...rules: readonly FaultRule[]): Promise<void>;
  /** Resolves when a request has met with a fault. */
  met(): Promise<void>;
  journal(): Promise<readonly JournalEntry[]>;
  /** What the account holds when all has come to rest. */
  inventory(): Promise<Inventory>;
  /** Without what was drawn; empty when there is none. */
  kubeconfig(): string;
  /** Another bench with all that this one, which ends, holds. */
  fork(): Promise<Bench>;
  close(): Promise<void>;
}

/** @param clusterFile the text of the cluster's file. */
export function openBench(clusterFile: string): Promise<Bench> {
  const home = newHome();
  writeFileSync(join(home, "cluster.yaml"), clusterFile);
  return benchIn(home);
}

function newHome(): string {
  return mkdtempSync(join(tmpdir(), "ekstool-campaign-"));
}

const restHours = 2;
const pollMs = 10;

async function benchIn(home: string): Promise<Bench> {
  const served = await serveSandbox({ state: join(home, "account") });
  const { url } = served;
  const kubeconfig = join(home, "kubeconfig");
  const environment = { HOME: home, KUBECONFIG: kubeconfig, NO_COLOR: "1", PATH: process.env["PATH"] };
  const journal = async (from = 1) => (await control(url, "GET", `journal?from=${from}`)) as JournalEntry[];

  function start(...argv: readonly string[]): Process {
    const child = spawn(process.execPath, [tool, ...argv, `--sandbox=${url}`], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const code = new Promise<number | null>((resolve) => child.on("close", resolve));
    const ended = Promise.all([code, text(child.stdout)]).then(([code, stdout]) => ({ code, stdout, stderr: said }));
    return {
      ended,
      signal: (name) => child.kill(name),
      async says(words) {
        while (!said.includes(words)) {
          if (child.exitCode !== null) throw new Error(`it ended without saying "${words}":\n${said}`);
          await realClock.sleep(pollMs);
        }
      },
    };
  }

  return {
    file: join(home, "cluster.yaml"),
    start,
    run: (...argv) => start(...argv).ended,
    async faults(...rules) {
      await control(url, "POST", "faults", rules);
    },
    async met() {
      for (let from = 1; ;) {
        const news = await journal(from);
        if (news.some(({ fault }) => fault !== undefined)) return;
        from += news.length;
        await realClock.sleep(pollMs);
      }
    },
    journal: () => journal(),
    async inventory() {
      const joined = await joinSandbox(url);
      await joined.clock.sleep(restHours * 60 * 60 * 1000);
      await clientsOf(joined).sts.send(new GetCallerIdentityCommand({}));
      await joined.leave();
      return inventory((await control(url, "GET", "world")) as WorldState);
    },
    kubeconfig: () =>
      existsSync(kubeconfig) ? renamed(readFileSync(kubeconfig, "utf8")).replaceAll(url, "<url>") : "",
    async fork() {
      await served.close();
      const copy = newHome();
      cpSync(home, copy, { recursive: true });
      return benchIn(copy);
    },
    async close() {
      await served.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
