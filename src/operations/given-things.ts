import { rolePath } from "../aws/names.ts";
import { type Partition, partitionOf, servicePrincipal } from "../aws/partition.ts";
import { hasAutoMode } from "../config/auto-mode.ts";
import { defaultAmiFamily } from "../config/default-values.ts";
import { mainDeviceOf } from "../config/devices.ts";
import { givenInstanceProfiles } from "../config/instance-profiles.ts";
import { selectorOf } from "../config/instance-selector.ts";
import { isLocalCluster, outpostsOf } from "../config/outposts.ts";
import { chosenRoleNames } from "../config/role-names.ts";
import { isVpnGateway } from "../config/remote-gateway.ts";
import type { ClusterConfig, ManagedNodeGroup, NodeGroup, NodeGroupBase } from "../config/types.ts";
import { givenKeys } from "./given-keys.ts";
import { type GivenVpcThing, givenVpcs } from "./given-vpcs.ts";
import { withKeyFiles } from "./key-files.ts";
import { autoModeClusterPolicies } from "../topology/auto-mode.ts";

/** A role that exists: who may assume it, and what it must be allowed to serve its purpose. */
export interface GivenRole {
  readonly arn: string;
  /** Service principals. */
  readonly trustServices: readonly string[];
  /** They may tag their sessions (`sts:TagSession`). */
  readonly tagsSessions?: boolean;
  readonly policyArns: readonly string[];
}

/** What a file names and nobody makes for it: it has to be in the account before. */
export interface GivenThings {
  readonly roles: readonly GivenRole[];
  /** By their ARNs, each with the role that it holds. */
  readonly instanceProfiles: readonly { readonly arn: string; readonly roleArn: string }[];
  /** ARNs. */
  readonly users: readonly string[];
  /** ARNs of policies that AWS does not manage. */
  readonly policies: readonly string[];
  readonly keyPairs: readonly { readonly region: string; readonly name: string }[];
  /** By their ids, aliases, or the ARNs of either. */
  readonly keys: readonly { readonly region: string; readonly name: string }[];
  /** With what is known of them: a type that they boot, or an architecture, and the device that they boot from. */
  readonly images: readonly {
    readonly region: string;
    readonly id: string;
    readonly instanceType?: string;
    readonly architecture?: "x86_64" | "arm64";
    readonly rootDevice: string;
  }[];
  readonly placementGroups: readonly { readonly region: string; readonly name: string }[];
  /** Pools of IPv6 addresses, with a block of theirs. */
  readonly ipv6Pools: readonly { readonly region: string; readonly id: string; readonly cidr: string }[];
  readonly transitGateways: readonly { readonly region: string; readonly id: string }[];
  /** Virtual private gateways. */
  readonly vpnGateways: readonly { readonly region: string; readonly id: string }[];
  /** By their ARNs. */
  readonly outposts: readonly { readonly region: string; readonly arn: string }[];
  readonly vpcs: readonly GivenVpcThing[];
  readonly securityGroups: readonly { readonly region: string; readonly id: string }[];
  /** By their ARNs. */
  readonly targetGroups: readonly { readonly region: string; readonly arn: string }[];
  readonly classicLoadBalancers: readonly { readonly region: string; readonly name: string }[];
  /** With so many versions. */
  readonly launchTemplates: readonly { readonly region: string; readonly id: string; readonly versions: number }[];
}

/** What the AWS documentation asks of a role, by its purpose in a file. */
const purposes = {
  controlPlane: { services: ["eks.amazonaws.com"], policies: ["AmazonEKSClusterPolicy"] },
  autoMode: { services: ["eks.amazonaws.com"], tagsSessions: true, policies: autoModeClusterPolicies },
  localControlPlane: { services: ["ec2.amazonaws.com"], policies: ["AmazonEKSLocalOutpostClusterPolicy"] },
  nodes: {
    services: ["ec2.amazonaws.com"],
    policies: ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"],
  },
  autoModeNodes: {
    services: ["ec2.amazonaws.com"],
    policies: ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
  },
  nodesWithActivations: {
    services: ["ssm.amazonaws.com"],
    policies: ["AmazonSSMManagedInstanceCore", "AmazonEC2ContainerRegistryPullOnly"],
  },
  nodesWithCertificates: {
    services: ["rolesanywhere.amazonaws.com"],
    policies: ["AmazonEC2ContainerRegistryPullOnly"],
  },
  pods: { services: ["pods.eks.amazonaws.com"], policies: [] },
  fargatePods: { services: ["eks-fargate-pods.amazonaws.com"], policies: ["AmazonEKSFargatePodExecutionRolePolicy"] },
  capabilities: { services: ["capabilities.eks.amazonaws.com"], policies: [] },
  /** It enters the cluster, or trusts the cluster's OIDC provider: AWS asks for nothing else. */
  principal: { services: [], policies: [] },
} as const;
type Purpose = keyof typeof purposes;

