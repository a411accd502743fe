import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { realClock } from "../../src/clock.ts";
import { control } from "../../src/sandbox/client.ts";
import type { Health } from "../../src/sandbox/control.ts";
import type { FaultRule, JournalEntry } from "../../src/sandbox/index.ts";
import { serveSandbox } from "../../src/sandbox/serve.ts";
import { openStore } from "../../src/sandbox/store.ts";
import type { WorldState } from "../../src/sandbox/world.ts";
import type { Account } from "../support/account.ts";
import { accountSeed } from "./accounts.ts";
import type { Command } from "./commands.ts";

const tool = new URL("../../bin/ekstool.js", import.meta.url).pathname;

/** A process of the built tool. */
export interface Process {
  signal(name: "SIGKILL" | "SIGINT"): void;
  /** Resolves when it has written this to stderr, or ended. */
  says(words: string): Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is typed, and the text of the file that it names, if any. */
export type Typed = Pick<Command, "file" | "argv">;

/** An account while `sandbox serve` serves it to processes. */
export interface Served {
  start(command: Typed): Process;
  faults(...rules: readonly FaultRule[]): Promise<void>;
  /** Resolves when a request has met with a fault; throws when the process ends before. */
  met(process: Process): Promise<void>;
  journal(): Promise<readonly JournalEntry[]>;
}

const pollMs = 10;

/** Serves what an account holds for as long as the work takes; afterwards the account holds what has become of it. */
export async function served<T>(account: Account, work: (served: Served) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), "ekstool-campaign-"));
  const { world, clock } = account.sandbox;
  const store = openStore(join(home, "account"));
  Object.assign(store.state, structuredClone(world.state));
  store.save(clock.now());
  store.close();
  const seed = accountSeed();
  const { url, close } = await serveSandbox({ state: join(home, "account"), ...(seed !== undefined && { seed }) });
  try {
    const result = await work(servedAt(url, home, account.kubeconfig));
    Object.assign(world.state, (await control(url, "GET", "world")) as WorldState);
    const { now } = (await control(url, "GET", "health")) as Health;
    await clock.sleep(now - clock.now());
    return result;
  } finally {
    await close();
    rmSync(home, { recursive: true, force: true });
  }
}

function servedAt(url: string, home: string, kubeconfig: string): Served {
  const env = { HOME: home, KUBECONFIG: kubeconfig, NO_COLOR: "1", PATH: process.env["PATH"] };
  const journal = async (from = 1) => (await control(url, "GET", `journal?from=${from}`)) as JournalEntry[];
  let files = 0;
  return {
    journal: () => journal(),
    start(command) {
      const file = join(home, `cluster-${++files}.yaml`);
      writeFileSync(file, command.file);
      return startProcess([...command.argv(file), `--sandbox=${url}`], env);
    },
    async faults(...rules) {
      await control(url, "POST", "faults", rules);
    },
    async met(process) {
      let ended = false;
      void process.ended.then(() => (ended = true));
      for (let from = 1; ;) {
        const isLast = ended;
        const news = await journal(from);
        if (news.some(({ fault }) => fault !== undefined)) return;
        if (isLast) throw new Error(`the run never came to that request:\n${(await process.ended).stderr}`);
        from += news.length;
        await realClock.sleep(pollMs);
      }
    },
  };
}

function startProcess(argv: readonly string[], env: NodeJS.ProcessEnv): Process {
  const child = spawn(process.execPath, [tool, ...argv], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = new Promise<number | null>((resolve) => child.on("close", resolve));
  const ended = Promise.all([code, text(child.stdout)]).then(([code, stdout]) => ({ code, stdout, stderr: said }));
  return {
    ended,
    signal: (name) => child.kill(name),
    async says(words) {
      while (!said.includes(words) && child.exitCode === null) await realClock.sleep(pollMs);
    },
  };
}
