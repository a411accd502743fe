import { certificate } from "../support/certificates.ts";
import type { ClusterConfig } from "../../src/config/types.ts";
import { identityEdits } from "./golden-identity.ts";

/** The file that is edited: everything that the edits change is in it. */
export const before = {
  apiVersion: "eksctl.io/v1alpha5",
  kind: "ClusterConfig",
  metadata: { name: "demo", region: "us-west-2", version: "1.34", tags: { team: "blue" } },
  availabilityZones: ["us-west-2a", "us-west-2b"],
  vpc: {
    nat: { gateway: "Disable" },
    clusterEndpoints: { publicAccess: true, privateAccess: true },
    publicAccessCIDRs: ["203.0.113.0/24"],
    extraCIDRs: ["10.100.0.0/16"],
  },
  cloudWatch: { clusterLogging: { enableTypes: ["api", "audit"], logRetentionInDays: 30 } },
  accessConfig: {
    authenticationMode: "API_AND_CONFIG_MAP",
    accessEntries: [
      {
        principalARN: "arn:aws:iam::111122223333:role/developers",
        accessPolicies: [
          {
            policyARN: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            accessScope: { type: "cluster" },
          },
        ],
      },
    ],
  },
  addons: [
    { name: "kube-proxy", version: "v1.34.1-eksbuild.2" },
    { name: "coredns", configurationValues: '{"replicaCount": 2}' },
  ],
  managedNodeGroups: [
    {
      name: "web",
      instanceType: "m5.large",
      volumeSize: 80,
      volumeType: "gp3",
      minSize: 1,
      maxSize: 4,
      desiredCapacity: 2,
      releaseVersion: "1.34.6-20261015",
      labels: { tier: "web", old: "yes" },
      taints: [
        { key: "dedicated", value: "web", effect: "NoSchedule" },
        { key: "old", effect: "NoExecute" },
      ],
      tags: { schedule: "day", old: "yes" },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: false },
    },
  ],
} satisfies ClusterConfig;

/** A part of what a request says, identifiers written as `<logical id>`. Lists are whole. */
export type Part = Readonly<Record<string, unknown>>;
/** `service.Operation`, and what is essential in its input. */
export type Request = readonly [operation: string, input: Part];

export interface Edit {
  readonly what: string;
  /** Laid over the file beforehand: what the edit needs to be there. */
  readonly given?: Part;
  /** Laid over the file: mappings key by key (undefined takes a key out), lists as a whole. */
  readonly file: Part;
  /** Laid over the nodegroup. */
  readonly nodegroup?: Part;
  /** Exactly these changing requests: in this order, or (`unordered`) in any. */
  readonly requests: readonly Request[];
  readonly unordered?: true;
  /** The edit cannot be taken back: AWS does not, or the file then says nothing of it. */
  readonly stays?: true;
}

const arn = (policy: string) => `arn:aws:iam::aws:policy/${policy}`;
const access = (policy: string) => `arn:aws:eks::aws:cluster-access-policy/${policy}`;
const web = { clusterName: "demo", nodegroupName: "web" };
const nodegroup = (what: string, edit: Part, requests: readonly Request[], more: Partial<Edit> = {}): Edit => ({
  what,
  file: {},
  nodegroup: edit,
  requests,
  ...more,
});
const nodegroupConfig = (what: string, edit: Part, update: Part): Edit =>
  nodegroup(what, edit, [["eks.UpdateNodegroupConfig", { ...web, ...update }]]);
