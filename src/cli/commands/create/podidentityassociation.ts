import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { addSwitch, keyValues, list } from "../../options/parse.ts";
import { type AssociationNameFlags, addAssociationNameOptions, associationOf } from "../../options/service-account.ts";
import { defined } from "../../options/section.ts";
import { type PartFlags, addPartOptions, changePart } from "../../part.ts";
import { podIdentityAssociations } from "../get/podidentityassociation.ts";

interface Flags extends PartFlags, AssociationNameFlags {
  readonly roleArn?: string;
  readonly roleName?: string;
  readonly permissionPolicyArns?: readonly string[];
  readonly wellKnownPolicies?: readonly string[];
  readonly permissionBoundaryArn?: string;
  readonly createServiceAccount?: boolean;
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export function define(command: Command): void {
  addPartOptions(command, "associations, as namespace/name,", "create");
  addAssociationNameOptions(command);
  command
    .option("--role-arn <arn>", "a role that exists")
    .option("--role-name <name>", "name of the role that is made")
    .option("--permission-policy-arns <arns>", "policies of the role that is made", list)
    .option("--well-known-policies <names>", "as in the file: autoScaler, externalDNS ...", list)
    .option("--permission-boundary-arn <arn>", "permissions boundary of the role that is made");
  addSwitch(command, "--create-service-account", "make the service account in Kubernetes, too");
  command.option("--target-role-arn <arn>", "a role of another account, which that role assumes");
  addSwitch(command, "--disable-session-tags", "sessions carry no tags");
  command
    .option("--policy <json>", "policy of sessions; needs --disable-session-tags")
    .option("--tags <tags>", "tags of association and role, as key=value,key=value", keyValues);
  addExamples(command, [
    "create podidentityassociation -f cluster.yaml --include 'shop/*'",
    "create podidentityassociation --cluster dev --namespace shop --service-account-name cart --well-known-policies externalDNS",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  return changePart(call, {
    part: "podIdentityAssociations",
    verb: "create",
    listing: podIdentityAssociations,
    sections() {
      const { flags } = call;
      const association = {
        ...associationOf(flags),
        roleARN: flags.roleArn,
        roleName: flags.roleName,
        permissionPolicyARNs: flags.permissionPolicyArns,
        wellKnownPolicies:
          flags.wellKnownPolicies && Object.fromEntries(flags.wellKnownPolicies.map((name) => [name, true])),
        permissionsBoundaryARN: flags.permissionBoundaryArn,
        createServiceAccount: flags.createServiceAccount,
        targetRoleARN: flags.targetRoleArn,
        disableSessionTags: flags.disableSessionTags,
        policy: flags.policy,
        tags: flags.tags,
      };
      return { iam: { podIdentityAssociations: [defined(association)] }, addons: [{ name: "eks-pod-identity-agent" }] };
    },
  });
}
