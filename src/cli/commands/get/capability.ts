import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ListedCapability } from "../../../operations/inventory.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type Listing, type ListingFlags, addListingOptions, printListing } from "../../listing.ts";
import { renderTable } from "../../render/table.ts";

export const capabilities: Listing<ListedCapability> = {
  title: "capability",
  list: async (session, cluster) =>
    (await import("../../../operations/inventory.ts")).listCapabilities(session, cluster),
  table: (all) =>
    all.length === 0
      ? ["No capabilities found"]
      : renderTable(
          ["NAME", "TYPE", "STATUS", "VERSION", "SERVER URL"],
          all.map(({ name, type, status, version, argoCd }) => [
            name,
            type,
            status,
            version ?? "",
            argoCd?.serverUrl ?? "",
          ]),
        ),
};

export function define(command: Command): void {
  addListingOptions(command, "capability");
  addExamples(command, ["get capability --cluster dev", "get capability --cluster dev --name argocd -o json"]);
}

export function run(call: Call<ListingFlags>): Promise<ExitCode> {
  return printListing(call, capabilities);
}
