import { type Command, Option } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { requiredName } from "../../options/name.ts";
import { type PartFlags, addPartOptions, deletePart } from "../../part.ts";

interface Flags extends PartFlags {
  readonly name?: string;
}

export function define(command: Command): void {
  command.argument("[name]", "name of the provider");
  addPartOptions(command, "identity providers", "delete");
  command.option("-n, --name <name>", "name of the provider");
  command.addOption(new Option("--type <type>", "as always: oidc").choices(["oidc"]));
  addExamples(command, [
    "disassociate identityprovider --cluster dev --name company-login",
    "disassociate identityprovider -f cluster.yaml",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  return deletePart(call, { part: "identityProviders", name: () => requiredName(call) });
}
