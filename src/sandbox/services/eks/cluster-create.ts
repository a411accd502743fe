import type { CreateClusterRequest, CreateClusterResponse, Logging, LogType } from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { ensureServiceLinkedRole, identityOf } from "../iam/internal.ts";
import { addCreatorEntry } from "./access-records.ts";
import { askedBy, isRepeat } from "./asked.ts";
import { autoModeAfter, autoModeChanged, noAutoMode } from "./auto-mode.ts";
import { clusterView, logTypes } from "./clusters.ts";
import { componentsAfter, defaultComponents } from "./control-plane-components.ts";
import { makeClusterSecurityGroup, placeNetworkInterfaces } from "./control-plane.ts";
import { scheduleIn } from "./due.ts";
import { type About, invalidParameter, refuseUnsimulated, resourceInUse } from "./errors.ts";
import { defaultVersion, type KubernetesVersion, supportedVersion } from "./kubernetes-versions.ts";
import {
  checkSecurityGroups,
  controlPlaneSubnets,
  defaultEndpointAccess,
  endpointAccess,
  existingSubnets,
  serviceNetwork,
} from "./network-rules.ts";
import { outpostConfigOf, uuidOf } from "./local-clusters.ts";
import { eksArn, eksOf } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import { checkedRemoteNetworks } from "./remote-networks.ts";
import { assumableRole } from "./roles.ts";
import { secretsKey, useSecretsKey } from "./secrets-key.ts";
import type { ClusterRecord } from "./state.ts";
import { checkedTags } from "./tag-rules.ts";

function createCluster(input: CreateClusterRequest, call: Call): CreateClusterResponse {
  refuseOtherClusters(input);
  const name = input.name ?? "";
  const about = { clusterName: name };
  const { clusters } = eksOf(call);
  const asked = askedBy(input);
  const there = Object.hasOwn(clusters, name) ? clusters[name] : undefined;
  if (there && isRepeat(there.asked, asked)) return { cluster: clusterView(call, there) };
  if (there) throw resourceInUse(`Cluster already exists with name: ${name}`, about);

  checkQuota(call, "clusters", Object.keys(clusters).length + 1, about);
  checkName(name, about);
  const version = versionFor(input, about);
  const roleArn = input.roleArn ?? "";
  assumableRole(call, roleArn, input.outpostConfig ? "ec2" : "eks", about);
  const { subnetIds = [], securityGroupIds = [] } = input.resourcesVpcConfig ?? {};
  const subnets = input.outpostConfig
    ? existingSubnets(call, subnetIds, about)
    : controlPlaneSubnets(call, subnetIds, name);
  const outpost = outpostConfigOf(call, input, subnets, about);
  const vpcId = subnets[0]?.VpcId ?? "";
  checkSecurityGroups(call, securityGroupIds, vpcId, about);
  const access = endpointAccess(defaultEndpointAccess, input.resourcesVpcConfig ?? {}, about);
  const services = serviceNetwork(call, input.kubernetesNetworkConfig, subnets, about);
  const accessConfig = accessConfigOf(input, about);
  const remoteNetworks = checkedRemoteNetworks(
    input.remoteNetworkConfig,
    { ...accessConfig, ...services },
    subnets,
    about,
  );
  const scalingTier = input.controlPlaneScalingConfig?.tier ?? "standard";
  const components = componentsAfter(defaultComponents, input, { version: version.minor, scalingTier }, about);
  const autoMode = autoModeAfter(
    call,
    noAutoMode,
    input,
    { version: version.minor, roleArn, authenticationMode: accessConfig.authenticationMode },
    about,
  );
  if (autoMode.enabled && input.bootstrapSelfManagedAddons !== false) {
    throw invalidParameter("bootstrapSelfManagedAddons must be false for EKS Auto Mode", about);
  }
  const tags = checkedTags(input.tags, about);
  const logging = enabledLogTypes([], input.logging, about);
  const key = input.encryptionConfig?.length ? secretsKey(call, input.encryptionConfig, about) : undefined;

  ensureServiceLinkedRole(call.world, "eks.amazonaws.com");
  const id = call.world.hex(32);
  const clusterSecurityGroupId = makeClusterSecurityGroup(call, name, id, vpcId);
  const cluster: ClusterRecord = {
    name,
    id,
    ...(outpost && { outpost: { ...outpost, id: uuidOf(id) } }),
    arn: eksArn(call, `cluster/${name}`),
    createdAt: call.world.now(),
    creator: identityOf(call.world, call.principal).arn,
    status: "CREATING",
    version: version.minor,
    platformVersion: version.platformVersion,
    roleArn,
    vpc: {
      vpcId,
      subnetIds: [...subnetIds],
      securityGroupIds: [...securityGroupIds],
      ...access,
      controlPlaneEgressMode: input.resourcesVpcConfig?.controlPlaneEgressMode ?? "AWS_MANAGED",
    },
    ...services,
    remoteNetworks,
    logging,
    ...accessConfig,
    encryptionKeyArn: key?.arn ?? null,
    supportType: input.upgradePolicy?.supportType ?? "EXTENDED",
    zonalShift: input.zonalShiftConfig?.enabled ?? false,
    scalingTier,
    components,
    autoMode,
    deletionProtection: input.deletionProtection ?? false,
    identityProvider: null,
    tags,
    asked,
    issues: [],
    clusterSecurityGroupId,
    networkInterfaceIds: placeNetworkInterfaces(call, name, subnets, [clusterSecurityGroupId, ...securityGroupIds]),
    madeAt: null,
    selfManagedAddons: (input.bootstrapSelfManagedAddons ?? true) ? ["vpc-cni", "kube-proxy", "coredns"] : [],
    updates: [],
    upgraded: null,
    nodegroups: {},
    fargateProfiles: {},
    capabilities: {},
    addons: {},
    accessEntries: {},
    podIdentityAssociations: {},
  };
  clusters[name] = cluster;
  if (key) useSecretsKey(call, key, cluster);
  if (accessConfig.authenticationMode !== "CONFIG_MAP" && accessConfig.bootstrapClusterCreatorAdminPermissions) {
    addCreatorEntry(call, cluster);
  }
  autoModeChanged(call, cluster);
  scheduleIn(call, call.world.duration("clusterCreate", `${call.region}/${name}`), {
    what: "control plane made",
    cluster: name,
  });
  return { cluster: clusterView(call, cluster) };
}

