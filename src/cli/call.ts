import type { Command } from "commander";
import type { ExitCode } from "../errors.ts";
import type { Globals } from "./options/globals.ts";
import type { Io } from "./io.ts";
import type { Terminal } from "./terminal.ts";

/** One command as it was typed. */
export interface Call<Flags = unknown> {
  /** The whole command line. */
  readonly argv: readonly string[];
  readonly args: readonly string[];
  readonly flags: Flags;
  /** The options that were really typed (defaults apart), in their long spelling: `--name`. */
  readonly given: readonly string[];
  readonly globals: Globals;
  readonly io: Io;
  /** stderr: progress, plans, questions, errors. */
  readonly terminal: Terminal;
  /** The whole tree, for completion. */
  readonly program: Command;
}

/** What a file under commands/ exports. */
export interface CommandModule {
  /** Adds arguments, options and examples. */
  define(command: Command): void;
  run(call: Call<never>): Promise<ExitCode>;
}
