import { outpostId } from "../config/outposts.ts";
import type { Handle } from "../engine/graph.ts";
import { InputError } from "../errors.ts";
import type { GivenNetwork } from "../facts/types.ts";
import { ofControlPlane } from "./control-plane-subnets.ts";
import { findSubnets, type FoundSubnet } from "./given-subnets.ts";
import { inspect, inspectSubnets } from "./inspect-network.ts";
import type { Network, NetworkSubnet } from "./network.ts";
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
  graph.given(handleOf(vpc.id).id, { id: vpc.id });
  const subnets = found.map((one) => addSubnet(scope, one));
  const controlPlane = new Set(ofControlPlane(config, facts, found).map(({ subnet }) => subnet.id));
  return {
    vpc: handleOf(vpc.id),
    given: true,
    cidrs: vpc.cidrs,
    subnets,
    controlPlane: [...controlPlane].map(handleOf),
  };
}

/**
 * A VPC of ours with those subnets that somebody else made in it, and that nodegroups or Fargate profiles name by their ids.
 *
 * @throws InputError with all that speaks against them.
 */
export function addNamedSubnets(scope: Scope, given: GivenNetwork, own: Network): Network {
  const { config, facts } = scope;
  const { subnets: found, findings } = findSubnets(config, facts, given);
  const home = facts.cluster?.vpcId;
  const elsewhere = found
    .filter(({ subnet }) => subnet.vpcId !== home)
    .map(({ label, subnet }) =>
      home === undefined
        ? `${label}: the cluster gets a VPC of its own, and it is in ${subnet.vpcId} (name that VPC in vpc.id)`
        : `${label}: it is in ${subnet.vpcId}, and the cluster in ${home}`,
    );
  const all = [...findings, ...elsewhere, ...inspectSubnets(config, facts, found)];
  if (all.length > 0) {
    throw new InputError(["subnets that are named by id cannot be used:", ...all].join("\n  - "), {
      hint: "the cluster's own subnets are named after their zones",
    });
  }
  return { ...own, subnets: [...own.subnets, ...found.map((one) => addSubnet(scope, one))] };
}

/** A subnet that is not ours, as it is. */
function addSubnet({ config, graph }: Scope, { subnet, visibility, names, byNameOnly }: FoundSubnet): NetworkSubnet {
  for (const id of [subnet.id, subnet.routeTableId]) {
    const handle = handleOf(id);
    if (!graph.nodes.has(handle.id)) graph.given(handle.id, { id });
  }
  return {
    zone: subnet.outpostArn === undefined ? subnet.zone : outpostId(subnet.outpostArn),
    visibility,
    names,
    subnet: handleOf(subnet.id),
    routeTable: handleOf(subnet.routeTableId),
    routes: [],
    ...((byNameOnly ?? subnet.outpostArn !== config.outpost?.controlPlaneOutpostARN) && { byNameOnly: true as const }),
  };
}

function handleOf(id: string): Handle<{ readonly id: string }> {
  return { id: `given/${id}` };
}