const cluster = (what: string, file: Part, update: Part, more: Partial<Edit> = {}): Edit => ({
  what,
  file,
  requests: [["eks.UpdateClusterConfig", { name: "demo", ...update }]],
  ...more,
});
const remember = (id: string, elements: string): Request => [
  "eks.TagResource",
  { resourceArn: `<${id}>`, tags: { [`ekstool.dev/${elements}`]: "(remembered)" } },
];
const developers = "arn:aws:iam::111122223333:role/developers";
const entry = { clusterName: "demo", principalArn: developers };
const entries = (...changed: readonly Part[]): Part => ({ accessConfig: { accessEntries: changed } });
const role = { RoleName: "<role/nodegroup/web>" };
const rememberPolicies: Request = [
  "iam.TagRole",
  { ...role, Tags: [{ Key: "ekstool.dev/policies", Value: "(remembered)" }] },
];
/** A new version of the launch template, and the nodes replaced by such ones. */
const newTemplate = (data: Part): readonly Request[] => [
  ["ec2.CreateLaunchTemplateVersion", { LaunchTemplateId: "<launch-template/web>", LaunchTemplateData: data }],
  ["ec2.ModifyLaunchTemplate", { LaunchTemplateId: "<launch-template/web>", DefaultVersion: "2" }],
  [
    "eks.UpdateNodegroupVersion",
    { ...web, launchTemplate: { id: "<launch-template/web>", version: "2" }, releaseVersion: "1.34.6-20261015" },
  ],
];
const disk = (Ebs: Part): Part => ({ BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs }] });
const gp3 = { VolumeSize: 80, VolumeType: "gp3", Iops: 3000, Throughput: 125 };
const kubeProxy = (version: string): Part => ({ addons: [{ name: "kube-proxy", version }, before.addons[1]] });
const coredns = (configurationValues: string): Part => ({
  addons: [before.addons[0], { name: "coredns", configurationValues }],
});
const nodeLogs = { clusterLogging: { enableTypes: ["api", "scheduler"], logRetentionInDays: 30 } };

const ofGroup = (name: string, Value: string): Part => ({
  ResourceType: "auto-scaling-group",
  Key: `k8s.io/cluster-autoscaler/node-template/${name}`,
  Value,
  PropagateAtLaunch: false,
});

