import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ListedAccessEntry } from "../../../operations/identity-inventory.ts";
import type { Call } from "../../call.ts";
import { type Listing, type ListingFlags, addListingOptions, printListing } from "../../listing.ts";
import { addExamples } from "../../options/examples.ts";
import { renderTable } from "../../render/table.ts";

interface Flags extends ListingFlags {
  readonly principalArn?: string;
}

export const accessEntries: Listing<ListedAccessEntry> = {
  title: "access entry",
  list: async (session, cluster) =>
    (await import("../../../operations/identity-inventory.ts")).listAccessEntries(session, cluster),
  table: (entries) =>
    entries.length === 0
      ? ["No access entries found"]
      : renderTable(
          ["PRINCIPAL ARN", "TYPE", "KUBERNETES GROUPS", "ACCESS POLICIES"],
          entries.map(({ principalArn, type, kubernetesGroups, policies }) => [
            principalArn,
            type,
            kubernetesGroups.join(","),
            policies.map(({ policyArn }) => policyArn.slice(policyArn.lastIndexOf("/") + 1)).join(","),
          ]),
        ),
};

export function define(command: Command): void {
  addListingOptions(command, "principal");
  command.option("--principal-arn <arn>", "the entry of this principal (default: all)");
  addExamples(command, ["get accessentry --cluster dev", "get accessentry --cluster dev -o json"]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { principalArn: wanted } = call.flags;
  return printListing(call, accessEntries, ({ principalArn }) => wanted === undefined || principalArn === wanted);
}
