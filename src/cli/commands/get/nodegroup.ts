import type { Command } from "commander";
import { type ExitCode, FailedError, exitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "../../options/file.ts";
import { nameOf, required } from "../../options/name.ts";
import { printResult } from "../../output.ts";
import { nodegroupTable } from "../../render/nodegroups.ts";
import { notesOn } from "../../report/notes.ts";

interface Flags extends FileFlags {
  readonly cluster?: string;
  readonly name?: string;
}

export function define(command: Command): void {
  command.argument("[name]", "one nodegroup (default: all)");
  addFileOption(command);
  command.option("-c, --cluster <name>", "cluster name").option("-n, --name <name>", "one nodegroup (default: all)");
  addExamples(command, ["get nodegroup --cluster dev", "get nodegroup -f cluster.yaml -o json"]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { configFile, cluster, name } = call.flags;
  if (configFile !== undefined) refuseBesideFile(call, []);
  const file = configFile === undefined ? undefined : (await loadConfigFile(call, configFile)).metadata;
  const clusterName = required(file?.name ?? cluster, "--cluster");
  const one = nameOf(call, "--name", name);
  return withSession(call, file === undefined ? {} : { region: file.region }, async ({ session, listen }) => {
    listen(notesOn(call.terminal));
    const { listAllNodegroups } = await import("../../../operations/inventory.ts");
    const all = await listAllNodegroups(session, clusterName);
    const shown = one === undefined ? all : all.filter((group) => group.name === one);
    if (one !== undefined && shown.length === 0) {
      throw new FailedError(`the cluster ${clusterName} has no nodegroup ${one}`, {
        hint: all.length === 0 ? "it has none at all" : `it has ${all.map((group) => group.name).join(", ")}`,
      });
    }
    await printResult(call, {
      document: shown,
      table: () => [
        ...nodegroupTable(shown),
        ...shown.flatMap((group) => (group.detail === undefined ? [] : [`${group.name}: ${group.detail}`])),
      ],
    });
    return exitCode.done;
  });
}
