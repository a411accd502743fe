import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { addSwitch, list } from "../../options/parse.ts";
import { printResult } from "../../output.ts";
import { renderTable } from "../../render/table.ts";

interface Flags {
  readonly clusterVersions?: readonly string[];
  readonly status?: string;
  readonly defaultOnly?: boolean;
  readonly includeAll?: boolean;
}

export function define(command: Command): void {
  command
    .option("--cluster-versions <versions>", "only these, as 1.33,1.34", list)
    .option("--status <status>", "only these: standard-support, extended-support, unsupported");
  addSwitch(command, "--default-only", "only the one that EKS takes when none is asked for");
  addSwitch(command, "--include-all", "also those that EKS supports no more");
  addExamples(command, [
    "utils describe-cluster-versions --region us-west-2",
    "utils describe-cluster-versions -o json",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { clusterVersions = [], status, defaultOnly = false, includeAll = false } = call.flags;
  return withSession(call, {}, async ({ session }) => {
    const { describeClusterVersions } = await import("../../../operations/versions.ts");
    const versions = await describeClusterVersions(session, {
      versions: clusterVersions,
      defaultOnly,
      includeAll: includeAll || status !== undefined,
      ...(status === undefined ? {} : { status }),
    });
    await printResult(call, {
      document: versions,
      table: () =>
        renderTable(
          ["VERSION", "DEFAULT", "STATUS", "END OF STANDARD SUPPORT", "END OF EXTENDED SUPPORT"],
          versions.map((one) => [
            one.version,
            one.default ? "yes" : "",
            one.status,
            one.endOfStandardSupport ?? "",
            one.endOfExtendedSupport ?? "",
          ]),
        ),
    });
    return exitCode.done;
  });
}