function refuseOtherClusters(input: CreateClusterRequest): void {
  refuseUnsimulated(input.kubeControllerManagerConfig ?? {}, ["podGcControllerConfig"]);
}

function checkName(name: string, about: About): void {
  if (/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/.test(name)) return;
  throw invalidParameter(
    "The cluster name must begin with a letter or digit and can have up to 100 letters, digits, hyphens and underscores.",
    about,
  );
}

function versionFor(input: CreateClusterRequest, about: About): KubernetesVersion {
  const version = input.version === undefined ? defaultVersion() : supportedVersion(input.version);
  if (!version) throw invalidParameter("unsupported Kubernetes version", about);
  if (version.status === "EXTENDED_SUPPORT" && input.upgradePolicy?.supportType === "STANDARD") {
    throw invalidParameter(
      `Kubernetes version ${version.minor} is in extended support, which supportType STANDARD does not allow`,
      about,
    );
  }
  return version;
}

function accessConfigOf(
  { accessConfig }: CreateClusterRequest,
  about: About,
): Pick<ClusterRecord, "authenticationMode" | "bootstrapClusterCreatorAdminPermissions"> {
  const authenticationMode = accessConfig?.authenticationMode ?? "CONFIG_MAP";
  const bootstrapClusterCreatorAdminPermissions = accessConfig?.bootstrapClusterCreatorAdminPermissions ?? true;
  if (authenticationMode === "CONFIG_MAP" && !bootstrapClusterCreatorAdminPermissions) {
    throw invalidParameter(
      "bootstrapClusterCreatorAdminPermissions must be true if cluster authentication mode is set to CONFIG_MAP",
      about,
    );
  }
  return { authenticationMode, bootstrapClusterCreatorAdminPermissions };
}

/** The log types that are on after a request: those that it does not name stay as they are. */
export function enabledLogTypes(before: readonly LogType[], logging: Logging | undefined, about: About): LogType[] {
  const on = new Set(before);
  for (const { types = [], enabled = false } of logging?.clusterLogging ?? []) {
    for (const type of types) {
      if (!logTypes.includes(type)) throw invalidParameter(`Unsupported log type: ${type}`, about);
      if (enabled) on.add(type);
      else on.delete(type);
    }
  }
  return logTypes.filter((type) => on.has(type));
}

export const clusterCreateHandlers = { CreateCluster: createCluster };
