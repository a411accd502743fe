import { nodeLabels } from "../config/node-labels.ts";
import { selectsTypes } from "../config/instance-selector.ts";
import type { ManagedNodeGroup } from "../config/types.ts";
import type { Handle } from "../engine/graph.ts";
import type { InstanceType, TemplateFacts } from "../facts/types.ts";
import type { AddonAttrs } from "../resources/eks/addon.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { nodegroup, type NodegroupAttrs, type NodegroupSpec } from "../resources/eks/nodegroup.ts";
import type { Network } from "./network.ts";
import { amiType } from "./nodes/ami-type.ts";
import { givenTemplate } from "./nodes/given-template.ts";
import { instanceTypes } from "./nodes/instance-types.ts";
import { addLaunchTemplate } from "./nodes/launch-template.ts";
import { nodeRole } from "./nodes/role.ts";
import { scalingGroupTags } from "./nodes/scaling-group-tags.ts";
import { nodegroupTags, type Wanted } from "./nodes/wanted.ts";
import { routesOf, subnetChoice, subnetsOf } from "./nodes/subnets.ts";
import type { Scope } from "./scope.ts";

export function addManagedNodegroups(
  scope: Scope,
  network: Network,
  cluster: Handle<ClusterAttrs>,
  addons: readonly Handle<AddonAttrs>[],
): readonly Handle<NodegroupAttrs>[] {
  const defaults = new Map(scope.full.managedNodeGroups.map((group) => [group.name, group]));
  return (scope.config.managedNodeGroups ?? []).map((config) => {
    const full = defaults.get(config.name) ?? config;
    return addManagedNodegroup(scope, network, cluster, addons, {
      config,
      full,
      name: config.name,
      type: "managed",
    });
  });
}

function addManagedNodegroup(
  scope: Scope,
  network: Network,
  cluster: Handle<ClusterAttrs>,
  addons: readonly Handle<AddonAttrs>[],
  wanted: Wanted<ManagedNodeGroup>,
): Handle<NodegroupAttrs> {
  const { config, full, name } = wanted;
  const types = instanceTypes(scope, config);
  // One on-demand type lives in the template, where it can be changed; EKS takes spot's and several types itself.
  const given = givenTemplate(scope, config);
  const typeInTemplate = isInTemplate(given, types, full) ? types[0] : undefined;
  const isNamed = config.instanceType !== undefined || config.instanceTypes !== undefined || selectsTypes(config);
  const subnets = subnetsOf(network, wanted, types);
  const node = nodeRole(scope, cluster, wanted, config.iam?.instanceRoleARN);
  const template = given
    ? scope.graph.given(`launch-template/${name}`, {
        id: config.launchTemplate?.id ?? "",
        latestVersion: given.version,
      })
    : addLaunchTemplate(
        scope,
        network,
        cluster,
        wanted,
        types,
        typeInTemplate && { name: typeInTemplate.name, isNamed },
      );
  const tags = nodegroupTags(scope, wanted);
  return scope.graph.add(nodegroup, {
    id: `nodegroup/${name}`,
    name,
    spec: {
      ...nodegroupSpec(scope, config, types, typeInTemplate === undefined, tags),
      ...(typeInTemplate && isNamed && { instanceTypes: [] }),
      scalingGroupTags: scalingGroupTags(scope, wanted, types),
    },
    initially: nodegroupSpec(scope, full, types, typeInTemplate === undefined, tags),
    deps: {
      cluster,
      role: node.role,
      subnets: subnets.map(({ subnet }) => subnet),
      launchTemplate: template,
    },
    after: [
      // Nodes become ready only with a CNI, and join only when let in and with a way out.
      ...addons.map((on) => ({ on, until: "created" }) as const),
      ...(node.accessEntry ? [{ on: node.accessEntry, until: "ready" } as const] : []),
      ...routesOf(subnets).map((on) => ({ on, until: "ready" }) as const),
    ],
  });
}

function nodegroupSpec(
  scope: Scope,
  group: ManagedNodeGroup,
  types: readonly InstanceType[],
  typesOnNodegroup: boolean,
  tags: NodegroupSpec["tags"],
): NodegroupSpec {
  return {
    amiType: givenTemplate(scope, group)?.ownImage === true ? "CUSTOM" : amiType(group, types),
    ...(group.launchTemplate === undefined ? {} : { givenTemplate: group.launchTemplate.id }),
    ...(group.launchTemplate !== undefined && group.launchTemplate.version === undefined
      ? { keepsTemplateVersion: true }
      : {}),
    capacityType: capacityType(group),
    ...(typesOnNodegroup ? { instanceTypes: types.map((type) => type.name) } : {}),
    ...(group.minSize === undefined ? {} : { minSize: group.minSize }),
    ...(group.maxSize === undefined ? {} : { maxSize: group.maxSize }),
    ...(group.desiredCapacity === undefined ? {} : { desiredCapacity: group.desiredCapacity }),
    ...subnetChoice(group),
    labels: { ...group.labels, ...nodeLabels(scope.name, group.name) },
    taints: group.taints ?? [],
    ...(group.updateConfig === undefined ? {} : { updateConfig: group.updateConfig }),
    ...(group.nodeRepairConfig === undefined ? {} : { nodeRepairConfig: group.nodeRepairConfig }),
    ...(group.warmPoolConfig === undefined ? {} : { warmPoolConfig: group.warmPoolConfig }),
    ...(group.releaseVersion === undefined ? {} : { releaseVersion: group.releaseVersion }),
    ...(group.asgSuspendProcesses === undefined ? {} : { suspendedProcesses: group.asgSuspendProcesses }),
    tags,
  };
}

/** A template of somebody else says it, or not; in ours stands the one type that is no Spot instance's. */
function isInTemplate(
  given: TemplateFacts | undefined,
  types: readonly InstanceType[],
  { spot }: ManagedNodeGroup,
): boolean {
  if (given) return given.instanceType !== undefined;
  return types.length === 1 && spot !== true;
}

function capacityType({ spot, instanceMarketOptions }: ManagedNodeGroup): NodegroupSpec["capacityType"] {
  if (instanceMarketOptions?.marketType === "capacity-block") return "CAPACITY_BLOCK";
  return spot === true ? "SPOT" : "ON_DEMAND";
}
