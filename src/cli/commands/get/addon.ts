import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ListedAddon } from "../../../operations/inventory.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type Listing, type ListingFlags, addListingOptions, printListing } from "../../listing.ts";
import { renderTable } from "../../render/table.ts";

export const addons: Listing<ListedAddon> = {
  title: "add-on",
  list: async (session, cluster) => (await import("../../../operations/inventory.ts")).listAddons(session, cluster),
  table,
};

export function define(command: Command): void {
  addListingOptions(command, "add-on");
  addExamples(command, ["get addon --cluster dev", "get addon --cluster dev --name vpc-cni -o yaml"]);
}

export function run(call: Call<ListingFlags>): Promise<ExitCode> {
  return printListing(call, addons);
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
