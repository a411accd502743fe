import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { requiredName } from "../../options/name.ts";
import { addSwitch, keyValues, list } from "../../options/parse.ts";
import { defined } from "../../options/section.ts";
import { type PartFlags, addPartOptions, changePart } from "../../part.ts";
import { addons } from "../get/addon.ts";

interface Flags extends PartFlags {
  readonly name?: string;
  readonly version?: string;
  readonly serviceAccountRoleArn?: string;
  readonly attachPolicyArn?: readonly string[];
  readonly autoApplyPodIdentityAssociations?: boolean;
  readonly force?: boolean;
  readonly namespaceConfig?: Readonly<Record<string, string>>;
}

export function define(command: Command): void {
  command.argument("[name]", "add-on name");
  addPartOptions(command, "add-ons", "create");
  command
    .option("-n, --name <name>", "add-on name")
    .option("--version <version>", "version, or latest (default: the one that EKS has for the cluster)")
    .option("--service-account-role-arn <arn>", "a role for its service account")
    .option("--attach-policy-arn <arns>", "policies of a role that is made for its service account (OIDC)", list);
  addSwitch(
    command,
    "--auto-apply-pod-identity-associations",
    "make the pod identity associations that AWS recommends",
  );
  addSwitch(command, "--force", "overwrite what is there of it in the cluster (default: true)");
  command.option("--namespace-config <namespace>", "where to install it, as namespace=name", keyValues);
  addExamples(command, [
    "create addon -f cluster.yaml",
    "create addon --cluster dev --name aws-ebs-csi-driver --auto-apply-pod-identity-associations",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  return changePart(call, {
    part: "addons",
    verb: "create",
    listing: addons,
    sections() {
      const { flags } = call;
      const addon = {
        name: requiredName(call),
        version: flags.version,
        serviceAccountRoleARN: flags.serviceAccountRoleArn,
        attachPolicyARNs: flags.attachPolicyArn,
        namespaceConfig: flags.namespaceConfig,
      };
      if (flags.autoApplyPodIdentityAssociations !== true) return { addons: [defined(addon)] };
      // It brings the credentials of such associations to the pods.
      const agent = "eks-pod-identity-agent";
      const addons = [defined(addon), ...(addon.name === agent ? [] : [{ name: agent }])];
      return { addons, addonsConfig: { autoApplyPodIdentityAssociations: true } };
    },
  });
}
