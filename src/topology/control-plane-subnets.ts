import { hasPrivateEndpointOnly } from "../config/endpoint-services.ts";
import { hasGivenVpc } from "../config/given-network.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { Facts } from "../facts/types.ts";
import { isAutoMode } from "./auto-mode.ts";
import type { FoundSubnet } from "./given-subnets.ts";
import type { Scope } from "./scope.ts";

/**
 * Those of the file's subnets that the control plane has its interfaces in: the ones that are named for it, or all in zones that
 * can host one, or the private of them.
 */
export function ofControlPlane(
  config: ClusterConfig,
  facts: Facts,
  subnets: readonly FoundSubnet[],
): readonly FoundSubnet[] {
  const named: readonly string[] | undefined = config.vpc?.controlPlaneSubnetIDs;
  if (named) return subnets.filter(({ subnet }) => named.includes(subnet.id));
  return subnets.filter(
    ({ byNameOnly, visibility, subnet }) =>
      byNameOnly !== true &&
      (!isOnPrivateSubnets({ config, facts }) || visibility === "private") &&
      subnet.outpostArn === config.outpost?.controlPlaneOutpostARN &&
      facts.zones.some((zone) => zone.name === subnet.zone),
  );
}

/** Whether the control plane has no interfaces in public subnets: nodes of Auto Mode are where they are. */
export function isOnPrivateSubnets({ config, facts }: Pick<Scope, "config" | "facts">): boolean {
  const asked = config.vpc?.controlPlaneOnPrivateSubnets;
  return hasPrivateEndpointOnly(config) || (asked ?? (isAutoMode({ config, facts }) && !hasGivenVpc(config)));
}

/** Whether one that is on private subnets only is left there: nothing asks for either, as when Auto Mode is turned off. */
export function mayStayOnPrivateSubnets({ config, facts }: Pick<Scope, "config" | "facts">): boolean {
  const isOpen = config.vpc?.controlPlaneOnPrivateSubnets === undefined && !hasGivenVpc(config);
  return facts.cluster !== undefined && isOpen && !isOnPrivateSubnets({ config, facts });
}
