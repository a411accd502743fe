import type { Handle } from "../engine/graph.ts";
import { InputError } from "../errors.ts";
import type { Addon } from "../config/types.ts";
import { addon, type AddonAttrs, type AddonSpec } from "../resources/eks/addon.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import type { OidcProviderAttrs } from "../resources/iam/oidc-provider.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import { parseConfigurationValues } from "../config/configuration-values.ts";
import { managedPolicyArn } from "./arns.ts";
import { addPodIdentityRole } from "./pod-identity.ts";
import { runsOnFargate } from "./fargate.ts";
import {
  cniPermissions,
  givenDocument,
  ipv6CniPolicy,
  ipv6CniPolicyName,
  joinPermissions,
  noPermissions,
  type PermissionSet,
  wellKnownPermissions,
} from "./policies.ts";
import { addRole, ourRolePath } from "./roles.ts";
import { isIpv6, type Scope } from "./scope.ts";
import { accountRoleWithArn } from "./service-accounts.ts";

const podIdentityAgent = "eks-pod-identity-agent";

/**
 * Add-ons that run without nodes or that nodes wait for: issued before the nodegroups. All others have Deployments: they
 * are issued at once too, but are healthy only when nodes are there.
 */
const beforeNodes: readonly string[] = [podIdentityAgent, "vpc-cni", "kube-proxy"];

/** The service account and the permissions of those add-ons that eksctl gives a role by itself when there is OIDC. */
const recommendedRoles: Readonly<
  Record<string, { readonly serviceAccount: string; readonly permissions: (scope: Scope) => PermissionSet }>
> = {
  "vpc-cni": { serviceAccount: "aws-node", permissions: (scope) => cniPermissions(scope.facts, isIpv6(scope)) },
  "aws-ebs-csi-driver": {
    serviceAccount: "ebs-csi-controller-sa",
    permissions: awsPolicy("service-role/AmazonEBSCSIDriverPolicy"),
  },
  "aws-efs-csi-driver": {
    serviceAccount: "efs-csi-controller-sa",
    permissions: awsPolicy("service-role/AmazonEFSCSIDriverPolicy"),
  },
};

function awsPolicy(name: string): (scope: Scope) => PermissionSet {
  return ({ facts }) => ({ ...noPermissions, managedPolicyArns: [managedPolicyArn(facts, name)] });
}

/** The add-ons that nodes wait for. */
export function addAddonsBeforeNodes(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  oidcProvider: Handle<OidcProviderAttrs> | undefined,
): readonly Handle<AddonAttrs>[] {
  const addons = scope.full.addons.filter((one) => beforeNodes.includes(one.name));
  return addons.map((one) => addAddon(scope, one, cluster, oidcProvider, []));
}

/** The rest. @param runsOn what the health of an add-on with a Deployment waits for; none: health is not awaited. */
export function addOtherAddons(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  oidcProvider: Handle<OidcProviderAttrs> | undefined,
  runsOn: (addon: string) => readonly Handle<unknown>[],
): readonly Handle<AddonAttrs>[] {
  const addons = scope.full.addons.filter((one) => !beforeNodes.includes(one.name));
  return addons.map((one) => {
    const hosts = runsOn(one.name);
    return addAddon(scope, one, cluster, oidcProvider, hosts.length > 0 ? hosts : "never");
  });
}

