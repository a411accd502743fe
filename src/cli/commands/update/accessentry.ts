import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { required } from "../../options/name.ts";
import { list } from "../../options/parse.ts";
import { defined } from "../../options/section.ts";
import { type PartFlags, addPartOptions, changePart, there } from "../../part.ts";
import { accessEntries } from "../get/accessentry.ts";

interface Flags extends PartFlags {
  readonly principalArn?: string;
  readonly kubernetesGroups?: readonly string[];
  readonly kubernetesUsername?: string;
}

export function define(command: Command): void {
  addPartOptions(command, "access entries", "update");
  command
    .option("--principal-arn <arn>", "the IAM role or user")
    .option("--kubernetes-groups <groups>", "groups that it is in, for RBAC (default: as they are)", list)
    .option("--kubernetes-username <name>", "its name, for RBAC (default: as it is)");
  addExamples(command, [
    "update accessentry -f cluster.yaml",
    "update accessentry --cluster dev --principal-arn $ROLE_ARN --kubernetes-groups deployers",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { principalArn, kubernetesGroups, kubernetesUsername } = call.flags;
  return changePart(call, {
    part: "accessEntries",
    verb: "update",
    listing: accessEntries,
    async sections(session) {
      const principalARN = required(principalArn, "--principal-arn");
      const { type, policies } = await there(call, session, accessEntries, principalARN);
      const accessPolicies = policies.map(({ policyArn, scope }) => ({
        policyARN: policyArn,
        accessScope: scope.type === "cluster" ? { type: scope.type } : scope,
      }));
      const entry = { principalARN, type, kubernetesGroups, kubernetesUsername, accessPolicies };
      return { accessConfig: { accessEntries: [defined(entry)] } };
    },
  });
}
