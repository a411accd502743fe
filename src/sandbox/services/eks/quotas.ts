import { AwsError } from "../../aws-error.ts";
import { quotaOf } from "../../quotas.ts";
import type { About } from "./errors.ts";
import type { Place } from "./place.ts";

/** EKS's quotas, as Service Quotas names them. */
const names = {
  clusters: "Clusters",
  nodegroups: "Managed node groups per cluster",
  nodes: "Nodes per managed node group",
  fargateProfiles: "Fargate profiles per cluster",
  podIdentityAssociations: "Pod Identity associations per cluster",
} as const;

/** Throws ResourceLimitExceededException when there would be more than the quota allows. */
export function checkQuota({ world }: Place, quota: keyof typeof names, wanted: number, about: About = {}): void {
  const limit = quotaOf(world, quota);
  if (wanted <= limit) return;
  throw new AwsError("ResourceLimitExceededException", `Quota exceeded: ${names[quota]}, at most ${limit}`, {
    members: { ...about },
  });
}
