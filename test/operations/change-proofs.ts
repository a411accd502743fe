import { certificate } from "../support/certificates.ts";
import { withValue } from "../support/with-value.ts";

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const policy = (name: string) => `arn:aws:iam::111122223333:policy/${name}`;
const document = (action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: [action], Resource: "*" }],
});
const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPcCR0FvKHJsAmzI6OVj8lIf0mMZ1fI5bFPkLJXrDSyh ops@example.com";
const accessPolicy = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;

/** What nodegroups of both kinds say. */
const nodes = {
  minSize: 1,
  maxSize: 4,
  desiredCapacity: 2,
  volumeSize: 80,
  volumeType: "gp3",
  volumeIOPS: 3000,
  volumeThroughput: 125,
  volumeEncrypted: true,
  additionalVolumes: [{ volumeName: "/dev/sdf", volumeSize: 50, volumeType: "gp3" }],
  capacityReservation: { capacityReservationPreference: "open" },
  connectionTracking: { udpTimeout: 30 },
  labels: { tier: "web" },
  taints: [{ key: "dedicated", value: "web", effect: "NoSchedule" }],
  tags: { schedule: "day" },
  privateNetworking: false,
  ssh: { allow: true, publicKeyName: "operations" },
  disableIMDSv1: true,
  disablePodIMDS: false,
  enableDetailedMonitoring: false,
};

