import type { Command } from "commander";
import { required } from "./name.ts";

/** How a pod identity association is known. */
export interface AssociationNameFlags {
  readonly namespace?: string;
  readonly serviceAccountName?: string;
}

export function addAssociationNameOptions(command: Command): void {
  command
    .option("--namespace <name>", "namespace of the service account")
    .option("--service-account-name <name>", "the service account");
}

/** @throws InputError where one of them is missing. */
export function associationOf({ namespace, serviceAccountName }: AssociationNameFlags) {
  return {
    namespace: required(namespace, "--namespace"),
    serviceAccountName: required(serviceAccountName, "--service-account-name"),
  };
}
