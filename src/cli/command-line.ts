import type { Call } from "./call.ts";

/** Arguments as a person would type them in a shell. */
export function shellLine(args: readonly string[]): string {
  return args
    .map((arg) => (/^[\w@%+=:,./-]+$/u.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`))
    .join(" ");
}

/** Another command of this tool, with the options that lead to the same AWS. */
export function commandHint(call: Call, args: readonly string[]): string {
  const { sandbox, profile } = call.globals;
  return shellLine([
    "ekstool",
    ...args,
    ...(profile === undefined ? [] : ["--profile", profile]),
    ...(sandbox === undefined ? [] : [sandbox === "" ? "--sandbox" : `--sandbox=${sandbox}`]),
  ]);
}
