import { nameInArn } from "../../aws/names.ts";
import type { NodeGroupBase } from "../../config/types.ts";
import type { Handle } from "../../engine/graph.ts";
import type { ClusterAttrs } from "../../resources/eks/cluster.ts";
import type { RoleAttrs } from "../../resources/iam/role.ts";
import { addNodeAccessEntry } from "../access.ts";
import { managedPolicyArn, roleArn } from "../arns.ts";
import {
  cniPermissions,
  givenDocument,
  joinPermissions,
  nodePermissions,
  noPermissions,
  type PermissionSet,
} from "../policies.ts";
import { addRole, authenticationMode, ourRolePath, roleName } from "../roles.ts";
import { isIpv6, type Scope } from "../scope.ts";
import type { Wanted } from "./wanted.ts";

export interface NodeRole {
  readonly role: Handle<Pick<RoleAttrs, "arn" | "name">>;
  readonly arn: string;
  /** EKS sees to a given role itself, where it manages the nodes, and without access entries to any. */
  readonly accessEntry?: Handle<unknown>;
}

/**
 * The role of the nodes, and what lets them in.
 *
 * @param given the ARN of a role that exists.
 */
export function nodeRole(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  { config, name }: Wanted,
  given: string | undefined,
): NodeRole {
  const label = `nodegroup/${name}`;
  if (given !== undefined) {
    return { arn: given, role: scope.graph.given(`role/${label}`, { arn: given, name: nameInArn(given) }) };
  }
  const configMapOnly = authenticationMode(scope) === "CONFIG_MAP";
  const chosenName = config.iam?.instanceRoleName;
  // aws-auth cannot carry a path, and nobody expects one behind a name of the file's own.
  const path = configMapOnly || chosenName !== undefined ? "/" : ourRolePath(scope);
  const awsName = chosenName ?? roleName(scope, label);
  const role = addRole(scope, {
    label,
    description: `Nodes of ${name} in the EKS cluster ${scope.name}`,
    trust: { kind: "service", services: ["ec2.amazonaws.com"], tagSession: false },
    permissions: nodeRolePermissions(scope, config),
    permissionsBoundary: config.iam?.instanceRolePermissionsBoundary,
    name: awsName,
    path,
  });
  const arn = roleArn(scope.facts, path, awsName);
  if (configMapOnly) return { arn, role };
  return { arn, role, accessEntry: addNodeAccessEntry(scope, cluster, name, role, arn, entryType(config)) };
}

/** The type of the access entry that lets such nodes in. */
export function entryType({ amiFamily }: Pick<NodeGroupBase, "amiFamily">): "EC2_LINUX" | "EC2_WINDOWS" {
  return amiFamily?.startsWith("Windows") === true ? "EC2_WINDOWS" : "EC2_LINUX";
}

function nodeRolePermissions(scope: Scope, config: NodeGroupBase): PermissionSet {
  const standard = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"];
  // With an identity provider the CNI has a role of its own.
  const cni = scope.full.iam.withOIDC ? noPermissions : cniPermissions(scope.facts, isIpv6(scope));
  const base = { ...noPermissions, managedPolicyArns: standard.map((name) => managedPolicyArn(scope.facts, name)) };
  const listed = config.iam?.attachPolicyARNs;
  const own = config.iam?.attachPolicy;
  const chosen = listed === undefined ? joinPermissions(base, cni) : { ...noPermissions, managedPolicyArns: listed };
  return joinPermissions(
    joinPermissions(chosen, {
      ...noPermissions,
      inlinePolicies: own === undefined ? {} : { Policy1: givenDocument(own) },
    }),
    nodePermissions(scope.facts, config.iam?.withAddonPolicies),
  );
}
