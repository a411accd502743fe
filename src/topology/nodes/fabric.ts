import { placementGroupName } from "../../aws/names.ts";
import type { Handle } from "../../engine/graph.ts";
import { InputError } from "../../errors.ts";
import type { InstanceType } from "../../facts/types.ts";
import { placementGroup, type PlacementGroupAttrs } from "../../resources/ec2/placement-group.ts";
import type { SecurityGroupAttrs } from "../../resources/ec2/security-group.ts";
import type { Network } from "../network.ts";
import type { Scope } from "../scope.ts";
import { addRule, addSecurityGroup, allTraffic } from "../security-groups.ts";
import type { Wanted } from "./wanted.ts";

/** How many Elastic Fabric Adapters each of the nodes has: one a network card. */
export function efaInterfaces({ full, name }: Wanted, types: readonly InstanceType[]): number {
  if (full.efaEnabled !== true) return 0;
  const without = types.find((type) => type.efaInterfaces === 0);
  if (without) {
    throw new InputError(`nodegroup ${name}: ${without.name} has no Elastic Fabric Adapter`, {
      hint: "use a type that has, as c5n.18xlarge, or leave efaEnabled out",
    });
  }
  const [count = 0, ...others] = new Set(types.map((type) => type.efaInterfaces));
  if (others.length > 0) {
    throw new InputError(`nodegroup ${name}: its instance types have different numbers of Elastic Fabric Adapters`, {
      hint: "use one nodegroup for each of them",
    });
  }
  if (count > 1 && full.privateNetworking !== true) {
    throw new InputError(
      `nodegroup ${name}: with ${count} network interfaces its nodes get no public address, and never join`,
      { hint: "set privateNetworking: true" },
    );
  }
  return count;
}

/** What adapters need: traffic among themselves in both directions, which only a group that names itself lets through. */
export function addFabricSecurityGroup(scope: Scope, network: Network, { name }: Wanted): Handle<SecurityGroupAttrs> {
  const label = `efa/${name}`;
  const group = addSecurityGroup(scope, network, label, `Elastic Fabric Adapters of the nodes of ${name}`);
  const description = "Elastic Fabric Adapters among themselves";
  addRule(scope, `${label}/in`, { ...allTraffic, description }, group, group);
  addRule(scope, `${label}/out`, { ...allTraffic, direction: "egress", description }, group, group);
  return group;
}

/** The group that the nodes run in, near to each other: none where the file names one. */
export function addPlacementGroup(scope: Scope, { config, name }: Wanted): readonly Handle<PlacementGroupAttrs>[] {
  if (config.placement !== undefined) return [];
  const id = `placement-group/${name}`;
  return [
    scope.graph.add(placementGroup, {
      id,
      name: placementGroupName({ region: scope.region, cluster: scope.name }, name),
      spec: { strategy: "cluster", tags: scope.tags(id) },
      deps: {},
    }),
  ];
}
