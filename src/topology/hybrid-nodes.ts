import type { ClusterConfig } from "../config/types.ts";
import type { Handle } from "../engine/graph.ts";
import { accessEntry, type AccessEntryAttrs } from "../resources/eks/access-entry.ts";
import type { ClusterAttrs, RemoteNetworks } from "../resources/eks/cluster.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import { managedPolicyArn, roleArn } from "./arns.ts";
import { type PermissionSet, policyDocument } from "./policies.ts";
import { addRole, ourRolePath, roleName } from "./roles.ts";
import type { Scope } from "./scope.ts";

/** The blocks of hybrid nodes and of the pods on them. */
export function remoteNetworks({ remoteNetworkConfig }: ClusterConfig): RemoteNetworks {
  const cidrs = (networks: readonly { readonly cidrs: readonly string[] }[] = []) =>
    networks.flatMap((network) => network.cidrs);
  return {
    nodes: cidrs(remoteNetworkConfig?.remoteNodeNetworks),
    pods: cidrs(remoteNetworkConfig?.remotePodNetworks),
  };
}

const label = "hybrid-nodes";

/** What lets hybrid nodes in: the role that they have, given or made, and its access entry. */
export function addHybridNodes(scope: Scope, cluster: Handle<ClusterAttrs>): readonly Handle<AccessEntryAttrs>[] {
  const { config } = scope;
  if (remoteNetworks(config).nodes.length === 0) return [];
  const given = config.remoteNetworkConfig?.iam?.roleARN;
  if (given !== undefined) {
    const listed = config.accessConfig?.accessEntries?.some((entry) => entry.principalARN === given) ?? false;
    return listed ? [] : [addEntry(scope, cluster, given, [])];
  }
  const role = addRole(scope, {
    label,
    description: `Hybrid nodes of the EKS cluster ${scope.name}`,
    trust: { kind: "service", services: ["ssm.amazonaws.com"], tagSession: false },
    permissions: permissions(scope),
  });
  return [addEntry(scope, cluster, roleArn(scope.facts, ourRolePath(scope), roleName(scope, label)), [role])];
}

function addEntry(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  principalArn: string,
  role: readonly Handle<RoleAttrs>[],
): Handle<AccessEntryAttrs> {
  return scope.graph.add(accessEntry, {
    id: `access-entry/${role.length > 0 ? label : principalArn}`,
    name: principalArn,
    spec: {
      ...(role.length > 0 ? {} : { principalArn }),
      type: "HYBRID_LINUX",
      policies: [],
      tags: scope.tags(`access-entry/${label}`),
    },
    deps: { cluster, role },
  });
}

/** A hybrid node may take itself out of Systems Manager, when its activation was tagged for the cluster (EKS user guide, hybrid nodes). */
function permissions({ facts, region, name }: Scope): PermissionSet {
  const { partition, account } = facts.caller;
  const cluster = `arn:${partition}:eks:${region}:${account}:cluster/${name}`;
  const statements = [
    { Effect: "Allow", Action: ["eks:DescribeCluster"], Resource: cluster },
    { Effect: "Allow", Action: ["ssm:DescribeInstanceInformation"], Resource: "*" },
    {
      Effect: "Allow",
      Action: ["ssm:DeregisterManagedInstance"],
      Resource: "*",
      Condition: { StringEquals: { "ssm:resourceTag/EKSClusterARN": cluster } },
    },
  ];
  return {
    managedPolicyArns: ["AmazonSSMManagedInstanceCore", "AmazonEC2ContainerRegistryPullOnly"].map((policy) =>
      managedPolicyArn(facts, policy),
    ),
    inlinePolicies: { PolicyHybridNodes: policyDocument(statements) },
  };
}
