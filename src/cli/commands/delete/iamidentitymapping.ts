import type { Command } from "commander";
import { type ExitCode, InputError } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "../../options/file.ts";
import { required } from "../../options/name.ts";
import { addSwitch } from "../../options/parse.ts";
import { renderTimes } from "../../render/summary.ts";

interface Flags extends FileFlags {
  readonly cluster?: string;
  readonly arn?: string;
  readonly account?: string;
  readonly all?: boolean;
}

export function define(command: Command): void {
  addFileOption(command);
  command
    .option("-c, --cluster <name>", "cluster name (with -f: the file's)")
    .option("--arn <arn>", "the IAM role or user")
    .option("--account <id>", "an account that is mapped as a whole");
  addSwitch(command, "--all", "every row of it, where others have written several");
  addExamples(command, [
    "delete iamidentitymapping --cluster dev --arn $ROLE_ARN",
    'delete iamidentitymapping --cluster dev --account "111122223333"',
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { arn, account, all = false } = call.flags;
  const name = arn ?? account;
  if (name === undefined || (arn ?? account) !== (account ?? arn))
    throw new InputError("say which: either --arn or --account");
  const { cluster, region } = await clusterOf(call);
  return withSession(call, region === undefined ? {} : { region }, async (connected) => {
    const { proposeMappingRemoval } = await import("../../../operations/identity-mappings.ts");
    return carryOut(call, connected, () => proposeMappingRemoval(connected.session, cluster, name, all), {
      ask: "always",
      onFailure: "keep",
      result: (output) => ({ document: output, table: () => [`deleted the mapping of ${output.deleted}`] }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });
}

async function clusterOf(call: Call<Flags>) {
  const { configFile, cluster } = call.flags;
  if (configFile === undefined) return { cluster: required(cluster, "--cluster") };
  refuseBesideFile(call, ["--arn", "--account", "--all"]);
  const { name, region } = (await loadConfigFile(call, configFile)).metadata;
  return { cluster: name, region };
}
