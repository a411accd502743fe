import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ListedServiceAccount } from "../../../operations/identity-inventory.ts";
import type { Call } from "../../call.ts";
import { type Listing, type ListingFlags, addListingOptions, printListing } from "../../listing.ts";
import { addExamples } from "../../options/examples.ts";
import { renderTable } from "../../render/table.ts";

interface Flags extends ListingFlags {
  readonly namespace?: string;
}

export const serviceAccounts: Listing<ListedServiceAccount> = {
  title: "IAM service account",
  list: async (session, cluster) =>
    (await import("../../../operations/identity-inventory.ts")).listServiceAccounts(session, cluster),
  table: (accounts) =>
    accounts.length === 0
      ? ["No IAM service accounts found"]
      : renderTable(
          ["NAMESPACE", "NAME", "ROLE ARN"],
          accounts.map(({ namespace, serviceAccount, roleArn }) => [namespace, serviceAccount, roleArn ?? ""]),
        ),
};

export function define(command: Command): void {
  addListingOptions(command, "service account, as namespace/name");
  command.option("--namespace <name>", "those of one namespace");
  addExamples(command, ["get iamserviceaccount --cluster dev", "get iamserviceaccount --cluster dev --namespace shop"]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { namespace: wanted } = call.flags;
  return printListing(call, serviceAccounts, ({ namespace }) => wanted === undefined || namespace === wanted);
}
