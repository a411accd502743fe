import {
  defaultAddonOfCommercialRegions,
  defaultAddons,
  defaultAmiFamily,
  defaultAuthenticationMode,
  defaultAutoApplyPodIdentity,
  defaultCreatorAdmin,
  defaultDisableDefaultAddons,
  defaultDisableIMDSv1,
  defaultDisablePodIMDS,
  defaultGp3IOPS,
  defaultGp3Throughput,
  defaultInstanceType,
  defaultIpFamily,
  defaultNatGateway,
  defaultPrivateAccess,
  defaultPrivateNetworking,
  defaultProvisionedIOPS,
  defaultPublicAccess,
  defaultSpot,
  defaultVolumeSize,
  defaultVolumeType,
  defaultVpcCidr,
  defaultVpcResourceControllerPolicy,
  defaultWithOIDC,
} from "./default-values.ts";
import { nodeLabels } from "./node-labels.ts";
import { nodegroupSize } from "./nodegroup-size.ts";
import { partitionOfRegion } from "./regions.ts";
import type { Addon, ClusterConfig, FullClusterConfig, FullManagedNodeGroup, ManagedNodeGroup } from "./types.ts";

/**
 * The config with every default of the file format filled in, as eksctl would. What AWS has to be asked for (version,
 * zones, releases) stays open. Pure, and a config again: it can be written to a file and loaded.
 */
export function withDefaults(config: ClusterConfig): FullClusterConfig {
  const { vpc, accessConfig, addonsConfig } = config;
  return {
    ...config,
    kubernetesNetworkConfig: { ipFamily: defaultIpFamily, ...config.kubernetesNetworkConfig },
    vpc: {
      cidr: defaultVpcCidr,
      ...vpc,
      nat: { gateway: defaultNatGateway, ...vpc?.nat },
      clusterEndpoints: {
        publicAccess: defaultPublicAccess,
        privateAccess: defaultPrivateAccess,
        ...vpc?.clusterEndpoints,
      },
    },
    iam: {
      withOIDC: defaultWithOIDC,
      vpcResourceControllerPolicy: defaultVpcResourceControllerPolicy,
      ...config.iam,
    },
    accessConfig: {
      authenticationMode: defaultAuthenticationMode,
      bootstrapClusterCreatorAdminPermissions: defaultCreatorAdmin,
      ...accessConfig,
    },
    addonsConfig: {
      autoApplyPodIdentityAssociations: defaultAutoApplyPodIdentity,
      disableDefaultAddons: defaultDisableDefaultAddons,
      ...addonsConfig,
    },
    addons: withDefaultAddons(config),
    managedNodeGroups: (config.managedNodeGroups ?? []).map((group) => nodegroupWithDefaults(group, config)),
  };
}

/** The default add-ons that the file does not list come first; the listed ones keep their order. */
function withDefaultAddons(config: ClusterConfig): Addon[] {
  const listed = config.addons ?? [];
  if (config.addonsConfig?.disableDefaultAddons === true) return listed;
  const names = new Set(listed.map(({ name }) => name.toLowerCase()));
  const commercial = partitionOfRegion(config.metadata.region) === "aws";
  const missing = defaultAddons.filter(
    (name) => !names.has(name) && (commercial || name !== defaultAddonOfCommercialRegions),
  );
  return [...missing.map((name) => ({ name })), ...listed];
}

function nodegroupWithDefaults(group: ManagedNodeGroup, { metadata }: ClusterConfig): FullManagedNodeGroup {
  const volumeType = group.volumeType ?? defaultVolumeType;
  const tags = { ...metadata.tags, ...group.tags };
  return {
    amiFamily: defaultAmiFamily,
    ...(group.instanceTypes === undefined ? { instanceType: defaultInstanceType } : {}),
    spot: defaultSpot,
    volumeSize: defaultVolumeSize,
    volumeType,
    ...diskPerformance(volumeType),
    privateNetworking: defaultPrivateNetworking,
    disableIMDSv1: defaultDisableIMDSv1,
    disablePodIMDS: defaultDisablePodIMDS,
    ...group,
    ...nodegroupSize(group),
    labels: { ...group.labels, ...nodeLabels(metadata.name, group.name) },
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(group.ssh === undefined ? {} : { ssh: { allow: group.ssh.publicKeyName !== undefined, ...group.ssh } }),
  };
}

function diskPerformance(volumeType: NonNullable<ManagedNodeGroup["volumeType"]>) {
  if (volumeType === "gp3") return { volumeIOPS: defaultGp3IOPS, volumeThroughput: defaultGp3Throughput };
  return volumeType === "io1" || volumeType === "io2" ? { volumeIOPS: defaultProvisionedIOPS } : {};
}
