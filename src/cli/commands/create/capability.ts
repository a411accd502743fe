import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { required, requiredName } from "../../options/name.ts";
import { json, keyValues, list } from "../../options/parse.ts";
import { defined } from "../../options/section.ts";
import { type PartFlags, addPartOptions, changePart } from "../../part.ts";
import { capabilities } from "../get/capability.ts";

interface Flags extends PartFlags {
  readonly name?: string;
  readonly type?: string;
  readonly roleArn?: string;
  readonly attachPolicyArns?: readonly string[];
  readonly attachPolicy?: unknown;
  readonly deletePropagationPolicy?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export function define(command: Command): void {
  command.argument("[name]", "name of the capability");
  addPartOptions(command, "capabilities", "create");
  command
    .option("-n, --name <name>", "name of the capability")
    .option("--type <type>", "ACK or KRO (ARGOCD needs a file, which says more of it)")
    .option("--role-arn <arn>", "a role that exists (default: one is made)")
    .option("--attach-policy-arns <arns>", "policies of the role that is made", list)
    .option("--attach-policy <json>", "an inline policy of the role that is made", json)
    .option("--delete-propagation-policy <policy>", "RETAIN, which is all that EKS knows")
    .option("--tags <tags>", "tags of capability and role, as key=value,key=value", keyValues);
  addExamples(command, [
    "create capability -f cluster.yaml",
    "create capability --cluster dev --name kro --type KRO",
    "create capability --cluster dev --name ack --type ACK --attach-policy-arns $POLICY_ARN",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  return changePart(call, {
    part: "capabilities",
    verb: "create",
    listing: capabilities,
    sections() {
      const capability = {
        name: requiredName(call),
        type: required(flags.type, "--type"),
        roleArn: flags.roleArn,
        attachPolicyARNs: flags.attachPolicyArns,
        attachPolicy: flags.attachPolicy,
        deletePropagationPolicy: flags.deletePropagationPolicy,
        tags: flags.tags,
      };
      return { capabilities: [defined(capability)] };
    },
  });
}
