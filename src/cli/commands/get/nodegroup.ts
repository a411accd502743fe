import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { AnyNodegroupSummary } from "../../../operations/outputs.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type ListingFlags, addListingOptions, printListing } from "../../listing.ts";
import { nodegroupTable } from "../../render/nodegroups.ts";

export function define(command: Command): void {
  addListingOptions(command, "nodegroup");
  addExamples(command, ["get nodegroup --cluster dev", "get nodegroup -f cluster.yaml -o json"]);
}

export function run(call: Call<ListingFlags>): Promise<ExitCode> {
  return printListing(call, {
    title: "nodegroup",
    list: async (session, cluster) =>
      (await import("../../../operations/inventory.ts")).listAllNodegroups(session, cluster),
    table,
  });
}

/** Beneath it AWS's own words, where something is wrong. */
function table(nodegroups: readonly AnyNodegroupSummary[]): readonly string[] {
  return [
    ...nodegroupTable(nodegroups),
    ...nodegroups.flatMap(({ name, detail }) => (detail === undefined ? [] : [`${name}: ${detail}`])),
  ];
}
