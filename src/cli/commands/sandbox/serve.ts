import { resolve } from "node:path";
import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { positiveNumber, wholeNumber } from "../../options/parse.ts";
import { printResult } from "../../output.ts";
import { loadSandbox } from "../../sandbox-bundle.ts";

interface Flags {
  readonly port?: number;
  readonly state?: string;
  readonly speed?: number;
  readonly seed?: number;
  readonly faults?: string;
  readonly principals?: string;
  /** Seconds. */
  readonly idleExit?: number;
}

export function define(command: Command): void {
  command
    .option("--port <port>", "port on 127.0.0.1 (default: a free one)", wholeNumber(1))
    .option("--state <dir>", "directory that keeps the account (default: it is forgotten at the end)")
    .option("--speed <factor>", "virtual seconds per second", positiveNumber)
    .option("--seed <n>", "draw durations, and how long IAM and EC2 take to be consistent", wholeNumber(0))
    .option("--faults <file>", "what goes wrong: fault rules, quotas, failures and more, as JSON or YAML")
    .option("--principals <file>", "callers that are held to IAM policies, as JSON or YAML")
    .option("--idle-exit <seconds>", "end when nobody has been connected for so long", wholeNumber(1));
  addExamples(command, [
    "sandbox serve --port 4600 --state ./account",
    "sandbox serve --speed 60 --faults faults.yaml",
    "sandbox serve --principals principals.yaml",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags, io, terminal } = call;
  const { port, state, speed, seed, faults, principals, idleExit } = flags;
  const { readPrincipals, readTroubles, sandboxCredentials, serveSandbox } = await loadSandbox();
  const { readSource } = await import("../../../config/load.ts");
  const served = await serveSandbox({
    ...(port === undefined ? {} : { port }),
    ...(state === undefined ? {} : { state: resolve(io.cwd, state) }),
    ...(speed === undefined ? {} : { speed }),
    ...(seed === undefined ? {} : { seed }),
    ...(faults === undefined ? {} : readTroubles((await readSource(faults)).text)),
    ...(principals === undefined ? {} : { principals: readPrincipals(await readSource(principals)) }),
    ...(idleExit === undefined ? {} : { idleExit }),
  });
  const stopListening = io.onInterrupt(() => void served.close());
  const { accessKeyId, secretAccessKey } = sandboxCredentials;
  await printResult(call, { document: { url: served.url, accessKeyId, secretAccessKey }, table: () => [served.url] });
  terminal.line("serving until Ctrl-C; for any AWS client:");
  terminal.line(`  export AWS_ENDPOINT_URL=${served.url}`);
  terminal.line(`  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
  terminal.line("  export AWS_REGION=us-west-2 AWS_DEFAULT_REGION=us-west-2");
  await served.closed;
  stopListening();
  return exitCode.done;
}
