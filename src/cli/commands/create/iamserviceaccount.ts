import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { requiredName } from "../../options/name.ts";
import { addSwitch, keyValues, list } from "../../options/parse.ts";
import { addUnsupported, refuseUnsupported } from "../../options/unsupported.ts";
import { defined } from "../../options/section.ts";
import { type PartFlags, addPartOptions, changePart } from "../../part.ts";
import { serviceAccounts } from "../get/iamserviceaccount.ts";

interface Flags extends PartFlags {
  readonly name?: string;
  readonly namespace: string;
  readonly attachPolicyArn?: readonly string[];
  readonly attachRoleArn?: string;
  readonly roleName?: string;
  readonly roleOnly?: boolean;
  readonly subjectPattern?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const unsupported = {
  "--override-existing-serviceaccounts":
    "is not needed: an account that is there is given the role, keeps all else, and is never deleted",
};

export function define(command: Command): void {
  command.argument("[name]", "name of the service account");
  addPartOptions(command, "service accounts, as namespace/name,", "create");
  command
    .option("-n, --name <name>", "name of the service account")
    .option("--namespace <name>", "its namespace", "default")
    .option("--attach-policy-arn <arns>", "policies of the role that is made", list)
    .option("--attach-role-arn <arn>", "a role that exists")
    .option("--role-name <name>", "name of the role that is made");
  addSwitch(command, "--role-only", "make the role alone");
  command
    .option("--subject-pattern <pattern>", "which service accounts may have the role (default: this one)")
    .option("--tags <tags>", "tags of the role, as key=value,key=value", keyValues);
  addUnsupported(command, unsupported);
  addExamples(command, [
    "create iamserviceaccount -f cluster.yaml",
    "create iamserviceaccount --cluster dev --namespace shop --name cart --attach-policy-arn $POLICY_ARN",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  refuseUnsupported(call, unsupported);
  return changePart(call, {
    part: "serviceAccounts",
    verb: "create",
    listing: serviceAccounts,
    sections() {
      const { flags } = call;
      const account = {
        metadata: { name: requiredName(call), namespace: flags.namespace },
        attachPolicyARNs: flags.attachPolicyArn,
        attachRoleARN: flags.attachRoleArn,
        roleName: flags.roleName,
        roleOnly: flags.roleOnly,
        subjectPattern: flags.subjectPattern,
        tags: flags.tags,
      };
      return { iam: { withOIDC: true, serviceAccounts: [defined(account)] } };
    },
  });
}
