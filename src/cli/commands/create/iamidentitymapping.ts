import type { Command } from "commander";
import type { ClusterConfig } from "../../../config/types.ts";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "../../options/file.ts";
import { list } from "../../options/parse.ts";
import { defined } from "../../options/section.ts";
import { configOf } from "../../part.ts";
import { renderTimes } from "../../render/summary.ts";
import { identityMappings } from "../get/iamidentitymapping.ts";

interface Flags extends FileFlags {
  readonly cluster?: string;
  readonly arn?: string;
  readonly username?: string;
  readonly group?: readonly string[];
  readonly account?: string;
  readonly serviceName?: string;
  readonly namespace?: string;
  readonly duplicateArns: boolean;
}

export function define(command: Command): void {
  addFileOption(command);
  command
    .option("-c, --cluster <name>", "cluster name")
    .option("--arn <arn>", "the IAM role or user")
    .option("--username <name>", "its name in Kubernetes (default: the ARN)")
    .option("--group <groups>", "groups that it is in", list)
    .option("--account <id>", "an account, whose roles and users all come in under their ARNs")
    .option("--service-name <name>", "emr-containers, for Amazon EMR on EKS")
    .option("--namespace <name>", "the namespace that the service works in")
    .option("--no-duplicate-arns", "refuse a principal that is mapped already, instead of changing its mapping");
  addExamples(command, [
    "create iamidentitymapping -f cluster.yaml",
    "create iamidentitymapping --cluster dev --arn $ROLE_ARN --username deployer --group deployers",
    "create iamidentitymapping --cluster dev --service-name emr-containers --namespace jobs",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  const config = await mappingsOf(call);
  const { name: cluster, region } = config.metadata;
  const wanted = { listed: config.iamIdentityMappings ?? [], noDuplicates: !flags.duplicateArns };
  return withSession(call, { region }, async (connected) => {
    const { proposeMappings } = await import("../../../operations/identity-mappings.ts");
    return carryOut(call, connected, () => proposeMappings(connected.session, cluster, wanted), {
      // Options name the one thing.
      ask: flags.configFile === undefined ? "on a foreign cluster" : "risks",
      onFailure: "keep",
      result: (mappings) => ({ document: mappings, table: () => identityMappings.table(mappings) }),
      summary: (_mappings, result) => renderTimes(result, call),
    });
  });
}

async function mappingsOf(call: Call<Flags>): Promise<ClusterConfig> {
  const { configFile, arn, username, group: groups, account, serviceName, namespace } = call.flags;
  if (configFile === undefined) {
    const mapping = defined({ arn, username, groups, account, serviceName, namespace });
    return configOf(call, { iamIdentityMappings: [mapping] });
  }
  refuseBesideFile(call, ["--no-duplicate-arns"]);
  return loadConfigFile(call, configFile);
}
