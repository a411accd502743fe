import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { requiredName } from "../../options/name.ts";
import { list } from "../../options/parse.ts";
import { type PartFlags, addPartOptions, changePart, there } from "../../part.ts";
import { serviceAccounts } from "../get/iamserviceaccount.ts";

interface Flags extends PartFlags {
  readonly name?: string;
  readonly namespace: string;
  readonly attachPolicyArn?: readonly string[];
}

export function define(command: Command): void {
  command.argument("[name]", "name of the service account");
  addPartOptions(command, "service accounts, as namespace/name,", "update");
  command
    .option("-n, --name <name>", "name of the service account")
    .option("--namespace <name>", "its namespace", "default")
    .option("--attach-policy-arn <arns>", "the policies of its role, in place of those that ekstool attached", list);
  addExamples(command, [
    "update iamserviceaccount -f cluster.yaml",
    "update iamserviceaccount --cluster dev --namespace shop --name cart --attach-policy-arn $POLICY_ARN",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  return changePart(call, {
    part: "serviceAccounts",
    verb: "update",
    listing: serviceAccounts,
    async sections(session) {
      const { namespace, attachPolicyArn: attachPolicyARNs = [] } = flags;
      const name = requiredName(call);
      await there(call, session, serviceAccounts, `${namespace}/${name}`);
      // The account itself stays as it is.
      return {
        iam: { withOIDC: true, serviceAccounts: [{ metadata: { name, namespace }, roleOnly: true, attachPolicyARNs }] },
      };
    },
  });
}