/** The file of a cluster that exists. Each proof edits it in one place. */
export const before = {
  apiVersion: "eksctl.io/v1alpha5",
  kind: "ClusterConfig",
  metadata: {
    name: "demo",
    region: "us-west-2",
    version: "1.33",
    tags: { team: "blue" },
    annotations: { note: "one" },
    forceUpdateVersion: false,
    rollbackConfig: { timeoutMinutes: 720 },
  },
  availabilityZones: ["us-west-2a", "us-west-2b"],
  kubernetesNetworkConfig: { ipFamily: "IPv4", serviceIPv4CIDR: "10.100.0.0/16" },
  vpc: {
    cidr: "10.10.0.0/16",
    nat: { gateway: "Single" },
    clusterEndpoints: { publicAccess: true, privateAccess: true },
    publicAccessCIDRs: ["203.0.113.0/24"],
    extraCIDRs: ["10.200.0.0/16"],
    hostnameType: "ip-name",
  },
  autoModeConfig: {
    enabled: true,
    nodePools: ["general-purpose", "system"],
    permissionsBoundaryARN: policy("boundary"),
  },
  remoteNetworkConfig: {
    remoteNodeNetworks: [{ cidrs: ["10.80.0.0/16"] }],
    remotePodNetworks: [{ cidrs: ["10.85.0.0/16"] }],
    vpcGatewayID: "tgw-0123456789abcdef0",
    iam: { provider: "ira", caBundleCert: certificate("authority.pem") },
  },
  iam: {
    serviceRolePermissionsBoundary: policy("boundary"),
    fargatePodExecutionRolePermissionsBoundary: policy("boundary"),
    withOIDC: true,
    vpcResourceControllerPolicy: true,
    serviceAccounts: [
      {
        metadata: {
          name: "books",
          namespace: "shop",
          labels: { use: "shop" },
          annotations: { "shop.dev/owner": "ann" },
        },
        attachPolicyARNs: [policy("cart")],
        attachPolicy: document("s3:GetObject"),
        permissionsBoundary: policy("boundary"),
        roleName: "books",
        tags: { use: "shop" },
      },
      { metadata: { name: "given" }, attachRoleARN: role("given") },
      { metadata: { name: "bare" }, wellKnownPolicies: { autoScaler: true }, roleOnly: true },
    ],
    podIdentityAssociations: [
      {
        namespace: "shop",
        serviceAccountName: "cart",
        permissionPolicyARNs: [policy("cart")],
        permissionPolicy: document("s3:GetObject"),
        permissionPolicyName: "Objects",
        permissionsBoundaryARN: policy("boundary"),
        roleName: "cart",
        tags: { use: "shop" },
      },
      { namespace: "shop", serviceAccountName: "till", roleARN: role("till") },
    ],
  },
  iamIdentityMappings: [
    { arn: role("admins"), username: "admin", groups: ["system:masters"] },
    { account: "444455556666" },
    { serviceName: "emr-containers", namespace: "jobs" },
  ],
  accessConfig: {
    authenticationMode: "API_AND_CONFIG_MAP",
    bootstrapClusterCreatorAdminPermissions: true,
    accessEntries: [
      {
        principalARN: role("developers"),
        type: "STANDARD",
        kubernetesGroups: ["developers"],
        kubernetesUsername: "developer",
        accessPolicies: [
          {
            policyARN: accessPolicy("AmazonEKSViewPolicy"),
            accessScope: { type: "namespace", namespaces: ["shop"] },
          },
        ],
      },
    ],
  },
  addons: [
    {
      name: "coredns",
      version: "v1.12.3-eksbuild.1",
      configurationValues: '{"replicaCount": 2}',
      resolveConflicts: "NONE",
      tags: { use: "names" },
      publishers: ["eks"],
      types: ["networking"],
      owners: ["aws"],
    },
    { name: "eks-pod-identity-agent" },
    { name: "vpc-cni", serviceAccountRoleARN: role("vpc-cni") },
    {
      name: "aws-ebs-csi-driver",
      wellKnownPolicies: { ebsCSIController: true },
      permissionsBoundary: policy("boundary"),
    },
    {
      name: "aws-efs-csi-driver",
      podIdentityAssociations: [
        {
          namespace: "kube-system",
          serviceAccountName: "efs-csi-controller-sa",
          permissionPolicyARNs: [policy("efs")],
          permissionPolicy: document("s3:GetObject"),
          permissionPolicyName: "Objects",
          permissionsBoundaryARN: policy("boundary"),
          roleName: "efs",
        },
      ],
    },
  ],
  addonsConfig: { autoApplyPodIdentityAssociations: false, disableDefaultAddons: false },
  capabilities: [
    {
      name: "ack",
      type: "ACK",
      attachPolicyARNs: [policy("cart")],
      attachPolicy: document("s3:GetObject"),
      permissionsBoundary: policy("boundary"),
      accessPolicies: [{ policyARN: accessPolicy("AmazonEKSViewPolicy"), accessScope: { type: "cluster" } }],
      tags: { use: "buckets" },
    },
    {
      name: "argocd",
      type: "ARGOCD",
      roleArn: role("argocd"),
      configuration: {
        argocd: {
          namespace: "argocd",
          awsIdc: { idcInstanceArn: "arn:aws:sso:::instance/ssoins-1", idcRegion: "us-east-1" },
          rbacRoleMappings: [{ role: "ADMIN", identities: [{ id: "ann", type: "SSO_USER" }] }],
          networkAccess: { vpceIds: ["vpce-0123456789abcdef0"] },
        },
      },
    },
  ],
  cloudWatch: { clusterLogging: { enableTypes: ["api", "audit"], logRetentionInDays: 30 } },
  upgradePolicy: { supportType: "EXTENDED" },
  zonalShiftConfig: { enabled: false },
  deletionProtection: false,
  identityProviders: [
    {
      type: "oidc",
      name: "people",
      issuerURL: "https://login.example.com",
      clientID: "kubernetes",
      usernameClaim: "email",
      usernamePrefix: "oidc:",
      groupsClaim: "groups",
      groupsPrefix: "oidc:",
      requiredClaims: { team: "blue" },
      tags: { use: "people" },
    },
  ],
  controlPlaneScalingConfig: { tier: "tier-2xl" },
  kubeAPIServerConfig: { eventTTL: "1h", serviceNodePortRange: { minPort: 30000, maxPort: 32767 } },
  kubeSchedulerConfig: {
    nodeResourcesFit: { scoringStrategy: { type: "MostAllocated", resources: [{ name: "cpu", weight: 1 }] } },
  },
  kubeControllerManagerConfig: {
    horizontalPodAutoscalerControllerConfig: { horizontalPodAutoscalerSyncPeriod: "10s" },
  },
  gitops: { flux: { gitProvider: "github", flags: { owner: "acme", repository: "clusters" } } },
  karpenter: { version: "1.8.0", createServiceAccount: false, defaultInstanceProfile: "demo-nodes" },
  fargateProfiles: [
    { name: "apps", selectors: [{ namespace: "apps", labels: { run: "fargate" } }], tags: { use: "apps" } },
    { name: "given", selectors: [{ namespace: "jobs" }], podExecutionRoleARN: role("jobs") },
  ],
  nodeGroups: [
    {
      ...nodes,
      name: "self",
      instanceType: "m5.large",
      iam: {
        instanceRoleName: "self",
        instanceRolePermissionsBoundary: policy("boundary"),
        withAddonPolicies: { autoScaler: true },
      },
      instanceName: "self",
    },
    { name: "self-given", instanceType: "t3.large", desiredCapacity: 1, iam: { instanceRoleARN: role("nodes") } },
    {
      name: "self-mixed",
      amiFamily: "Bottlerocket",
      desiredCapacity: 1,
      instancesDistribution: { instanceTypes: ["m5.large", "m5a.large"] },
      asgMetricsCollection: [{ granularity: "1Minute", metrics: ["GroupMinSize"] }],
      bottlerocket: { enableAdminContainer: true, settings: { motd: "one" } },
    },
    {
      name: "self-selected",
      desiredCapacity: 1,
      instanceSelector: { vCPUs: 4, memory: "16", allow: "^m[56]i?" },
    },
    {
      name: "self-fabric",
      instanceType: "c5n.18xlarge",
      availabilityZones: ["us-west-2a"],
      desiredCapacity: 1,
      efaEnabled: true,
    },
  ],
  managedNodeGroups: [
    {
      ...nodes,
      name: "web",
      amiFamily: "AmazonLinux2023",
      instanceTypes: ["m5.large"],
      spot: false,
      updateConfig: { maxUnavailable: 1 },
      warmPoolConfig: {
        enabled: true,
        minSize: 1,
        maxGroupPreparedCapacity: 4,
        poolState: "STOPPED",
        reuseOnScaleIn: false,
      },
      nodeRepairConfig: {
        enabled: true,
        maxUnhealthyNodeThresholdCount: 3,
        maxParallelNodesRepairedCount: 1,
        nodeRepairConfigOverrides: [
          {
            nodeMonitoringCondition: "AcceleratedHardwareReady",
            nodeUnhealthyReason: "NvidiaXID13Error",
            minRepairWaitTimeMins: 10,
            repairAction: "Replace",
          },
        ],
      },
      releaseVersion: "1.33.10-20261015",
      iam: {
        instanceRoleName: "web",
        instanceRolePermissionsBoundary: policy("boundary"),
        withAddonPolicies: { autoScaler: true },
      },
      instanceName: "web",
    },
    {
      name: "given",
      instanceType: "m5.large",
      desiredCapacity: 1,
      iam: { instanceRoleARN: role("nodes") },
    },
    { name: "own", amiFamily: "AmazonLinux2023", ami: "ami-0123456789abcdef0", desiredCapacity: 1 },
    {
      name: "rocket",
      amiFamily: "Bottlerocket",
      desiredCapacity: 1,
      bottlerocket: { enableAdminContainer: true, settings: { motd: "one" } },
    },
    { name: "foreign", desiredCapacity: 1, launchTemplate: { id: "lt-0123456789abcdef0", version: "1" } },
    {
      name: "fabric",
      instanceType: "c5n.18xlarge",
      availabilityZones: ["us-west-2a"],
      desiredCapacity: 1,
      efaEnabled: true,
    },
    { name: "selected", desiredCapacity: 1, instanceSelector: { vCPUs: 4, memory: "16", allow: "^m[567]i?" } },
  ],
};

