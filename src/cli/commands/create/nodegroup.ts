import type { Command } from "commander";
import type { ClusterConfig } from "../../../config/types.ts";
import { type ExitCode, exitCode } from "../../../errors.ts";
import type { OnFailure } from "../../../operations/proposal.ts";
import type { Session } from "../../../operations/session.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { chosenRegion, withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import {
  type DevicePluginFlags,
  addDevicePluginOptions,
  devicePluginOptionNames,
  withoutDevicePlugins,
} from "../../options/device-plugins.ts";
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
import { addSwitch, list } from "../../options/parse.ts";
import { type SelectionFlags, addSelectionOptions, selectionOf } from "../../options/selection.ts";
import { defined } from "../../options/section.ts";
import {
  addUnsupported,
  refuseUnsupported,
  stackOptions,
  unsupportedNodegroupOptions,
} from "../../options/unsupported.ts";
import { randomNodegroupName } from "../../random-name.ts";
import { nodegroupTable } from "../../render/nodegroups.ts";
import { renderTimes } from "../../render/summary.ts";

interface Flags extends FileFlags, NodegroupFlags, SelectionFlags, DevicePluginFlags {
  readonly cluster?: string;
  readonly name?: string;
  readonly subnetIds?: readonly string[];
  readonly dryRun?: boolean;
  readonly onFailure: OnFailure;
}

const unsupported = {
  ...stackOptions,
  ...unsupportedNodegroupOptions,
  "--version": "is not needed: a nodegroup starts with the control plane's version",
  "--skip-outdated-addons-check": "has no meaning here: add-ons are not checked for this",
  "--update-auth-configmap": "has no meaning here: nodes are let in by access entries",
};

export function define(command: Command): void {
  command.argument("[name]", "nodegroup name (default: made up)");
  addFileOption(command);
  command
    .option("-c, --cluster <name>", "cluster name")
    .option("-n, --name <name>", "nodegroup name (default: made up)");
  command.option("--subnet-ids <ids>", "subnets of a VPC that exists (default: the cluster's)", list);
  addSelectionOptions(command);
  addSwitch(command, "--dry-run", "print the ClusterConfig with all defaults instead of creating anything");
  addOnFailureOption(command);
  addNodegroupOptions(command);
  addDevicePluginOptions(command);
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
    const placed = flags.configFile === undefined ? await placedLikeCluster(connected.session, config) : config;
    const { selects } = await import("../../../operations/select.ts");
    const selected = selects(selectionOf(flags));
    const options = { withoutDevicePlugins: withoutDevicePlugins(flags) };
    return carryOut(call, connected, () => proposeCreateNodegroups(connected.session, placed, selected, options), {
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
    refuseBesideFile(call, ["--include", "--exclude", "--dry-run", "--on-failure", ...devicePluginOptionNames]);
    return loadConfigFile(call, flags.configFile);
  }
  refuseWithoutFile(call, ["--include", "--exclude"]);
  const { validateClusterConfig } = await import("../../../config/load.ts");
  const name = nameOf(call, "--name", flags.name) ?? randomNodegroupName();
  const config = {
    apiVersion: "eksctl.io/v1alpha5",
    kind: "ClusterConfig",
    metadata: { name: required(flags.cluster, "--cluster"), region: await chosenRegion(call) },
    ...nodegroupFromFlags(name, flags, defined({ subnets: flags.subnetIds })),
  };
  return validateClusterConfig(config, "flags");
}

/** Options do not say where the cluster lives: where that is not in a VPC of its own, the cluster does. */
async function placedLikeCluster(session: Session, config: ClusterConfig): Promise<ClusterConfig> {
  const { liveNetwork } = await import("../../../operations/live-network.ts");
  const { validateClusterConfig } = await import("../../../config/load.ts");
  const vpc = await liveNetwork(session, config.metadata.name);
  return vpc === undefined ? config : validateClusterConfig({ ...config, vpc }, "flags");
}
