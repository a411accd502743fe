import { hasGivenVpc } from "../config/given-network.ts";
import { addGivenNetwork, addNamedSubnets } from "./given-network.ts";
import type { Network } from "./network.ts";
import { addOwnNetwork } from "./own-network.ts";
import { withEndpoints } from "./private-cluster.ts";
import type { Scope } from "./scope.ts";

/** Where the cluster lives: in the network that the file names, or in one of its own. */
export function addNetwork(scope: Scope): Network {
  return withEndpoints(scope, networkOf(scope));
}

function networkOf(scope: Scope): Network {
  const { config, facts } = scope;
  const { network } = facts;
  if (network === undefined) return addOwnNetwork(scope);
  return hasGivenVpc(config) ? addGivenNetwork(scope, network) : addNamedSubnets(scope, network, addOwnNetwork(scope));
}
