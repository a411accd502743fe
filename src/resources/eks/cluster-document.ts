import { DescribeClusterCommand, LogType } from "@aws-sdk/client-eks";
import type {
  Cluster,
  CreateClusterRequest,
  EncryptionConfig,
  KubernetesNetworkConfigRequest,
  RemoteNetworkConfigRequest,
  LogSetup,
  OutpostConfigRequest,
} from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { issuesText, runningUpdate } from "../../aws/eks-updates.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { layout, layoutOf } from "../../aws/tags.ts";
import type { Live, Phase, Want } from "../../engine/kind.ts";
import { RefusedError } from "../../errors.ts";
import { creationTags, taggedLive } from "../tags-aspect.ts";
import { componentsOf, componentsRequest } from "./cluster-components-document.ts";
import type { ClusterAttrs, ClusterDeps, ClusterSpec, LocalCluster } from "./cluster.ts";

/** All that CreateCluster can take: a fresh cluster needs no update. */
export function createRequest(want: Want<ClusterSpec, ClusterDeps>, ctx: AwsContext): CreateClusterRequest {
  const { spec, deps } = want;
  return {
    name: want.name,
    version: spec.version,
    roleArn: deps.role.arn,
    resourcesVpcConfig: {
      subnetIds: deps.subnets.map((subnet) => subnet.id),
      securityGroupIds: deps.securityGroups.map((group) => group.id),
      endpointPublicAccess: spec.endpointPublicAccess,
      endpointPrivateAccess: spec.endpointPrivateAccess,
      publicAccessCidrs:
        spec.endpointPublicAccess === false ? undefined : spec.publicAccessCidrs && [...spec.publicAccessCidrs],
      controlPlaneEgressMode: spec.egressMode,
    },
    remoteNetworkConfig: spec.remoteNetworks?.nodes.length ? remoteRequest(spec) : undefined,
    logging: spec.logging === undefined ? undefined : loggingRequest(spec.logging),
    encryptionConfig: spec.secretsEncryptionKeyArn === undefined ? undefined : encryptionRequest(spec),
    accessConfig: {
      authenticationMode: spec.authenticationMode,
      bootstrapClusterCreatorAdminPermissions: spec.bootstrapClusterCreatorAdminPermissions,
    },
    // Add-ons are nodes of their own: EKS is not to install unmanaged copies. Local clusters have no others.
    ...(spec.outpost ? { outpostConfig: outpostRequest(spec.outpost) } : { bootstrapSelfManagedAddons: false }),
    upgradePolicy: spec.supportType === undefined ? undefined : { supportType: spec.supportType },
    zonalShiftConfig: spec.zonalShift === undefined ? undefined : { enabled: spec.zonalShift },
    deletionProtection: spec.deletionProtection,
    controlPlaneScalingConfig: spec.scalingTier === undefined ? undefined : { tier: spec.scalingTier },
    ...componentsRequest(spec.components),
    ...(spec.autoMode && autoModeParts(want)),
    kubernetesNetworkConfig: networkRequest(spec),
    tags: creationTags(ctx, want.id, spec.tags),
    clientRequestToken: want.token,
  };
}

function outpostRequest(outpost: LocalCluster): OutpostConfigRequest {
  const { arn, controlPlaneInstanceType, controlPlanePlacement, etcdInstanceType, etcdSpreadLevel } = outpost;
  return {
    outpostArns: [arn],
    controlPlaneInstanceType,
    controlPlanePlacement,
    etcdInstanceType,
    etcdPlacement: etcdSpreadLevel && { spreadLevel: etcdSpreadLevel },
  };
}

function outpostOf({ outpostConfig }: Cluster): LocalCluster | null {
  const arn = outpostConfig?.outpostArns?.[0];
  if (arn === undefined) return null;
  const { controlPlaneInstanceType, controlPlanePlacement, etcdInstanceType, etcdPlacement } = outpostConfig ?? {};
  const { groupName, spreadLevel } = controlPlanePlacement ?? {};
  return {
    arn,
    ...(controlPlaneInstanceType === undefined ? {} : { controlPlaneInstanceType }),
    ...(controlPlanePlacement && {
      controlPlanePlacement: {
        ...(groupName === undefined ? {} : { groupName }),
        ...(spreadLevel === undefined ? {} : { spreadLevel }),
      },
    }),
    ...(etcdInstanceType === undefined ? {} : { etcdInstanceType }),
    ...(etcdPlacement?.spreadLevel === undefined ? {} : { etcdSpreadLevel: etcdPlacement.spreadLevel }),
  };
}

