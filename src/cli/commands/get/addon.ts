import type { Command } from "commander";
import { type ExitCode, FailedError, exitCode } from "../../../errors.ts";
import type { ListedAddon } from "../../../operations/inventory.ts";
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
  command.argument("[name]", "one add-on (default: all)");
  addFileOption(command);
  command.option("-c, --cluster <name>", "cluster name").option("-n, --name <name>", "one add-on (default: all)");
  addExamples(command, ["get addon --cluster dev", "get addon --cluster dev --name vpc-cni -o yaml"]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { configFile, cluster, name } = call.flags;
  if (configFile !== undefined) refuseBesideFile(call, []);
  const file = configFile === undefined ? undefined : (await loadConfigFile(call, configFile)).metadata;
  const clusterName = required(file?.name ?? cluster, "--cluster");
  const one = nameOf(call, "--name", name);
  return withSession(call, file === undefined ? {} : { region: file.region }, async ({ session, listen }) => {
    listen(notesOn(call.terminal));
    const { listAddons } = await import("../../../operations/inventory.ts");
    const all = await listAddons(session, clusterName);
    const shown = one === undefined ? all : all.filter((addon) => addon.name === one);
    if (one !== undefined && shown.length === 0) {
      throw new FailedError(`the cluster ${clusterName} has no add-on ${one}`, {
        hint: all.length === 0 ? "it has none at all" : `it has ${all.map((addon) => addon.name).join(", ")}`,
      });
    }
    await printResult(call, { document: shown, table: () => table(shown) });
    return exitCode.done;
  });
}

function table(addons: readonly ListedAddon[]): readonly string[] {
  if (addons.length === 0) return ["No addons found"];
  return renderTable(
    [
      "NAME",
      "VERSION",
      "STATUS",
      "ISSUES",
      "IAMROLE",
      "UPDATE AVAILABLE",
      "CONFIGURATION VALUES",
      "NAMESPACE",
      "POD IDENTITY ASSOCIATION ROLES",
    ],
    addons.map((addon) => [
      addon.name,
      addon.version,
      addon.status,
      String(addon.issues.length),
      addon.serviceAccountRoleArn ?? "",
      addon.newerVersions.join(","),
      addon.configurationValues ?? "",
      addon.namespace ?? "",
      addon.podIdentityAssociations.map(({ roleArn }) => roleArn).join(","),
    ]),
  );
}