/** The role that is named as an instance profile is: names of roles are shorter. */
function roleNamedAs(profileArn: string): string {
  return profileArn.replace(":instance-profile/", ":role/").replace(/([^/]{64})[^/]+$/, "$1");
}

/** What a file takes as given, each thing once. */
export function givenThings(config: ClusterConfig): GivenThings {
  const all = withKeyFiles(config);
  const {
    metadata,
    iam,
    addons = [],
    accessConfig,
    capabilities = [],
    fargateProfiles = [],
    nodeGroups = [],
    managedNodeGroups = [],
  } = all;
  const { region } = metadata;
  const { ipv6Pool, ipv6Cidr = "" } = config.vpc ?? {};
  const hybrid = config.remoteNetworkConfig?.iam;
  const gateways = unique([config.remoteNetworkConfig?.vpcGatewayID]);
  const groups = [...nodeGroups, ...managedNodeGroups];
  const profiles = [...givenInstanceProfiles(all)].map(([arn, roleArn]) => ({
    arn,
    roleArn: roleArn ?? roleNamedAs(arn),
  }));
  const associations = [
    ...addons.flatMap((addon) => addon.podIdentityAssociations ?? []),
    ...(iam?.podIdentityAssociations ?? []),
  ];
  const accounts = iam?.serviceAccounts ?? [];
  const principals = (accessConfig?.accessEntries ?? []).map((entry) => entry.principalARN);
  const ours = `:role${rolePath({ region, cluster: metadata.name })}`;
  const made = chosenRoleNames(all).map((name) => `:role/${name}`);
  const roles = [
    ...named(isLocalCluster(config) ? "localControlPlane" : "controlPlane", [iam?.serviceRoleARN]),
    ...named("autoMode", [hasAutoMode(config) ? iam?.serviceRoleARN : undefined]),
    ...named(
      "nodes",
      groups.map((group) => group.iam?.instanceRoleARN),
    ),
    ...named(
      "nodes",
      profiles.map(({ roleArn }) => roleArn),
    ),
    ...named("autoModeNodes", [config.autoModeConfig?.nodeRoleARN]),
    ...named(hybrid?.provider === "ira" ? "nodesWithCertificates" : "nodesWithActivations", [hybrid?.roleARN]),
    ...named("fargatePods", [
      iam?.fargatePodExecutionRoleARN,
      ...fargateProfiles.map((profile) => profile.podExecutionRoleARN),
    ]),
    ...named(
      "pods",
      associations.map((association) => association.roleARN),
    ),
    ...named(
      "capabilities",
      capabilities.map((capability) => capability.roleArn),
    ),
    ...named(
      "principal",
      addons.map((addon) => addon.serviceAccountRoleARN),
    ),
    ...named(
      "principal",
      accounts.map((account) => account.attachRoleARN),
    ),
    ...named(
      "principal",
      principals.filter((arn) => !isUser(arn)),
    ),
  ].filter(({ arn }) => !arn.includes(ours) && !made.some((role) => arn.endsWith(role)));
  const policies = [
    iam?.serviceRolePermissionsBoundary,
    config.autoModeConfig?.permissionsBoundaryARN,
    iam?.fargatePodExecutionRolePermissionsBoundary,
    ...[...addons, ...capabilities].flatMap((each) => [each.permissionsBoundary, ...(each.attachPolicyARNs ?? [])]),
    ...accounts.flatMap((each) => [each.permissionsBoundary, ...(each.attachPolicyARNs ?? [])]),
    ...associations.flatMap((each) => [each.permissionsBoundaryARN, ...(each.permissionPolicyARNs ?? [])]),
    ...groups.flatMap((group) => [group.iam?.instanceRolePermissionsBoundary, ...(group.iam?.attachPolicyARNs ?? [])]),
  ];
  return {
    roles: joined(roles, partitionOf(region)),
    instanceProfiles: profiles,
    users: unique(principals.filter(isUser)),
    policies: unique(policies).filter((arn) => !arn.includes(":iam::aws:")),
    keyPairs: unique(groups.map((group) => group.ssh?.publicKeyName)).map((name) => ({ region, name })),
    keys: unique(givenKeys(all).map(({ name }) => name)).map((name) => ({ region, name })),
    images: imagesOf(nodeGroups, managedNodeGroups).map((image) => ({ region, ...image })),
    placementGroups: unique([
      config.outpost?.controlPlanePlacement?.groupName,
      ...groups.map((group) => group.placement?.groupName),
    ]).map((name) => ({ region, name })),
    outposts: outpostsOf(config).map((arn) => ({ region, arn })),
    vpcs: givenVpcs(config),
    ipv6Pools: ipv6Pool === undefined ? [] : [{ region, id: ipv6Pool, cidr: ipv6Cidr }],
    transitGateways: gateways.filter((id) => !isVpnGateway(id)).map((id) => ({ region, id })),
    vpnGateways: gateways.filter(isVpnGateway).map((id) => ({ region, id })),
    securityGroups: unique(
      groups.flatMap(({ securityGroups, ssh }) => [
        ...(securityGroups?.attachIDs ?? []),
        ...(ssh?.sourceSecurityGroupIds ?? []),
      ]),
    ).map((id) => ({ region, id })),
    targetGroups: unique(nodeGroups.flatMap((group) => group.targetGroupARNs ?? [])).map((arn) => ({ region, arn })),
    classicLoadBalancers: unique(nodeGroups.flatMap((group) => group.classicLoadBalancerNames ?? [])).map((name) => ({
      region,
      name,
    })),
    launchTemplates: templatesOf(managedNodeGroups).map(([id, versions]) => ({ region, id, versions })),
  };
}

