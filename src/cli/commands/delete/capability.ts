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
  command.argument("[name]", "name of the capability");
  addPartOptions(command, "capabilities", "delete");
  command.option("-n, --name <name>", "name of the capability");
  addExamples(command, [
    "delete capability --cluster dev --name ack",
    "delete capability -f cluster.yaml --only-missing",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  return deletePart(call, { part: "capabilities", name: () => requiredName(call) });
}
