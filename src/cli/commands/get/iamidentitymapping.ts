import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ListedMapping } from "../../../operations/identity-mappings.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type Listing, type ListingFlags, addListingOptions, printListing } from "../../listing.ts";
import { renderTable } from "../../render/table.ts";

interface Flags extends ListingFlags {
  readonly arn?: string;
}

export const identityMappings: Listing<ListedMapping> = {
  title: "mapping of",
  list: async (session, cluster) =>
    (await import("../../../operations/identity-mappings.ts")).listIdentityMappings(session, cluster),
  table: (mappings) =>
    mappings.length === 0
      ? ["No identity mappings found"]
      : renderTable(
          ["ARN", "USERNAME", "GROUPS", "ACCOUNT"],
          mappings.map(({ arn, username, groups, account }) => [
            arn ?? "",
            username ?? "",
            groups.join(","),
            account ?? "",
          ]),
        ),
};

export function define(command: Command): void {
  addListingOptions(command, "ARN or account");
  command.option("--arn <arn>", "the mapping of this role or user (default: all)");
  addExamples(command, [
    "get iamidentitymapping --cluster dev",
    "get iamidentitymapping --cluster dev --arn $ROLE_ARN",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { arn: wanted } = call.flags;
  return printListing(call, identityMappings, ({ arn }) => wanted === undefined || arn === wanted);
}
