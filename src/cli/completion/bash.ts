import { type CommandWords, stepsInto } from "./program-words.ts";

export function bashScript(commands: readonly CommandWords[]): string {
  const known = commands.filter(({ path }) => path.length > 0);
  const values = valueCases(commands);
  return `# ekstool completion for bash. Load it with: source <(ekstool completion bash)
_ekstool() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" word words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path:\${COMP_WORDS[i]}" in
${known.map((command) => `      ${stepsInto(command).map(quote).join("|")}) path=${quote(command.path.join(" "))} ;;`).join("\n")}
    esac
  done
  case "$prev" in
${values}
  esac
  case "$path" in
${commands.map((command) => `    ${quote(command.path.join(" "))}) words=${quote(wordsOf(command).join(" "))} ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _ekstool ekstool
`;
}

/** Subcommands where there are some; options too. */
function wordsOf({ children, options }: CommandWords): readonly string[] {
  return [...children.map(({ name }) => name), ...options.map(({ spellings }) => spellings[0] ?? "")];
}

/** What may follow an option that takes a value; the same option means the same in every command. */
function valueCases(commands: readonly CommandWords[]): string {
  const cases = new Map<string, string>();
  for (const option of commands.flatMap(({ options }) => options)) {
    if (!option.takesValue) continue;
    const reply =
      option.choices.length > 0
        ? `COMPREPLY=($(compgen -W ${quote(option.choices.join(" "))} -- "$cur")); return`
        : option.file
          ? `COMPREPLY=($(compgen -f -- "$cur")); return`
          : "COMPREPLY=(); return";
    cases.set(option.spellings.join("|"), reply);
  }
  return [...cases].map(([pattern, reply]) => `    ${pattern}) ${reply} ;;`).join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
