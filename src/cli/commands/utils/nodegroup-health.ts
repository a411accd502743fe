import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { required, requiredName } from "../../options/name.ts";
import { printResult } from "../../output.ts";
import { renderTable } from "../../render/table.ts";

interface Flags {
  readonly cluster?: string;
  readonly name?: string;
}

export function define(command: Command): void {
  command
    .argument("[name]", "nodegroup name")
    .option("-c, --cluster <name>", "cluster name")
    .option("-n, --name <name>", "nodegroup name");
  addExamples(command, ["utils nodegroup-health --cluster dev --name workers"]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const cluster = required(call.flags.cluster, "--cluster");
  const nodegroup = requiredName(call);
  return withSession(call, {}, async ({ session }) => {
    const { nodegroupIssues } = await import("../../../operations/nodegroup-health.ts");
    const issues = await nodegroupIssues(session, cluster, nodegroup);
    await printResult(call, {
      document: issues,
      table: () =>
        issues.length === 0
          ? [`EKS reports nothing wrong with ${nodegroup}`]
          : renderTable(
              ["CODE", "MESSAGE", "RESOURCES"],
              issues.map(({ code = "", message = "", resourceIds = [] }) => [code, message, resourceIds.join(",")]),
            ),
    });
    return exitCode.done;
  });
}
