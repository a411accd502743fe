import type { Phase } from "../../engine/kind.ts";

/**
 * What the status of an EKS nodegroup, add-on, Fargate profile or capability says, of which each has some (EKS Describe*).
 * After UPDATE_FAILED and DELETE_FAILED, what was there before is still there.
 */
export function phaseOf(status: string | undefined): Phase {
  switch (status) {
    case "ACTIVE":
      return "ready";
    case "CREATE_FAILED":
      return "failed";
    case "DEGRADED":
    case "UPDATE_FAILED":
    case "DELETE_FAILED":
      return "degraded";
    case "DELETING":
      return "deleting";
    default:
      return "pending";
  }
}