const outpost = (id: string) => `arn:aws:outposts:us-west-2:111122223333:outpost/op-${id}`;

/** The file of a cluster whose control plane is on an Outpost. */
const onOutpost = {
  apiVersion: "eksctl.io/v1alpha5",
  kind: "ClusterConfig",
  metadata: { name: "demo", region: "us-west-2", version: "1.34" },
  outpost: {
    controlPlaneOutpostARN: outpost("1234567890abcdef0"),
    controlPlaneInstanceType: "m5d.large",
    controlPlanePlacement: { spreadLevel: "host" },
    etcdInstanceType: "m5d.large",
    etcdPlacement: { spreadLevel: "rack" },
  },
};

/** The same of the first generation, whose instances are in a placement group. */
const inPlacementGroup = {
  ...onOutpost,
  outpost: {
    controlPlaneOutpostARN: outpost("1234567890abcdef0"),
    controlPlaneInstanceType: "m5d.large",
    controlPlanePlacement: { groupName: "apart" },
  },
};

/** Keys whose edit no plan of the same cluster can show. */
const unproven: readonly string[] = [
  "apiVersion",
  "kind",
  "metadata.name",
  "metadata.region",
  "kubernetesNetworkConfig.ipFamily",
  // A cluster has a VPC of its own, or a given one.
  "vpc.id",
  "vpc.subnets.public",
  "vpc.securityGroup",
  "vpc.controlPlaneSecurityGroupIDs",
  "vpc.controlPlaneSubnetIDs",
  "vpc.sharedNodeSecurityGroup",
  "vpc.manageSharedNodeSecurityGroupRules",
  "vpc.extraIPv6CIDRs",
  "vpc.ipv6Cidr",
  "vpc.ipv6Pool",
  "identityProviders[].type",
  "iamIdentityMappings[].serviceName",
  // There is one value.
  "capabilities[].deletePropagationPolicy",
  // A cluster is private, or not.
  "privateCluster.skipEndpointCreation",
  "privateCluster.additionalEndpointServices",
  "managedNodeGroups[].ssh.publicKeyPath",
  "nodeGroups[].ssh.publicKeyPath",
];

/** An edit of one key: its path with `[]` for the first item (`[1]` for the second), and its new value; undefined takes it out. */
export type Proof = readonly [path: string, to: unknown, also?: Readonly<Record<string, unknown>>];

const web = "managedNodeGroups[]";
const given = "managedNodeGroups[1]";
const own = "managedNodeGroups[2]";
const rocket = "managedNodeGroups[3]";
const foreign = "managedNodeGroups[4]";
const fabric = "managedNodeGroups[5]";
const selected = "managedNodeGroups[6]";
const self = "nodeGroups[]";
const selfGiven = "nodeGroups[1]";
const selfMixed = "nodeGroups[2]";
const selfSelected = "nodeGroups[3]";
const selfFabric = "nodeGroups[4]";
const cart = "iam.podIdentityAssociations[]";
const books = "iam.serviceAccounts[]";
const login = "identityProviders[]";
const ack = "capabilities[]";
const argocd = "capabilities[1].configuration.argocd";
const efs = "addons[4].podIdentityAssociations[]";

