import { stackName } from "../aws/names.ts";
import { certificatesIn } from "../config/certificates.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { Handle } from "../engine/graph.ts";
import { accessEntry, type AccessEntryAttrs } from "../resources/eks/access-entry.ts";
import type { ClusterAttrs, RemoteNetworks } from "../resources/eks/cluster.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import { profile } from "../resources/rolesanywhere/profile.ts";
import { trustAnchor, type TrustAnchorAttrs } from "../resources/rolesanywhere/trust-anchor.ts";
import { eksArn, managedPolicyArn, roleArn } from "./arns.ts";
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

/** The logical id of the role that is made for them. */
export const hybridNodesRole = `role/${label}`;

/** What lets hybrid nodes in: the role that they have, given or made, and its access entry; for ira, what makes credentials of their certificates. */
export function addHybridNodes(scope: Scope, cluster: Handle<ClusterAttrs>): readonly Handle<unknown>[] {
  const { config } = scope;
  if (remoteNetworks(config).nodes.length === 0) return [];
  const { provider, roleARN: given, caBundleCert = "" } = config.remoteNetworkConfig?.iam ?? {};
  if (given !== undefined) {
    const listed = config.accessConfig?.accessEntries?.some((entry) => entry.principalARN === given) ?? false;
    return listed ? [] : [addEntry(scope, cluster, given, [])];
  }
  const anchor = provider === "ira" ? addTrustAnchor(scope, caBundleCert) : undefined;
  const role = addRole(scope, {
    label,
    description: `Hybrid nodes of the EKS cluster ${scope.name}`,
    trust: anchor ? { kind: "anywhere" } : { kind: "service", services: ["ssm.amazonaws.com"], tagSession: false },
    permissions: permissions(scope, anchor ? withCertificates : withActivations(scope)),
    trustAnchor: anchor,
  });
  const entry = addEntry(scope, cluster, roleArn(scope.facts, ourRolePath(scope), roleName(scope, label)), [role]);
  return anchor ? [entry, addProfile(scope, role)] : [entry];
}

function addTrustAnchor(scope: Scope, caBundleCert: string): Handle<TrustAnchorAttrs> {
  const id = "trust-anchor";
  return scope.graph.add(trustAnchor, {
    id,
    name: stackName({ region: scope.region, cluster: scope.name }, id),
    spec: {
      description: `Trust anchor for hybrid nodes of the EKS cluster ${scope.name}`,
      certificates: certificatesIn(caBundleCert).join("\n"),
      tags: scope.tags(id),
    },
    deps: {},
  });
}

function addProfile(scope: Scope, role: Handle<RoleAttrs>): Handle<unknown> {
  const id = "anywhere-profile";
  return scope.graph.add(profile, {
    id,
    name: stackName({ region: scope.region, cluster: scope.name }, id),
    spec: { description: `Profile for hybrid nodes of the EKS cluster ${scope.name}`, tags: scope.tags(id) },
    deps: { role },
  });
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

/** What nodeadm asks about the cluster, and images, for nodes of either provider (EKS user guide, "Prepare credentials for hybrid nodes"). */
function permissions(scope: Scope, byProvider: Permissions): PermissionSet {
  const { policies, statements } = byProvider;
  const nodeadm = {
    Effect: "Allow",
    Action: ["eks:DescribeCluster", "eks:ListAccessEntries"],
    Resource: eksArn(scope, `cluster/${scope.name}`),
  };
  return {
    managedPolicyArns: [...policies, "AmazonEC2ContainerRegistryPullOnly"].map((policy) =>
      managedPolicyArn(scope.facts, policy),
    ),
    inlinePolicies: { PolicyHybridNodes: policyDocument([nodeadm, ...statements]) },
  };
}

interface Permissions {
  readonly policies: readonly string[];
  readonly statements: readonly object[];
}

const withCertificates: Permissions = { policies: [], statements: [] };

/** A node may take itself out of Systems Manager, when its activation was tagged for the cluster. */
function withActivations(scope: Scope): Permissions {
  return {
    policies: ["AmazonSSMManagedInstanceCore"],
    statements: [
      { Effect: "Allow", Action: ["ssm:DescribeInstanceInformation"], Resource: "*" },
      {
        Effect: "Allow",
        Action: ["ssm:DeregisterManagedInstance"],
        Resource: "*",
        Condition: { StringEquals: { "ssm:resourceTag/EKSClusterARN": eksArn(scope, `cluster/${scope.name}`) } },
      },
    ],
  };
}
