import {
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand as DeleteGroupTagsCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  AssociateAccessPolicyCommand,
  TagResourceCommand,
  UpdateNodegroupConfigCommand,
  type UpdateNodegroupConfigRequest,
} from "@aws-sdk/client-eks";
import type { AwsContext } from "../../../src/aws/context.ts";
import type { Live } from "../../../src/engine/kind.ts";
import { launchTemplate } from "../../../src/resources/ec2/launch-template.ts";
import { securityGroup } from "../../../src/resources/ec2/security-group.ts";
import { subnet } from "../../../src/resources/ec2/subnet.ts";
import { vpc } from "../../../src/resources/ec2/vpc.ts";
import { accessEntry, type AccessPolicy } from "../../../src/resources/eks/access-entry.ts";
import { addon } from "../../../src/resources/eks/addon.ts";
import { capability } from "../../../src/resources/eks/capability.ts";
import { cluster } from "../../../src/resources/eks/cluster.ts";
import { fargateProfile } from "../../../src/resources/eks/fargate-profile.ts";
import { identityProviderConfig } from "../../../src/resources/eks/identity-provider-config.ts";
import { nodegroup, type NodegroupAttrs } from "../../../src/resources/eks/nodegroup.ts";
import { podIdentityAssociation } from "../../../src/resources/eks/pod-identity-association.ts";
import { bringIn, make, settled, wanting } from "../driver.ts";
import { addonWant, clusterSpec, makeCluster, makeGround, makeNodeGround, makeRole } from "../eks-network.ts";
import { row } from "./row.ts";

const tags = { Name: "demo", team: "blue" };
const otherTags = { tags: { Name: "renamed" } };

/** Somebody else's tag on any EKS resource. */
async function tagged({ attrs }: Live<{ readonly arn: string }>, { clients }: AwsContext): Promise<string> {
  await clients.eks.send(new TagResourceCommand({ resourceArn: attrs.arn, tags: { auditor: "ann" } }));
  return "auditor";
}

/** A role that EKS knows. */
async function knownRole(ctx: AwsContext, label: string, service: string) {
  const { attrs } = await makeRole(ctx, label, service, []);
  await ctx.clock.sleep(30_000);
  return attrs;
}

