import type { Handle } from "../engine/graph.ts";
import { InputError } from "../errors.ts";
import type { GivenNetwork } from "../facts/types.ts";
import { ofControlPlane } from "./control-plane-subnets.ts";
import { findSubnets } from "./given-subnets.ts";
import { inspect } from "./inspect-network.ts";
import type { Network } from "./network.ts";
import type { Scope } from "./scope.ts";

/**
 * The VPC and the subnets that the file names: used as they are, and never changed.
 *
 * @throws InputError with all that speaks against them.
 */
export function addGivenNetwork(scope: Scope, given: GivenNetwork): Network {
  const { config, facts, graph } = scope;
  const { subnets: found, findings } = findSubnets(config, facts, given);
  const all = [...findings, ...inspect(config, facts, given, found)];
  const { vpc } = given;
  if (vpc === undefined || all.length > 0) {
    throw new InputError(["the given network cannot hold this cluster:", ...all].join("\n  - "), {
      hint: "change the network or the file; nothing was made",
    });
  }
  const ids = [vpc.id, ...found.flatMap(({ subnet }) => [subnet.id, subnet.routeTableId])];
  for (const id of new Set(ids)) graph.given(`given/${id}`, { id });
  const handleOf = (id: string): Handle<{ readonly id: string }> => ({ id: `given/${id}` });
  const controlPlane = new Set(ofControlPlane(config, facts, found).map(({ subnet }) => subnet.id));
  return {
    vpc: handleOf(vpc.id),
    given: true,
    cidrs: vpc.cidrs,
    subnets: found.map(({ subnet, visibility, names, byNameOnly }) => ({
      zone: subnet.zone,
      visibility,
      names,
      subnet: handleOf(subnet.id),
      routeTable: handleOf(subnet.routeTableId),
      routes: [],
      ...(byNameOnly && { byNameOnly }),
    })),
    controlPlane: [...controlPlane].map(handleOf),
  };
}
