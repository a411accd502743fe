import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { withSession } from "../../connect.ts";
import { type LabelFlags, addNodegroupOptions, labelTable } from "../../labels.ts";
import { noSuch } from "../../listing.ts";
import { addExamples } from "../../options/examples.ts";
import { required } from "../../options/name.ts";
import { printResult } from "../../output.ts";

export function define(command: Command): void {
  addNodegroupOptions(command);
  addExamples(command, ["get labels --cluster dev", "get labels --cluster dev --nodegroup workers -o json"]);
}

export async function run(call: Call<LabelFlags>): Promise<ExitCode> {
  const { nodegroup } = call.flags;
  const cluster = required(call.flags.cluster, "--cluster");
  return withSession(call, {}, async ({ session }) => {
    const { listNodegroups } = await import("../../../operations/inventory.ts");
    const all = await listNodegroups(session, cluster);
    const shown = all.filter(({ name }) => nodegroup === undefined || name === nodegroup);
    if (nodegroup !== undefined && shown.length === 0) {
      throw noSuch(
        cluster,
        `managed nodegroup ${nodegroup}`,
        all.map(({ name }) => name),
      );
    }
    const document = shown.map(({ name, labels }) => ({ cluster, name, labels }));
    await printResult(call, { document, table: () => labelTable(document) });
    return exitCode.done;
  });
}
