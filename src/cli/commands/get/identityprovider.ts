import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ListedIdentityProvider } from "../../../operations/identity-inventory.ts";
import type { Call } from "../../call.ts";
import { type Listing, type ListingFlags, addListingOptions, printListing } from "../../listing.ts";
import { addExamples } from "../../options/examples.ts";
import { renderTable } from "../../render/table.ts";

export const identityProviders: Listing<ListedIdentityProvider> = {
  title: "identity provider",
  list: async (session, cluster) =>
    (await import("../../../operations/identity-inventory.ts")).listIdentityProviders(session, cluster),
  table: (providers) =>
    providers.length === 0
      ? ["No identity providers found"]
      : renderTable(
          ["NAME", "TYPE", "CLIENT_ID", "ISSUER_URL", "ARN", "STATUS"],
          providers.map(({ name, clientId, issuerUrl, arn, status }) => [
            name,
            "oidc",
            clientId,
            issuerUrl,
            arn,
            status,
          ]),
        ),
};

export function define(command: Command): void {
  addListingOptions(command, "identity provider");
  addExamples(command, ["get identityprovider --cluster dev"]);
}

export function run(call: Call<ListingFlags>): Promise<ExitCode> {
  return printListing(call, identityProviders);
}
