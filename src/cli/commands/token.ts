import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../errors.ts";
import { jsonText } from "../../text.ts";
import type { Call } from "../call.ts";
import { withSession } from "../connect.ts";
import { addExamples } from "../options/examples.ts";
import { required } from "../options/name.ts";

interface Flags {
  readonly cluster?: string;
  readonly clusterId?: string;
  readonly roleArn?: string;
}

export function define(command: Command): void {
  command
    .option("-c, --cluster <name>", "cluster name")
    .option("--cluster-id <id>", "id of a local cluster on an Outpost, in place of its name")
    .option("--role-arn <arn>", "role to assume first");
  addExamples(command, ["token --cluster dev --region eu-west-1"]);
}

/** Always JSON: what kubectl expects of an exec plugin. */
export async function run(call: Call<Flags>): Promise<ExitCode> {
  const cluster = call.flags.clusterId ?? required(call.flags.cluster, "--cluster");
  return withSession(call, {}, async ({ session }) => {
    const { clusterToken } = await import("../../operations/token.ts");
    const credential = await clusterToken(session, cluster, {
      execInfo: call.io.env["KUBERNETES_EXEC_INFO"],
      roleArn: call.flags.roleArn,
    });
    call.io.stdout.write(`${jsonText(credential)}\n`);
    return exitCode.done;
  });
}
