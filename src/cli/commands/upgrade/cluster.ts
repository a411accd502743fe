import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ClusterUpgrade } from "../../../operations/upgrade-cluster.ts";
import { approved, addApproval } from "../../approval.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "../../options/file.ts";
import { requiredName } from "../../options/name.ts";
import { addSwitch } from "../../options/parse.ts";
import { addUnsupported, refuseUnsupported } from "../../options/unsupported.ts";
import { renderRemaining } from "../../render/remaining.ts";
import { renderTimes } from "../../render/summary.ts";
import { renderTable } from "../../render/table.ts";

interface Flags extends FileFlags {
  readonly name?: string;
  readonly version?: string;
  readonly force?: boolean;
  readonly approve?: boolean;
}

const unsupported = { "--dry-run": "is not needed: the plan is shown, and asked about, before anything is done" };

export function define(command: Command): void {
  command.argument("[name]", "cluster name");
  addFileOption(command);
  command
    .option("-n, --name <name>", "cluster name")
    .option(
      "--version <version>",
      "Kubernetes version to go to, one minor after the other; the one before: takes the last upgrade back (default: the next one)",
    );
  addSwitch(command, "--force", "go on although EKS's upgrade insights report errors");
  addApproval(command);
  command.option("-w, --wait", "as always: wait until it is done");
  addUnsupported(command, unsupported);
  addExamples(command, [
    "upgrade cluster --name dev",
    "upgrade cluster --name dev --version 1.35",
    "upgrade cluster -f cluster.yaml",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  refuseUnsupported(call, unsupported);
  const { region, ...request } = await requestOf(call);
  return withSession(call, region === undefined ? {} : { region }, async (connected) => {
    const { proposeClusterUpgrade } = await import("../../../operations/upgrade-cluster.ts");
    return carryOut(approved(call), connected, () => proposeClusterUpgrade(connected.session, request), {
      ask: "risks",
      onFailure: "keep",
      result: (output) => ({
        document: output,
        table: () =>
          renderTable(
            ["NAME", "REGION", "VERSION", "STATUS"],
            [[output.cluster.name, output.cluster.region, output.cluster.version, output.cluster.status]],
          ),
      }),
      summary: (_output, result) => [...renderTimes(result, call), ...renderRemaining(result, call)],
    });
  });
}

async function requestOf(call: Call<Flags>): Promise<ClusterUpgrade & { readonly region?: string }> {
  const { configFile, version, force = false } = call.flags;
  if (configFile === undefined) {
    return { cluster: requiredName(call), force, ...(version === undefined ? {} : { version }) };
  }
  refuseBesideFile(call, ["--force", "--approve", "--wait"]);
  const { metadata } = await loadConfigFile(call, configFile);
  const rollbackMinutes = metadata.rollbackConfig?.timeoutMinutes;
  return {
    cluster: metadata.name,
    region: metadata.region,
    force: force || metadata.forceUpdateVersion === true,
    ...(metadata.version === undefined ? {} : { version: metadata.version }),
    ...(rollbackMinutes === undefined ? {} : { rollbackMinutes }),
  };
}
