import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type AssociationNameFlags, addAssociationNameOptions, associationOf } from "../../options/service-account.ts";
import { type PartFlags, addPartOptions, deletePart } from "../../part.ts";

type Flags = PartFlags & AssociationNameFlags;

export function define(command: Command): void {
  addPartOptions(command, "associations, as namespace/name,", "delete");
  addAssociationNameOptions(command);
  addExamples(command, [
    "delete podidentityassociation --cluster dev --namespace shop --service-account-name cart",
    "delete podidentityassociation -f cluster.yaml --only-missing",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const name = () => {
    const { namespace, serviceAccountName } = associationOf(call.flags);
    return `${namespace}/${serviceAccountName}`;
  };
  return deletePart(call, { part: "podIdentityAssociations", name });
}