type GivenImage = Omit<GivenThings["images"][number], "region">;

function imagesOf(
  nodeGroups: readonly NodeGroup[],
  managedNodeGroups: readonly ManagedNodeGroup[],
): readonly GivenImage[] {
  const all = [
    ...nodeGroups.map((group) => imageOf(group, group.instancesDistribution?.instanceTypes)),
    ...managedNodeGroups.map((group) => imageOf(group, group.instanceTypes)),
  ].flat();
  return [...new Map(all.map((image) => [image.id, image])).values()];
}

function imageOf(group: NodeGroupBase, instanceTypes: readonly string[] = []): readonly GivenImage[] {
  const { ami, amiFamily = defaultAmiFamily, volumeName = mainDeviceOf(amiFamily) } = group;
  if (ami?.startsWith("ami-") !== true) return [];
  const [instanceType = group.instanceType] = instanceTypes;
  const architecture = selectorOf(group)?.architecture;
  return [
    {
      id: ami,
      ...(instanceType === undefined ? {} : { instanceType }),
      ...(architecture === undefined ? {} : { architecture }),
      rootDevice: amiFamily.startsWith("Bottlerocket") ? "/dev/xvda" : volumeName,
    },
  ];
}

/** Each with the versions that are named, and some more, as a template that is worked with has. */
function templatesOf(groups: readonly ManagedNodeGroup[]): readonly (readonly [id: string, versions: number])[] {
  const versions = new Map<string, number>();
  for (const { launchTemplate } of groups) {
    if (launchTemplate === undefined) continue;
    const { id, version = "1" } = launchTemplate;
    versions.set(id, Math.max(versions.get(id) ?? 3, Number(version)));
  }
  return [...versions];
}

interface NamedRole {
  readonly purpose: Purpose;
  readonly arn: string;
}

function named(purpose: Purpose, arns: readonly (string | undefined)[]): readonly NamedRole[] {
  return unique(arns).map((arn) => ({ purpose, arn }));
}

/** A role that serves several purposes trusts, and may do, what each of them asks for. */
function joined(roles: readonly NamedRole[], partition: Partition): readonly GivenRole[] {
  return unique(roles.map(({ arn }) => arn)).map((arn) => {
    const served = roles.filter((role) => role.arn === arn).map(({ purpose }) => purposes[purpose]);
    return {
      arn,
      trustServices: unique(served.flatMap(({ services }) => services)).map((name) =>
        servicePrincipal(name, partition),
      ),
      ...(served.some((purpose) => "tagsSessions" in purpose) && { tagsSessions: true }),
      policyArns: unique(served.flatMap(({ policies }) => policies)).map(
        (name) => `arn:${partition}:iam::aws:policy/${name}`,
      ),
    };
  });
}

function isUser(principalArn: string): boolean {
  return principalArn.includes(":user/");
}

function unique<Value>(values: readonly (Value | undefined)[]): readonly Value[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