const clusterRow = row({
  kind: cluster,
  id: "cluster",
  name: "demo",
  spec: clusterSpec,
  ground: makeGround,
  again: "same",
  changes: {
    logging: [
      { by: "logging", spec: { logging: ["scheduler"] } },
      { by: "logging", spec: { logging: [] } },
    ],
    publicAccessCidrs: [{ by: "endpoint", spec: { publicAccessCidrs: ["0.0.0.0/0"] } }],
    endpointPrivateAccess: [
      { by: "endpoint", spec: { endpointPrivateAccess: false } },
      { by: "endpoint", spec: { endpointPrivateAccess: true } },
    ],
    endpointPublicAccess: [{ by: "endpoint", spec: { endpointPublicAccess: false } }],
    authenticationMode: [
      { by: /cannot take an authentication mode back/, spec: { authenticationMode: "CONFIG_MAP" } },
      { by: "authenticationMode", spec: { authenticationMode: "API" } },
    ],
    supportType: [{ by: "supportType", spec: { supportType: "EXTENDED" } }],
    zonalShift: [{ by: "zonalShift", spec: { zonalShift: true } }],
    deletionProtection: [
      { by: "deletionProtection", spec: { deletionProtection: true } },
      { by: "deletionProtection", spec: { deletionProtection: false } },
    ],
    scalingTier: [{ by: "scalingTier", spec: { scalingTier: "tier-xl" } }],
    eventTtl: [{ by: "components", spec: { components: { eventTtl: "30m" } } }],
    serviceNodePortRange: [{ by: "components", spec: { components: { serviceNodePortRange: { minPort: 20_000 } } } }],
    scoringStrategy: [
      { by: "components", spec: { components: { scoringStrategy: { type: "MostAllocated" } } } },
      { by: "components", spec: { components: { scoringStrategy: { weights: { cpu: 2, memory: 1 } } } } },
    ],
    horizontalPodAutoscalerSyncPeriod: [
      { by: "components", spec: { components: { horizontalPodAutoscalerSyncPeriod: "10s" } } },
    ],
    autoMode: [
      { by: "autoMode", spec: { autoMode: { enabled: true, nodePools: [] } } },
      { by: "lessAutoMode", spec: { autoMode: { enabled: false } } },
      { by: "autoMode", spec: { autoMode: { enabled: true, nodePools: [] } } },
    ],
    autoModeNodePools: [
      async (ctx) => ({
        by: "autoMode",
        spec: { autoMode: { enabled: true, nodePools: ["general-purpose", "system"] } },
        deps: { nodeRole: [await knownRole(ctx, "auto-mode-node", "ec2.amazonaws.com")] },
      }),
      { by: "lessAutoMode", spec: { autoMode: { enabled: true, nodePools: ["general-purpose"] } } },
    ],
    autoModeNodeRole: [
      {
        by: /cannot change the role of Auto Mode's nodes/,
        deps: { nodeRole: [{ arn: "arn:aws:iam::111122223333:role/another" }] },
      },
    ],
    egressMode: [
      { by: "egress", spec: { egressMode: "CUSTOMER_ROUTED" } },
      { by: /cannot change the egress mode/, spec: { egressMode: "AWS_MANAGED" } },
    ],
    secretsEncryptionKey: [
      { by: "encryption", spec: { secretsEncryptionKeyArn: keyArn("1234abcd-12ab-34cd-56ef-1234567890ab") } },
      {
        by: /cannot change the key/,
        spec: { secretsEncryptionKeyArn: keyArn("4321abcd-12ab-34cd-56ef-1234567890ab") },
      },
    ],
    version: [
      {
        by: /one minor version at a time: `ekstool upgrade cluster` goes from 1\.34 to 1\.36/,
        spec: { version: "1.36" },
      },
      { by: "version", spec: { version: "1.35" } },
    ],
    role: [{ by: /cannot change the role/, deps: { role: { arn: "arn:aws:iam::111122223333:role/another" } } }],
    remoteNetworks: [
      { by: "remoteNetworks", spec: { remoteNetworks: { nodes: ["10.80.0.0/16"], pods: ["10.85.0.0/16"] } } },
      { by: "remoteNetworks", spec: { remoteNetworks: { nodes: [], pods: [] } } },
    ],
    outpost: [
      {
        by: /cannot change the Outpost of a control plane.*in the region/,
        spec: { outpost: { arn: "arn:aws:outposts:us-west-2:111122223333:outpost/op-0123456789abcdef0" } },
      },
    ],
    ipFamily: [{ by: /cannot change the IP family of a cluster/, spec: { ipFamily: "ipv6" } }],
    serviceIpv4Cidr: [
      { by: /cannot change the service CIDR.*172\.20\.0\.0\/16/, spec: { serviceIpv4Cidr: "10.100.0.0/16" } },
    ],
    subnets: [
      async (ctx) => {
        const [network] = await vpc.list(ctx);
        const there = await subnet.list(ctx);
        const spec = { cidr: "192.168.96.0/19", zone: "us-west-2a", public: false, tags };
        const want = wanting("subnet/private/us-west-2a", spec, { vpc: network?.attrs ?? { id: "", ipv6Cidr: null } });
        const other = there.find(({ attrs }) => attrs.zone === "us-west-2b");
        return {
          by: "placement",
          deps: { subnets: [(await make(subnet, want, ctx)).attrs, ...(other ? [other.attrs] : [])] },
        };
      },
    ],
    possibleSubnets: [
      async (ctx) => {
        const first = (await subnet.list(ctx)).filter(({ attrs }) => attrs.cidr !== "192.168.96.0/19");
        return {
          by: "placement",
          spec: { staysOnFewerSubnets: true },
          deps: { subnets: first.map(({ attrs }) => attrs) },
        };
      },
    ],
    securityGroups: [
      async (ctx) => {
        const [network] = await vpc.list(ctx);
        const want = wanting(
          "security-group/control-plane",
          { description: "API", tags },
          { vpc: network?.attrs ?? { id: "" } },
        );
        return { by: "placement", deps: { securityGroups: [(await make(securityGroup, want, ctx)).attrs] } };
      },
    ],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

function keyArn(key: string): string {
  return `arn:aws:kms:us-west-2:111122223333:key/${key}`;
}

const accessPolicy = (name: string, ...namespaces: readonly string[]): AccessPolicy => ({
  policyArn: `arn:aws:eks::aws:cluster-access-policy/${name}`,
  scope: namespaces.length > 0 ? { type: "namespace", namespaces } : { type: "cluster" },
});
const principal = "arn:aws:iam::111122223333:role/ekstool/us-west-2/demo/demo-role-people";

const accessEntryRow = row({
  kind: accessEntry,
  id: `access-entry/${principal}`,
  name: principal,
  spec: {
    type: "STANDARD",
    kubernetesGroups: ["viewers", "editors"],
    policies: [accessPolicy("AmazonEKSViewPolicy"), accessPolicy("AmazonEKSEditPolicy", "web", "api")],
    tags,
  },
  ground: async (ctx) => {
    await makeCluster(ctx);
    return { cluster: { name: "demo" }, role: [await knownRole(ctx, "people", "ec2.amazonaws.com")] };
  },
  again: "same",
  changes: {
    principal: [{ by: /delete the entry, then create it/, deps: { role: [{ arn: `${principal}-2` }] } }],
    type: [{ by: /delete the entry, then create it/, spec: { type: "EC2_LINUX" } }],
    kubernetesGroups: [
      { by: "identity", spec: { kubernetesGroups: ["viewers"] } },
      { by: "identity", spec: { kubernetesGroups: [] } },
    ],
    kubernetesUsername: [{ by: "identity", spec: { kubernetesUsername: "ann" } }],
    policies: [
      { by: "policies", spec: { policies: [accessPolicy("AmazonEKSEditPolicy", "web")] } },
      { by: "policies", spec: { policies: [accessPolicy("AmazonEKSAdminPolicy")] } },
      { by: "policies", spec: { policies: [] } },
    ],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: {
    async policies({ ref }, { clients }) {
      const { policyArn } = accessPolicy("AmazonEKSClusterAdminPolicy");
      const accessScope = { type: "cluster" as const };
      await clients.eks.send(
        new AssociateAccessPolicyCommand({ clusterName: "demo", principalArn: ref, policyArn, accessScope }),
      );
      return policyArn;
    },
    tags: tagged,
  },
});

const identityProviderRow = row({
  kind: identityProviderConfig,
  id: "identity-provider",
  name: "people",
  spec: { name: "people", issuerUrl: "https://login.example.com", clientId: "kubernetes", tags },
  ground: async (ctx) => {
    await makeCluster(ctx);
    return { cluster: { name: "demo" } };
  },
  again: "same",
  changes: {
    name: [{ by: "replace", spec: { name: "others" } }],
    issuerUrl: [{ by: "replace", spec: { issuerUrl: "https://sso.example.com" } }],
    clientId: [{ by: "replace", spec: { clientId: "kubectl" } }],
    usernameClaim: [{ by: "replace", spec: { usernameClaim: "email" } }],
    usernamePrefix: [{ by: "replace", spec: { usernamePrefix: "oidc:" } }],
    groupsClaim: [{ by: "replace", spec: { groupsClaim: "groups" } }],
    groupsPrefix: [{ by: "replace", spec: { groupsPrefix: "oidc:" } }],
    requiredClaims: [{ by: "replace", spec: { requiredClaims: { team: "blue" } } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const fargateProfileRow = row({
  kind: fargateProfile,
  id: "fargate-profile/apps",
  name: "apps",
  spec: { selectors: [{ namespace: "default", labels: { run: "fargate" } }], tags },
  ground: async (ctx) => {
    const deps = await makeGround(ctx);
    const [theVpc] = await vpc.list(ctx);
    if (!theVpc) throw new Error("there is no VPC");
    const spec = { cidr: "192.168.96.0/19", zone: "us-west-2a", public: false, tags };
    const { attrs } = await make(subnet, wanting("subnet/private/us-west-2a", spec, { vpc: theVpc.attrs }), ctx);
    await make(cluster, wanting("cluster", clusterSpec, { ...deps, subnets: [...deps.subnets, attrs] }, "demo"), ctx);
    const role = await knownRole(ctx, "fargate-pods", "eks-fargate-pods.amazonaws.com");
    return { cluster: { name: "demo" }, role, subnets: [] };
  },
  again: "same",
  changes: {
    selectors: [{ by: "replace", spec: { selectors: [{ namespace: "team-*", labels: {} }] } }],
    podExecutionRole: [{ by: "replace", deps: { role: { arn: "arn:aws:iam::111122223333:role/another" } } }],
    subnets: [{ by: "replace", deps: { subnets: [{ id: "subnet-0123456789abcdef0" }] } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const addonRow = row({
  kind: addon,
  id: "addon/vpc-cni",
  name: "vpc-cni",
  spec: {
    version: "v1.20.4-eksbuild.2",
    configurationValues: '{"env":{"ENABLE_PREFIX_DELEGATION":"true"}}',
    resolveConflicts: { create: "OVERWRITE", update: "PRESERVE" },
    namespace: "kube-system",
    tags,
  },
  ground: async (ctx) => {
    await makeCluster(ctx);
    await make(addon, addonWant("eks-pod-identity-agent"), ctx);
    return { cluster: { name: "demo" }, role: [], podIdentityRoles: [] };
  },
  again: "same",
  changes: {
    version: [{ by: "config", spec: { version: "v1.20.5-eksbuild.1" } }],
    configurationValues: [{ by: "config", spec: { configurationValues: '{"env":{"WARM_IP_TARGET":"3"}}' } }],
    podIdentityAssociations: [
      async (ctx) => ({
        by: "config",
        spec: { podIdentityAssociations: [{ serviceAccount: "aws-node" }] },
        deps: { podIdentityRoles: [await knownRole(ctx, "pod-identity/vpc-cni", "pods.eks.amazonaws.com")] },
      }),
      { by: "config", spec: { podIdentityAssociations: [] } },
    ],
    serviceAccountRole: [
      async (ctx) => ({
        by: "config",
        deps: { role: [await knownRole(ctx, "addon/vpc-cni", "eks.amazonaws.com")] },
      }),
    ],
    namespace: [{ by: /delete the add-on, then create it/, spec: { namespace: "networking" } }],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

/** Somebody else's update of the nodegroup, to its end. */
async function updated(
  { ref }: Live<unknown>,
  ctx: AwsContext,
  change: Omit<UpdateNodegroupConfigRequest, "clusterName" | "nodegroupName">,
): Promise<void> {
  await ctx.clients.eks.send(new UpdateNodegroupConfigCommand({ clusterName: "demo", nodegroupName: ref, ...change }));
  await settled(nodegroup, ref, ctx);
}

/** The nodes' launch template with a version more. */
async function newerTemplate(ctx: AwsContext) {
  const [live] = await launchTemplate.list(ctx, "launch-template/workers");
  if (!live) throw new Error("there is no launch template");
  const spec = { ...live.attrs.data, imds: { tokens: "required" as const, hopLimit: 1 }, tags: { Name: "demo" } };
  const want = wanting(live.id, spec, { securityGroups: [], keyPair: [], cluster: [], placementGroup: [] });
  return (await bringIn(launchTemplate, want, live.ref, ctx)).live.attrs;
}

const template = "k8s.io/cluster-autoscaler/node-template";

function groupTag({ autoScalingGroups: [group] }: NodegroupAttrs, Key: string) {
  return { ResourceId: group, ResourceType: "auto-scaling-group", Key };
}

const nodegroupRow = row({
  kind: nodegroup,
  id: "nodegroup/workers",
  name: "workers",
  spec: {
    amiType: "AL2023_x86_64_STANDARD",
    capacityType: "ON_DEMAND",
    minSize: 1,
    maxSize: 4,
    desiredCapacity: 2,
    labels: { role: "worker", tier: "2" },
    taints: [
      { key: "dedicated", value: "batch", effect: "NoSchedule" },
      { key: "dedicated", effect: "NoExecute" },
    ],
    updateConfig: { maxUnavailable: 1 },
    nodeRepairConfig: { enabled: false },
    warmPoolConfig: { enabled: false },
    releaseVersion: "1.34.6-20261015",
    scalingGroupTags: { [`${template}/label/role`]: "first" },
    suspendedProcesses: ["HealthCheck"],
    tags,
  },
  ground: makeNodeGround,
  again: "same",
  changes: {
    labels: [
      { by: "config", spec: { labels: { role: "web", tier: "2" } } },
      { by: "config", spec: { labels: { zone: "edge" } } },
      { by: "config", spec: { labels: {} } },
    ],
    taints: [
      { by: "config", spec: { taints: [{ key: "dedicated", value: "web", effect: "NoSchedule" }] } },
      { by: "config", spec: { taints: [{ key: "spare", effect: "PreferNoSchedule" }] } },
      { by: "config", spec: { taints: [] } },
    ],
    maxSize: [{ by: "config", spec: { maxSize: 6 } }],
    minSize: [{ by: "config", spec: { minSize: 2 } }],
    desiredCapacity: [{ by: "config", spec: { desiredCapacity: 3 } }],
    updateConfig: [
      { by: "config", spec: { updateConfig: { maxUnavailable: 2 } } },
      { by: "config", spec: { updateConfig: { maxUnavailablePercentage: 50 } } },
    ],
    nodeRepairConfig: [{ by: "config", spec: { nodeRepairConfig: { enabled: true } } }],
    warmPoolConfig: [
      { by: "config", spec: { warmPoolConfig: { enabled: true, minSize: 1 } } },
      { by: "config", spec: { warmPoolConfig: { enabled: true, minSize: 1, poolState: "RUNNING" } } },
      { by: "config", spec: { warmPoolConfig: { enabled: false } } },
    ],
    releaseVersion: [{ by: "version", spec: { releaseVersion: "1.34.6-20261105" } }],
    launchTemplate: [{ by: "replace", deps: { launchTemplate: { id: "lt-another", latestVersion: 1 } } }],
    launchTemplateVersion: [async (ctx) => ({ by: "version", deps: { launchTemplate: await newerTemplate(ctx) } })],
    amiType: [{ by: "replace", spec: { amiType: "BOTTLEROCKET_x86_64" } }],
    capacityType: [{ by: "replace", spec: { capacityType: "SPOT" } }],
    instanceTypes: [{ by: "replace", spec: { instanceTypes: ["m5.large", "m5a.large"] } }],
    role: [{ by: "replace", deps: { role: { arn: "arn:aws:iam::111122223333:role/another" } } }],
    subnets: [{ by: "replace", deps: { subnets: [{ id: "subnet-another" }] } }],
    scalingGroupTags: [
      { by: "scalingGroup", spec: { scalingGroupTags: { [`${template}/label/role`]: "worker" } } },
      { by: "scalingGroup", spec: { scalingGroupTags: { [`${template}/label/role`]: "web" } } },
      { by: "scalingGroup", spec: { scalingGroupTags: { [`${template}/taint/gpu`]: ":NoSchedule" } } },
      {
        by: "scalingGroup",
        drift: ({ attrs }, { clients }) =>
          clients.autoscaling.send(new DeleteGroupTagsCommand({ Tags: [groupTag(attrs, `${template}/taint/gpu`)] })),
      },
      { by: "scalingGroup", spec: { scalingGroupTags: {} } },
    ],
    suspendedProcesses: [
      { by: "scalingGroup", spec: { suspendedProcesses: ["AZRebalance"] } },
      { by: "scalingGroup", spec: { suspendedProcesses: ["InstanceRefresh", "ScheduledActions"] } },
      { by: "scalingGroup", spec: { suspendedProcesses: ["ScheduledActions"] } },
      {
        by: "scalingGroup",
        drift: ({ attrs }, { clients }) =>
          clients.autoscaling.send(
            new ResumeProcessesCommand({
              AutoScalingGroupName: attrs.autoScalingGroups[0],
              ScalingProcesses: ["ScheduledActions"],
            }),
          ),
      },
    ],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: {
    async scalingGroupTags({ attrs }, { clients }) {
      const tag = { ...groupTag(attrs, `${template}/label/theirs`), Value: "1", PropagateAtLaunch: false };
      await clients.autoscaling.send(new CreateOrUpdateTagsCommand({ Tags: [tag] }));
      return tag.Key;
    },
    async suspendedProcesses({ attrs }, { clients }) {
      const AutoScalingGroupName = attrs.autoScalingGroups[0];
      const ScalingProcesses = ["AlarmNotification"];
      await clients.autoscaling.send(new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses }));
      return "AlarmNotification";
    },
    async labels(live, ctx) {
      await updated(live, ctx, { labels: { addOrUpdateLabels: { theirs: "1" } } });
      return "theirs";
    },
    async taints(live, ctx) {
      await updated(live, ctx, { taints: { addOrUpdateTaints: [{ key: "theirs", effect: "NO_EXECUTE" }] } });
      return "theirs:NoExecute";
    },
    async desiredCapacity(live, ctx) {
      await updated(live, ctx, { scalingConfig: { desiredSize: 4 } });
      return "4 (scaled)";
    },
    tags: tagged,
  },
  overruled: ["desiredCapacity"],
});

const given = (name: string) => `arn:aws:iam::444455556666:role/${name}`;
const sessionPolicy = (Action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });

const podIdentityAssociationRow = row({
  kind: podIdentityAssociation,
  id: "pod-identity/web/api",
  name: "web/api",
  spec: { namespace: "web", serviceAccount: "api", disableSessionTags: false, tags },
  ground: async (ctx) => {
    await makeCluster(ctx);
    return { cluster: { name: "demo" }, role: [await knownRole(ctx, "pods", "pods.eks.amazonaws.com")] };
  },
  again: "same",
  changes: {
    role: [
      async (ctx) => ({ by: "config", deps: { role: [await knownRole(ctx, "others", "pods.eks.amazonaws.com")] } }),
    ],
    targetRole: [
      { by: "config", spec: { targetRoleArn: given("one") } },
      { by: "config", spec: { targetRoleArn: given("other") } },
    ],
    disableSessionTags: [{ by: "config", spec: { disableSessionTags: true } }],
    policy: [
      { by: "config", spec: { policy: sessionPolicy("s3:*") } },
      { by: "config", spec: { policy: sessionPolicy("s3:GetObject") } },
    ],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

const identities = (...ids: readonly string[]) => ids.map((id) => ({ id, type: "SSO_USER" }));
const argoCd = {
  namespace: "argocd",
  idcInstanceArn: "arn:aws:sso:::instance/ssoins-1",
  idcRegion: "us-west-2",
  roleMappings: [{ role: "ADMIN", identities: identities("ann", "bob") }],
  vpcEndpointIds: ["vpce-0123456789abcdef0"],
};
const withArgoCd = (changes: Partial<typeof argoCd>) => ({ spec: { argoCd: { ...argoCd, ...changes } } });

const capabilityRow = row({
  kind: capability,
  id: "capability/argocd",
  name: "argocd",
  spec: { name: "argocd", type: "ARGOCD", argoCd, tags },
  ground: async (ctx) => {
    await makeCluster(ctx);
    return { cluster: { name: "demo" }, role: [await knownRole(ctx, "argocd", "capabilities.eks.amazonaws.com")] };
  },
  again: "same",
  changes: {
    name: [{ by: /takes one capability of a type/, spec: { name: "other" } }],
    type: [{ by: /cannot change the type/, spec: { type: "KRO" } }],
    role: [
      async (ctx) => ({
        by: "config",
        deps: { role: [await knownRole(ctx, "other", "capabilities.eks.amazonaws.com")] },
      }),
    ],
    namespace: [{ by: /cannot change the namespace/, ...withArgoCd({ namespace: "gitops" }) }],
    idcInstance: [
      { by: /cannot change the instance/, ...withArgoCd({ idcInstanceArn: "arn:aws:sso:::instance/two" }) },
    ],
    idcRegion: [{ by: /cannot change the region/, ...withArgoCd({ idcRegion: "us-east-1" }) }],
    roleMappings: [
      {
        by: "config",
        ...withArgoCd({
          roleMappings: [
            { role: "ADMIN", identities: identities("bob", "carol") },
            { role: "VIEWER", identities: identities("ann") },
          ],
        }),
      },
      { by: "config", ...withArgoCd({ roleMappings: [{ role: "EDITOR", identities: identities("bob") }] }) },
      { by: "config", ...withArgoCd({ roleMappings: [] }) },
    ],
    vpcEndpoints: [
      { by: "config", ...withArgoCd({ roleMappings: [], vpcEndpointIds: ["vpce-0fedcba9876543210"] }) },
      { by: "config", ...withArgoCd({ roleMappings: [], vpcEndpointIds: [] }) },
    ],
    tags: [{ by: "tags", spec: otherTags }],
  },
  others: { tags: tagged },
});

export const eksRows = [
  clusterRow,
  accessEntryRow,
  addonRow,
  identityProviderRow,
  fargateProfileRow,
  podIdentityAssociationRow,
  capabilityRow,
  nodegroupRow,
];
