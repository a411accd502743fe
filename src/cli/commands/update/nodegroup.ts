import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import type { Listing } from "../../listing.ts";
import { addExamples } from "../../options/examples.ts";
import { required } from "../../options/name.ts";
import type { AnyNodegroupSummary } from "../../../operations/outputs.ts";
import { type PartFlags, addPartOptions, changePart } from "../../part.ts";
import { nodegroupTable } from "../../render/nodegroups.ts";

const nodegroups: Listing<AnyNodegroupSummary> = {
  title: "nodegroup",
  list: async (session, cluster) =>
    (await import("../../../operations/inventory.ts")).listAllNodegroups(session, cluster),
  table: nodegroupTable,
};

export function define(command: Command): void {
  addPartOptions(command, "nodegroups", "update");
  addExamples(command, ["update nodegroup -f cluster.yaml", "update nodegroup -f cluster.yaml --include 'web-*'"]);
}

export async function run(call: Call<PartFlags>): Promise<ExitCode> {
  required(call.flags.configFile, "--config-file/-f");
  return changePart(call, { part: "nodegroups", verb: "update", listing: nodegroups, sections: () => ({}) });
}
