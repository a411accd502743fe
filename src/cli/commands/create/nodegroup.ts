import type { Command } from "commander";
import type { ClusterConfig } from "../../../config/types.ts";
import { type ExitCode, exitCode } from "../../../errors.ts";
import type { OnFailure } from "../../../operations/proposal.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { chosenRegion, withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import {
  type FileFlags,
  addFileOption,
  loadConfigFile,
  refuseBesideFile,
  refuseWithoutFile,
} from "../../options/file.ts";
import { nameOf, required } from "../../options/name.ts";
import { type NodegroupFlags, addNodegroupOptions, nodegroupFromFlags } from "../../options/nodegroup.ts";
import { addOnFailureOption } from "../../options/on-failure.ts";
import { addSwitch } from "../../options/parse.ts";
import { type SelectionFlags, addSelectionOptions, selectionOf } from "../../options/selection.ts";
import {
  addUnsupported,
  refuseUnsupported,
  stackOptions,
  unsupportedNodegroupOptions,
} from "../../options/unsupported.ts";
import { randomNodegroupName } from "../../random-name.ts";
import { nodegroupTable } from "../../render/nodegroups.ts";
import { renderTimes } from "../../render/summary.ts";

interface Flags extends FileFlags, NodegroupFlags, SelectionFlags {
  readonly cluster?: string;
  readonly name?: string;
  readonly dryRun?: boolean;
  readonly onFailure: OnFailure;
}

const unsupported = {
  ...stackOptions,
  ...unsupportedNodegroupOptions,
  "--version": "is not supported yet: a managed nodegroup starts with the control plane's version",
  "--subnet-ids": "is not supported yet",
  "--skip-outdated-addons-check": "has no meaning here: add-ons are not checked for this",
  "--update-auth-configmap": "has no meaning here: nodes are let in by access entries",
};

export function define(command: Command): void {
  command.argument("[name]", "nodegroup name (default: made up)");
  addFileOption(command);
  command
    .option("-c, --cluster <name>", "cluster name")
    .option("-n, --name <name>", "nodegroup name (default: made up)");
  addSelectionOptions(command);
  addSwitch(command, "--dry-run", "print the ClusterConfig with all defaults instead of creating anything");
  addOnFailureOption(command);
  addNodegroupOptions(command);
  addUnsupported(command, unsupported);
  addExamples(command, [
    "create nodegroup -f cluster.yaml",
    "create nodegroup -f cluster.yaml --include 'spot-*'",
    "create nodegroup --cluster dev --name big --node-type m6i.4xlarge --nodes 1",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  refuseUnsupported(call, unsupported);
  const config = await configOf(call);
  if (flags.dryRun === true) {
    const { withDefaults } = await import("../../../config/defaults.ts");
    const { formatYaml } = await import("../../../yaml.ts");
    call.io.stdout.write(formatYaml(withDefaults(config)));
    return exitCode.done;
  }
  return withSession(call, { config }, async (connected) => {
    const { proposeCreateNodegroups } = await import("../../../operations/nodegroups.ts");
    const { selects } = await import("../../../operations/select.ts");
    const selected = selects(selectionOf(flags));
    return carryOut(call, connected, () => proposeCreateNodegroups(connected.session, config, selected), {
      ask: "never",
      onFailure: flags.onFailure,
      result: (output) => ({ document: output, table: () => nodegroupTable(output.nodegroups) }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });
}

async function configOf(call: Call<Flags>): Promise<ClusterConfig> {
  const { flags } = call;
  if (flags.configFile !== undefined) {
    refuseBesideFile(call, ["--include", "--exclude", "--dry-run", "--on-failure"]);
    return loadConfigFile(call, flags.configFile);
  }
  refuseWithoutFile(call, ["--include", "--exclude"]);
  const { validateClusterConfig } = await import("../../../config/load.ts");
  const name = nameOf(call, "--name", flags.name) ?? randomNodegroupName();
  const config = {
    apiVersion: "eksctl.io/v1alpha5",
    kind: "ClusterConfig",
    metadata: { name: required(flags.cluster, "--cluster"), region: await chosenRegion(call) },
    managedNodeGroups: [nodegroupFromFlags(name, flags)],
  };
  return validateClusterConfig(config, "flags");
}
