import { selectsTypes } from "./instance-selector.ts";
import {
  defaultAddonOfCommercialRegions,
  defaultAddons,
  defaultAuthenticationMode,
  defaultAutoApplyPodIdentity,
  defaultCreatorAdmin,
  defaultDisableDefaultAddons,
  defaultInstanceType,
  defaultIpFamily,
  defaultNatGateway,
  defaultPrivateAccess,
  defaultPublicAccess,
  defaultSpot,
  defaultVpcCidr,
  defaultVpcResourceControllerPolicy,
} from "./default-values.ts";
import { hasPrivateEndpointOnly, isPrivate } from "./endpoint-services.ts";
import { nodegroupWithDefaults, templateDefaults } from "./nodegroup-defaults.ts";
import { broughtByAutoMode, hasOnlyAutoMode } from "./auto-mode.ts";
import { hasGivenVpc } from "./given-network.ts";
import { hasOidcProvider } from "./irsa.ts";
import { isLocalCluster, knowsAccessEntries, outpostOf } from "./outposts.ts";
import { partitionOfRegion } from "./regions.ts";
import type {
  Addon,
  ClusterConfig,
  FullClusterConfig,
  FullManagedNodeGroup,
  FullSelfManagedNodeGroup,
  ManagedNodeGroup,
  NodeGroup,
} from "./types.ts";

/**
 * The config with every default of the file format filled in, as eksctl would. What AWS has to be asked for (version,
 * zones, releases) stays open. Pure, and a config again: it can be written to a file and loaded.
 */
export function withDefaults(config: ClusterConfig): FullClusterConfig {
  const { vpc, accessConfig, addonsConfig } = config;
  const given = hasGivenVpc(config);
  return {
    ...config,
    kubernetesNetworkConfig: { ipFamily: defaultIpFamily, ...config.kubernetesNetworkConfig },
    vpc: {
      // A given VPC has its blocks, and its way out.
      ...(given ? {} : { cidr: defaultVpcCidr }),
      ...vpc,
      // An IPv6 cluster's VPC has nothing to choose from.
      ...(config.kubernetesNetworkConfig?.ipFamily === "IPv6"
        ? {}
        : { nat: { gateway: given || isPrivate(config) ? "Disable" : defaultNatGateway, ...vpc?.nat } }),
      clusterEndpoints: {
        publicAccess: hasPrivateEndpointOnly(config) ? false : defaultPublicAccess,
        privateAccess: hasPrivateEndpointOnly(config) ? true : defaultPrivateAccess,
        ...vpc?.clusterEndpoints,
      },
    },
    iam: {
      withOIDC: hasOidcProvider(config),
      vpcResourceControllerPolicy: defaultVpcResourceControllerPolicy,
      ...config.iam,
    },
    accessConfig: {
      authenticationMode: knowsAccessEntries(config) ? defaultAuthenticationMode : "CONFIG_MAP",
      bootstrapClusterCreatorAdminPermissions: defaultCreatorAdmin,
      ...accessConfig,
    },
    addonsConfig: {
      autoApplyPodIdentityAssociations: defaultAutoApplyPodIdentity,
      disableDefaultAddons: defaultDisableDefaultAddons,
      ...addonsConfig,
    },
    addons: withDefaultAddons(config),
    nodeGroups: (config.nodeGroups ?? []).map((group) => selfManagedNodegroupWithDefaults(group, config)),
    managedNodeGroups: (config.managedNodeGroups ?? []).map((group) => managedNodegroupWithDefaults(group, config)),
  };
}

/** The default add-ons that the file does not list come first; the listed ones keep their order. */
function withDefaultAddons(config: ClusterConfig): Addon[] {
  const listed = config.addons ?? [];
  if (config.addonsConfig?.disableDefaultAddons === true || isLocalCluster(config)) return listed;
  const names = new Set(listed.map(({ name }) => name.toLowerCase()));
  const commercial = partitionOfRegion(config.metadata.region) === "aws";
  const missing = defaultAddons.filter(
    (name) =>
      !names.has(name) &&
      (commercial || name !== defaultAddonOfCommercialRegions) &&
      !(hasOnlyAutoMode(config) && broughtByAutoMode.includes(name)),
  );
  return [...missing.map((name) => ({ name })), ...listed];
}

function selfManagedNodegroupWithDefaults(written: NodeGroup, config: ClusterConfig): FullSelfManagedNodeGroup {
  const outpostARN = outpostOf(written, config);
  const group = outpostARN === undefined ? written : { ...written, outpostARN };
  // Which types an Outpost has, AWS has to be asked.
  const isOpen = outpostARN !== undefined || group.instancesDistribution !== undefined || selectsTypes(group);
  return {
    ...(isOpen ? {} : { instanceType: defaultInstanceType }),
    ...templateDefaults(group),
    ...group,
    ...nodegroupWithDefaults(group, config),
    securityGroups: { withShared: true, withLocal: true, ...group.securityGroups },
  };
}

function managedNodegroupWithDefaults(group: ManagedNodeGroup, config: ClusterConfig): FullManagedNodeGroup {
  return {
    ...(typesAreSaid(group) ? {} : { instanceType: defaultInstanceType }),
    spot: defaultSpot,
    ...(group.launchTemplate === undefined ? templateDefaults(group) : {}),
    ...group,
    ...nodegroupWithDefaults(group, config),
  };
}

/** By other keys than instanceType. */
function typesAreSaid(group: ManagedNodeGroup): boolean {
  return group.instanceTypes !== undefined || selectsTypes(group) || group.launchTemplate !== undefined;
}
