import { controlPlaneGroups, hasGivenVpc, isSubnetId, namedSubnets, subnetUsers } from "../config/given-network.ts";
import { endpointServices } from "../config/endpoint-services.ts";
import { givenInstanceProfiles } from "../config/instance-profiles.ts";
import { type Selector, selectorOf } from "../config/instance-selector.ts";
import { outpostsOf } from "../config/outposts.ts";
import type { Addon, ClusterConfig, ManagedNodeGroup, NodeGroup } from "../config/types.ts";
import type { TemplateNeed } from "./types.ts";

export type { TemplateNeed } from "./types.ts";

/** Types tried, in this order, where the file names none: not every region offers the first. */
export const defaultInstanceTypes = ["m5.large", "m6i.large", "m7i.large"] as const;

/** Which questions AWS must be asked before a graph can be built from a file. Plain data. */
export interface Needs {
  readonly cluster: string;
  readonly region: string;
  /** As in the file: `1.34`, `default`, `auto`, `latest`, or absent. */
  readonly version?: string;
  /** The file names some. */
  readonly localZones: boolean;
  /** ARNs of the Outposts that the file names. */
  readonly outposts: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly selectors: readonly Selecting[];
  /** Ids of images. */
  readonly images: readonly string[];
  readonly launchTemplates: readonly TemplateNeed[];
  /** ARNs. */
  readonly instanceProfiles: readonly string[];
  /** Absent: the VPC is the cluster's own, and so is all in it that the file names. */
  readonly network?: NetworkNeeds;
  /** Services that get VPC endpoints, by the end of their names. */
  readonly endpointServices: readonly string[];
  readonly addons: readonly AddonNeed[];
  /** Add-ons whose recommended pod identity associations are asked for. */
  readonly podIdentity: readonly string[];
}

/** An add-on of the cluster, and whose versions of it count. */
export type AddonNeed = Pick<Addon, "name" | "publishers" | "types" | "owners">;

/** A nodegroup whose instance types are asked for by what they are. */
export interface Selecting {
  readonly nodegroup: string;
  readonly selector: Selector;
}

/** What the file names of a network that exists. */
export interface NetworkNeeds {
  readonly vpcId?: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

function networkNeeds(config: ClusterConfig): NetworkNeeds | undefined {
  const byId = subnetUsers(config).flatMap(({ subnets }) => subnets.filter(isSubnetId));
  if (!hasGivenVpc(config) && byId.length === 0) return undefined;
  const { id, sharedNodeSecurityGroup } = config.vpc ?? {};
  return {
    ...(id === undefined ? {} : { vpcId: id }),
    subnetIds: unique([
      ...namedSubnets(config).flatMap((subnet) => subnet.id ?? []),
      ...(config.vpc?.controlPlaneSubnetIDs ?? []),
      ...byId,
    ]),
    securityGroupIds: unique(
      [...controlPlaneGroups(config), sharedNodeSecurityGroup].filter((one) => one !== undefined),
    ),
  };
}

/** @param config with defaults filled in, so that default add-ons are seen. */
export function needsOf(config: ClusterConfig): Needs {
  const addons = config.addons ?? [];
  const autoApply = config.addonsConfig?.autoApplyPodIdentityAssociations === true;
  const version = config.metadata.version;
  const network = networkNeeds(config);
  return {
    cluster: config.metadata.name,
    region: config.metadata.region,
    ...(version === undefined ? {} : { version }),
    localZones: (config.localZones ?? []).length > 0,
    outposts: outpostsOf(config),
    instanceTypes: unique([
      ...defaultInstanceTypes,
      ...typesOfControlPlane(config),
      ...(config.nodeGroups ?? []).flatMap(({ instanceType, instancesDistribution }) => [
        ...(instancesDistribution?.instanceTypes ?? []),
        ...(instanceType === undefined || instanceType === "mixed" ? [] : [instanceType]),
      ]),
      ...(config.managedNodeGroups ?? []).flatMap((group) => [
        ...(group.instanceTypes ?? []),
        ...(group.instanceType === undefined ? [] : [group.instanceType]),
      ]),
    ]),
    selectors: [...(config.nodeGroups ?? []), ...(config.managedNodeGroups ?? [])].flatMap(selecting),
    images: unique(
      [...(config.nodeGroups ?? []), ...(config.managedNodeGroups ?? [])].flatMap(({ ami }) =>
        ami?.startsWith("ami-") ? [ami] : [],
      ),
    ),
    launchTemplates: (config.managedNodeGroups ?? []).flatMap(({ launchTemplate }) => launchTemplate ?? []),
    instanceProfiles: [...givenInstanceProfiles(config).keys()],
    ...(network && { network }),
    endpointServices: endpointServices(config),
    addons: addons.map(({ name, publishers, types, owners }) => ({
      name,
      ...(publishers && { publishers }),
      ...(types && { types }),
      ...(owners && { owners }),
    })),
    podIdentity: addons
      .filter((addon) => addon.useDefaultPodIdentityAssociations === true || autoApply)
      .map((addon) => addon.name),
  };
}

function typesOfControlPlane({ outpost }: ClusterConfig): readonly string[] {
  return [outpost?.controlPlaneInstanceType, outpost?.etcdInstanceType].filter((type) => type !== undefined);
}

function selecting(group: NodeGroup | ManagedNodeGroup): readonly Selecting[] {
  const selector = selectorOf(group);
  return selector ? [{ nodegroup: group.name, selector }] : [];
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
