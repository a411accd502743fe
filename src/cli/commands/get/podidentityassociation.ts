import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { ListedAssociation } from "../../../operations/identity-inventory.ts";
import type { Call } from "../../call.ts";
import { type Listing, type ListingFlags, addListingOptions, printListing } from "../../listing.ts";
import { addExamples } from "../../options/examples.ts";
import { type AssociationNameFlags, addAssociationNameOptions } from "../../options/service-account.ts";
import { renderTable } from "../../render/table.ts";

export const podIdentityAssociations: Listing<ListedAssociation> = {
  title: "pod identity association",
  list: async (session, cluster) =>
    (await import("../../../operations/identity-inventory.ts")).listPodIdentityAssociations(session, cluster),
  table: (associations) =>
    associations.length === 0
      ? ["No pod identity associations found"]
      : renderTable(
          ["ASSOCIATION ARN", "NAMESPACE", "SERVICE ACCOUNT NAME", "IAM ROLE ARN", "OWNER ARN"],
          associations.map(({ arn, namespace, serviceAccount, roleArn, addonArn }) => [
            arn,
            namespace,
            serviceAccount,
            roleArn,
            addonArn ?? "",
          ]),
        ),
};

export function define(command: Command): void {
  addListingOptions(command, "service account, as namespace/name");
  addAssociationNameOptions(command);
  addExamples(command, [
    "get podidentityassociation --cluster dev",
    "get podidentityassociation --cluster dev --namespace shop",
  ]);
}

export function run(call: Call<ListingFlags & AssociationNameFlags>): Promise<ExitCode> {
  const { namespace, serviceAccountName } = call.flags;
  return printListing(
    call,
    podIdentityAssociations,
    (one) =>
      (namespace === undefined || one.namespace === namespace) &&
      (serviceAccountName === undefined || one.serviceAccount === serviceAccountName),
  );
}
