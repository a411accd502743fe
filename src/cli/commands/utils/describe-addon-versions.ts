import type { Command } from "commander";
import { type ExitCode, InputError, exitCode } from "../../../errors.ts";
import type { AddonQuery } from "../../../operations/addon-versions.ts";
import type { Call } from "../../call.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { list } from "../../options/parse.ts";
import { printResult } from "../../output.ts";
import { renderTable } from "../../render/table.ts";

export function define(command: Command): void {
  command
    .option("-n, --name <name>", "only this add-on")
    .option("--kubernetes-version <version>", "only what goes with this version")
    .option("-c, --cluster <name>", "only what goes with this cluster's version")
    .option("--types <types>", "only of these types, as networking,storage", list)
    .option("--owners <owners>", "only of these owners, as aws,community", list)
    .option("--publishers <publishers>", "only of these publishers, as eks", list);
  addExamples(command, [
    "utils describe-addon-versions --cluster dev",
    "utils describe-addon-versions --name vpc-cni --kubernetes-version 1.34 -o json",
  ]);
}

export async function run(call: Call<AddonQuery>): Promise<ExitCode> {
  const { flags } = call;
  if (flags.cluster !== undefined && flags.kubernetesVersion !== undefined) {
    throw new InputError("--cluster and --kubernetes-version cannot be used together");
  }
  return withSession(call, {}, async ({ session }) => {
    const { describeAddonVersions } = await import("../../../operations/addon-versions.ts");
    const addons = await describeAddonVersions(session, flags);
    await printResult(call, {
      document: addons,
      table: () =>
        renderTable(
          ["NAME", "TYPE", "OWNER", "PUBLISHER", "VERSIONS"],
          addons.map(({ addonName = "", type = "", owner = "", publisher = "", addonVersions = [] }) => [
            addonName,
            type,
            owner,
            publisher,
            addonVersions.map(({ addonVersion }) => addonVersion).join(","),
          ]),
        ),
    });
    return exitCode.done;
  });
}
