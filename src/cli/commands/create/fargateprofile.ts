import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { nameOf, required } from "../../options/name.ts";
import { keyValues } from "../../options/parse.ts";
import { defined } from "../../options/section.ts";
import { type PartFlags, addPartOptions, changePart } from "../../part.ts";
import { randomFargateProfileName } from "../../random-name.ts";
import { fargateProfiles } from "../get/fargateprofile.ts";

interface Flags extends PartFlags {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export function define(command: Command): void {
  command.argument("[name]", "profile name (default: made up)");
  addPartOptions(command, "Fargate profiles", "create");
  command
    .option("-n, --name <name>", "profile name (default: made up)")
    .option("--namespace <name>", "namespace of the pods")
    .option("-l, --labels <labels>", "labels that the pods must have, as key=value,key=value", keyValues)
    .option("-t, --tags <tags>", "tags of the profile, as key=value,key=value", keyValues);
  addExamples(command, [
    "create fargateprofile -f cluster.yaml",
    "create fargateprofile --cluster dev --name apps --namespace apps --labels run=fargate",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  return changePart(call, {
    part: "fargateProfiles",
    verb: "create",
    listing: fargateProfiles,
    sections() {
      const { name, namespace, labels, tags } = call.flags;
      const selector = defined({ namespace: required(namespace, "--namespace"), labels });
      const profile = { name: nameOf(call, "--name", name) ?? randomFargateProfileName(), selectors: [selector], tags };
      return { fargateProfiles: [defined(profile)] };
    },
  });
}