/** `also`: keys that have to be edited with it, by path. */
const edits: readonly Proof[] = [
  ["metadata.version", "1.34"],
  ["metadata.tags", { team: "red" }],
  ["metadata.annotations", { note: "two" }],
  ["metadata.forceUpdateVersion", true],
  ["metadata.rollbackConfig.timeoutMinutes", 120],
  ["availabilityZones", ["us-west-2a", "us-west-2b", "us-west-2c"]],
  ["localZones", ["us-west-2-lax-1a"]],
  ["kubernetesNetworkConfig.serviceIPv4CIDR", "10.101.0.0/16"],
  ["vpc.cidr", "10.11.0.0/16"],
  ["vpc.controlPlaneOnPrivateSubnets", false],
  ["vpc.nat.gateway", "HighlyAvailable"],
  ["vpc.clusterEndpoints.publicAccess", false],
  ["vpc.clusterEndpoints.privateAccess", false],
  ["vpc.publicAccessCIDRs", ["203.0.113.0/24", "198.51.100.0/24"]],
  ["vpc.extraCIDRs", ["10.201.0.0/16"]],
  ["vpc.autoAllocateIPv6", true],
  ["vpc.hostnameType", "resource-name"],
  [
    "privateCluster.enabled",
    true,
    {
      "vpc.clusterEndpoints": undefined,
      "vpc.nat": undefined,
      "vpc.publicAccessCIDRs": undefined,
      nodeGroups: undefined,
      managedNodeGroups: undefined,
    },
  ],
  ["remoteNetworkConfig.remoteNodeNetworks[].cidrs", ["10.80.0.0/16", "10.81.0.0/16"]],
  ["remoteNetworkConfig.remotePodNetworks[].cidrs", ["10.86.0.0/16"]],
  ["remoteNetworkConfig.vpcGatewayID", "tgw-0123456789abcdef1"],
  ["remoteNetworkConfig.vpcGatewayID", "vgw-0123456789abcdef0"],
  ["remoteNetworkConfig.iam.provider", "ssm", { "remoteNetworkConfig.iam.caBundleCert": undefined }],
  ["remoteNetworkConfig.iam.roleARN", role("hybrid-2")],
  ["remoteNetworkConfig.iam.caBundleCert", certificate("another-authority.pem")],
  ["iam.serviceRoleARN", role("control-plane"), { "iam.serviceRolePermissionsBoundary": undefined }],
  ["iam.serviceRolePermissionsBoundary", policy("other")],
  ["iam.fargatePodExecutionRoleARN", role("apps"), { "iam.fargatePodExecutionRolePermissionsBoundary": undefined }],
  ["iam.fargatePodExecutionRolePermissionsBoundary", policy("other")],
  [
    "iam.withOIDC",
    false,
    {
      "iam.serviceAccounts": undefined,
      "addons[2].serviceAccountRoleARN": undefined,
      "addons[3].wellKnownPolicies": undefined,
    },
  ],
  ["gitops.flux.gitProvider", "gitlab"],
  ["gitops.flux.flags", { owner: "acme", repository: "more" }],
  ["karpenter.version", "1.8.1"],
  ["karpenter.createServiceAccount", true],
  ["karpenter.defaultInstanceProfile", "other-nodes"],
  ["karpenter.withSpotInterruptionQueue", true],
  ["iam.vpcResourceControllerPolicy", false],
  ["iamIdentityMappings[].arn", role("others")],
  ["iamIdentityMappings[].username", "root"],
  ["iamIdentityMappings[].groups", ["readers"]],
  ["iamIdentityMappings[].noDuplicateARNs", true],
  ["iamIdentityMappings[1].account", "777788889999"],
  ["iamIdentityMappings[2].namespace", "batch"],
  [`${books}.metadata.labels`, { use: "market" }],
  [`${books}.metadata.annotations`, { "shop.dev/owner": "joe" }],
  [`${books}.attachPolicyARNs`, [policy("cart-2")]],
  [`${books}.attachPolicy`, document("s3:PutObject")],
  [`${books}.wellKnownPolicies.externalDNS`, true],
  [`${books}.permissionsBoundary`, policy("other")],
  [`${books}.roleName`, "volumes"],
  [`${books}.subjectPattern`, "system:serviceaccount:shop:*"],
  [`${books}.tags`, { use: "market" }],
  ["iam.serviceAccounts[1].metadata.name", "other"],
  ["iam.serviceAccounts[1].metadata.namespace", "market"],
  ["iam.serviceAccounts[1].attachRoleARN", role("other")],
  ["iam.serviceAccounts[2].roleOnly", false],
  [`${cart}.createServiceAccount`, true],
  ["iam.podIdentityAssociations[1].namespace", "market"],
  ["iam.podIdentityAssociations[1].serviceAccountName", "desk"],
  ["iam.podIdentityAssociations[1].roleARN", role("desk")],
  [`${cart}.permissionPolicyARNs`, [policy("cart-2")]],
  [`${cart}.permissionPolicy`, document("s3:PutObject")],
  [`${cart}.permissionPolicyName`, "Files"],
  [`${cart}.roleName`, "trolley"],
  [`${cart}.permissionsBoundaryARN`, policy("other")],
  [`${cart}.wellKnownPolicies.externalDNS`, true],
  [`${cart}.targetRoleARN`, role("cart-elsewhere")],
  [`${cart}.disableSessionTags`, true],
  [`${cart}.policy`, JSON.stringify(document("s3:GetObject")), { [`${cart}.disableSessionTags`]: true }],
  [`${cart}.tags`, { use: "market" }],
  ["accessConfig.authenticationMode", "API", { iamIdentityMappings: [] }],
  ["accessConfig.bootstrapClusterCreatorAdminPermissions", false],
  ["accessConfig.accessEntries[].principalARN", role("testers")],
  [
    "accessConfig.accessEntries[].type",
    "EC2",
    Object.fromEntries(
      ["kubernetesGroups", "kubernetesUsername"].map((key) => [`accessConfig.accessEntries[].${key}`, undefined]),
    ),
  ],
  ["accessConfig.accessEntries[].kubernetesGroups", ["developers", "testers"]],
  ["accessConfig.accessEntries[].kubernetesUsername", "tester"],
  ["accessConfig.accessEntries[].accessPolicies[].policyARN", accessPolicy("AmazonEKSEditPolicy")],
  [
    "accessConfig.accessEntries[].accessPolicies[].accessScope.type",
    "cluster",
    { "accessConfig.accessEntries[].accessPolicies[].accessScope.namespaces": undefined },
  ],
  ["accessConfig.accessEntries[].accessPolicies[].accessScope.namespaces", ["shop", "checkout"]],
  ["addons[4].name", "snapshot-controller", { "addons[4].podIdentityAssociations": undefined }],
  ["addons[].version", "latest"],
  ["addons[].configurationValues", '{"replicaCount": 3}'],
  ["addons[].resolveConflicts", "OVERWRITE"],
  ["addons[].namespaceConfig.namespace", "names"],
  ["addons[2].serviceAccountRoleARN", role("vpc-cni-2")],
  ["addons[3].attachPolicyARNs", [policy("disks")], { "addons[3].wellKnownPolicies": undefined }],
  ["addons[3].attachPolicy", document("ec2:CreateVolume"), { "addons[3].wellKnownPolicies": undefined }],
  ["addons[3].wellKnownPolicies.efsCSIController", true],
  ["addons[3].permissionsBoundary", policy("other")],
  [`${efs}.namespace`, undefined],
  [`${efs}.serviceAccountName`, "efs-csi-node-sa"],
  [
    `${efs}.roleARN`,
    role("files"),
    Object.fromEntries(
      ["permissionPolicyARNs", "permissionPolicy", "permissionPolicyName", "permissionsBoundaryARN", "roleName"].map(
        (key) => [`${efs}.${key}`, undefined],
      ),
    ),
  ],
  [`${efs}.permissionPolicyARNs`, [policy("efs-2")]],
  [`${efs}.permissionPolicy`, document("s3:PutObject")],
  [`${efs}.permissionPolicyName`, "Files"],
  [`${efs}.roleName`, "efs-files"],
  [`${efs}.permissionsBoundaryARN`, policy("other")],
  ["addons[3].useDefaultPodIdentityAssociations", true, { "addons[3].wellKnownPolicies": undefined }],
  ["addons[].tags", { use: "dns" }],
  ["addons[].publishers", undefined],
  ["addons[].types", undefined],
  ["addons[].owners", undefined],
  ["addonsConfig.autoApplyPodIdentityAssociations", true, { "addons[3].wellKnownPolicies": undefined }],
  ["addonsConfig.disableDefaultAddons", true],
  ["cloudWatch.clusterLogging.enableTypes", ["api"]],
  ["cloudWatch.clusterLogging.logRetentionInDays", 60],
  ["secretsEncryption.keyARN", "arn:aws:kms:us-west-2:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000"],
  ["upgradePolicy.supportType", "STANDARD"],
  ["zonalShiftConfig.enabled", true],
  ["deletionProtection", true],
  ["controlPlaneScalingConfig.tier", "tier-xl"],
  [`${login}.name`, "others"],
  [`${login}.issuerURL`, "https://sso.example.com"],
  [`${login}.clientID`, "kubectl"],
  [`${login}.usernameClaim`, "sub"],
  [`${login}.usernamePrefix`, "-"],
  [`${login}.groupsClaim`, "roles"],
  [`${login}.groupsPrefix`, "sso:"],
  [`${login}.requiredClaims`, { team: "red" }],
  [`${login}.tags`, { use: "all" }],
  ["kubeAPIServerConfig.eventTTL", "30m"],
  ["kubeAPIServerConfig.serviceNodePortRange.minPort", 20_000],
  ["kubeSchedulerConfig.nodeResourcesFit.scoringStrategy.type", "LeastAllocated"],
  ["kubeSchedulerConfig.nodeResourcesFit.scoringStrategy.resources[].weight", 5],
  ["kubeControllerManagerConfig.horizontalPodAutoscalerControllerConfig.horizontalPodAutoscalerSyncPeriod", "15s"],
  ["vpc.controlPlaneEgressMode", "CUSTOMER_ROUTED"],
  [
    "autoModeConfig.enabled",
    false,
    { "autoModeConfig.nodePools": undefined, "autoModeConfig.permissionsBoundaryARN": undefined },
  ],
  ["autoModeConfig.nodePools", ["system"]],
  ["autoModeConfig.nodeRoleARN", role("auto"), { "autoModeConfig.permissionsBoundaryARN": undefined }],
  ["autoModeConfig.permissionsBoundaryARN", policy("other")],
  [`${ack}.name`, "buckets"],
  [`${ack}.type`, "KRO"],
  [
    `${ack}.roleArn`,
    role("ack"),
    Object.fromEntries(
      ["attachPolicyARNs", "attachPolicy", "permissionsBoundary"].map((key) => [`${ack}.${key}`, undefined]),
    ),
  ],
  [`${ack}.attachPolicyARNs`, [policy("other")]],
  [`${ack}.attachPolicy`, document("s3:PutObject")],
  [`${ack}.permissionsBoundary`, policy("other")],
  [`${ack}.accessPolicies[].policyARN`, accessPolicy("AmazonEKSEditPolicy")],
  [
    `${ack}.accessPolicies[].accessScope.type`,
    "namespace",
    { [`${ack}.accessPolicies[].accessScope.namespaces`]: ["shop"] },
  ],
  [
    `${ack}.accessPolicies[].accessScope.namespaces`,
    ["shop"],
    { [`${ack}.accessPolicies[].accessScope.type`]: "namespace" },
  ],
  [`${ack}.tags`, { use: "queues" }],
  [`${argocd}.namespace`, "gitops"],
  [`${argocd}.awsIdc.idcInstanceArn`, "arn:aws:sso:::instance/ssoins-2"],
  [`${argocd}.awsIdc.idcRegion`, "us-west-2"],
  [`${argocd}.rbacRoleMappings[].role`, "EDITOR"],
  [`${argocd}.rbacRoleMappings[].identities[].id`, "bob"],
  [`${argocd}.rbacRoleMappings[].identities[].type`, "SSO_GROUP"],
  [`${argocd}.networkAccess.vpceIds`, []],
  ["fargateProfiles[].name", "shop"],
  ["fargateProfiles[].selectors[].namespace", "shop"],
  ["fargateProfiles[].selectors[].labels", { run: "there" }],
  ["fargateProfiles[1].podExecutionRoleARN", role("apps")],
  ["fargateProfiles[].subnets", ["us-west-2a"]],
  ["fargateProfiles[].tags", { use: "shop" }],
  [`${web}.ssh.enableSsm`, true],
  [`${web}.name`, "api", { [`${web}.iam.instanceRoleName`]: undefined }],
  [`${web}.amiFamily`, "Bottlerocket", { [`${web}.ssh`]: undefined }],
  [`${foreign}.launchTemplate.id`, "lt-0fedcba9876543210"],
  [`${foreign}.launchTemplate.version`, "2"],
  [`${selected}.instanceSelector.allow`, "^m[56]i?"],
  [`${own}.ami`, "ami-0fedcba9876543210"],
  [`${web}.maxPodsPerNode`, 50],
  [`${web}.preBootstrapCommands`, ["true"]],
  [`${own}.overrideBootstrapCommand`, "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {}\n"],
  [`${rocket}.bottlerocket.enableAdminContainer`, false],
  [`${rocket}.bottlerocket.settings`, { motd: "two" }],
  [`${given}.instanceType`, "m6i.large"],
  [`${web}.instanceTypes`, ["m6i.large"]],
  [`${web}.spot`, true, { [`${web}.warmPoolConfig.enabled`]: false }],
  [`${web}.desiredCapacity`, 3],
  [`${web}.minSize`, 2],
  [`${web}.maxSize`, 5],
  [`${web}.volumeSize`, 100],
  [`${web}.volumeType`, "io2", { [`${web}.volumeThroughput`]: undefined }],
  [`${web}.volumeIOPS`, 4000],
  [`${web}.volumeThroughput`, 250],
  [`${web}.volumeEncrypted`, false],
  [`${web}.volumeKmsKeyID`, "alias/disks"],
  [`${web}.volumeName`, "/dev/sdb"],
  [`${web}.additionalVolumes[].volumeSize`, 60],
  [`${web}.placement.groupName`, "near"],
  [`${web}.capacityReservation.capacityReservationPreference`, "none"],
  [
    `${web}.capacityReservation.capacityReservationTarget.capacityReservationID`,
    "cr-0123456789abcdef0",
    { [`${web}.capacityReservation.capacityReservationPreference`]: undefined },
  ],
  [
    `${given}.instanceMarketOptions.marketType`,
    "capacity-block",
    { [`${given}.capacityReservation.capacityReservationTarget.capacityReservationID`]: "cr-0123456789abcdef0" },
  ],
  [`${web}.connectionTracking.udpTimeout`, 60],
  [`${web}.labels`, { tier: "api" }],
  [`${web}.taints[].key`, "only"],
  [`${web}.taints[].value`, "api"],
  [`${web}.taints[].effect`, "NoExecute"],
  [`${web}.tags`, { schedule: "night" }],
  [`${web}.privateNetworking`, true],
  [`${web}.availabilityZones`, ["us-west-2a"]],
  [`${web}.subnets`, ["us-west-2a"]],
  [`${web}.updateConfig.maxUnavailable`, 2],
  [`${web}.updateConfig.maxUnavailablePercentage`, 50, { [`${web}.updateConfig.maxUnavailable`]: undefined }],
  [`${web}.nodeRepairConfig.enabled`, false],
  [`${web}.nodeRepairConfig.maxUnhealthyNodeThresholdCount`, 2],
  [
    `${web}.nodeRepairConfig.maxUnhealthyNodeThresholdPercentage`,
    20,
    { [`${web}.nodeRepairConfig.maxUnhealthyNodeThresholdCount`]: undefined },
  ],
  [`${web}.nodeRepairConfig.maxParallelNodesRepairedCount`, 2],
  [
    `${web}.nodeRepairConfig.maxParallelNodesRepairedPercentage`,
    20,
    { [`${web}.nodeRepairConfig.maxParallelNodesRepairedCount`]: undefined },
  ],
  [`${web}.nodeRepairConfig.nodeRepairConfigOverrides[].nodeMonitoringCondition`, "NetworkingReady"],
  [`${web}.nodeRepairConfig.nodeRepairConfigOverrides[].nodeUnhealthyReason`, "NvidiaXID31Error"],
  [`${web}.nodeRepairConfig.nodeRepairConfigOverrides[].minRepairWaitTimeMins`, 20],
  [`${web}.nodeRepairConfig.nodeRepairConfigOverrides[].repairAction`, "Reboot"],
  [`${web}.warmPoolConfig.enabled`, false],
  [`${web}.warmPoolConfig.minSize`, 2],
  [`${web}.warmPoolConfig.maxGroupPreparedCapacity`, 5],
  [`${web}.warmPoolConfig.poolState`, "RUNNING"],
  [`${web}.warmPoolConfig.reuseOnScaleIn`, true],
  [`${web}.releaseVersion`, "1.33.10-20261105"],
  [`${web}.ssh.allow`, false],
  [`${web}.ssh.publicKeyName`, "others"],
  [`${web}.ssh.publicKey`, publicKey, { [`${web}.ssh.publicKeyName`]: undefined }],
  [`${web}.ssh.sourceSecurityGroupIds`, ["sg-0a1b2c3d4e5f60718"]],
  [`${given}.iam.instanceRoleARN`, role("other-nodes")],
  [`${web}.iam.instanceRoleName`, "web-nodes"],
  [`${web}.iam.instanceRolePermissionsBoundary`, policy("other")],
  [`${web}.iam.attachPolicyARNs`, [policy("nodes")]],
  [`${web}.iam.attachPolicy`, document("s3:PutObject")],
  [`${web}.iam.withAddonPolicies.ebs`, true],
  [`${web}.securityGroups.attachIDs`, ["sg-0a1b2c3d4e5f60718"]],
  [`${web}.disableIMDSv1`, false],
  [`${web}.disablePodIMDS`, true, { [`${web}.iam.withAddonPolicies`]: undefined }],
  [`${web}.ebsOptimized`, true],
  [`${web}.enableDetailedMonitoring`, true],
  [`${web}.instanceName`, "web-2"],
  [`${web}.instancePrefix`, "blue"],
  [`${fabric}.efaEnabled`, false],
  [`${web}.asgSuspendProcesses`, ["AZRebalance"]],
  [`${web}.propagateASGTags`, true],
];

