import { Command } from "commander";
import type { ExitCode } from "../errors.ts";
import type { Call } from "./call.ts";
import type { Leaf } from "./command.ts";
import { verbs } from "./commands/index.ts";
import type { Io } from "./io.ts";
import { type Globals, addGlobalOptions } from "./options/globals.ts";
import { acceptEqualsForms } from "./options/parse.ts";
import { terminal } from "./terminal.ts";

/** How the process ends is told by `done`, since commander returns nothing. */
export function buildProgram(argv: readonly string[], io: Io, done: (code: ExitCode) => void): Command {
  const program = new Command("ekstool")
    .description("Create and run Amazon EKS clusters from one declarative file.")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: () => undefined,
    })
    .showSuggestionAfterError()
    .exitOverride();
  addGlobalOptions(program);
  for (const [verb, entry] of Object.entries(verbs)) {
    const command = program.command(verb).helpCommand(false).summary(entry.summary).description(entry.summary);
    if ("load" in entry) prepare(command, entry);
    else for (const [noun, leaf] of Object.entries(entry.nouns)) prepare(command.command(noun), leaf);
  }
  return program;

  function prepare(command: Command, leaf: Leaf): void {
    command
      .summary(leaf.summary)
      .description(leaf.summary)
      .aliases([...(leaf.aliases ?? [])]);
    leaves.set(command, async () => {
      const module = await leaf.load();
      module.define(command);
      acceptEqualsForms(command);
      command.action(async () => done(await module.run(callOf(command, argv, io, program))));
    });
    command.parent?.hook("preSubcommand", async (_parent, called) => {
      if (called === command) await load(command);
    });
  }
}

const leaves = new WeakMap<Command, () => Promise<void>>();

/** Gives a command its options and its action. */
async function load(command: Command): Promise<void> {
  await leaves.get(command)?.();
}

/** Loads every command, for what needs all options. */
export async function loadAll(command: Command): Promise<void> {
  for (const child of command.commands) {
    await load(child);
    await loadAll(child);
  }
}

function callOf(command: Command, argv: readonly string[], io: Io, program: Command): Call<never> {
  const given = command.options
    .filter((option) => command.getOptionValueSource(option.attributeName()) === "cli")
    .filter((option) => !option.negate)
    .map((option) => `--${option.name()}`);
  return {
    argv,
    args: command.args,
    flags: command.opts<never>(),
    given,
    globals: program.opts<Globals>(),
    io,
    terminal: terminal(io.stderr, io.env),
    program,
  };
}
