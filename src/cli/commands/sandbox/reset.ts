import type { Command } from "commander";
import { type ExitCode, InputError, exitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { confirm } from "../../confirm.ts";
import { addExamples } from "../../options/examples.ts";
import { printResult } from "../../output.ts";
import { loadSandbox } from "../../sandbox-bundle.ts";
import { sandboxDirectory } from "../../state-directory.ts";

interface Flags {
  readonly state?: string;
}

export function define(command: Command): void {
  command.option("--state <dir>", "the sandbox's directory (default: the one of --sandbox)");
  addExamples(command, ["sandbox reset", "sandbox reset --state ./account --yes"]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags, globals, io, terminal } = call;
  const where = flags.state ?? globals.sandbox ?? io.env["EKSTOOL_SANDBOX"] ?? "";
  if (/^https?:/u.test(where)) {
    throw new InputError("a sandbox is reset by its directory, not by its URL", { hint: "use --state" });
  }
  const directory = sandboxDirectory(where, io);
  await confirm(io, terminal, globals.yes === true, { text: `Forget everything in the sandbox ${directory}?` });
  const { resetSandbox } = await loadSandbox();
  await resetSandbox(directory);
  await printResult(call, { document: { reset: directory }, table: () => [`the sandbox ${directory} is empty`] });
  return exitCode.done;
}
