import type { Handle } from "../engine/graph.ts";
import { oidcProvider, type OidcProviderAttrs } from "../resources/iam/oidc-provider.ts";
import { role, type RoleAttrs, type RoleTrust } from "../resources/iam/role.ts";
import type { TrustAnchorAttrs } from "../resources/rolesanywhere/trust-anchor.ts";
import { globalName, rolePath } from "../aws/names.ts";
import type { Tags } from "../aws/tags.ts";
import { isLocalCluster, knowsAccessEntries } from "../config/outposts.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { managedPolicyArn, roleArn } from "./arns.ts";
import { autoModeClusterPolicies, isAutoMode } from "./auto-mode.ts";
import type { PermissionSet } from "./policies.ts";
import type { Scope } from "./scope.ts";

export interface RoleOptions {
  /** What follows `role/` in the logical id. */
  readonly label: string;
  readonly description: string;
  readonly trust: RoleTrust;
  readonly permissions: PermissionSet;
  readonly permissionsBoundary?: string | undefined;
  /** A name that the file asks for. */
  readonly name?: string | undefined;
  /** Absent: ours, or `/` with a name that the file asks for. */
  readonly path?: string | undefined;
  readonly tags?: Tags | undefined;
  readonly oidcProvider?: Handle<OidcProviderAttrs> | undefined;
  readonly trustAnchor?: Handle<TrustAnchorAttrs> | undefined;
  /** Whoever has the role knows it by its ARN alone: one that somebody deleted is made again, and all is as before. */
  readonly heldByArn?: true;
  /** Update groups that wait for others to be as wanted. */
  readonly late?: { readonly policies: readonly Handle<unknown>[] };
}

/** The AWS name of a role of ours. */
export function roleName(scope: Scope, label: string): string {
  return globalName({ region: scope.region, cluster: scope.name }, label.replaceAll("/", "-"));
}

/** The path that our roles have, by which they are found again; those whose names the file chooses have the ARN that the name promises. */
export function ourRolePath(scope: Scope): string {
  return rolePath({ region: scope.region, cluster: scope.name });
}

/** The file's, or that of the cluster that is there: roles whose way in is aws-auth cannot have a path. */
export function authenticationMode(scope: Scope): string | undefined {
  if (!knowsAccessEntries(scope.config)) return "CONFIG_MAP";
  return scope.config.accessConfig?.authenticationMode ?? scope.facts.cluster?.authenticationMode;
}

export function addRole(scope: Scope, options: RoleOptions): Handle<RoleAttrs> {
  const { name = roleName(scope, options.label) } = options;
  const { path = options.name === undefined ? ourRolePath(scope) : "/" } = options;
  return scope.graph.add(role, {
    id: `role/${options.label}`,
    name,
    ...(options.heldByArn && { foreseen: { arn: roleArn(scope.facts, path, name) } }),
    spec: {
      ...(options.name === undefined ? {} : { chosenName: options.name }),
      path,
      description: options.description,
      trust: options.trust,
      managedPolicyArns: options.permissions.managedPolicyArns,
      inlinePolicies: options.permissions.inlinePolicies,
      ...(options.permissionsBoundary === undefined ? {} : { permissionsBoundary: options.permissionsBoundary }),
      tags: scope.tags(`role/${options.label}`, options.tags),
    },
    deps: {
      oidcProviders: options.oidcProvider ? [options.oidcProvider] : [],
      trustAnchors: options.trustAnchor ? [options.trustAnchor] : [],
    },
    ...(options.late && { late: options.late }),
  });
}

/** The role that EKS assumes: the file's, or ours with eksctl's policies. */
export function addClusterRole(scope: Scope): Handle<Pick<RoleAttrs, "arn">> {
  const given = scope.config.iam?.serviceRoleARN;
  if (given !== undefined) return scope.graph.given("role/cluster", { arn: given });
  const isLocal = isLocalCluster(scope.config);
  const policies = [isLocal ? "AmazonEKSLocalOutpostClusterPolicy" : "AmazonEKSClusterPolicy"];
  if (scope.full.iam.vpcResourceControllerPolicy && !isLocal) policies.push("AmazonEKSVPCResourceController");
  const { autoMode: isOn = false } = scope.facts.cluster ?? {};
  if (isAutoMode(scope)) policies.push(...autoModeClusterPolicies);
  return addRole(scope, {
    label: "cluster",
    description: `Control plane of the EKS cluster ${scope.name}`,
    // A local cluster's control plane is instances in this account.
    trust: isLocal
      ? { kind: "service", services: ["ec2.amazonaws.com"], tagSession: false }
      : { kind: "service", services: ["eks.amazonaws.com"], tagSession: true },
    permissions: { managedPolicyArns: policies.map((name) => managedPolicyArn(scope.facts, name)), inlinePolicies: {} },
    permissionsBoundary: scope.config.iam?.serviceRolePermissionsBoundary,
    heldByArn: true,
    // EKS takes away what Auto Mode launched by the policies that then go.
    ...(isOn && !isAutoMode(scope) && { late: { policies: [{ id: "cluster" }] } }),
  });
}

/** The IAM identity provider of the cluster's issuer, when `iam.withOIDC` asks for it. */
export function addOidcProvider(scope: Scope, cluster: Handle<ClusterAttrs>): Handle<OidcProviderAttrs> | undefined {
  if (!scope.full.iam.withOIDC) return undefined;
  return scope.graph.add(oidcProvider, {
    id: "oidc-provider",
    name: `${scope.name}/oidc-provider`,
    spec: { tags: scope.tags("oidc-provider") },
    deps: { cluster },
  });
}
