import { isDeepStrictEqual } from "node:util";
import type { AuthenticationMode, UpdateClusterConfigRequest, VpcConfigRequest } from "@aws-sdk/client-eks";
import { asksForAutoMode, autoModeAfter, autoModeView } from "./auto-mode.ts";
import { enabledLogTypes } from "./cluster-create.ts";
import type { ClusterUpdate } from "./cluster-update.ts";
import { asksForComponents, componentsAfter, componentsView, defaultComponents } from "./control-plane-components.ts";
import { type About, invalidParameter } from "./errors.ts";
import { supportedVersion } from "./kubernetes-versions.ts";
import { checkSecurityGroups, controlPlaneSubnets, endpointAccess, existingSubnets } from "./network-rules.ts";
import { checkedRemoteNetworks } from "./remote-networks.ts";
import type { Place } from "./place.ts";
import type { ClusterRecord } from "./state.ts";

/** One kind of update: whether a request asks for it, and what it then changes. */
export interface ConfigKind {
  readonly asks: (input: UpdateClusterConfigRequest) => boolean;
  readonly prepare: (
    cluster: ClusterRecord,
    input: UpdateClusterConfigRequest,
    place: Place,
  ) => Omit<ClusterUpdate, "duration"> & { readonly duration?: ClusterUpdate["duration"] };
}

function asksForEndpoint(config: VpcConfigRequest | undefined): boolean {
  return [config?.endpointPublicAccess, config?.endpointPrivateAccess, config?.publicAccessCidrs].some(
    (member) => member !== undefined,
  );
}

function asksForPlacement(config: VpcConfigRequest | undefined): boolean {
  return config?.subnetIds !== undefined || config?.securityGroupIds !== undefined;
}

const endpointUpdate: ConfigKind["prepare"] = ({ name, vpc }, { resourcesVpcConfig = {} }) => {
  const access = endpointAccess(vpc, resourcesVpcConfig, { clusterName: name });
  const { endpointPublicAccess, endpointPrivateAccess, publicAccessCidrs } = access;
  if (
    endpointPublicAccess === vpc.endpointPublicAccess &&
    endpointPrivateAccess === vpc.endpointPrivateAccess &&
    sameSet(publicAccessCidrs, vpc.publicAccessCidrs)
  ) {
    throw invalidParameter(
      `Cluster is already at the desired configuration with endpointPrivateAccess: ${endpointPrivateAccess} , ` +
        `endpointPublicAccess: ${endpointPublicAccess}, and Public Endpoint Restrictions: [${publicAccessCidrs.join(", ")}]`,
      { clusterName: name },
    );
  }
  return {
    type: "EndpointAccessUpdate",
    params: {
      EndpointPublicAccess: endpointPublicAccess,
      EndpointPrivateAccess: endpointPrivateAccess,
      PublicAccessCidrs: publicAccessCidrs,
    },
    change: { vpc: { ...vpc, ...access } },
  };
};

const placementUpdate: ConfigKind["prepare"] = ({ name, vpc }, { resourcesVpcConfig = {} }, place) => {
  const about = { clusterName: name };
  const { subnetIds = vpc.subnetIds, securityGroupIds = vpc.securityGroupIds } = resourcesVpcConfig;
  if (sameSet(subnetIds, vpc.subnetIds) && sameSet(securityGroupIds, vpc.securityGroupIds)) {
    throw alreadyAt(`subnetIds: [${subnetIds.join(", ")}], securityGroupIds: [${securityGroupIds.join(", ")}]`, about);
  }
  const subnets = controlPlaneSubnets(place, subnetIds, name);
  const zones = (ids: readonly string[]) => existingSubnets(place, ids, about).map((subnet) => subnet.AvailabilityZone);
  if (subnets.some((subnet) => subnet.VpcId !== vpc.vpcId)) {
    throw invalidParameter(`Provided subnets must belong to the VPC of the cluster, ${vpc.vpcId}.`, about);
  }
  if (!sameSet(zones(subnetIds), zones(vpc.subnetIds))) {
    throw invalidParameter(
      "Provided subnets must belong to the same set of AZs that were provided during cluster creation.",
      about,
    );
  }
  checkSecurityGroups(place, securityGroupIds, vpc.vpcId, about);
  return {
    type: "VpcConfigUpdate",
    params: { Subnets: subnetIds, SecurityGroups: securityGroupIds },
    change: { vpc: { ...vpc, subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] } },
  };
};

