import type * as Eks from "@aws-sdk/client-eks";
import type { Call } from "../service.ts";
import { encrypting, keysOf, looking, nodegroupWorkingRole, reading, workingRole } from "./eks-as-caller.ts";
import { launching } from "./eks-launch.ts";
import {
  accessEntry,
  addon,
  association,
  capability,
  cluster,
  clusterNamed,
  fargateProfile,
  identityProvider,
  nodegroup,
  type Resource,
  tagged,
} from "./eks-resources.ts";
import {
  arn,
  type Context,
  each,
  given,
  need,
  passRole,
  removedTags,
  type Requirement,
  requestTags,
  type Rows,
  type Tags,
} from "./requirement.ts";

type Find<Input> = (input: Input, call: Call) => Resource;

/** An action on one resource. */
function on<Input>(find: Find<Input>, ask?: (input: Input) => Context) {
  return (action: string) =>
    (input: Input, call: Call): Requirement[] => [act(action, find(input, call), ask?.(input))];
}

function act(
  action: string,
  { arn: on, context }: Resource,
  ...contexts: readonly (Context | undefined)[]
): Requirement {
  return need(`eks:${action}`, on, context, ...contexts.filter((each) => each !== undefined));
}

/** `named` is what EKS calls all of them. */
function onAll(named: string) {
  return (action: string) => (_: object, call: Call) => [{ ...need(`eks:${action}`), named: arn(call, "eks", named) }];
}

const byName = ({ name }: { readonly name?: string | undefined }, call: Call) => cluster(name, call);
const byClusterName = ({ clusterName }: { readonly clusterName?: string | undefined }, call: Call) =>
  cluster(clusterName, call);

/** Tags on creation are a right of their own. */
function tagging(tags: Tags | undefined, { arn: made }: Resource): Requirement[] {
  return tags && Object.keys(tags).length > 0 ? [need("eks:TagResource", made, requestTags(tags))] : [];
}

function clusterKeys(input: Partial<Eks.CreateClusterRequest>): Context {
  const { accessConfig, resourcesVpcConfig, logging } = input;
  const keys = keysOf(input.encryptionConfig);
  const logTypes = (logging?.clusterLogging ?? []).flatMap(({ types = [], enabled = false }) =>
    types.map((type) => [`eks:loggingType/${type}`, enabled] as const),
  );
  return given({
    "eks:authenticationMode": accessConfig?.authenticationMode,
    "eks:bootstrapClusterCreatorAdminPermissions": accessConfig?.bootstrapClusterCreatorAdminPermissions,
    "eks:bootstrapSelfManagedAddons": input.bootstrapSelfManagedAddons,
    "eks:controlPlaneEgressMode": resourcesVpcConfig?.controlPlaneEgressMode,
    "eks:controlPlaneScalingTier": input.controlPlaneScalingConfig?.tier,
    "eks:deletionProtection": input.deletionProtection,
    "eks:encryptionConfigProviderKeyArns": keys.length > 0 ? keys : undefined,
    "eks:endpointPrivateAccess": resourcesVpcConfig?.endpointPrivateAccess,
    "eks:endpointPublicAccess": resourcesVpcConfig?.endpointPublicAccess,
    "eks:kubernetesVersion": input.version,
    "eks:supportType": input.upgradePolicy?.supportType,
    "eks:zonalShiftEnabled": input.zonalShiftConfig?.enabled,
    ...Object.fromEntries(logTypes),
  });
}

/** The service that pods get their roles from (aws-samples/appmod-blueprints#816). */
const podIdentity = "pods.eks.amazonaws.com";

/** Ids of an add-on's own associations: they go with it. */
function associationsOf({ clusterName, addonName = "" }: Eks.DeleteAddonRequest, call: Call): readonly string[] {
  const { addons = {}, podIdentityAssociations = {} } = clusterNamed(clusterName, call) ?? {};
  const owner = Object.hasOwn(addons, addonName) ? addons[addonName]?.arn : undefined;
  const own = Object.values(podIdentityAssociations).filter(({ ownerArn }) => ownerArn !== null && ownerArn === owner);
  return own.map(({ id }) => id);
}

