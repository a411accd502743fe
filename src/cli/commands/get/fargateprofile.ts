import type { Command } from "commander";
import { type ExitCode, FailedError, exitCode } from "../../../errors.ts";
import type { ListedFargateProfile } from "../../../operations/inventory.ts";
import type { Call } from "../../call.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "../../options/file.ts";
import { nameOf, required } from "../../options/name.ts";
import { printResult } from "../../output.ts";
import { renderTable } from "../../render/table.ts";
import { notesOn } from "../../report/notes.ts";

interface Flags extends FileFlags {
  readonly cluster?: string;
  readonly name?: string;
}

export function define(command: Command): void {
  command.argument("[name]", "one profile (default: all)");
  addFileOption(command);
  command.option("-c, --cluster <name>", "cluster name").option("-n, --name <name>", "one profile (default: all)");
  addExamples(command, ["get fargateprofile --cluster dev", "get fargateprofile --cluster dev --name apps -o yaml"]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { configFile, cluster, name } = call.flags;
  if (configFile !== undefined) refuseBesideFile(call, []);
  const file = configFile === undefined ? undefined : (await loadConfigFile(call, configFile)).metadata;
  const clusterName = required(file?.name ?? cluster, "--cluster");
  const one = nameOf(call, "--name", name);
  return withSession(call, file === undefined ? {} : { region: file.region }, async ({ session, listen }) => {
    listen(notesOn(call.terminal));
    const { listFargateProfiles } = await import("../../../operations/inventory.ts");
    const all = await listFargateProfiles(session, clusterName);
    const shown = one === undefined ? all : all.filter((profile) => profile.name === one);
    if (one !== undefined && shown.length === 0) {
      throw new FailedError(`the cluster ${clusterName} has no Fargate profile ${one}`, {
        hint: all.length === 0 ? "it has none at all" : `it has ${all.map((profile) => profile.name).join(", ")}`,
      });
    }
    await printResult(call, { document: shown, table: () => table(shown) });
    return exitCode.done;
  });
}

/** One line a selector, as in eksctl. */
function table(profiles: readonly ListedFargateProfile[]): readonly string[] {
  if (profiles.length === 0) return ["No Fargate profiles found"];
  return renderTable(
    ["NAME", "SELECTOR_NAMESPACE", "SELECTOR_LABELS", "POD_EXECUTION_ROLE_ARN", "SUBNETS", "TAGS", "STATUS"],
    profiles.flatMap((profile) =>
      profile.selectors.map(({ namespace, labels }) => [
        profile.name,
        namespace,
        pairs(labels),
        profile.podExecutionRoleArn,
        profile.subnetIds.join(","),
        pairs(profile.tags),
        profile.status,
      ]),
    ),
  );
}

function pairs(mapping: Readonly<Record<string, string>>): string {
  return Object.entries(mapping)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