/** EKS takes the three parts of Auto Mode together only, all on or all off. */
export function autoModeRequest(want: Want<ClusterSpec, ClusterDeps>, live: ClusterAttrs) {
  const { enabled = false, nodePools = live.autoMode.nodePools } = want.spec.autoMode ?? {};
  return {
    ...autoModeParts({ ...want, spec: { ...want.spec, autoMode: enabled ? { enabled, nodePools } : { enabled } } }),
    kubernetesNetworkConfig: { elasticLoadBalancing: { enabled } },
  };
}

function autoModeParts({ spec, deps }: Pick<Want<ClusterSpec, ClusterDeps>, "spec" | "deps">) {
  const { enabled = false, nodePools } = spec.autoMode ?? {};
  const [nodeRole] = enabled ? deps.nodeRole : [];
  return {
    computeConfig: {
      enabled,
      ...(nodePools && { nodePools: [...nodePools] }),
      ...(nodeRole && { nodeRoleArn: nodeRole.arn }),
    },
    storageConfig: { blockStorage: { enabled } },
  };
}

/** IPv4 is what EKS takes by itself. */
function networkRequest(spec: ClusterSpec): KubernetesNetworkConfigRequest | undefined {
  const { ipFamily, serviceIpv4Cidr, autoMode } = spec;
  const request: KubernetesNetworkConfigRequest = {
    ...(ipFamily === "ipv6" ? { ipFamily } : serviceIpv4Cidr !== undefined && { serviceIpv4Cidr }),
    ...(autoMode && { elasticLoadBalancing: { enabled: autoMode.enabled } }),
  };
  return Object.keys(request).length > 0 ? request : undefined;
}

/** An empty list takes the networks away. */
export function remoteRequest({ remoteNetworks }: ClusterSpec): RemoteNetworkConfigRequest {
  const listed = (cidrs: readonly string[] = []) => (cidrs.length > 0 ? [{ cidrs: [...cidrs] }] : []);
  return { remoteNodeNetworks: listed(remoteNetworks?.nodes), remotePodNetworks: listed(remoteNetworks?.pods) };
}

/** All types are named, so that those which are not wanted are turned off. */
export function loggingRequest(enabled: readonly string[]): { clusterLogging: LogSetup[] } {
  const all = Object.values(LogType);
  const on = all.filter((type) => enabled.includes(type));
  const off = all.filter((type) => !enabled.includes(type));
  const setups = [
    { types: on, enabled: true },
    { types: off, enabled: false },
  ];
  return { clusterLogging: setups.filter((setup) => setup.types.length > 0) };
}

export function encryptionRequest(spec: ClusterSpec): EncryptionConfig[] {
  return [{ resources: ["secrets"], provider: { keyArn: spec.secretsEncryptionKeyArn } }];
}

/** A cluster by its name, whoever owns it. Pending also while an update runs that DescribeCluster does not show. */
export async function describeCluster(name: string, ctx: AwsContext): Promise<Live<ClusterAttrs> | null> {
  const { eks } = ctx.clients;
  const answer = await absentAsNull(() => eks.send(new DescribeClusterCommand({ name })));
  if (!answer?.cluster) return null;
  const live = toLive(answer.cluster, ctx);
  if (answer.cluster.status !== "ACTIVE") return live;
  const update = await runningUpdate(eks, { cluster: name });
  return update ? { ...live, phase: "pending", detail: `${update.type ?? "update"} in progress` } : live;
}

function toLive(described: Cluster, ctx: AwsContext): Live<ClusterAttrs> {
  const attrs = attributes(described);
  const live = {
    ...taggedLive(ctx, attrs.name, phaseOf(described), attrs, {
      detail: issuesText(described.health?.issues),
      uid: attrs.createdAt,
    }),
    // In every other state it can be deleted all the same (EKS user guide, deletion protection).
    ...(attrs.deletionProtection && described.status === "ACTIVE" ? { protection: howToUnprotect(attrs.name) } : {}),
  };
  const made = layoutOf(attrs.tags);
  if (live.owner === "us" && Number(made) > Number(layout)) {
    throw new RefusedError(
      `the cluster ${attrs.name} was made by a newer ekstool (layout ${made}; this one knows ${layout})`,
      {
        hint: "Update ekstool and run the command again.",
      },
    );
  }
  return live;
}

