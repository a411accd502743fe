import type { Command } from "commander";
import type { Call } from "./call.ts";
import { addSwitch } from "./options/parse.ts";

/** eksctl's word for `--yes`. */
export function addApproval(command: Command): void {
  addSwitch(command, "--approve", "as --yes");
}

export function approved<Flags extends { readonly approve?: boolean }>(call: Call<Flags>): Call<Flags> {
  return call.flags.approve === true ? { ...call, globals: { ...call.globals, yes: true } } : call;
}
