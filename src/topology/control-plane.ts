import type { Handle } from "../engine/graph.ts";
import { cluster, type ClusterAttrs, type ClusterSpec } from "../resources/eks/cluster.ts";
import { logGroup } from "../resources/logs/log-group.ts";
import { hasPrivateEndpointOnly } from "../config/endpoint-services.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { Network } from "./network.ts";
import { addAutoModeNodeRole, autoModeSpec } from "./auto-mode.ts";
import { mayStayOnPrivateSubnets } from "./control-plane-subnets.ts";
import { componentSettings } from "./control-plane-components.ts";
import { remoteNetworks } from "./hybrid-nodes.ts";
import { localClusterInitially, localClusterSpec } from "./local-cluster.ts";
import { isIpv6, type Scope } from "./scope.ts";

const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

/**
 * The log group, made before EKS would make one that never expires. Present when the file turns logging on; where it says
 * nothing about logs that are on, they are left on, and their group is left as it is.
 */
function addLogGroup(scope: Scope): Handle<unknown> | undefined {
  const logging = scope.config.cloudWatch?.clusterLogging;
  const types = enabledTypes(scope.config);
  if (types === undefined && scope.facts.cluster?.logging === true) return scope.graph.given("log-group", {});
  if (!types?.length) return undefined;
  return scope.graph.add(logGroup, {
    id: "log-group",
    name: `/aws/eks/${scope.name}/cluster`,
    spec: {
      ...(logging?.logRetentionInDays ? { retentionInDays: logging.logRetentionInDays } : {}),
      tags: scope.tags("log-group"),
    },
    deps: {},
  });
}

/** The log types of the file, `all` and `*` written out; undefined when it says nothing. */
function enabledTypes(config: ClusterConfig): readonly string[] | undefined {
  const types: readonly string[] | undefined = config.cloudWatch?.clusterLogging?.enableTypes;
  if (types === undefined) return undefined;
  return types.some((type) => type === "all" || type === "*")
    ? logTypes
    : logTypes.filter((type) => types.includes(type));
}

/** The control plane. All that CreateCluster can take goes into it: a fresh create needs no update. */
export function addControlPlane(
  scope: Scope,
  network: Network,
  role: Handle<{ readonly arn: string }>,
  securityGroups: readonly Handle<{ readonly id: string }>[],
): Handle<ClusterAttrs> {
  const logs = addLogGroup(scope);
  return scope.graph.add(cluster, {
    id: "cluster",
    name: scope.name,
    spec: clusterSpec(scope, scope.config),
    initially: {
      ...clusterSpec(scope, scope.full),
      ...localClusterInitially(scope),
      version: scope.version,
      bootstrapClusterCreatorAdminPermissions: scope.full.accessConfig.bootstrapClusterCreatorAdminPermissions,
    },
    deps: {
      role,
      subnets: network.controlPlane,
      securityGroups,
      nodeRole: addAutoModeNodeRole(scope),
    },
    after: logs ? [{ on: logs, until: "ready" }] : [],
  });
}

function clusterSpec(scope: Scope, config: ClusterConfig): ClusterSpec {
  const spec: { -readonly [K in keyof ClusterSpec]: ClusterSpec[K] | undefined } = {
    // A file that names a version means it; `default` and `auto` mean what was chosen at creation.
    version: ["default", "auto", undefined].includes(config.metadata.version) ? undefined : scope.version,
    forceVersion: config.metadata.forceUpdateVersion,
    endpointPublicAccess: hasPrivateEndpointOnly(config) ? false : config.vpc?.clusterEndpoints?.publicAccess,
    endpointPrivateAccess: hasPrivateEndpointOnly(config) ? true : config.vpc?.clusterEndpoints?.privateAccess,
    publicAccessCidrs: config.vpc?.publicAccessCIDRs,
    logging: enabledTypes(config),
    secretsEncryptionKeyArn: config.secretsEncryption?.keyARN,
    authenticationMode: config.accessConfig?.authenticationMode,
    ipFamily: isIpv6(scope) ? "ipv6" : "ipv4",
    serviceIpv4Cidr: config.kubernetesNetworkConfig?.serviceIPv4CIDR,
    remoteNetworks: config.remoteNetworkConfig && remoteNetworks(config),
    supportType: config.upgradePolicy?.supportType,
    zonalShift: config.zonalShiftConfig?.enabled,
    deletionProtection: config.deletionProtection,
    scalingTier: config.controlPlaneScalingConfig?.tier,
    components: componentSettings(scope),
    egressMode: config.vpc?.controlPlaneEgressMode,
    autoMode: autoModeSpec(scope),
    staysOnFewerSubnets: mayStayOnPrivateSubnets(scope) || undefined,
    outpost: localClusterSpec(scope),
    tags: scope.tags("cluster"),
  };
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)) as unknown as ClusterSpec;
}
