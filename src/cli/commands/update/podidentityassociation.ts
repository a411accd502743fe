import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { addSwitch } from "../../options/parse.ts";
import { type AssociationNameFlags, addAssociationNameOptions, associationOf } from "../../options/service-account.ts";
import { defined } from "../../options/section.ts";
import { type PartFlags, addPartOptions, changePart, there } from "../../part.ts";
import { podIdentityAssociations } from "../get/podidentityassociation.ts";

interface Flags extends PartFlags, AssociationNameFlags {
  readonly roleArn?: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  readonly policy?: string;
}

export function define(command: Command): void {
  addPartOptions(command, "associations, as namespace/name,", "update");
  addAssociationNameOptions(command);
  command
    .option("--role-arn <arn>", "another role (default: as it is)")
    .option("--target-role-arn <arn>", "a role of another account, which that role assumes");
  addSwitch(command, "--disable-session-tags", "sessions carry no tags");
  command.option("--policy <json>", "policy of sessions; needs --disable-session-tags");
  addExamples(command, [
    "update podidentityassociation -f cluster.yaml",
    "update podidentityassociation --cluster dev --namespace shop --service-account-name cart --role-arn $ROLE_ARN",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  return changePart(call, {
    part: "podIdentityAssociations",
    verb: "update",
    listing: podIdentityAssociations,
    async sections(session) {
      const { namespace, serviceAccountName } = associationOf(flags);
      const live = await there(call, session, podIdentityAssociations, `${namespace}/${serviceAccountName}`);
      const association = {
        namespace,
        serviceAccountName,
        roleARN: flags.roleArn ?? live.roleArn,
        targetRoleARN: flags.targetRoleArn,
        disableSessionTags: flags.disableSessionTags,
        policy: flags.policy,
      };
      return { iam: { podIdentityAssociations: [defined(association)] }, addons: [{ name: "eks-pod-identity-agent" }] };
    },
  });
}
