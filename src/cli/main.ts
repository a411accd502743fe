import { CommanderError } from "commander";
import { type ExitCode, InputError, exitCode } from "../errors.ts";
import type { Io } from "./io.ts";
import type { Globals } from "./options/globals.ts";
import { buildProgram } from "./program.ts";
import { errorAsJson, renderError } from "./render/errors.ts";
import { terminal } from "./terminal.ts";
import { isToolError } from "./tool-error.ts";

export { processIo } from "./io.ts";

/**
 * Runs one command line. stdout gets the result and nothing else.
 *
 * @returns the exit code; nothing is thrown.
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCode.done;
  const program = buildProgram(argv, io, (result) => (code = result));
  try {
    await program.parseAsync(normalise(argv), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCode.done;
    const shown = error instanceof CommanderError ? usageError(error) : error;
    const { verbose = false, progress } = program.opts<Partial<Globals>>();
    const output = terminal(io.stderr, io.env);
    const lines = progress === "json" ? [await errorAsJson(shown)] : await renderError(shown, output.style, verbose);
    for (const line of lines) output.line(line);
    return isToolError(shown) ? shown.exitCode : exitCode.failed;
  }
}

/** `help create cluster`, `--version` and no argument at all are other spellings of what the tree knows. */
function normalise(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv;
  if (first === undefined) return ["--help"];
  if (first === "help") return [...rest, "--help"];
  if (first === "--version") return ["version", ...rest];
  return argv;
}

function usageError(error: CommanderError): InputError {
  // A verb without its noun: commander has printed the verb's help.
  if (error.code === "commander.help") return new InputError("say what to work on: one of the commands above");
  const [message = "", ...suggestion] = error.message.replace(/^error: /u, "").split("\n");
  return new InputError(message, { hint: suggestion.join(" ").replace(/^\((.*)\)$/u, "$1") || "see --help" });
}
