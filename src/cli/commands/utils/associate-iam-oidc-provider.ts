import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ListedOidcProvider } from "../../../operations/identity-inventory.ts";
import type { Call } from "../../call.ts";
import type { Listing } from "../../listing.ts";
import { addExamples } from "../../options/examples.ts";
import { type PartFlags, addPartOptions, changePart } from "../../part.ts";
import { renderTable } from "../../render/table.ts";

const oidcProviders: Listing<ListedOidcProvider> = {
  title: "OIDC provider",
  list: async (session, cluster) =>
    (await import("../../../operations/identity-inventory.ts")).listOidcProviders(session, cluster),
  table: (providers) =>
    renderTable(
      ["ISSUER", "ARN"],
      providers.map(({ issuer, arn }) => [issuer, arn]),
    ),
};

export function define(command: Command): void {
  addPartOptions(command, "providers", "create");
  addExamples(command, [
    "utils associate-iam-oidc-provider --cluster dev",
    "utils associate-iam-oidc-provider -f cluster.yaml",
  ]);
}

export function run(call: Call<PartFlags>): Promise<ExitCode> {
  return changePart(call, {
    part: "oidcProviders",
    verb: "create",
    listing: oidcProviders,
    sections: () => ({ iam: { withOIDC: true } }),
  });
}