export const edits: readonly Edit[] = [
  nodegroup("labels: one added, one changed, one removed", { labels: { tier: "api", old: undefined, new: "1" } }, [
    remember("nodegroup/web", "labels"),
    [
      "eks.UpdateNodegroupConfig",
      { ...web, labels: { addOrUpdateLabels: { tier: "api", new: "1" }, removeLabels: ["old"] } },
    ],
    remember("nodegroup/web", "labels"),
  ]),
  nodegroupConfig(
    "a label's value",
    { labels: { tier: "api" } },
    { labels: { addOrUpdateLabels: { tier: "api" }, removeLabels: [] } },
  ),
  nodegroup("no labels any more", { labels: undefined }, [
    ["eks.UpdateNodegroupConfig", { ...web, labels: { addOrUpdateLabels: {}, removeLabels: ["tier", "old"] } }],
    remember("nodegroup/web", "labels"),
  ]),
  nodegroup(
    "taints: a value, an effect, one removed",
    {
      taints: [
        { key: "dedicated", value: "api", effect: "NoSchedule" },
        { key: "old", effect: "PreferNoSchedule" },
      ],
    },
    [
      remember("nodegroup/web", "taints"),
      [
        "eks.UpdateNodegroupConfig",
        {
          ...web,
          taints: {
            addOrUpdateTaints: [
              { key: "dedicated", value: "api", effect: "NO_SCHEDULE" },
              { key: "old", effect: "PREFER_NO_SCHEDULE" },
            ],
            removeTaints: [{ key: "old", effect: "NO_EXECUTE" }],
          },
        },
      ],
      remember("nodegroup/web", "taints"),
    ],
  ),
  nodegroup(
    "tags of a nodegroup: one added, one changed, one removed",
    { tags: { schedule: "night", old: undefined, new: "1" } },
    [
      [
        "ec2.CreateTags",
        {
          Resources: ["<instance>", "<volume>", "<interface>", "<instance>", "<volume>", "<interface>"],
          Tags: [
            { Key: "schedule", Value: "night" },
            { Key: "new", Value: "1" },
          ],
        },
      ],
      [
        "ec2.DeleteTags",
        {
          Resources: ["<instance>", "<volume>", "<interface>", "<instance>", "<volume>", "<interface>"],
          Tags: [{ Key: "old" }],
        },
      ],
      ["eks.UntagResource", { resourceArn: "<nodegroup/web>", tagKeys: ["old"] }],
      [
        "eks.TagResource",
        { resourceArn: "<nodegroup/web>", tags: { schedule: "night", new: "1", "ekstool.dev/tags": "(remembered)" } },
      ],
    ],
  ),
  nodegroup(
    "labels and taints for Cluster Autoscaler",
    { propagateASGTags: true },
    [
      remember("nodegroup/web", "asg-tags"),
      [
        "autoscaling.CreateOrUpdateTags",
        {
          Tags: [
            ofGroup("label/tier", "web"),
            ofGroup("label/old", "yes"),
            ofGroup("label/alpha.eksctl.io/cluster-name", "demo"),
            ofGroup("label/alpha.eksctl.io/nodegroup-name", "web"),
            ofGroup("taint/dedicated", "web:NoSchedule"),
            ofGroup("taint/old", ":NoExecute"),
            ofGroup("resources/ephemeral-storage", "80Gi"),
          ],
        },
      ],
    ],
    { stays: true },
  ),
  nodegroup(
    "a label that Cluster Autoscaler reads is changed, and one is removed",
    { propagateASGTags: true, labels: { tier: "api", old: undefined } },
    [
      ["eks.UpdateNodegroupConfig", { ...web, labels: { addOrUpdateLabels: { tier: "api" }, removeLabels: ["old"] } }],
      remember("nodegroup/web", "labels"),
      ["autoscaling.CreateOrUpdateTags", { Tags: [ofGroup("label/tier", "api")] }],
      ["autoscaling.DeleteTags", { Tags: [{ Key: "k8s.io/cluster-autoscaler/node-template/label/old" }] }],
      remember("nodegroup/web", "asg-tags"),
    ],
    { given: { managedNodeGroups: [{ ...before.managedNodeGroups[0], propagateASGTags: true }] } },
  ),
  nodegroup(
    "processes of the Auto Scaling group",
    { asgSuspendProcesses: ["AZRebalance"] },
    [
      remember("nodegroup/web", "asg-processes"),
      ["autoscaling.SuspendProcesses", { ScalingProcesses: ["AZRebalance"] }],
    ],
    { stays: true },
  ),
  nodegroup(
    "processes of the Auto Scaling group run again",
    { asgSuspendProcesses: [] },
    [
      ["autoscaling.ResumeProcesses", { ScalingProcesses: ["AZRebalance"] }],
      remember("nodegroup/web", "asg-processes"),
    ],
    { given: { managedNodeGroups: [{ ...before.managedNodeGroups[0], asgSuspendProcesses: ["AZRebalance"] }] } },
  ),
  nodegroupConfig("minSize", { minSize: 2 }, { scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 2 } }),
  nodegroupConfig("maxSize", { maxSize: 8 }, { scalingConfig: { minSize: 1, maxSize: 8, desiredSize: 2 } }),
  nodegroup("desiredCapacity", { desiredCapacity: 3 }, [
    ["eks.TagResource", { resourceArn: "<nodegroup/web>", tags: { "ekstool.dev/desired-capacity": "applying 3" } }],
    ["eks.UpdateNodegroupConfig", { ...web, scalingConfig: { minSize: 1, maxSize: 4, desiredSize: 3 } }],
    ["eks.TagResource", { resourceArn: "<nodegroup/web>", tags: { "ekstool.dev/desired-capacity": "3" } }],
  ]),
  nodegroupConfig(
    "updateConfig",
    { updateConfig: { maxUnavailable: undefined, maxUnavailablePercentage: 50 } },
    { updateConfig: { maxUnavailablePercentage: 50 } },
  ),
  nodegroupConfig("nodeRepairConfig", { nodeRepairConfig: { enabled: true } }, { nodeRepairConfig: { enabled: true } }),
  nodegroupConfig(
    "labels, sizes, update and repair settings at once",
    { labels: { tier: "api" }, maxSize: 5, updateConfig: { maxUnavailable: 2 }, nodeRepairConfig: { enabled: true } },
    {
      labels: { addOrUpdateLabels: { tier: "api" }, removeLabels: [] },
      scalingConfig: { minSize: 1, maxSize: 5, desiredSize: 2 },
      updateConfig: { maxUnavailable: 2 },
      nodeRepairConfig: { enabled: true },
    },
  ),

  nodegroup("volumeSize", { volumeSize: 120 }, newTemplate(disk({ ...gp3, VolumeSize: 120 }))),
  // No IOPS and no throughput: EC2 launches no gp2 volume with them.
  nodegroup(
    "volumeType",
    { volumeType: "gp2" },
    newTemplate({ BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 80, VolumeType: "gp2" } }] }),
  ),
  nodegroup(
    "volumeType io1",
    { volumeType: "io1" },
    newTemplate(disk({ VolumeSize: 80, VolumeType: "io1", Iops: 100 })),
  ),
  nodegroup("instanceType", { instanceType: "m6i.large" }, newTemplate({ InstanceType: "m6i.large", ...disk(gp3) })),
  nodegroup(
    "disablePodIMDS",
    { disablePodIMDS: true },
    newTemplate({ MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 } }),
  ),
  nodegroup(
    "an additional disk",
    { additionalVolumes: [{ volumeName: "/dev/sdf", volumeSize: 10 }] },
    newTemplate({
      BlockDeviceMappings: [
        { DeviceName: "/dev/xvda", Ebs: gp3 },
        { DeviceName: "/dev/sdf", Ebs: { VolumeSize: 10, VolumeType: "gp3" } },
      ],
    }),
    { stays: true },
  ),
  nodegroup("placement", { placement: { groupName: "near" } }, newTemplate({ Placement: { GroupName: "near" } }), {
    stays: true,
  }),
  nodegroup(
    "capacityReservation",
    { capacityReservation: { capacityReservationPreference: "none" } },
    newTemplate({ CapacityReservationSpecification: { CapacityReservationPreference: "none" } }),
    { stays: true },
  ),
  nodegroup(
    "connectionTracking: the network interface comes into the template",
    { connectionTracking: { udpTimeout: 60 } },
    newTemplate({
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          NetworkCardIndex: 0,
          ConnectionTrackingSpecification: { UdpTimeout: 60 },
        },
      ],
    }),
    { stays: true },
  ),
  nodegroup(
    "releaseVersion",
    { releaseVersion: "1.34.6-20261105" },
    [["eks.UpdateNodegroupVersion", { ...web, releaseVersion: "1.34.6-20261105" }]],
    { stays: true },
  ),
  nodegroup(
    "releaseVersion and volumeSize: one roll",
    { releaseVersion: "1.34.6-20261105", volumeSize: 100 },
    [
      ...newTemplate(disk({ ...gp3, VolumeSize: 100 })).slice(0, 2),
      [
        "eks.UpdateNodegroupVersion",
        { ...web, launchTemplate: { id: "<launch-template/web>", version: "2" }, releaseVersion: "1.34.6-20261105" },
      ],
    ],
    { stays: true },
  ),

  nodegroup(
    "iam.attachPolicyARNs",
    {
      iam: {
        attachPolicyARNs: [
          arn("AmazonEKSWorkerNodePolicy"),
          arn("AmazonEC2ContainerRegistryPullOnly"),
          arn("AmazonEKS_CNI_Policy"),
          arn("CloudWatchAgentServerPolicy"),
        ],
      },
    },
    [
      rememberPolicies,
      ["iam.AttachRolePolicy", { ...role, PolicyArn: arn("CloudWatchAgentServerPolicy") }],
      ["iam.DetachRolePolicy", { ...role, PolicyArn: arn("AmazonSSMManagedInstanceCore") }],
      rememberPolicies,
    ],
  ),
  nodegroup("iam.withAddonPolicies", { iam: { withAddonPolicies: { autoScaler: true, cloudWatch: true } } }, [
    rememberPolicies,
    ["iam.AttachRolePolicy", { ...role, PolicyArn: arn("CloudWatchAgentServerPolicy") }],
    ["iam.PutRolePolicy", { ...role, PolicyName: "PolicyAutoScaling" }],
  ]),
  nodegroup(
    "iam.instanceRolePermissionsBoundary",
    { iam: { instanceRolePermissionsBoundary: arn("PowerUserAccess") } },
    [["iam.PutRolePermissionsBoundary", { ...role, PermissionsBoundary: arn("PowerUserAccess") }]],
    { stays: true },
  ),
  {
    what: "iam.serviceRolePermissionsBoundary",
    file: { iam: { serviceRolePermissionsBoundary: arn("PowerUserAccess") } },
    requests: [
      ["iam.PutRolePermissionsBoundary", { RoleName: "<role/cluster>", PermissionsBoundary: arn("PowerUserAccess") }],
    ],
    stays: true,
  },

  cluster(
    "log types",
    { cloudWatch: nodeLogs },
    {
      logging: {
        clusterLogging: [
          { types: ["api", "scheduler"], enabled: true },
          { types: ["audit", "authenticator", "controllerManager"], enabled: false },
        ],
      },
    },
  ),
  {
    what: "logRetentionInDays",
    file: { cloudWatch: { clusterLogging: { logRetentionInDays: 90 } } },
    requests: [["logs.PutRetentionPolicy", { logGroupName: "/aws/eks/demo/cluster", retentionInDays: 90 }]],
  },
  cluster(
    "vpc.clusterEndpoints: no public access",
    { vpc: { clusterEndpoints: { publicAccess: false }, publicAccessCIDRs: undefined } },
    { resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true } },
  ),
  cluster(
    "vpc.clusterEndpoints: no private access",
    { vpc: { clusterEndpoints: { privateAccess: false }, publicAccessCIDRs: ["0.0.0.0/0"] } },
    {
      resourcesVpcConfig: {
        endpointPublicAccess: true,
        endpointPrivateAccess: false,
        publicAccessCidrs: ["0.0.0.0/0"],
      },
    },
  ),
  cluster(
    "vpc.publicAccessCIDRs",
    { vpc: { publicAccessCIDRs: ["203.0.113.0/24", "198.51.100.7/32"] } },
    { resourcesVpcConfig: { publicAccessCidrs: ["203.0.113.0/24", "198.51.100.7/32"] } },
  ),
  {
    what: "vpc.publicAccessCIDRs in another order",
    file: {
      vpc: { publicAccessCIDRs: ["203.0.113.0/24"] },
      cloudWatch: { clusterLogging: { enableTypes: ["audit", "api"] } },
    },
    requests: [],
  },
  {
    what: "remoteNetworkConfig",
    file: { remoteNetworkConfig: { remoteNodeNetworks: [{ cidrs: ["10.80.0.0/16"] }] } },
    requests: [
      [
        "ec2.AuthorizeSecurityGroupIngress",
        {
          GroupId: "<security-group/control-plane>",
          IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.80.0.0/16" }] }],
        },
      ],
      ["iam.CreateRole", { RoleName: "<role/hybrid-nodes>" }],
      ["iam.AttachRolePolicy", { RoleName: "<role/hybrid-nodes>" }],
      ["iam.AttachRolePolicy", { RoleName: "<role/hybrid-nodes>" }],
      ["iam.PutRolePolicy", { RoleName: "<role/hybrid-nodes>", PolicyName: "PolicyHybridNodes" }],
      ["eks.CreateAccessEntry", { clusterName: "demo", principalArn: "<role/hybrid-nodes>", type: "HYBRID_LINUX" }],
      [
        "eks.UpdateClusterConfig",
        {
          name: "demo",
          remoteNetworkConfig: { remoteNodeNetworks: [{ cidrs: ["10.80.0.0/16"] }], remotePodNetworks: [] },
        },
      ],
    ],
    unordered: true,
    // The networks are managed no more then, and what was made for them is left until it is pruned.
    stays: true,
  },
  {
    what: "remoteNetworkConfig.iam with certificates",
    file: {
      remoteNetworkConfig: {
        remoteNodeNetworks: [{ cidrs: ["10.80.0.0/16"] }],
        iam: { provider: "ira", caBundleCert: certificate("authority.pem") },
      },
    },
    requests: [
      ["ec2.AuthorizeSecurityGroupIngress", { GroupId: "<security-group/control-plane>" }],
      ["cloudformation.CreateStack", { StackName: "ekstool-demo-trust-anchor" }],
      ["iam.CreateRole", { RoleName: "<role/hybrid-nodes>" }],
      ["iam.AttachRolePolicy", { RoleName: "<role/hybrid-nodes>" }],
      ["iam.PutRolePolicy", { RoleName: "<role/hybrid-nodes>", PolicyName: "PolicyHybridNodes" }],
      ["cloudformation.CreateStack", { StackName: "ekstool-demo-anywhere-profile" }],
      ["eks.CreateAccessEntry", { clusterName: "demo", principalArn: "<role/hybrid-nodes>", type: "HYBRID_LINUX" }],
      ["eks.UpdateClusterConfig", { name: "demo" }],
    ],
    unordered: true,
    // As above; the stacks stay, too.
    stays: true,
  },
  {
    what: "vpc.autoAllocateIPv6",
    file: { vpc: { autoAllocateIPv6: true } },
    requests: [
      ["ec2.AssociateVpcCidrBlock", { VpcId: "<vpc>", AmazonProvidedIpv6CidrBlock: true }],
      ...["public", "private"].flatMap((side) =>
        ["a", "b"].map((zone): Request => [
          "ec2.AssociateSubnetCidrBlock",
          { SubnetId: `<subnet/${side}/us-west-2${zone}>` },
        ]),
      ),
    ],
    unordered: true,
    // EC2 could take the block away, subnet by subnet; what is in it would lose its addresses.
    stays: true,
  },
  {
    what: "vpc.extraCIDRs",
    file: { vpc: { extraCIDRs: ["10.100.0.0/16", "10.200.0.0/16"] } },
    requests: [
      [
        "ec2.AuthorizeSecurityGroupIngress",
        {
          GroupId: "<security-group/control-plane>",
          IpPermissions: [
            {
              IpProtocol: "tcp",
              FromPort: 443,
              ToPort: 443,
              IpRanges: [{ CidrIp: "10.200.0.0/16", Description: "Kubernetes API from 10.200.0.0/16" }],
            },
          ],
        },
      ],
    ],
  },
  cluster(
    "accessConfig.authenticationMode",
    { accessConfig: { authenticationMode: "API" } },
    { accessConfig: { authenticationMode: "API" } },
    { stays: true },
  ),
  cluster(
    "upgradePolicy.supportType",
    { upgradePolicy: { supportType: "STANDARD" } },
    { upgradePolicy: { supportType: "STANDARD" } },
    { stays: true },
  ),
  cluster(
    "zonalShiftConfig",
    { zonalShiftConfig: { enabled: true } },
    { zonalShiftConfig: { enabled: true } },
    { stays: true },
  ),
  cluster("deletionProtection", { deletionProtection: true }, { deletionProtection: true }, { stays: true }),
  cluster(
    "controlPlaneScalingConfig",
    { controlPlaneScalingConfig: { tier: "tier-xl" } },
    { controlPlaneScalingConfig: { tier: "tier-xl" } },
    { stays: true },
  ),
  cluster(
    "kubeAPIServerConfig",
    { kubeAPIServerConfig: { eventTTL: "30m", serviceNodePortRange: { minPort: 20_000 } } },
    { kubeApiServerConfig: { eventTtl: "30m", serviceNodePortRange: { minPort: 20_000 } } },
    { stays: true },
  ),
  cluster(
    "kubeSchedulerConfig",
    { kubeSchedulerConfig: { nodeResourcesFit: { scoringStrategy: { type: "MostAllocated" } } } },
    { kubeSchedulerConfig: { nodeResourcesFit: { scoringStrategy: { type: "MostAllocated" } } } },
    { stays: true },
  ),
  cluster(
    "vpc.controlPlaneEgressMode",
    { vpc: { controlPlaneEgressMode: "CUSTOMER_ROUTED" } },
    { resourcesVpcConfig: { controlPlaneEgressMode: "CUSTOMER_ROUTED" } },
    { stays: true },
  ),
  {
    what: "secretsEncryption",
    file: {
      secretsEncryption: { keyARN: "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" },
    },
    requests: [
      [
        "eks.AssociateEncryptionConfig",
        {
          clusterName: "demo",
          encryptionConfig: [
            {
              resources: ["secrets"],
              provider: { keyArn: "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" },
            },
          ],
        },
      ],
    ],
    stays: true,
  },
  {
    what: "metadata.version, one minor up",
    file: { metadata: { version: "1.35" } },
    requests: [["eks.UpdateClusterVersion", { name: "demo", version: "1.35" }]],
    stays: true,
  },

  {
    what: "an add-on's version",
    file: kubeProxy("v1.34.6-eksbuild.2"),
    requests: [
      [
        "eks.UpdateAddon",
        { addonName: "kube-proxy", addonVersion: "v1.34.6-eksbuild.2", resolveConflicts: "PRESERVE" },
      ],
    ],
  },
  {
    what: "an add-on's version: latest",
    file: kubeProxy("latest"),
    requests: [["eks.UpdateAddon", { addonName: "kube-proxy", addonVersion: "v1.34.6-eksbuild.2" }]],
  },
  {
    what: "an add-on's configurationValues",
    file: coredns('{"replicaCount": 3}'),
    requests: [
      [
        "eks.UpdateAddon",
        { addonName: "coredns", configurationValues: '{"replicaCount":3}', resolveConflicts: "PRESERVE" },
      ],
    ],
  },
  { what: "an add-on's configurationValues, said in YAML", file: coredns("replicaCount:   2"), requests: [] },
  {
    what: "an add-on's resolveConflicts",
    file: { addons: [{ ...before.addons[0], resolveConflicts: "overwrite" }, before.addons[1]] },
    requests: [],
  },
  {
    what: "an add-on's tags",
    file: { addons: [{ ...before.addons[0], tags: { owner: "network" } }, before.addons[1]] },
    requests: [
      [
        "eks.TagResource",
        { resourceArn: "<addon/kube-proxy>", tags: { owner: "network", "ekstool.dev/tags": "(remembered)" } },
      ],
    ],
  },
  {
    what: "an add-on more",
    file: { addons: [...before.addons, { name: "snapshot-controller" }] },
    requests: [
      [
        "eks.CreateAddon",
        { addonName: "snapshot-controller", addonVersion: "v8.3.0-eksbuild.1", resolveConflicts: "OVERWRITE" },
      ],
    ],
  },

  {
    what: "an access entry more",
    file: entries(...before.accessConfig.accessEntries, {
      principalARN: "arn:aws:iam::111122223333:role/admins",
      accessPolicies: [{ policyARN: access("AmazonEKSClusterAdminPolicy"), accessScope: { type: "cluster" } }],
    }),
    requests: [
      [
        "eks.CreateAccessEntry",
        { clusterName: "demo", principalArn: "arn:aws:iam::111122223333:role/admins", type: "STANDARD" },
      ],
      [
        "eks.AssociateAccessPolicy",
        {
          principalArn: "arn:aws:iam::111122223333:role/admins",
          policyArn: access("AmazonEKSClusterAdminPolicy"),
          accessScope: { type: "cluster", namespaces: [] },
        },
      ],
    ],
  },
  {
    what: "an access entry's policy",
    file: entries({
      principalARN: developers,
      accessPolicies: [{ policyARN: access("AmazonEKSEditPolicy"), accessScope: { type: "cluster" } }],
    }),
    requests: [
      remember(`access-entry/${developers}`, "policies"),
      ["eks.AssociateAccessPolicy", { ...entry, policyArn: access("AmazonEKSEditPolicy") }],
      ["eks.DisassociateAccessPolicy", { ...entry, policyArn: access("AmazonEKSViewPolicy") }],
      remember(`access-entry/${developers}`, "policies"),
    ],
  },
  {
    what: "the scope of an access entry's policy",
    file: entries({
      principalARN: developers,
      accessPolicies: [
        { policyARN: access("AmazonEKSViewPolicy"), accessScope: { type: "namespace", namespaces: ["web"] } },
      ],
    }),
    requests: [
      [
        "eks.AssociateAccessPolicy",
        {
          ...entry,
          policyArn: access("AmazonEKSViewPolicy"),
          accessScope: { type: "namespace", namespaces: ["web"] },
        },
      ],
    ],
  },
  {
    what: "an access entry's groups and user name",
    file: entries({
      ...before.accessConfig.accessEntries[0],
      kubernetesGroups: ["readers"],
      kubernetesUsername: "dev",
    }),
    requests: [["eks.UpdateAccessEntry", { ...entry, kubernetesGroups: ["readers"], username: "dev" }]],
    stays: true,
  },

  ...identityEdits,

  {
    what: "iam.withOIDC",
    file: { iam: { withOIDC: true } },
    requests: [
      ["iam.CreateOpenIDConnectProvider", { ClientIDList: ["sts.amazonaws.com"] }],
      ["iam.CreateRole", { RoleName: "<role/addon/vpc-cni>", Path: "/ekstool/us-west-2/demo/" }],
      ["iam.AttachRolePolicy", { RoleName: "<role/addon/vpc-cni>", PolicyArn: arn("AmazonEKS_CNI_Policy") }],
      ["eks.UpdateAddon", { addonName: "vpc-cni", serviceAccountRoleArn: "<role/addon/vpc-cni>" }],
      ["iam.DetachRolePolicy", { ...role, PolicyArn: arn("AmazonEKS_CNI_Policy") }],
      rememberPolicies,
    ],
    unordered: true,
  },
  {
    what: "a nodegroup more",
    file: { managedNodeGroups: [before.managedNodeGroups[0], { name: "batch", labels: { tier: "batch" } }] },
    requests: [
      ["iam.CreateRole", { RoleName: "<role/nodegroup/batch>", Path: "/ekstool/us-west-2/demo/" }],
      ...[
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
        "AmazonEKS_CNI_Policy",
      ].map((name): Request => ["iam.AttachRolePolicy", { RoleName: "<role/nodegroup/batch>", PolicyArn: arn(name) }]),
      ["eks.CreateAccessEntry", { principalArn: "<role/nodegroup/batch>", type: "EC2_LINUX" }],
      ["ec2.CreateLaunchTemplate", { LaunchTemplateData: { InstanceType: "m5.large", ...disk(gp3) } }],
      [
        "eks.CreateNodegroup",
        {
          nodegroupName: "batch",
          nodeRole: "<role/nodegroup/batch>",
          subnets: ["<subnet/public/us-west-2a>", "<subnet/public/us-west-2b>"],
          launchTemplate: { id: "<launch-template/batch>", version: "1" },
          scalingConfig: { minSize: 2, maxSize: 2, desiredSize: 2 },
        },
      ],
    ],
    unordered: true,
  },
];
