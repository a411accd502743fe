import type { CommandWords, OptionWords } from "./program-words.ts";

export function fishScript(commands: readonly CommandWords[]): string {
  const byPath = new Map(commands.map((command) => [command.path.join(" "), command]));
  return [
    "# ekstool completion for fish. Put it into ~/.config/fish/completions/ekstool.fish",
    "complete -c ekstool -f",
    ...commands.flatMap((command) => [
      ...command.children.map(
        ({ name, description }) =>
          `complete -c ekstool -n ${quote(condition(command, byPath))} -a ${name} -d ${quote(description)}`,
      ),
      ...command.options.map(
        (option) => `complete -c ekstool -n ${quote(condition(command, byPath))} ${optionArguments(option)}`,
      ),
    ]),
    "",
  ].join("\n");
}

/** True while exactly the words that lead to this command are there. */
function condition(command: CommandWords, byPath: ReadonlyMap<string, CommandWords>): string {
  const seen = command.path.map((_, index) => {
    const names = byPath.get(command.path.slice(0, index + 1).join(" "))?.names ?? [];
    return `__fish_seen_subcommand_from ${names.join(" ")}`;
  });
  const children = command.children.flatMap(({ name }) => byPath.get([...command.path, name].join(" "))?.names ?? []);
  const unseen = children.length === 0 ? [] : [`not __fish_seen_subcommand_from ${children.join(" ")}`];
  return [...seen, ...unseen].join("; and ") || "true";
}

function optionArguments(option: OptionWords): string {
  const spellings = option.spellings.map((one) => (one.startsWith("--") ? `-l ${one.slice(2)}` : `-s ${one.slice(1)}`));
  const value = !option.takesValue
    ? []
    : option.choices.length > 0
      ? [`-x -a ${quote(option.choices.join(" "))}`]
      : option.file
        ? ["-r -F"]
        : ["-x"];
  return [...spellings, ...value, `-d ${quote(option.description)}`].join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}
