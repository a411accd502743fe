import { type Command, InvalidArgumentError, Option } from "commander";

/** A whole number of at least `least`. */
export function wholeNumber(least = 0): (text: string) => number {
  return (text) => {
    if (!/^\d{1,9}$/u.test(text) || Number(text) < least) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    }
    return Number(text);
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

/** `a,b` and repeated options alike. */
export function list(text: string, before: readonly string[] | undefined): readonly string[] {
  const items = text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
  return [...(before ?? []), ...items];
}

/** `key=value,key=value` and repeated options alike. */
export function keyValues(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const pairs = list(text, []).map((pair) => {
    const [key = "", ...value] = pair.split("=");
    if (key === "" || value.length === 0)
      throw new InvalidArgumentError(`Write key=value, not ${JSON.stringify(pair)}.`);
    return [key, value.join("=")] as const;
  });
  return { ...before, ...Object.fromEntries(pairs) };
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError("It must be JSON.");
  }
}

/** An on/off option in all its spellings: `--wait`, `--wait=true`, `--wait=false`, `--no-wait`. */
export function addSwitch(command: Command, flags: string, description: string): void {
  const option = new Option(flags, description);
  command.addOption(option).addOption(new Option(`--no-${option.name()}`).hideHelp());
}

/**
 * Teaches a command the spellings that commander lacks: `--switch=true|false`, and options with an optional value that is
 * only taken after `=` (`--sandbox=DIR`), so that they never swallow the next argument.
 */
export function acceptEqualsForms(command: Command): void {
  const parse = command.parseOptions.bind(command);
  command.parseOptions = (args) => parse(args.map((arg) => rewrite(command, arg)));
}

function rewrite(command: Command, arg: string): string {
  const [, name, value] = /^(--[a-z-]+)(?:=(.*))?$/su.exec(arg) ?? [];
  const option = name === undefined ? undefined : command.options.find((one) => one.long === name);
  if (option?.optional && value === undefined) return `${name}=`;
  if (option?.isBoolean() && value === "true") return option.long ?? arg;
  if (option?.isBoolean() && value === "false") return `--no-${option.name()}`;
  return arg;
}
