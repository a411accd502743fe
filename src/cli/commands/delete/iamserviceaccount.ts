import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { requiredName } from "../../options/name.ts";
import { type PartFlags, addPartOptions, deletePart } from "../../part.ts";

interface Flags extends PartFlags {
  readonly name?: string;
  readonly namespace: string;
}

export function define(command: Command): void {
  command.argument("[name]", "name of the service account");
  addPartOptions(command, "service accounts, as namespace/name,", "delete");
  command
    .option("-n, --name <name>", "name of the service account")
    .option("--namespace <name>", "its namespace", "default");
  addExamples(command, [
    "delete iamserviceaccount --cluster dev --namespace shop --name cart",
    "delete iamserviceaccount -f cluster.yaml --only-missing",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  return deletePart(call, { part: "serviceAccounts", name: () => `${flags.namespace}/${requiredName(call)}` });
}
