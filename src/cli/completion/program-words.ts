import type { Command, Option } from "commander";

/** An option as a completion script needs it. */
export interface OptionWords {
  /** `--name`, and `-n` where there is one. */
  readonly spellings: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  /** Its value is a path. */
  readonly file: boolean;
}

/** One command of the tree. */
export interface CommandWords {
  /** The words that lead to it, without the program's name: `["create", "cluster"]`; empty for the program. */
  readonly path: readonly string[];
  /** Names of this command, aliases included. */
  readonly names: readonly string[];
  readonly children: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionWords[];
}

const paths = /^<(file|path|dir|dir-or-url)>$|\[dir-or-url\]$/u;

/** The whole tree, the program first; every command carries the program's options too. */
export function describeProgram(program: Command): readonly CommandWords[] {
  const common = optionsOf(program);
  const describe = (command: Command, path: readonly string[]): readonly CommandWords[] => [
    {
      path,
      names: [command.name(), ...command.aliases()],
      children: command.commands.map((child) => ({ name: child.name(), description: child.summary() })),
      options: command === program ? common : [...optionsOf(command), ...common],
    },
    ...command.commands.flatMap((child) => describe(child, [...path, child.name()])),
  ];
  return describe(program, []);
}

function optionsOf(command: Command): readonly OptionWords[] {
  return command.options.filter((option) => !option.hidden).map(optionWords);
}

function optionWords(option: Option): OptionWords {
  return {
    spellings: [option.long, option.short].filter((spelling) => typeof spelling === "string"),
    description: option.description,
    takesValue: option.required,
    choices: option.argChoices ?? [],
    file: paths.test(option.flags.split(" ").at(-1) ?? ""),
  };
}

/** The case labels that lead from a command to its child, aliases included. */
export function stepsInto(command: CommandWords): readonly string[] {
  const parent = command.path.slice(0, -1).join(" ");
  return command.names.map((name) => `${parent}:${name}`);
}
