import { CommanderError } from "commander";
import { EkstoolError, type ExitCode, InputError, exitCode } from "../errors.ts";
import type { Io } from "./io.ts";
import { buildProgram } from "./program.ts";
import { renderError } from "./render/errors.ts";
import { terminal } from "./terminal.ts";

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
    const verbose = program.opts()["verbose"] === true;
    const output = terminal(io.stderr, io.env);
    for (const line of await renderError(shown, output.style, verbose)) output.line(line);
    return shown instanceof EkstoolError ? shown.exitCode : exitCode.failed;
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
