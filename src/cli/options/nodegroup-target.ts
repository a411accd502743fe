import type { Command } from "commander";
import type { ClusterConfig } from "../../config/types.ts";
import type { Call } from "../call.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile, refuseWithoutFile } from "./file.ts";
import { required, requiredName } from "./name.ts";
import { addSwitch } from "./parse.ts";
import { type FileSelectionFlags, addSelectionOptions, selectionOf } from "./selection.ts";

/** Which nodegroups of a cluster a command is about: one by its name, or those that a file selects. */
export interface NodegroupTargetFlags extends FileFlags, FileSelectionFlags {
  readonly cluster?: string;
  readonly name?: string;
}

export interface NodegroupTarget {
  readonly cluster: string;
  /** The file's. */
  readonly region?: string;
  readonly chosen: string | ((name: string) => boolean);
}

const onlyWithFile = ["--include", "--exclude", "--only-missing"];

export function addNodegroupTarget(command: Command): void {
  command.argument("[name]", "nodegroup name");
  addFileOption(command);
  command.option("-c, --cluster <name>", "cluster name").option("-n, --name <name>", "nodegroup name");
  addSelectionOptions(command);
  addSwitch(command, "--only-missing", "those in the cluster that the file does not list");
}

/**
 * @param besideFile the command's other options that may stand beside a file.
 * @throws InputError where neither a name nor a file is given.
 */
export async function nodegroupTarget(
  call: Call<NodegroupTargetFlags>,
  besideFile: readonly string[],
): Promise<NodegroupTarget> {
  const { flags } = call;
  if (flags.configFile === undefined) {
    refuseWithoutFile(call, onlyWithFile);
    const cluster = required(flags.cluster, "--cluster");
    return { cluster, chosen: requiredName(call) };
  }
  refuseBesideFile(call, [...onlyWithFile, ...besideFile]);
  const config = await loadConfigFile(call, flags.configFile);
  const { name: cluster, region } = config.metadata;
  return { cluster, region, chosen: await selectedByFile(flags, config) };
}

/** Is a nodegroup of the cluster meant: one that the file lists or, with `--only-missing`, one that it does not? */
async function selectedByFile(flags: FileSelectionFlags, config: ClusterConfig): Promise<(name: string) => boolean> {
  const { nodegroupNames } = await import("../../config/nodegroup-names.ts");
  const { selects } = await import("../../operations/select.ts");
  const listed = new Set(nodegroupNames(config));
  const selected = selects(selectionOf(flags));
  return (name) => listed.has(name) !== (flags.onlyMissing === true) && selected(name);
}
