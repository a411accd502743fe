import { InputError } from "../../errors.ts";
import type { Network, ZoneNetwork } from "../network.ts";
import type { Wanted } from "./wanted.ts";

/** The zones that a nodegroup names, else all of the cluster. */
export function zonesOf(network: Network, { config, name }: Wanted): readonly ZoneNetwork[] {
  const named = config.availabilityZones ?? config.subnets;
  if (named === undefined || named.length === 0) return network.zones;
  return named.map((wanted) => {
    const zone = network.zones.find((one) => one.zone === wanted);
    if (zone) return zone;
    throw new InputError(`nodegroup ${name}: the cluster has no subnet in ${wanted}`, {
      hint: `choose from ${network.zones.map((one) => one.zone).join(", ")}`,
    });
  });
}
