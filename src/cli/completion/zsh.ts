import { type CommandWords, type OptionWords, stepsInto } from "./program-words.ts";

export function zshScript(commands: readonly CommandWords[]): string {
  const known = commands.filter(({ path }) => path.length > 0);
  return `#compdef ekstool
# ekstool completion for zsh. Put it into a directory of $fpath as _ekstool.
_ekstool() {
  local path_="" i
  for ((i = 2; i < CURRENT; i++)); do
    case "$path_:\${words[i]}" in
${known
  .map(
    (command) =>
      `      ${stepsInto(command)
        .map((step) => quote(step))
        .join("|")}) path_=${quote(command.path.join(" "))} ;;`,
  )
  .join("\n")}
    esac
  done
  case "$path_" in
${commands.map((command) => caseOf(command)).join("\n")}
  esac
}
if [ "$funcstack[1]" = "_ekstool" ]; then _ekstool "$@"; else compdef _ekstool ekstool; fi
`;
}

function caseOf({ path, children, options }: CommandWords): string {
  const named = children.map(({ name, description }) => quote(`${name}:${description}`)).join(" ");
  const words = children.length === 0 ? "'*: :_default'" : `'*: :->words'`;
  return `    ${quote(path.join(" "))})
      local -a children=(${named})
      local state
      _arguments ${options.flatMap(specsOf).join(" ")} ${words}
      [[ "$state" == words ]] && _describe command children
      ;;`;
}

/** One \`_arguments\` specification for each spelling. */
function specsOf(option: OptionWords): readonly string[] {
  const description = option.description.replaceAll(/[[\]:]/gu, " ");
  const value = !option.takesValue
    ? ""
    : option.choices.length > 0
      ? `:value:(${option.choices.join(" ")})`
      : option.file
        ? ":file:_files"
        : ":value: ";
  return option.spellings.map((spelling) => quote(`${spelling}[${description}]${value}`));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
