import type { Handle } from "../../engine/graph.ts";
import { InputError } from "../../errors.ts";
import { type Network, type NetworkSubnet, zonesOf } from "../network.ts";
import type { Wanted } from "./wanted.ts";

/** The subnets of a nodegroup: private or public ones, in the zones that it names, else in all of the cluster. */
export function subnetsOf(network: Network, { config, full, name }: Wanted): readonly NetworkSubnet[] {
  const visibility = full.privateNetworking ? "private" : "public";
  const possible = network.subnets.filter((one) => one.visibility === visibility);
  const named = config.availabilityZones ?? config.subnets;
  if (named === undefined || named.length === 0) return possible;
  return named.map((wanted) => {
    const subnet = possible.find((one) => one.names.includes(wanted));
    if (subnet) return subnet;
    throw new InputError(`nodegroup ${name}: the cluster has no subnet in ${wanted}`, {
      hint: `choose from ${zonesOf(network).join(", ")}`,
    });
  });
}

/** What must be ready before nodes in these subnets find their way out, each once. */
export function routesOf(subnets: readonly NetworkSubnet[]): readonly Handle<unknown>[] {
  return [...new Map(subnets.flatMap(({ routes }) => routes).map((one) => [one.id, one])).values()];
}