function howToUnprotect(name: string): string {
  return (
    "its deletion protection is on; say deletionProtection: false in its file and apply that, or: " +
    `aws eks update-cluster-config --name ${name} --no-deletion-protection`
  );
}

/** FAILED with an endpoint was once up, and holds what runs in it. */
function phaseOf({ status, endpoint, health }: Cluster): Phase {
  switch (status) {
    case "ACTIVE":
      return health?.issues?.length ? "degraded" : "ready";
    case "FAILED":
      return endpoint === undefined ? "failed" : "degraded";
    case "DELETING":
      return "deleting";
    default:
      return "pending";
  }
}

function attributes(described: Cluster): ClusterAttrs {
  const vpc = described.resourcesVpcConfig;
  const logs = described.logging?.clusterLogging?.filter((setup) => setup.enabled);
  return {
    name: described.name ?? "",
    arn: described.arn ?? "",
    version: described.version ?? "",
    platformVersion: described.platformVersion ?? "",
    endpoint: described.endpoint ?? "",
    certificateAuthority: described.certificateAuthority?.data ?? "",
    securityGroup: { id: vpc?.clusterSecurityGroupId ?? "" },
    vpcId: vpc?.vpcId ?? "",
    subnetIds: (vpc?.subnetIds ?? []).toSorted(),
    securityGroupIds: (vpc?.securityGroupIds ?? []).toSorted(),
    roleArn: described.roleArn ?? "",
    oidcIssuer: described.identity?.oidc?.issuer ?? "",
    endpointPublicAccess: vpc?.endpointPublicAccess ?? true,
    endpointPrivateAccess: vpc?.endpointPrivateAccess ?? false,
    publicAccessCidrs: (vpc?.publicAccessCidrs ?? []).toSorted(),
    logging: (logs ?? []).flatMap((setup) => setup.types ?? []).toSorted(),
    secretsEncryptionKeyArn: described.encryptionConfig?.[0]?.provider?.keyArn ?? null,
    authenticationMode: described.accessConfig?.authenticationMode ?? "CONFIG_MAP",
    ipFamily: described.kubernetesNetworkConfig?.ipFamily ?? "ipv4",
    serviceCidr: serviceCidrOf(described),
    remoteNetworks: {
      nodes: cidrsOf(described.remoteNetworkConfig?.remoteNodeNetworks),
      pods: cidrsOf(described.remoteNetworkConfig?.remotePodNetworks),
    },
    supportType: described.upgradePolicy?.supportType ?? "EXTENDED",
    zonalShift: described.zonalShiftConfig?.enabled ?? false,
    deletionProtection: described.deletionProtection ?? false,
    scalingTier: described.controlPlaneScalingConfig?.tier ?? "standard",
    components: componentsOf(described),
    egressMode: vpc?.controlPlaneEgressMode ?? "AWS_MANAGED",
    autoMode: {
      enabled: described.computeConfig?.enabled ?? false,
      nodePools: (described.computeConfig?.nodePools ?? []).toSorted(),
      nodeRoleArn: described.computeConfig?.nodeRoleArn ?? "",
    },
    outpost: outpostOf(described),
    apiId: described.id ?? described.name ?? "",
    createdAt: described.createdAt?.toISOString() ?? "",
    tags: described.tags ?? {},
  };
}

function cidrsOf(networks: readonly { readonly cidrs?: readonly string[] | undefined }[] = []): readonly string[] {
  return networks.flatMap(({ cidrs = [] }) => cidrs).toSorted();
}

/** Of the family that the cluster has. */
function serviceCidrOf({ kubernetesNetworkConfig }: Cluster): string {
  const { serviceIpv4Cidr, serviceIpv6Cidr } = kubernetesNetworkConfig ?? {};
  return serviceIpv4Cidr ?? serviceIpv6Cidr ?? "";
}
