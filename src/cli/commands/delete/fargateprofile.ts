import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { requiredName } from "../../options/name.ts";
import { type PartFlags, addPartOptions, deletePart } from "../../part.ts";

interface Flags extends PartFlags {
  readonly name?: string;
}

export function define(command: Command): void {
  command.argument("[name]", "profile name");
  addPartOptions(command, "Fargate profiles", "delete");
  command.option("-n, --name <name>", "profile name");
  addExamples(command, [
    "delete fargateprofile --cluster dev --name apps",
    "delete fargateprofile -f cluster.yaml --only-missing",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  return deletePart(call, { part: "fargateProfiles", name: () => requiredName(call) });
}
