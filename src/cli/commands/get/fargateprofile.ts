import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ListedFargateProfile } from "../../../operations/inventory.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type Listing, type ListingFlags, addListingOptions, printListing } from "../../listing.ts";
import { renderTable } from "../../render/table.ts";

export const fargateProfiles: Listing<ListedFargateProfile> = {
  title: "Fargate profile",
  list: async (session, cluster) =>
    (await import("../../../operations/inventory.ts")).listFargateProfiles(session, cluster),
  table,
};

export function define(command: Command): void {
  addListingOptions(command, "profile");
  addExamples(command, ["get fargateprofile --cluster dev", "get fargateprofile --cluster dev --name apps -o yaml"]);
}

export function run(call: Call<ListingFlags>): Promise<ExitCode> {
  return printListing(call, fargateProfiles);
}

/** One line a selector, as in eksctl. */
function table(profiles: readonly ListedFargateProfile[]): readonly string[] {
  if (profiles.length === 0) return ["No Fargate profiles found"];
  return renderTable(
    ["NAME", "SELECTOR_NAMESPACE", "SELECTOR_LABELS", "POD_EXECUTION_ROLE_ARN", "SUBNETS", "TAGS", "STATUS"],
    profiles.flatMap((profile) =>
      profile.selectors.map(({ namespace, labels }) => [
        profile.name,
        namespace,
        pairs(labels),
        profile.podExecutionRoleArn,
        profile.subnetIds.join(","),
        pairs(profile.tags),
        profile.status,
      ]),
    ),
  );
}

function pairs(mapping: Readonly<Record<string, string>>): string {
  return Object.entries(mapping)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
