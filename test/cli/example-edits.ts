import { certificate } from "../support/certificates.ts";

/** Where the file is edited, what it says then, and an operation that the edit sends. */
export type ExampleEdit = readonly [path: string, to: unknown, sends: string];

/** One edit for each example, of what the example is about. */
export const exampleEdits: Readonly<Record<string, ExampleEdit>> = {
  "access-entries.yaml": [
    "accessConfig.accessEntries[2].kubernetesGroups",
    ["deployers", "viewers"],
    "UpdateAccessEntry",
  ],
  "addon-identity.yaml": [
    "addons[2].attachPolicy.Statement[0].Action",
    ["ec2:AttachVolume", "ec2:DetachVolume"],
    "PutRolePolicy",
  ],
  "addons.yaml": ["addons[1].configurationValues", '{"replicaCount": 4}', "UpdateAddon"],
  "arm-bottlerocket.yaml": ["managedNodeGroups[1].maxSize", 5, "UpdateNodegroupConfig"],
  "auto-mode-and-nodegroups.yaml": ["autoModeConfig", { enabled: false }, "UpdateClusterConfig"],
  "auto-mode.yaml": ["autoModeConfig.nodePools", ["general-purpose"], "UpdateClusterConfig"],
  "capabilities.yaml": [
    "capabilities[2].configuration.argocd.rbacRoleMappings",
    [{ role: "EDITOR", identities: [{ id: "686103e0-f051-7068-b225-e6392b959d9e", type: "SSO_GROUP" }] }],
    "UpdateCapability",
  ],
  "control-plane.yaml": ["controlPlaneScalingConfig.tier", "tier-2xl", "UpdateClusterConfig"],
  "devices.yaml": [
    "managedNodeGroups[1].taints",
    [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
    "patch daemonsets",
  ],
  "disks.yaml": ["managedNodeGroups[0].volumeIOPS", 8000, "CreateLaunchTemplateVersion"],
  "dual-stack-vpc.yaml": ["vpc.extraCIDRs", ["10.9.0.0/16"], "AuthorizeSecurityGroupIngress"],
  "efa.yaml": ["managedNodeGroups[1].efaEnabled", false, "CreateLaunchTemplateVersion"],
  "existing-subnets.yaml": ["vpc.controlPlaneSecurityGroupIDs", ["sg-0f1e2d3c4b5a69712"], "UpdateClusterConfig"],
  "existing-vpc.yaml": ["vpc.extraCIDRs", ["10.20.0.0/16", "10.21.0.0/16"], "AuthorizeSecurityGroupIngress"],
  "existing-vpc-ipv6.yaml": ["fargateProfiles[0].subnets", ["pods"], "CreateFargateProfile"],
  "fargate-and-nodes.yaml": ["fargateProfiles[0].tags", { team: "web" }, "TagResource"],
  "fargate.yaml": ["fargateProfiles[3]", { name: "more", selectors: [{ namespace: "more" }] }, "CreateFargateProfile"],
  "gitops.yaml": ["managedNodeGroups[0].labels", { tier: "web" }, "UpdateNodegroupConfig"],
  "given-resources.yaml": ["addons[3]", { name: "snapshot-controller" }, "CreateAddon"],
  "hybrid-nodes-roles-anywhere.yaml": [
    "remoteNetworkConfig.iam.caBundleCert",
    certificate("authority.pem"),
    "ExecuteChangeSet",
  ],
  "hybrid-nodes.yaml": [
    "remoteNetworkConfig.remotePodNetworks[0].cidrs",
    ["10.85.0.0/16", "10.86.0.0/16"],
    "UpdateClusterConfig",
  ],
  "identity-mappings.yaml": ["accessConfig.authenticationMode", "API_AND_CONFIG_MAP", "UpdateClusterConfig"],
  "identity-provider.yaml": ["identityProviders[0].usernamePrefix", "company:", "AssociateIdentityProviderConfig"],
  "instance-choice.yaml": [
    "managedNodeGroups[0].instanceSelector",
    { vCPUs: 8, memory: "32GiB", allow: "^m5" },
    "CreateNodegroup",
  ],
  "ipv6-own-addresses.yaml": ["managedNodeGroups[0].privateNetworking", false, "CreateNodegroup"],
  "ipv6.yaml": ["vpc.extraIPv6CIDRs", ["2001:db8:100::/48", "2001:db8:200::/48"], "AuthorizeSecurityGroupIngress"],
  "karpenter-pod-identity.yaml": ["karpenter.withSpotInterruptionQueue", true, "CreateQueue"],
  "karpenter.yaml": ["metadata.tags", { "karpenter.sh/discovery": "others" }, "CreateTags"],
  "local-zones.yaml": ["localZones", ["us-west-2-lax-1a", "us-west-2-lax-1b"], "CreateSubnet"],
  "logging-encryption.yaml": ["cloudWatch.clusterLogging.logRetentionInDays", 731, "PutRetentionPolicy"],
  "many-nodegroups.yaml": ["managedNodeGroups[5].maxSize", 12, "UpdateNodegroupConfig"],
  "node-bootstrap.yaml": ["managedNodeGroups[0].maxPodsPerNode", 80, "UpdateNodegroupVersion"],
  "node-capacity.yaml": ["managedNodeGroups[2].connectionTracking.udpTimeout", 60, "CreateLaunchTemplateVersion"],
  "node-security.yaml": ["managedNodeGroups[1].iam.withAddonPolicies.efs", true, "PutRolePolicy"],
  "older-file.yaml": ["managedNodeGroups[0].iam.withAddonPolicies.ebs", true, "AttachRolePolicy"],
  "pod-identity.yaml": [
    "iam.podIdentityAssociations[2].permissionPolicyARNs",
    ["arn:aws:iam::aws:policy/AmazonSQSFullAccess"],
    "AttachRolePolicy",
  ],
  "private-cluster.yaml": ["privateCluster.additionalEndpointServices", ["autoscaling", "kms"], "CreateVpcEndpoint"],
  "private-existing-vpc.yaml": ["cloudWatch", { clusterLogging: { enableTypes: ["audit"] } }, "CreateVpcEndpoint"],
  "private-way-to-aws.yaml": ["managedNodeGroups[0].maxSize", 3, "UpdateNodegroupConfig"],
  "private-nodes.yaml": ["vpc.nat.gateway", "HighlyAvailable", "CreateNatGateway"],
  "production.yaml": ["metadata.version", "1.35", "UpdateClusterVersion"],
  "quickstart.yaml": ["managedNodeGroups[0].desiredCapacity", 3, "UpdateNodegroupConfig"],
  "scheduling.yaml": [
    "managedNodeGroups[1].taints",
    [{ key: "example.com/dedicated", value: "api", effect: "NoSchedule" }],
    "UpdateNodegroupConfig",
  ],
  "self-managed-given.yaml": [
    "nodeGroups[0].iam.instanceRoleARN",
    "arn:aws:iam::111122223333:role/eks-other-nodes",
    "CreateAccessEntry",
  ],
  "self-managed.yaml": ["nodeGroups[0].maxSize", 6, "ExecuteChangeSet"],
  "service-accounts.yaml": [
    "iam.serviceAccounts[0].attachPolicyARNs",
    ["arn:aws:iam::aws:policy/AmazonS3FullAccess"],
    "AttachRolePolicy",
  ],
  "spot.yaml": [
    "managedNodeGroups[0].instanceTypes",
    ["m5.large", "m5a.large", "m6i.large", "m6a.large"],
    "CreateNodegroup",
  ],
};
