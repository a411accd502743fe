import type { ClusterConfig } from "../config/types.ts";
import type { Facts } from "../facts/types.ts";
import type { FoundSubnet } from "./given-subnets.ts";

/** Those of the file's subnets that the control plane has its interfaces in: all in zones that can host one, or the private of them. */
export function ofControlPlane(
  { vpc }: ClusterConfig,
  facts: Facts,
  subnets: readonly FoundSubnet[],
): readonly FoundSubnet[] {
  return subnets.filter(
    ({ byNameOnly, visibility, subnet }) =>
      byNameOnly !== true &&
      (vpc?.controlPlaneOnPrivateSubnets !== true || visibility === "private") &&
      facts.zones.some((zone) => zone.name === subnet.zone),
  );
}
