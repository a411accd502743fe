import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sandboxCredentials } from "../../src/sandbox/index.ts";
import { type Program, programs } from "./programs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tool: Program = [process.execPath, join(root, "bin/ekstool.js")];

/** Virtual seconds per second: nobody waits for AWS. */
const speed = 1000;

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An AWS account that `ekstool sandbox serve` serves, and programs that work in it, each as its own process. */
export interface Account {
  /** For kubeconfigs and whatever else a test writes. */
  readonly home: string;
  ekstool(...args: readonly string[]): Promise<Outcome>;
  /** What ekstool prints as JSON; it has to succeed. */
  ekstoolJson<T>(...args: readonly string[]): Promise<T>;
  /** What the AWS CLI prints as JSON, `undefined` where that is nothing; it has to succeed. */
  aws<T>(...args: readonly string[]): Promise<T>;
  /** For its commands that print sentences, and with more in its environment; it has to succeed. */
  awsText(args: readonly string[], more?: NodeJS.ProcessEnv): Promise<string>;
  kubectl(...args: readonly string[]): Promise<Outcome>;
  close(): Promise<void>;
}

export async function openAccount(region: string): Promise<Account> {
  const home = mkdtempSync(join(tmpdir(), "ekstool-witness-"));
  const { child, url } = await serve();
  // As other programs look for it on PATH: kubectl runs the kubeconfig's `aws`.
  if (programs.aws) writeScript(join(home, "aws"), programs.aws);
  const env = {
    PATH: `${home}:${process.env["PATH"]}`,
    HOME: home,
    KUBECONFIG: join(home, "kubeconfig"),
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: sandboxCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandboxCredentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_DEFAULT_OUTPUT: "json",
    AWS_PAGER: "",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const run = (program: Program | undefined, args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    execute(program, args, { ...env, ...more });
  const ekstool: Account["ekstool"] = (...args) => run(tool, [...args, `--sandbox=${url}`]);

  return {
    home,
    ekstool,
    ekstoolJson: async <T>(...args: readonly string[]) => parsed(args, await ekstool(...args, "-o", "json")) as T,
    aws: async <T>(...args: readonly string[]) => parsed(args, await run(programs.aws, args)) as T,
    awsText: async (args, more) => succeeded(args, await run(programs.aws, args, more)),
    kubectl: (...args) => run(programs.kubectl, args),
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      if (child.kill("SIGINT")) await ended;
      rmSync(home, { recursive: true });
    },
  };
}

async function serve(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const [command, ...args] = [...tool, "sandbox", "serve", "--speed", String(speed)];
  const child = spawn(command ?? "", args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) return { child, url: line.trim() };
  throw new Error(`the sandbox did not start: ${said}`);
}

function execute(program: Program | undefined, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  if (!program) throw new Error("the program is not here");
  const [command, ...first] = program;
  return new Promise((resolve) => {
    const child = execFile(command, [...first, ...args], { env, cwd: root, maxBuffer: 1e8 }, (_, stdout, stderr) =>
      resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

function succeeded(args: readonly string[], { status, stdout, stderr }: Outcome): string {
  if (status !== 0) throw new Error(`${args.join(" ")}: exit ${status}\n${stderr}`);
  return stdout.trim();
}

function parsed(args: readonly string[], outcome: Outcome): unknown {
  const text = succeeded(args, outcome);
  return text === "" ? undefined : JSON.parse(text);
}

function writeScript(path: string, program: Program): void {
  writeFileSync(path, `#!/bin/sh\nexec ${program.map((word) => `'${word}'`).join(" ")} "$@"\n`);
  chmodSync(path, 0o755);
}
