import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { requiredName } from "../../options/name.ts";
import { addSwitch } from "../../options/parse.ts";
import { type PartFlags, addPartOptions, deletePart } from "../../part.ts";

interface Flags extends PartFlags {
  readonly name?: string;
  readonly preserve?: boolean;
}

export function define(command: Command): void {
  command.argument("[name]", "add-on name");
  addPartOptions(command, "add-ons", "delete");
  command.option("-n, --name <name>", "add-on name");
  addSwitch(command, "--preserve", "leave what it runs in the cluster: EKS only stops managing it");
  addExamples(command, [
    "delete addon --cluster dev --name aws-ebs-csi-driver",
    "delete addon -f cluster.yaml --only-missing",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  return deletePart(call, {
    part: "addons",
    name: () => requiredName(call),
    preserve: flags.preserve === true,
    besideFile: ["--preserve"],
  });
}