const loggingUpdate: ConfigKind["prepare"] = (cluster, { logging }) => {
  const about = { clusterName: cluster.name };
  const types = enabledLogTypes(cluster.logging, logging, about);
  if (sameSet(types, cluster.logging)) {
    throw invalidParameter("No changes needed for the logging config provided", about);
  }
  return { type: "LoggingUpdate", params: { ClusterLogging: logging }, change: { logging: types } };
};

/** In the order in which a cluster can go through them. */
const modes: readonly AuthenticationMode[] = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];

const accessUpdate: ConfigKind["prepare"] = ({ name, authenticationMode: from }, { accessConfig }) => {
  const to = accessConfig?.authenticationMode ?? from;
  if (to === from) throw alreadyAt(`authenticationMode: ${to}`, { clusterName: name });
  if (modes.indexOf(to) !== modes.indexOf(from) + 1) {
    throw invalidParameter(`Unsupported authentication mode update from ${from} to ${to}`, { clusterName: name });
  }
  return { type: "AccessConfigUpdate", params: { AuthenticationMode: to }, change: { authenticationMode: to } };
};

const remoteNetworksUpdate: ConfigKind["prepare"] = (cluster, { remoteNetworkConfig }, place) => {
  const about = { clusterName: cluster.name };
  const subnets = existingSubnets(place, cluster.vpc.subnetIds, about);
  const remoteNetworks = checkedRemoteNetworks(remoteNetworkConfig, cluster, subnets, about);
  const { nodes, pods } = cluster.remoteNetworks;
  if (sameSet(nodes, remoteNetworks.nodes) && sameSet(pods, remoteNetworks.pods)) {
    throw alreadyAt(`remoteNetworkConfig: ${JSON.stringify(remoteNetworks)}`, about);
  }
  return {
    type: "RemoteNetworkConfigUpdate",
    params: { RemoteNetworkConfig: remoteNetworks },
    change: { remoteNetworks },
  };
};

const upgradePolicyUpdate: ConfigKind["prepare"] = (cluster, { upgradePolicy }) => {
  const supportType = upgradePolicy?.supportType ?? cluster.supportType;
  const about = { clusterName: cluster.name };
  if (supportType === cluster.supportType) throw alreadyAt(`supportType: ${supportType}`, about);
  if (supportType === "STANDARD" && supportedVersion(cluster.version)?.status !== "STANDARD_SUPPORT") {
    throw invalidParameter(
      `Kubernetes version ${cluster.version} is in extended support, which supportType STANDARD does not allow`,
      about,
    );
  }
  return { type: "UpgradePolicyUpdate", params: { UpgradePolicy: supportType }, change: { supportType } };
};

const zonalShiftUpdate: ConfigKind["prepare"] = (cluster, { zonalShiftConfig }) => {
  const zonalShift = zonalShiftConfig?.enabled ?? cluster.zonalShift;
  if (zonalShift === cluster.zonalShift) throw alreadyAt(`zonalShift: ${zonalShift}`, { clusterName: cluster.name });
  return { type: "ZonalShiftConfigUpdate", params: { ZonalShiftConfig: zonalShift }, change: { zonalShift } };
};

const scalingUpdate: ConfigKind["prepare"] = (cluster, { controlPlaneScalingConfig }) => {
  const tier = controlPlaneScalingConfig?.tier ?? cluster.scalingTier;
  const { horizontalPodAutoscalerSyncPeriod: period } = cluster.components;
  if (tier === "standard" && period !== defaultComponents.horizontalPodAutoscalerSyncPeriod) {
    throw invalidParameter(
      `The control plane cannot move to standard while horizontalPodAutoscalerSyncPeriod is ${period} and not the default`,
      { clusterName: cluster.name },
    );
  }
  if (tier === cluster.scalingTier) throw alreadyAt(`tier: ${tier}`, { clusterName: cluster.name });
  return {
    type: "ControlPlaneScalingConfigUpdate",
    params: { PreviousTier: cluster.scalingTier, UpdatedTier: tier },
    change: { scalingTier: tier },
  };
};

