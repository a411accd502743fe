import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ListedCapability } from "../../../operations/inventory.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { required, requiredName } from "../../options/name.ts";
import { defined } from "../../options/section.ts";
import { type PartFlags, addPartOptions, changePart, there } from "../../part.ts";
import { capabilities } from "../get/capability.ts";

interface Flags extends PartFlags {
  readonly name?: string;
  readonly roleArn?: string;
}

export function define(command: Command): void {
  command.argument("[name]", "name of the capability");
  addPartOptions(command, "capabilities", "update");
  command
    .option("-n, --name <name>", "name of the capability")
    .option("--role-arn <arn>", "another role (what else can change, a file says)");
  addExamples(command, [
    "update capability -f cluster.yaml",
    "update capability --cluster dev --name ack --role-arn $ROLE_ARN",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  return changePart(call, {
    part: "capabilities",
    verb: "update",
    listing: capabilities,
    async sections(session) {
      const roleArn = required(flags.roleArn, "--role-arn");
      const name = requiredName(call);
      const live = await there(call, session, capabilities, name);
      return { capabilities: [defined({ name, type: live.type, roleArn, configuration: configurationOf(live) })] };
    },
  });
}

/** What a file has to say of Argo CD. */
function configurationOf({ argoCd }: ListedCapability) {
  return argoCd === null ? undefined : { argocd: { awsIdc: { idcInstanceArn: argoCd.idcInstanceArn } } };
}
