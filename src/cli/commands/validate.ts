import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../errors.ts";
import type { Call } from "../call.ts";
import { addExamples } from "../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile } from "../options/file.ts";
import { required } from "../options/name.ts";
import { printResult } from "../output.ts";

export function define(command: Command): void {
  addFileOption(command);
  addExamples(command, ["validate -f cluster.yaml", "validate -f - < cluster.yaml"]);
}

export async function run(call: Call<FileFlags>): Promise<ExitCode> {
  const file = required(call.flags.configFile, "--config-file/-f");
  const { metadata, managedNodeGroups = [], addons = [] } = await loadConfigFile(call, file);
  const nodegroups = managedNodeGroups.map(({ name }) => name);
  await printResult(call, {
    document: {
      valid: true,
      file,
      cluster: metadata.name,
      region: metadata.region,
      nodegroups,
      addons: addons.map(({ name }) => name),
    },
    table: () => [`${file} is valid: cluster ${metadata.name} in ${metadata.region}, ${nodegroups.length} nodegroups`],
  });
  return exitCode.done;
}