const protectionUpdate: ConfigKind["prepare"] = (cluster, { deletionProtection = false }) => {
  if (deletionProtection === cluster.deletionProtection) {
    throw alreadyAt(`deletionProtection: ${deletionProtection}`, { clusterName: cluster.name });
  }
  return {
    type: "DeletionProtectionUpdate",
    params: { DeletionProtection: deletionProtection },
    change: { deletionProtection },
  };
};

const componentsUpdate: ConfigKind["prepare"] = (cluster, input) => {
  const about = { clusterName: cluster.name };
  const components = componentsAfter(cluster.components, input, cluster, about);
  if (isDeepStrictEqual(components, cluster.components)) {
    throw alreadyAt(JSON.stringify(componentsView(components)), about);
  }
  return {
    type: "ControlPlaneComponentConfigUpdate",
    duration: "clusterComponentsUpdate",
    params: {
      KubeApiServerConfig: input.kubeApiServerConfig,
      KubeSchedulerConfig: input.kubeSchedulerConfig,
      KubeControllerManagerConfig: input.kubeControllerManagerConfig,
    },
    change: { components },
  };
};

const egressUpdate: ConfigKind["prepare"] = ({ name, vpc }, { resourcesVpcConfig }) => {
  const { controlPlaneEgressMode: from } = vpc;
  const to = resourcesVpcConfig?.controlPlaneEgressMode ?? from;
  if (to === from) throw alreadyAt(`controlPlaneEgressMode: ${to}`, { clusterName: name });
  if (from !== "AWS_MANAGED") {
    throw invalidParameter(`The control plane egress mode cannot be changed from ${from} to ${to}`, {
      clusterName: name,
    });
  }
  return {
    type: "ControlPlaneEgressUpdate",
    duration: "clusterEgressUpdate",
    params: { ControlPlaneEgressMode: to },
    change: { vpc: { ...vpc, controlPlaneEgressMode: to } },
  };
};

const autoModeUpdate: ConfigKind["prepare"] = (cluster, input, place) => {
  const about = { clusterName: cluster.name };
  const autoMode = autoModeAfter(place, cluster.autoMode, input, cluster, about);
  if (isDeepStrictEqual(autoMode, cluster.autoMode)) throw alreadyAt(JSON.stringify(autoModeView(autoMode)), about);
  return {
    type: "AutoModeUpdate",
    params: {
      ComputeConfig: input.computeConfig,
      StorageConfig: input.storageConfig,
      KubernetesNetworkConfig: input.kubernetesNetworkConfig,
    },
    change: { autoMode },
  };
};

function alreadyAt(configuration: string, about: About) {
  return invalidParameter(`Cluster is already at the desired configuration with ${configuration}`, about);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.every((each) => b.includes(each)) && b.every((each) => a.includes(each));
}

/** All kinds of update that UpdateClusterConfig can start. */
export const configKinds: readonly ConfigKind[] = [
  { asks: ({ resourcesVpcConfig }) => asksForEndpoint(resourcesVpcConfig), prepare: endpointUpdate },
  { asks: ({ resourcesVpcConfig }) => asksForPlacement(resourcesVpcConfig), prepare: placementUpdate },
  {
    asks: ({ resourcesVpcConfig }) => resourcesVpcConfig?.controlPlaneEgressMode !== undefined,
    prepare: egressUpdate,
  },
  { asks: asksForAutoMode, prepare: autoModeUpdate },
  { asks: asksForComponents, prepare: componentsUpdate },
  { asks: ({ logging }) => logging !== undefined, prepare: loggingUpdate },
  { asks: ({ accessConfig }) => accessConfig?.authenticationMode !== undefined, prepare: accessUpdate },
  { asks: ({ remoteNetworkConfig }) => remoteNetworkConfig !== undefined, prepare: remoteNetworksUpdate },
  { asks: ({ upgradePolicy }) => upgradePolicy?.supportType !== undefined, prepare: upgradePolicyUpdate },
  { asks: ({ zonalShiftConfig }) => zonalShiftConfig?.enabled !== undefined, prepare: zonalShiftUpdate },
  { asks: ({ controlPlaneScalingConfig }) => controlPlaneScalingConfig?.tier !== undefined, prepare: scalingUpdate },
  { asks: ({ deletionProtection }) => deletionProtection !== undefined, prepare: protectionUpdate },
];
