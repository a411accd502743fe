import type { ClusterConfig } from "../config/types.ts";
import type { Facts } from "../facts/types.ts";
import type { FoundSubnet } from "./given-subnets.ts";

/** Those of the file's subnets that the control plane has its interfaces in: all in zones that can host one. */
export function ofControlPlane(
  _config: ClusterConfig,
  facts: Facts,
  subnets: readonly FoundSubnet[],
): readonly FoundSubnet[] {
  return subnets.filter((one) => one.byNameOnly !== true && facts.zones.some((zone) => zone.name === one.subnet.zone));
}