const ofManagedOnly =
  /^managedNodeGroups\[\]\.(amiFamily|instanceTypes|spot|updateConfig|nodeRepairConfig|warmPoolConfig|releaseVersion)/u;
const asSelfManaged = (path: string) => path.replace(web, self);

/** What nodegroups of both kinds have is edited in both alike. */
export const proofs: readonly Proof[] = [
  ...edits,
  ...edits
    .filter(([path]) => path.startsWith(`${web}.`) && !ofManagedOnly.test(path))
    .map(([path, to, also = {}]): Proof => {
      const others = Object.entries(also).map(([key, value]) => [asSelfManaged(key), value] as const);
      return [asSelfManaged(path), to, Object.fromEntries(others)];
    }),
  [`${self}.amiFamily`, "Bottlerocket", { [`${self}.ssh`]: undefined, [`${self}.ami`]: "ami-0fedcba9876543210" }],
  [`${self}.ami`, "ami-0fedcba9876543210", { [`${self}.amiFamily`]: "AmazonLinux2023" }],
  [`${self}.overrideBootstrapCommand`, "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {}\n"],
  [`${self}.classicLoadBalancerNames`, ["old"]],
  [`${self}.targetGroupARNs`, ["arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/web/0123456789abcdef"]],
  [`${self}.maxInstanceLifetime`, 86_400],
  [`${self}.containerRuntime`, "containerd"],
  [`${self}.updateConfig.maxUnavailable`, 1],
  [`${self}.enclaveEnabled`, true],
  [`${self}.clusterDNS`, "10.100.0.11"],
  [`${self}.kubeletExtraConfig`, { maxPods: 50 }],
  [`${self}.securityGroups.withShared`, false],
  [`${self}.securityGroups.withLocal`, false],
  [`${selfGiven}.instanceType`, "t3.xlarge"],
  [`${selfGiven}.cpuCredits`, "standard"],
  [`${selfGiven}.iam.instanceRoleARN`, role("other-nodes")],
  [
    `${selfGiven}.iam.instanceProfileARN`,
    "arn:aws:iam::111122223333:instance-profile/other-nodes",
    { [`${selfGiven}.iam.instanceRoleARN`]: undefined },
  ],
  [
    `${selfGiven}.instanceMarketOptions.marketType`,
    "capacity-block",
    { [`${selfGiven}.capacityReservation.capacityReservationTarget.capacityReservationID`]: "cr-0123456789abcdef0" },
  ],
  [`${selfSelected}.instanceSelector.allow`, "^m6i"],
  [`${selfSelected}.localZones`, ["us-west-2-lax-1a"], { localZones: ["us-west-2-lax-1a"] }],
  [
    `${selfGiven}.outpostARN`,
    outpost("0123456789abcdef0"),
    { [`${selfGiven}.privateNetworking`]: true, [`${selfGiven}.instanceType`]: "m5d.large" },
  ],
  ["outpost.controlPlaneOutpostARN", outpost("0123456789abcdef0")],
  ["outpost.controlPlaneInstanceType", "m5d.xlarge"],
  ["outpost.controlPlanePlacement.groupName", "near"],
  ["outpost.controlPlanePlacement.spreadLevel", "rack"],
  ["outpost.etcdInstanceType", "m5d.xlarge"],
  ["outpost.etcdPlacement.spreadLevel", "host"],
  [`${selfMixed}.instancesDistribution.onDemandPercentageAboveBaseCapacity`, 50],
  [`${selfMixed}.asgMetricsCollection[].metrics`, ["GroupMaxSize"]],
  [`${selfMixed}.bottlerocket.settings`, { motd: "two" }],
  [`${selfFabric}.efaEnabled`, false],
];

