import type { Visibility } from "../../config/given-network.ts";
import { outpostId } from "../../config/outposts.ts";
import type { PlacedNodeGroup } from "../../config/types.ts";
import type { Handle } from "../../engine/graph.ts";
import { InputError } from "../../errors.ts";
import type { InstanceType } from "../../facts/types.ts";
import type { SubnetChoice } from "../../resources/node-subnets.ts";
import { type Network, type NetworkSubnet, zonesOf } from "../network.ts";
import type { Wanted } from "./wanted.ts";

/**
 * The subnets of a nodegroup: those that it names, or the private or public ones in the zones that it names, else all whose
 * zones offer one of its types.
 *
 * @throws InputError where none of them does.
 */
export function subnetsOf(
  network: Network,
  { config, full, name }: Wanted<PlacedNodeGroup>,
  types: readonly InstanceType[],
): readonly NetworkSubnet[] {
  const visibility = full.privateNetworking ? "private" : "public";
  const outpost = network.given || full.outpostARN === undefined ? undefined : [outpostId(full.outpostARN)];
  const named = outpost ?? namedIn(config);
  const possible = subnetsNamed(network, `nodegroup ${name}`, visibility, named);
  const offering = new Set(types.flatMap(({ zones }) => zones));
  const fitting = possible.filter(({ zone }) => offering.has(zone));
  if (fitting.length === 0 && possible.length > 0) {
    const where = [...new Set(possible.map(({ zone }) => zone))].join(", ");
    throw new InputError(`nodegroup ${name}: ${types.map((type) => type.name).join(", ")} cannot be had in ${where}`, {
      hint: `the zones that offer it: ${[...offering].toSorted().join(", ")}`,
    });
  }
  return namesSubnets(config) ? possible : fitting;
}

/** Where the file leaves open where the nodes are: they stay in the subnets that were chosen, of which Elastic Fabric Adapters take one. */
export function subnetChoice(group: Placed): SubnetChoice {
  if (namesSubnets(group)) return {};
  return { keepsSubnets: true, ...(group.efaEnabled === true && { oneSubnet: true }) };
}

/** Whether the file says where the nodes are. */
function namesSubnets(group: Placed): boolean {
  return (namedIn(group)?.length ?? 0) > 0;
}

type Placed = Pick<PlacedNodeGroup, "availabilityZones" | "subnets" | "localZones" | "efaEnabled">;

function namedIn({ availabilityZones, subnets, localZones }: Placed): readonly string[] | undefined {
  return localZones ?? availabilityZones ?? subnets;
}

/** @throws InputError for a name that no subnet of that kind has. */
export function subnetsNamed(
  network: Network,
  who: string,
  visibility: Visibility,
  named: readonly string[] | undefined,
): readonly NetworkSubnet[] {
  const possible = network.subnets.filter((one) => one.visibility === visibility);
  if (named === undefined || named.length === 0) return possible.filter((one) => one.byNameOnly !== true);
  const chosen = named.flatMap((wanted) => {
    // An id names one subnet, of whichever kind.
    const byName = network.subnets.filter((one) => one.names.includes(wanted));
    const fitting = byName.filter((one) => one.visibility === visibility);
    if (byName.length > 0) return fitting.length > 0 ? fitting : byName;
    const inZone = possible.filter((one) => one.zone === wanted && one.byNameOnly !== true);
    if (inZone.length > 0) return inZone;
    throw new InputError(`${who}: the cluster has no ${visibility} subnet in ${wanted}`, {
      hint: `choose from ${zonesOf(network).join(", ")}`,
    });
  });
  return [...new Set(chosen)];
}

/** What must be ready before nodes in these subnets find their way out, each once. */
export function routesOf(subnets: readonly NetworkSubnet[]): readonly Handle<unknown>[] {
  return [...new Map(subnets.flatMap(({ routes }) => routes).map((one) => [one.id, one])).values()];
}
