import { InputError } from "../../errors.ts";
import type { Call } from "../call.ts";

/**
 * A name that can be typed as an argument or as an option.
 *
 * @throws InputError when it is given both ways.
 */
export function nameOf(call: Call, option: string, value: string | undefined): string | undefined {
  const [argument] = call.args;
  if (argument !== undefined && value !== undefined) {
    throw new InputError(`the name is given twice: as the argument ${argument} and as ${option} ${value}`);
  }
  return argument ?? value;
}

/** @throws InputError when there is none. */
export function required(value: string | undefined, option: string): string {
  if (value !== undefined && value !== "") return value;
  throw new InputError(`${option} must be set`, { hint: "see --help for examples" });
}

/**
 * The name of what a command is about, which can be typed as an argument or as `--name`.
 *
 * @throws InputError when there is none, or one both ways.
 */
export function requiredName(call: Call<{ readonly name?: string }>): string {
  return required(nameOf(call, "--name", call.flags.name), "--name");
}