/** Sections of the file that make a cluster: keys are proven in small ones, since each plan looks at all that its cluster has. */
export interface Part {
  /** The keys that are proven in it. */
  readonly proves: RegExp;
  /** Beside `everywhere`: whole sections, or items of them. */
  readonly has: readonly string[];
  /** The file that is edited; absent: `before`. */
  readonly of?: object;
}

const everywhere = ["apiVersion", "kind", "metadata", "availabilityZones", "vpc"];
const identities = ["iam", "iamIdentityMappings", "accessConfig", "fargateProfiles"];
const addons = ["addons", "addonsConfig"];
const onNodes = ["karpenter", "gitops"];
const nodeGroupLists = ["managedNodeGroups", "nodeGroups"] as const;
const others = Object.keys(before).filter(
  (key) => ![...everywhere, ...identities, ...addons, ...onNodes, ...nodeGroupLists].includes(key),
);

export const parts: readonly Part[] = [
  // What reaches everywhere, or runs on nodes: one of each kind.
  {
    proves: /^(metadata|availabilityZones|vpc|privateCluster|karpenter|gitops|iam\.withOIDC)\b/u,
    has: [
      ...identities,
      ...addons,
      ...onNodes,
      ...others,
      "managedNodeGroups[0]",
      "managedNodeGroups[1]",
      "nodeGroups[0]",
    ],
  },
  ...nodeGroupLists.flatMap((list): readonly Part[] => [
    { proves: new RegExp(`^${list}\\[\\]`, "u"), has: [`${list}[0]`] },
    {
      proves: new RegExp(`^${list}\\[\\d`, "u"),
      has: before[list].slice(1).map((_, index) => `${list}[${index + 1}]`),
    },
  ]),
  { proves: new RegExp(`^(${addons.join("|")})\\b`, "u"), has: ["iam", ...addons] },
  { proves: new RegExp(`^(${identities.join("|")})\\b`, "u"), has: [...identities, "addons[1]"] },
  { proves: /^outpost\.controlPlanePlacement\.groupName/u, has: ["outpost"], of: inPlacementGroup },
  { proves: /^outpost\b/u, has: ["outpost"], of: onOutpost },
  { proves: /^/u, has: others },
];

/** The file of a part's cluster, with an edit or as it is; keys that an edit adds are in it. */
export function fileOf({ has, of = before }: Part, [path, to, also]: Proof | readonly [] = []): string {
  const changes = path === undefined ? [] : Object.entries({ [path]: to, ...also });
  const file = changes.reduce<unknown>((sofar, [at, value]) => withValue(sofar, at, value), of);
  const entries = Object.entries(file as object).flatMap(([key, value]: [string, unknown]) => {
    if (everywhere.includes(key) || has.includes(key) || !(key in of)) return [[key, value] as const];
    const items = Array.isArray(value) ? value.filter((_, index) => has.includes(`${key}[${index}]`)) : [];
    return items.length === 0 ? [] : [[key, items] as const];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** The path that the key has in the schema. */
export const keyOf = (path: string): string => path.replaceAll(/\[\d*\]/g, "[]");

/** The keys that have a proof, or cannot have one. */
export const provenKeys: readonly string[] = [...unproven, ...proofs.map(([path]) => keyOf(path))];