function addAddon(
  scope: Scope,
  wanted: Addon,
  cluster: Handle<ClusterAttrs>,
  oidcProvider: Handle<OidcProviderAttrs> | undefined,
  healthyAfter: readonly Handle<unknown>[] | "never",
): Handle<AddonAttrs> {
  const { name } = wanted;
  const role = serviceAccountRole(scope, wanted, oidcProvider);
  const pods = podIdentity(scope, wanted);
  const version = addonVersion(scope, wanted);
  const update = wanted.resolveConflicts?.toUpperCase() ?? "PRESERVE";
  const { serviceAccountRoleARN: givenRole } = wanted;
  const madeRole = givenRole === undefined ? undefined : accountRoleWithArn(scope, givenRole);
  const agent = scope.graph.nodes.has(`addon/${podIdentityAgent}`) ? { id: `addon/${podIdentityAgent}` } : undefined;
  const configurationValues = configurationOf(scope, wanted);
  const spec: AddonSpec = {
    ...(version.enforced ? { version: version.version } : {}),
    ...(configurationValues === undefined ? {} : { configurationValues: JSON.stringify(configurationValues) }),
    ...(givenRole === undefined ? {} : { serviceAccountRoleArn: givenRole }),
    ...(pods === undefined ? {} : { podIdentityAssociations: pods.associations }),
    ...(wanted.namespaceConfig?.namespace === undefined ? {} : { namespace: wanted.namespaceConfig.namespace }),
    // At creation EKS's self-managed copies, if any, are taken over; later the user's own changes are kept.
    resolveConflicts: { create: "OVERWRITE", update },
    tags: { ...scope.tags(`addon/${name}`), ...wanted.tags },
  };
  return scope.graph.add(addon, {
    id: `addon/${name}`,
    name,
    spec,
    initially: { version: version.version },
    deps: { cluster, role: role ? [role] : [], podIdentityRoles: pods?.roles ?? [] },
    after: [
      ...(agent && pods ? [{ on: agent, until: "created" } as const] : []),
      ...(madeRole ? [{ on: madeRole, until: "ready" } as const] : []),
    ],
    healthyAfter,
  });
}

/** The file's settings, over those that the add-on has to be told for what else is in the file. */
function configurationOf(scope: Scope, { name, configurationValues }: Addon): unknown {
  const given = parseConfigurationValues(configurationValues);
  const told = toldTo(scope, name);
  if (told === undefined || (given !== undefined && !isMapping(given))) return given;
  return { ...told, ...given };
}

