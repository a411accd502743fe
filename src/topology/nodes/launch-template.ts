import { launchTemplateName } from "../../aws/names.ts";
import type { Tags } from "../../aws/tags.ts";
import { selectorOf } from "../../config/instance-selector.ts";
import type { NodeGroupBase } from "../../config/types.ts";
import { type Handle, part } from "../../engine/graph.ts";
import {
  launchTemplate,
  type LaunchTemplateAttrs,
  type LaunchTemplateSpec,
} from "../../resources/ec2/launch-template.ts";
import type { ClusterAttrs } from "../../resources/eks/cluster.ts";
import { hasOwnImage } from "./ami-type.ts";
import { managedBoot } from "./boot.ts";
import { addFabricSecurityGroup, addPlacementGroup, efaInterfaces } from "./fabric.ts";
import { givenImage } from "./given-image.ts";
import { selectionTags } from "../../facts/selection.ts";
import type { InstanceType } from "../../facts/types.ts";
import type { Network } from "../network.ts";
import type { Scope } from "../scope.ts";
import { addKeyPair, addSshSecurityGroup } from "./ssh.ts";
import { volumes, withPerformance } from "./volumes.ts";
import { nodegroupTags, type Wanted } from "./wanted.ts";

/** The one instance type that stands in the template. */
export interface SingleType {
  readonly name: string;
  /** By the file: it is enforced. */
  readonly isNamed: boolean;
}

/**
 * The template of the nodes, with the security groups that it needs.
 *
 * @param single absent where the nodegroup says its types itself.
 */
export function addLaunchTemplate(
  scope: Scope,
  network: Network,
  cluster: Handle<ClusterAttrs>,
  wanted: Wanted,
  types: readonly InstanceType[],
  single: SingleType | undefined,
): Handle<LaunchTemplateAttrs> {
  const { config, full, name } = wanted;
  const sshGroup = full.ssh?.allow === true ? addSshSecurityGroup(scope, network, wanted) : undefined;
  const given = config.securityGroups?.attachIDs ?? [];
  const efa = efaInterfaces(wanted, types);
  // EKS adds the cluster's group by itself only while the template names no group and no network interface.
  const groups =
    (sshGroup ?? (given.length > 0 || config.connectionTracking || efa > 0))
      ? [
          part(cluster, "securityGroup"),
          ...(sshGroup ? [sshGroup] : []),
          ...(efa > 0 ? [addFabricSecurityGroup(scope, network, wanted)] : []),
        ]
      : [];
  const key = addKeyPair(scope, wanted);
  return scope.graph.add(launchTemplate, {
    id: `launch-template/${name}`,
    name: launchTemplateName({ region: scope.region, cluster: scope.name }, name),
    spec: templateSpec(
      scope,
      wanted,
      withPerformance(wanted),
      types,
      single?.isNamed === false ? undefined : (single?.name ?? null),
      { ...managedBoot(scope, withPerformance(wanted), types), efaInterfaces: efa },
    ),
    initially: templateSpec(scope, wanted, full, types, single?.name ?? null, {
      ...managedBoot(scope, full, types),
      efaInterfaces: efa,
    }),
    deps: {
      securityGroups: groups,
      keyPair: key ? [key] : [],
      cluster: hasOwnImage(config) ? [cluster] : [],
      placementGroup: efa > 0 ? addPlacementGroup(scope, wanted) : [],
    },
  });
}

/** @param group what is said of the template: the file's words, or those with the defaults. */
export function templateSpec(
  scope: Scope,
  wanted: Wanted,
  group: NodeGroupBase,
  types: readonly InstanceType[],
  instanceType: string | null | undefined,
  boot: Partial<LaunchTemplateSpec>,
): LaunchTemplateSpec {
  const { config, full, name } = wanted;
  return {
    ...(instanceType === undefined ? {} : { instanceType }),
    volumes: volumes(group, givenImage(scope, full, types)),
    ...(group.ssh?.publicKeyName === undefined ? {} : { keyName: group.ssh.publicKeyName }),
    securityGroupIds: config.securityGroups?.attachIDs ?? [],
    imds: {
      tokens: full.disableIMDSv1 === false ? "optional" : "required",
      hopLimit: full.disablePodIMDS === true ? 1 : 2,
    },
    ...(group.ebsOptimized === undefined ? {} : { ebsOptimized: group.ebsOptimized }),
    ...(group.enableDetailedMonitoring === undefined ? {} : { detailedMonitoring: group.enableDetailedMonitoring }),
    ...(group.additionalVolumes === undefined ? {} : { noOtherVolumes: true }),
    ...(group.placement === undefined ? {} : { placementGroup: group.placement.groupName }),
    ...reservation(group),
    ...(group.connectionTracking === undefined ? {} : { connectionTracking: group.connectionTracking }),
    ...boot,
    launchTags: { ...nodegroupTags(scope, wanted), Name: instanceName(scope, config) },
    tags: scope.tags(`launch-template/${name}`, selection(config, types)),
  };
}

/** What `instanceSelector` has chosen is remembered here. */
function selection(config: NodeGroupBase, types: readonly InstanceType[]): Tags {
  const selector = selectorOf(config);
  const names = types.map((type) => type.name);
  return selector ? selectionTags(selector, names) : {};
}

function reservation({
  capacityReservation,
  instanceMarketOptions,
}: NodeGroupBase): Pick<LaunchTemplateSpec, "capacityReservation" | "capacityBlock"> {
  const { capacityReservationPreference: preference, capacityReservationTarget: target } = capacityReservation ?? {};
  const { capacityReservationID: id, capacityReservationResourceGroupARN: resourceGroupArn } = target ?? {};
  const wanted = {
    ...(preference === undefined ? {} : { preference }),
    ...(id === undefined ? {} : { id }),
    ...(resourceGroupArn === undefined ? {} : { resourceGroupArn }),
  };
  return {
    ...(Object.keys(wanted).length === 0 ? {} : { capacityReservation: wanted }),
    ...(instanceMarketOptions?.marketType === undefined ? {} : { capacityBlock: true }),
  };
}

export function instanceName(scope: Scope, config: NodeGroupBase): string {
  const name = config.instanceName ?? `${scope.name}-${config.name}-Node`;
  return config.instancePrefix === undefined ? name : `${config.instancePrefix}-${name}`;
}