/** Roles that add-ons' service accounts get. */
function podIdentities(
  action: string,
  input: {
    readonly clusterName?: string | undefined;
    readonly podIdentityAssociations?: readonly Eks.AddonPodIdentityAssociations[] | undefined;
  },
  call: Call,
): Requirement[] {
  const { clusterName, podIdentityAssociations = [] } = input;
  if (podIdentityAssociations.length === 0) return [];
  return [
    act(action, association({ clusterName }, call)),
    ...podIdentityAssociations.flatMap(({ roleArn }) => passRole(roleArn, podIdentity)),
  ];
}

const nodeEntryTypes = ["EC2", "EC2_LINUX", "EC2_WINDOWS"];

const scopeKeys = (input: Eks.AssociateAccessPolicyRequest) =>
  given({
    "eks:policyArn": input.policyArn,
    "eks:accessScope": input.accessScope?.type,
    "eks:namespaces": input.accessScope?.namespaces,
  });

const oidcKeys = ({ oidc }: Eks.AssociateIdentityProviderConfigRequest) =>
  given({ "eks:clientId": oidc?.clientId, "eks:issuerUrl": oidc?.issuerUrl });

export const eksRows = {
  ...each(["DescribeClusterVersions"], onAll("*")),
  ...each(["ListClusters"], onAll("cluster/*")),
  CreateCluster: (input: Eks.CreateClusterRequest, call: Call) => [
    {
      ...need("eks:CreateCluster", "*", requestTags(input.tags), clusterKeys(input)),
      named: cluster(input.name, call).arn,
    },
    ...tagging(input.tags, cluster(input.name, call)),
    ...passRole(input.roleArn, "eks.amazonaws.com"),
    ...reading(input.roleArn, call, "GetRole"),
    ...looking(call, "DescribeSubnets", "DescribeVpcs"),
    ...(input.resourcesVpcConfig?.securityGroupIds?.length ? looking(call, "DescribeSecurityGroups") : []),
    ...passRole(input.computeConfig?.nodeRoleArn, "eks.amazonaws.com"),
    ...encrypting(input.encryptionConfig),
    ...workingRole("eks.amazonaws.com", call),
  ],
  ...each(["DescribeCluster", "DeleteCluster"], on(byName)),
  UpdateClusterConfig: (input: Eks.UpdateClusterConfigRequest, call: Call) => [
    act("UpdateClusterConfig", cluster(input.name, call), clusterKeys(input)),
    ...passRole(input.computeConfig?.nodeRoleArn, "eks.amazonaws.com"),
    ...(input.resourcesVpcConfig?.subnetIds ? looking(call, "DescribeSubnets") : []),
    ...(input.resourcesVpcConfig?.securityGroupIds ? looking(call, "DescribeSecurityGroups") : []),
  ],
  ...each(
    ["UpdateClusterVersion"],
    on(byName, ({ version }: Eks.UpdateClusterVersionRequest) => given({ "eks:kubernetesVersion": version })),
  ),
  AssociateEncryptionConfig: (input: Eks.AssociateEncryptionConfigRequest, call: Call) => [
    act("AssociateEncryptionConfig", cluster(input.clusterName, call), {
      "eks:encryptionConfigProviderKeyArns": keysOf(input.encryptionConfig),
    }),
    ...encrypting(input.encryptionConfig),
  ],
  ListUpdates: (input: Eks.ListUpdatesRequest, call: Call) => onUpdates("ListUpdates", input, call),
  DescribeUpdate: (input: Eks.DescribeUpdateRequest, call: Call) => onUpdates("DescribeUpdate", input, call),
  ...each(
    [
      "ListInsights",
      "DescribeInsight",
      "ListNodegroups",
      "ListFargateProfiles",
      "ListAddons",
      "ListAccessEntries",
      "ListPodIdentityAssociations",
      "ListIdentityProviderConfigs",
      "ListCapabilities",
    ],
    on(byClusterName),
  ),

  CreateNodegroup: (input: Eks.CreateNodegroupRequest, call: Call) => [
    act("CreateNodegroup", cluster(input.clusterName, call), requestTags(input.tags)),
    ...tagging(input.tags, nodegroup(input, call)),
    ...passRole(input.nodeRole, "eks.amazonaws.com"),
    ...reading(input.nodeRole, call, "GetRole", "ListAttachedRolePolicies"),
    ...looking(call, "DescribeSubnets"),
    ...nodegroupWorkingRole(call),
    ...(input.launchTemplate ? launchingIn(input, input.launchTemplate, input.subnets ?? [], call) : []),
  ],
  ...each(["DescribeNodegroup", "DeleteNodegroup", "UpdateNodegroupConfig"], on(nodegroup)),
  UpdateNodegroupVersion(input: Eks.UpdateNodegroupVersionRequest, call: Call) {
    const { nodegroups } = clusterNamed(input.clusterName, call) ?? {};
    const { subnets = [] } = nodegroups?.[input.nodegroupName ?? ""] ?? {};
    return [
      act("UpdateNodegroupVersion", nodegroup(input, call)),
      ...(input.launchTemplate ? launchingIn(input, input.launchTemplate, subnets, call) : []),
    ];
  },

  CreateFargateProfile: (input: Eks.CreateFargateProfileRequest, call: Call) => [
    act("CreateFargateProfile", cluster(input.clusterName, call), requestTags(input.tags)),
    ...tagging(input.tags, fargateProfile(input, call)),
    ...passRole(input.podExecutionRoleArn, "eks.amazonaws.com"),
    ...reading(input.podExecutionRoleArn, call, "GetRole"),
    ...(input.subnets?.length ? looking(call, "DescribeSubnets") : []),
    ...workingRole("eks-fargate.amazonaws.com", call),
  ],
  ...each(["DescribeFargateProfile", "DeleteFargateProfile"], on(fargateProfile)),

  AssociateIdentityProviderConfig: (input: Eks.AssociateIdentityProviderConfigRequest, call: Call) => [
    act("AssociateIdentityProviderConfig", cluster(input.clusterName, call), requestTags(input.tags), oidcKeys(input)),
    ...tagging(
      input.tags,
      identityProvider(
        { clusterName: input.clusterName, identityProviderConfig: { name: input.oidc?.identityProviderConfigName } },
        call,
      ),
    ),
  ],
  ...each(["DescribeIdentityProviderConfig", "DisassociateIdentityProviderConfig"], on(identityProvider)),

  ...each(["DescribeAddonVersions"], onAll("*")),
  ...each(["DescribeAddonConfiguration"], onAll("*")),
  CreateAddon: (input: Eks.CreateAddonRequest, call: Call) => [
    act("CreateAddon", cluster(input.clusterName, call), requestTags(input.tags)),
    ...tagging(input.tags, addon(input, call)),
    ...passRole(input.serviceAccountRoleArn, "eks.amazonaws.com"),
    ...podIdentities("CreateAddon", input, call),
  ],
  DescribeAddon: on(addon)("DescribeAddon"),
  DeleteAddon: (input: Eks.DeleteAddonRequest, call: Call) => [
    act("DeleteAddon", addon(input, call)),
    ...associationsOf(input, call).map((associationId) =>
      act("DeleteAddon", association({ clusterName: input.clusterName, associationId }, call)),
    ),
  ],
  UpdateAddon: (input: Eks.UpdateAddonRequest, call: Call) => [
    act("UpdateAddon", addon(input, call)),
    ...passRole(input.serviceAccountRoleArn, "eks.amazonaws.com"),
    ...podIdentities("UpdateAddon", input, call),
  ],

  CreateCapability: (input: Eks.CreateCapabilityRequest, call: Call) => [
    act("CreateCapability", cluster(input.clusterName, call), requestTags(input.tags)),
    ...tagging(input.tags, capability(input, call)),
    ...passRole(input.roleArn, "eks.amazonaws.com"),
  ],
  ...each(["DescribeCapability", "DeleteCapability"], on(capability)),
  UpdateCapability: (input: Eks.UpdateCapabilityRequest, call: Call) => [
    act("UpdateCapability", capability(input, call)),
    ...passRole(input.roleArn, "eks.amazonaws.com"),
  ],

  CreateAccessEntry: (input: Eks.CreateAccessEntryRequest, call: Call) => [
    act(
      "CreateAccessEntry",
      cluster(input.clusterName, call),
      requestTags(input.tags),
      given({
        "eks:principalArn": input.principalArn,
        "eks:accessEntryType": input.type ?? "STANDARD",
        "eks:kubernetesGroups": input.kubernetesGroups,
        "eks:username": input.username,
      }),
    ),
    ...tagging(input.tags, accessEntry(input, call)),
    ...(nodeEntryTypes.includes(input.type ?? "") ? passRole(input.principalArn, "ec2.amazonaws.com") : []),
  ],
  ...each(
    ["DescribeAccessEntry", "UpdateAccessEntry", "DeleteAccessEntry", "ListAssociatedAccessPolicies"],
    on(accessEntry),
  ),
  ...each(["ListAccessPolicies"], onAll("*")),
  ...each(["AssociateAccessPolicy", "DisassociateAccessPolicy"], on(accessEntry, scopeKeys)),

  CreatePodIdentityAssociation: (input: Eks.CreatePodIdentityAssociationRequest, call: Call) => [
    act("CreatePodIdentityAssociation", cluster(input.clusterName, call), requestTags(input.tags)),
    ...tagging(input.tags, association({ clusterName: input.clusterName }, call)),
    ...reading(input.roleArn, call, "GetRole"),
    ...passRole(input.roleArn, podIdentity),
  ],
  ...each(["DescribePodIdentityAssociation", "DeletePodIdentityAssociation"], on(association)),
  UpdatePodIdentityAssociation: (input: Eks.UpdatePodIdentityAssociationRequest, call: Call) => [
    act("UpdatePodIdentityAssociation", association(input, call)),
    ...reading(input.roleArn, call, "GetRole"),
    ...passRole(input.roleArn, podIdentity),
  ],

  TagResource: ({ resourceArn, tags }: Eks.TagResourceRequest, call: Call) => [
    act("TagResource", tagged(resourceArn, call), requestTags(tags)),
  ],
  UntagResource: ({ resourceArn, tagKeys }: Eks.UntagResourceRequest, call: Call) => [
    act("UntagResource", tagged(resourceArn, call), removedTags(tagKeys)),
  ],
  ListTagsForResource: ({ resourceArn }: Eks.ListTagsForResourceRequest, call: Call) => [
    act("ListTagsForResource", tagged(resourceArn, call)),
  ],
} satisfies Rows;

/** The cluster, and what in it is asked about. */
function onUpdates(action: string, input: Eks.ListUpdatesRequest, call: Call) {
  const { name: clusterName, nodegroupName, addonName, capabilityName } = input;
  return [
    act(action, cluster(clusterName, call)),
    ...(nodegroupName === undefined ? [] : [act(action, nodegroup({ clusterName, nodegroupName }, call))]),
    ...(addonName === undefined ? [] : [act(action, addon({ clusterName, addonName }, call))]),
    ...(capabilityName === undefined ? [] : [act(action, capability({ clusterName, capabilityName }, call))]),
  ];
}

function launchingIn(
  { clusterName }: { readonly clusterName?: string | undefined },
  template: Eks.LaunchTemplateSpecification,
  subnets: readonly string[],
  call: Call,
): Requirement[] {
  const clusterSecurityGroup = clusterNamed(clusterName, call)?.clusterSecurityGroupId;
  return launching({ template, subnets, clusterSecurityGroup }, call);
}
