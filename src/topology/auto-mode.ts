import { autoModeNodePools } from "../config/default-values.ts";
import type { Handle } from "../engine/graph.ts";
import type { ClusterSpec } from "../resources/eks/cluster.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import { managedPolicyArn } from "./arns.ts";
import { addRole } from "./roles.ts";
import type { Scope } from "./scope.ts";

/** What the control plane's role needs for EKS Auto Mode, beside AmazonEKSClusterPolicy (EKS user guide, "Cluster IAM role"). */
export const autoModeClusterPolicies = [
  "AmazonEKSComputePolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
] as const;

/** As the file has it; where it says nothing, as it is. */
export function isAutoMode({ config, facts }: Pick<Scope, "config" | "facts">): boolean {
  return config.autoModeConfig?.enabled ?? facts.cluster?.autoMode ?? false;
}

/** Whether EKS launches nodes for pods that wait for one. */
export function launchesNodes({ config }: Scope): boolean {
  const { enabled, nodePools } = config.autoModeConfig ?? {};
  return enabled === true && nodePools?.length !== 0;
}

/** What the file says of Auto Mode. Pools that it does not name are chosen when it is turned on, and then left alone. */
export function autoModeSpec({ config, facts }: Scope): ClusterSpec["autoMode"] {
  const { enabled, nodePools } = config.autoModeConfig ?? {};
  if (enabled === undefined) return undefined;
  const pools = nodePools ?? (facts.cluster?.autoMode === true ? undefined : autoModeNodePools);
  return { enabled, ...(enabled && pools ? { nodePools: pools } : {}) };
}

/** The role of the nodes that EKS launches: the file's, or ours. None where no built-in pool has nodes. */
export function addAutoModeNodeRole(scope: Scope): readonly Handle<Pick<RoleAttrs, "arn">>[] {
  // Auto Mode that is on without the file is left on, with the role that it has.
  if (scope.config.autoModeConfig === undefined && isAutoMode(scope)) scope.graph.given("role/auto-mode-node", {});
  if (!launchesNodes(scope)) return [];
  const { nodeRoleARN, permissionsBoundaryARN } = scope.config.autoModeConfig ?? {};
  if (nodeRoleARN !== undefined) return [scope.graph.given("role/auto-mode-node", { arn: nodeRoleARN })];
  const policies = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"];
  return [
    addRole(scope, {
      label: "auto-mode-node",
      description: `Auto Mode nodes of the EKS cluster ${scope.name}`,
      trust: { kind: "service", services: ["ec2.amazonaws.com"], tagSession: false },
      permissions: {
        managedPolicyArns: policies.map((name) => managedPolicyArn(scope.facts, name)),
        inlinePolicies: {},
      },
      permissionsBoundary: permissionsBoundaryARN,
      heldByArn: true,
    }),
  ];
}
