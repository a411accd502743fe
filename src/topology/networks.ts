import { addGivenNetwork } from "./given-network.ts";
import type { Network } from "./network.ts";
import { addOwnNetwork } from "./own-network.ts";
import { withEndpoints } from "./private-cluster.ts";
import type { Scope } from "./scope.ts";

/** Where the cluster lives: in the network that the file names, or in one of its own. */
export function addNetwork(scope: Scope): Network {
  const { network } = scope.facts;
  return withEndpoints(scope, network ? addGivenNetwork(scope, network) : addOwnNetwork(scope));
}
