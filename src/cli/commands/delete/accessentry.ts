import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { required } from "../../options/name.ts";
import { type PartFlags, addPartOptions, deletePart } from "../../part.ts";

interface Flags extends PartFlags {
  readonly principalArn?: string;
}

export function define(command: Command): void {
  addPartOptions(command, "access entries", "delete");
  command.option("--principal-arn <arn>", "the IAM role or user");
  addExamples(command, [
    "delete accessentry --cluster dev --principal-arn $ROLE_ARN",
    "delete accessentry -f cluster.yaml --only-missing",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  return deletePart(call, {
    part: "accessEntries",
    name: () => required(call.flags.principalArn, "--principal-arn"),
  });
}
