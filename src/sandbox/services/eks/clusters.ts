import type {
  Cluster,
  DeleteClusterRequest,
  DeleteClusterResponse,
  DescribeClusterRequest,
  DescribeClusterResponse,
  ListClustersRequest,
  ListClustersResponse,
  LogSetup,
  LogType,
} from "@aws-sdk/client-eks";
import { authority } from "../../kubernetes/certificates.ts";
import { endpointWithId } from "../../kubernetes/place.ts";
import type { Call } from "../../service.ts";
import type { World } from "../../world.ts";
import { autoModeRemoved, autoModeView } from "./auto-mode.ts";
import { componentsView } from "./control-plane-components.ts";
import { clusterRemoved } from "./control-plane.ts";
import { scheduleIn, unschedule } from "./due.ts";
import { invalidRequest, resourceInUse } from "./errors.ts";
import { clusterOf, hasRunningUpdate } from "./lookup.ts";
import { localClusterView } from "./local-clusters.ts";
import { paged } from "./pages.ts";
import { dnsSuffixOf, eksOf, type Place } from "./place.ts";
import { remoteNetworksView } from "./remote-networks.ts";
import { endSecretsKey, secretsKeyIssues } from "./secrets-key.ts";
import type { ClusterRecord } from "./state.ts";

export const logTypes: readonly LogType[] = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

function describeCluster(input: DescribeClusterRequest, call: Call): DescribeClusterResponse {
  return { cluster: clusterView(call, clusterOf(call, input.name ?? "")) };
}

function listClusters(input: ListClustersRequest, call: Call): ListClustersResponse {
  const { items, nextToken } = paged(Object.keys(eksOf(call).clusters).toSorted(), input);
  return { clusters: items, ...nextToken };
}

function deleteCluster(input: DeleteClusterRequest, call: Call): DeleteClusterResponse {
  const cluster = clusterOf(call, input.name ?? "");
  const { name } = cluster;
  const about = { clusterName: name };
  if (cluster.status === "DELETING") return { cluster: clusterView(call, cluster) };
  if (Object.keys(cluster.nodegroups).length > 0) throw resourceInUse("Cluster has nodegroups attached", about);
  if (Object.keys(cluster.fargateProfiles).length > 0) {
    throw resourceInUse("Cluster has Fargate profiles attached", about);
  }
  if (Object.keys(cluster.capabilities).length > 0) throw resourceInUse("Cluster has capabilities attached", about);
  if (hasRunningUpdate(cluster)) {
    throw resourceInUse(`Cannot delete because cluster ${name} currently has an update in progress`, about);
  }
  if (cluster.status === "CREATING") {
    throw resourceInUse(`Cannot delete because cluster ${name} is currently being created`, about);
  }
  if (cluster.deletionProtection && cluster.status === "ACTIVE") {
    throw invalidRequest(`Cluster ${name} cannot be deleted because deletion protection is enabled`, about);
  }
  cluster.status = "DELETING";
  unschedule(call, { cluster: name });
  scheduleIn(call, call.world.duration("clusterDelete", `${call.region}/${name}`), {
    what: "control plane gone",
    cluster: name,
  });
  return { cluster: clusterView(call, cluster) };
}

/** The control plane is deleted: the record goes, and with it what EKS made. */
export function removeCluster(place: Place, cluster: ClusterRecord): void {
  clusterRemoved(place, cluster);
  autoModeRemoved(place, cluster);
  endSecretsKey(place, cluster);
  delete eksOf(place).clusters[cluster.name];
  delete place.world.region(place.region).kubernetes[cluster.id];
}

/** As DescribeCluster shows it: what EKS makes appears when the control plane is up. */
export function clusterView(place: Place, cluster: ClusterRecord): Cluster {
  const { world, region } = place;
  const { name, arn, version, platformVersion, status, roleArn, tags } = cluster;
  return {
    name,
    arn,
    version,
    platformVersion,
    status,
    roleArn,
    tags,
    createdAt: new Date(cluster.createdAt),
    resourcesVpcConfig: {
      ...cluster.vpc,
      ...(cluster.madeAt === null ? {} : { clusterSecurityGroupId: cluster.clusterSecurityGroupId }),
    },
    kubernetesNetworkConfig: {
      [cluster.ipFamily === "ipv6" ? "serviceIpv6Cidr" : "serviceIpv4Cidr"]: cluster.serviceCidr,
      ipFamily: cluster.ipFamily,
      elasticLoadBalancing: { enabled: cluster.autoMode.enabled },
    },
    remoteNetworkConfig: remoteNetworksView(cluster.remoteNetworks),
    logging: { clusterLogging: logSetups(cluster.logging) },
    health: { issues: [...cluster.issues, ...secretsKeyIssues(place, cluster)] },
    accessConfig: {
      authenticationMode: cluster.authenticationMode,
      bootstrapClusterCreatorAdminPermissions: cluster.bootstrapClusterCreatorAdminPermissions,
    },
    upgradePolicy: { supportType: cluster.supportType },
    zonalShiftConfig: { enabled: cluster.zonalShift },
    controlPlaneScalingConfig: { tier: cluster.scalingTier },
    ...componentsView(cluster.components),
    ...autoModeView(cluster.autoMode),
    deletionProtection: cluster.deletionProtection,
    ...localClusterView(cluster),
    ...(cluster.asked.token === null ? {} : { clientRequestToken: cluster.asked.token }),
    ...(cluster.encryptionKeyArn === null
      ? {}
      : { encryptionConfig: [{ resources: ["secrets"], provider: { keyArn: cluster.encryptionKeyArn } }] }),
    ...(cluster.madeAt === null ? {} : connection(world, cluster, region)),
  };
}

/** The cluster's own, by which IAM knows its service accounts. */
export function oidcIssuer({ region }: Pick<Place, "region">, { id }: ClusterRecord): string {
  return `https://oidc.eks.${region}.${dnsSuffixOf(region)}/id/${id.toUpperCase()}`;
}

function connection(world: World, cluster: ClusterRecord, region: string): Partial<Cluster> {
  const { id } = cluster;
  const upper = id.toUpperCase();
  const named = `https://${upper}.gr7.${region}.eks.${dnsSuffixOf(region)}`;
  return {
    endpoint: world.kubernetesUrl === "" ? named : endpointWithId(world, id),
    certificateAuthority: { data: Buffer.from(authority).toString("base64") },
    identity: { oidc: { issuer: oidcIssuer({ region }, cluster) } },
  };
}

function logSetups(on: readonly LogType[]): LogSetup[] {
  const setups = [
    { types: logTypes.filter((type) => on.includes(type)), enabled: true },
    { types: logTypes.filter((type) => !on.includes(type)), enabled: false },
  ];
  return setups.filter(({ types }) => types.length > 0);
}

export const clusterHandlers = {
  DescribeCluster: describeCluster,
  ListClusters: listClusters,
  DeleteCluster: deleteCluster,
};
