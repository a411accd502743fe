import type { Command } from "commander";
import { type ExitCode, InputError } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type PartFlags, addPartOptions, changePart } from "../../part.ts";
import { identityProviders } from "../get/identityprovider.ts";

export function define(command: Command): void {
  addPartOptions(command, "identity providers", "create");
  addExamples(command, ["associate identityprovider -f cluster.yaml"]);
}

export function run(call: Call<PartFlags>): Promise<ExitCode> {
  return changePart(call, {
    part: "identityProviders",
    verb: "create",
    listing: identityProviders,
    sections() {
      throw new InputError("--config-file/-f must be set", { hint: "identityProviders in it says what is associated" });
    },
  });
}
