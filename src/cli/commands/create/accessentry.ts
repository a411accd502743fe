import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { required } from "../../options/name.ts";
import { list } from "../../options/parse.ts";
import { defined } from "../../options/section.ts";
import { type PartFlags, addPartOptions, changePart } from "../../part.ts";
import { accessEntries } from "../get/accessentry.ts";

interface Flags extends PartFlags {
  readonly principalArn?: string;
  readonly type?: string;
  readonly kubernetesGroups?: readonly string[];
  readonly kubernetesUsername?: string;
}

export function define(command: Command): void {
  addPartOptions(command, "access entries", "create");
  command
    .option("--principal-arn <arn>", "the IAM role or user")
    .option("--type <type>", "STANDARD, or a type for nodes (default: STANDARD)")
    .option("--kubernetes-groups <groups>", "groups that it is in, for RBAC", list)
    .option("--kubernetes-username <name>", "its name, for RBAC");
  addExamples(command, [
    "create accessentry -f cluster.yaml",
    "create accessentry --cluster dev --principal-arn $ROLE_ARN --kubernetes-groups deployers",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  return changePart(call, {
    part: "accessEntries",
    verb: "create",
    listing: accessEntries,
    sections() {
      const { principalArn, type, kubernetesGroups, kubernetesUsername } = call.flags;
      const principalARN = required(principalArn, "--principal-arn");
      return {
        accessConfig: { accessEntries: [defined({ principalARN, type, kubernetesGroups, kubernetesUsername })] },
      };
    },
  });
}
