import type { AwsContext } from "../aws/context.ts";
import type { ClusterConfig } from "../config/types.ts";
import { withDefaults } from "../config/defaults.ts";
import { Graph, type Handle } from "../engine/graph.ts";
import type { Facts } from "../facts/types.ts";
import { resolveVersion } from "../facts/versions.ts";
import type { Devices } from "../resources/kube/device-plugin.ts";
import { kubeconfig, type KubeconfigSpec } from "../resources/local/kubeconfig.ts";
import { addAccessEntries } from "./access.ts";
import { launchesNodes } from "./auto-mode.ts";
import { addCapabilities } from "./capabilities.ts";
import { addAddonsBeforeNodes, addOtherAddons } from "./addons.ts";
import { addControlPlane } from "./control-plane.ts";
import { addDevicePlugins } from "./device-plugins.ts";
import { addGitops } from "./gitops.ts";
import { addHybridNodes } from "./hybrid-nodes.ts";
import { addIdentityMappings } from "./identity-mappings.ts";
import { addIdentityProvider } from "./identity-provider.ts";
import { addKarpenter, discoveryTag } from "./karpenter.ts";
import { addManagedNodegroups } from "./managed-nodegroups.ts";
import { addFargateProfiles, runsOnFargate } from "./fargate.ts";
import { addNetwork } from "./networks.ts";
import { addPodIdentityAssociations } from "./pod-identity.ts";
import { addClusterRole, addOidcProvider } from "./roles.ts";
import { addServiceAccounts } from "./service-accounts.ts";
import { addSelfManagedNodegroups } from "./self-managed-nodegroups.ts";
import { closePublicEndpointLast } from "./private-cluster.ts";
import type { Scope } from "./scope.ts";
import { addControlPlaneSecurityGroups, addSharedNodeSecurityGroup } from "./security-groups.ts";

export interface TopologyOptions {
  /** Written as the last step; absent: no kubeconfig. */
  readonly kubeconfig?: KubeconfigSpec;
  /** Device plugins that somebody else sees to. */
  readonly withoutDevicePlugins?: readonly Devices[];
}

/**
 * Everything that a ClusterConfig asks for, as a graph: which resources exist, what each is made from, and what has to
 * be there before it. Pure: the same file and facts give the same graph, and logical ids are a contract.
 *
 * @throws InputError for what the file asks and this region or account cannot give.
 */
export function buildTopology(config: ClusterConfig, facts: Facts, options: TopologyOptions = {}): Graph<AwsContext> {
  const graph = new Graph<AwsContext>();
  const { name, region } = config.metadata;
  const { [discoveryTag]: discovery, ...everywhere } = config.metadata.tags ?? {};
  // By this one Karpenter's node classes choose: it is for what its nodes are to be in.
  const common = config.karpenter === undefined ? config.metadata.tags : everywhere;
  const scope: Scope = {
    graph,
    config,
    full: withDefaults(config),
    facts,
    name,
    region,
    version: resolveVersion(config.metadata.version, facts.clusterVersions, facts.cluster?.version),
    tags: (label, more = {}) => ({
      Name: `${name}/${label}`,
      "alpha.eksctl.io/cluster-name": name,
      ...common,
      ...more,
    }),
    discovery: config.karpenter === undefined || discovery === undefined ? {} : { [discoveryTag]: discovery },
  };
  const network = addNetwork(scope);
  const clusterRole = addClusterRole(scope);
  const controlPlaneGroups = addControlPlaneSecurityGroups(scope, network);
  const cluster = addControlPlane(scope, network, clusterRole, controlPlaneGroups);
  const groups = { controlPlane: controlPlaneGroups, shared: addSharedNodeSecurityGroup(scope, network, cluster) };
  const oidcProvider = addOidcProvider(scope, cluster);
  const entries = [...addAccessEntries(scope, cluster), ...addHybridNodes(scope, cluster)];
  const accounts = addServiceAccounts(scope, cluster, oidcProvider);
  const mappings = addIdentityMappings(scope, cluster);
  const associations = addPodIdentityAssociations(scope, cluster);
  const capabilities = addCapabilities(scope, cluster);
  const early = addAddonsBeforeNodes(scope, cluster, oidcProvider);
  const nodegroups = [
    ...addSelfManagedNodegroups(scope, network, cluster, early, groups),
    ...addManagedNodegroups(scope, network, cluster, early),
  ];
  const plugins = addDevicePlugins(scope, cluster, options.withoutDevicePlugins ?? []);
  const profiles = addFargateProfiles(scope, network, cluster);
  const karpenter = addKarpenter(scope, { cluster, oidcProvider, nodegroups: withNodes(scope, nodegroups) });
  const others = addOtherAddons(scope, cluster, oidcProvider, (addon) => [
    ...withNodes(scope, nodegroups),
    ...(launchesNodes(scope) ? [cluster] : []),
    ...profiles.filter((_, index) => fitsProfile(scope, addon, index)),
  ]);
  addIdentityProvider(scope, cluster, [...nodegroups, ...profiles]);
  const before = [
    ...entries,
    ...accounts,
    ...mappings,
    ...associations,
    ...capabilities,
    ...early,
    ...nodegroups,
    ...plugins,
    ...profiles,
    ...others,
    ...karpenter,
  ];
  const flux = addGitops(scope, cluster, { nodegroups: withNodes(scope, nodegroups), before });
  const all = [...before, ...flux];
  closePublicEndpointLast(scope, cluster, all);
  if (options.kubeconfig) {
    graph.add(kubeconfig, {
      id: "kubeconfig",
      name: options.kubeconfig.context,
      spec: options.kubeconfig,
      deps: { cluster },
      after: all.map((on) => ({ on, until: "ready" }) as const),
    });
  }
  return graph;
}

/** The nodegroups that begin with nodes; one of size 0 makes no add-on healthy. They are in the file's order. */
function withNodes(scope: Scope, nodegroups: readonly Handle<unknown>[]): readonly Handle<unknown>[] {
  const { nodeGroups, managedNodeGroups } = scope.full;
  const sizes = [...nodeGroups, ...managedNodeGroups].map(({ desiredCapacity }) => desiredCapacity);
  return nodegroups.filter((_, index) => sizes[index] !== 0);
}

function fitsProfile({ config }: Scope, addon: string, index: number): boolean {
  const profile = config.fargateProfiles?.[index];
  return profile !== undefined && runsOnFargate(addon, profile);
}

export { information } from "./information.ts";