/** Left alone CoreDNS asks for nodes, and the VPC CNI gives pods on Windows no addresses. */
function toldTo({ config }: Scope, addon: string): Readonly<Record<string, string>> | undefined {
  if (addon === "coredns" && config.fargateProfiles?.some((profile) => runsOnFargate(addon, profile))) {
    return { computeType: "Fargate" };
  }
  const groups = [...(config.nodeGroups ?? []), ...(config.managedNodeGroups ?? [])];
  const hasWindows = groups.some(({ amiFamily }) => amiFamily?.startsWith("Windows"));
  return addon === "vpc-cni" && hasWindows ? { enableWindowsIpam: "true" } : undefined;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The version that the file means. Enforced when it names one or says `latest`; otherwise the default of the moment of
 * creation, which is then left alone.
 */
function addonVersion(scope: Scope, wanted: Addon): { readonly version: string; readonly enforced: boolean } {
  const offered = (scope.facts.addons[wanted.name]?.versions ?? []).map((one) => one.version);
  const standard = scope.facts.addons[wanted.name]?.versions.find((one) => one.default)?.version ?? offered[0];
  if (standard === undefined) {
    const { publishers, types, owners } = wanted;
    const whose = [publishers, types, owners].some(Boolean) ? " of these publishers, types and owners" : "";
    throw new InputError(`addons: EKS offers no add-on ${wanted.name}${whose} for Kubernetes ${scope.version}`, {
      hint: `aws eks describe-addon-versions --kubernetes-version ${scope.version} lists those it offers`,
    });
  }
  const asked = wanted.version;
  if (asked === undefined) return { version: standard, enforced: false };
  const version =
    asked === "latest"
      ? offered[0]
      : (offered.find((one) => one === asked) ?? offered.find((one) => one.includes(asked)));
  if (version === undefined) {
    throw new InputError(`addons: ${wanted.name} has no version ${asked} for Kubernetes ${scope.version}`, {
      hint: `choose from ${offered.join(", ")}`,
    });
  }
  return { version, enforced: true };
}

/** The permissions that the file gives an add-on's role; undefined when it gives none. */
function explicitPermissions(scope: Scope, wanted: Addon): PermissionSet | undefined {
  const wellKnown = wellKnownPermissions(scope.facts, wanted.wellKnownPolicies);
  const listed: PermissionSet = {
    managedPolicyArns: wanted.attachPolicyARNs ?? [],
    inlinePolicies: wanted.attachPolicy ? { Policy1: givenDocument(wanted.attachPolicy) } : {},
  };
  const sum = joinPermissions(listed, wellKnown);
  const empty = sum.managedPolicyArns.length === 0 && Object.keys(sum.inlinePolicies).length === 0;
  return empty ? undefined : sum;
}

/** The role that we make for the add-on's service account (IRSA); a given one needs none. */
function serviceAccountRole(
  scope: Scope,
  wanted: Addon,
  oidcProvider: Handle<OidcProviderAttrs> | undefined,
): Handle<RoleAttrs> | undefined {
  const givenOrPodIdentity = wanted.serviceAccountRoleARN !== undefined || podIdentityWanted(scope, wanted);
  if (givenOrPodIdentity || oidcProvider === undefined) return undefined;
  const recommended = recommendedRoles[wanted.name];
  const permissions = explicitPermissions(scope, wanted) ?? recommended?.permissions(scope);
  if (permissions === undefined) return undefined;
  const subject = recommended && `system:serviceaccount:kube-system:${recommended.serviceAccount}`;
  return addRole(scope, {
    label: `addon/${wanted.name}`,
    description: `Add-on ${wanted.name} of the EKS cluster ${scope.name}`,
    trust: { kind: "oidc", ...(subject === undefined ? {} : { subject }) },
    permissions,
    permissionsBoundary: wanted.permissionsBoundary,
    oidcProvider,
  });
}

function podIdentityWanted(scope: Scope, wanted: Addon): boolean {
  if (wanted.podIdentityAssociations !== undefined) return true;
  const byDefault =
    wanted.useDefaultPodIdentityAssociations === true ||
    (scope.config.addonsConfig?.autoApplyPodIdentityAssociations === true &&
      wanted.serviceAccountRoleARN === undefined &&
      explicitPermissions(scope, wanted) === undefined);
  return byDefault && (scope.facts.addons[wanted.name]?.podIdentity.length ?? 0) > 0;
}

interface PodIdentity {
  readonly associations: NonNullable<AddonSpec["podIdentityAssociations"]>;
  readonly roles: readonly Handle<RoleAttrs>[];
}

/** The add-on's pod identity associations: the file's, or those that AWS recommends; roles are made where none is given. */
function podIdentity(scope: Scope, wanted: Addon): PodIdentity | undefined {
  if (!podIdentityWanted(scope, wanted)) return undefined;
  const associations = wanted.podIdentityAssociations ?? recommendedAssociations(scope, wanted.name);
  const roles = associations
    .filter((association) => association.roleARN === undefined)
    .map((association) =>
      addPodIdentityRole(scope, association, {
        label: `pod-identity/${wanted.name}/${association.serviceAccountName}`,
        description: `Add-on ${wanted.name} of the EKS cluster ${scope.name}`,
        // By it an add-on's roles are known as ours.
        path: ourRolePath(scope),
      }),
    );
  return {
    associations: associations.map(({ serviceAccountName, roleARN }) => ({
      serviceAccount: serviceAccountName,
      ...(roleARN === undefined ? {} : { roleArn: roleARN }),
    })),
    roles,
  };
}

function recommendedAssociations(
  scope: Scope,
  name: string,
): readonly NonNullable<Addon["podIdentityAssociations"]>[number][] {
  return (scope.facts.addons[name]?.podIdentity ?? []).map(({ serviceAccount, policyArns }) => ({
    namespace: "kube-system",
    serviceAccountName: serviceAccount,
    permissionPolicyARNs: [...policyArns],
    // What AWS recommends for the VPC CNI has no IPv6.
    ...(name === "vpc-cni" && isIpv6(scope)
      ? { permissionPolicyName: ipv6CniPolicyName, permissionPolicy: { ...ipv6CniPolicy(scope.facts) } }
      : {}),
  }));
}
