import type { Command } from "commander";
import { type ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { requiredName } from "../../options/name.ts";
import { addSwitch } from "../../options/parse.ts";
import { defined } from "../../options/section.ts";
import { type PartFlags, addPartOptions, changePart, there } from "../../part.ts";
import { addons } from "../get/addon.ts";

interface Flags extends PartFlags {
  readonly name?: string;
  readonly version?: string;
  readonly serviceAccountRoleArn?: string;
  readonly force?: boolean;
}

export function define(command: Command): void {
  command.argument("[name]", "add-on name");
  addPartOptions(command, "add-ons", "update");
  command
    .option("-n, --name <name>", "add-on name")
    .option("--version <version>", "version, or latest (default: as it is)")
    .option("--service-account-role-arn <arn>", "a role for its service account (default: as it is)");
  addSwitch(command, "--force", "overwrite what somebody changed of it in the cluster");
  addExamples(command, ["update addon -f cluster.yaml", "update addon --cluster dev --name vpc-cni --version latest"]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { version, serviceAccountRoleArn, force } = call.flags;
  return changePart(call, {
    part: "addons",
    verb: "update",
    listing: addons,
    async sections(session) {
      const name = requiredName(call);
      const live = await there(call, session, addons, name);
      const associations = live.podIdentityAssociations.map(({ serviceAccount, roleArn }) => ({
        namespace: live.namespace ?? "kube-system",
        serviceAccountName: serviceAccount,
        roleARN: roleArn,
      }));
      const addon = {
        name,
        version,
        serviceAccountRoleARN: serviceAccountRoleArn ?? live.serviceAccountRoleArn ?? undefined,
        podIdentityAssociations: associations.length > 0 ? associations : undefined,
        configurationValues: live.configurationValues ?? undefined,
        resolveConflicts: force === true ? "OVERWRITE" : undefined,
      };
      // A file that has such associations lists what brings them to the pods.
      const agent = "eks-pod-identity-agent";
      const needsAgent = associations.length > 0 && name !== agent;
      return { addons: [defined(addon), ...(needsAgent ? [{ name: agent }] : [])] };
    },
  });
}
