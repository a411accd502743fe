import { cases } from "./cases.ts";
import { clusterFile } from "./support.ts";

const arn = "arn:aws:outposts:us-west-2:111122223333:outpost/op-0123456789abcdef0";
const other = "arn:aws:outposts:us-west-2:111122223333:outpost/op-0fedcba9876543210";
const local = `outpost: { controlPlaneOutpostARN: "${arn}" }`;
const second = `outpost: { controlPlaneOutpostARN: "${arn}", etcdInstanceType: m5d.large }`;
const notFor = "is not for a local cluster on an Outpost:";

cases("local clusters", [
  ["of the first generation", clusterFile(`${local}\nnodeGroups: [{ name: a, privateNetworking: true }]`)],
  [
    "of the second generation",
    clusterFile(`${second}
accessConfig: { authenticationMode: API, accessEntries: [{ principalARN: "arn:aws:iam::111122223333:role/a" }] }
remoteNetworkConfig: { remoteNodeNetworks: [{ cidrs: [10.80.0.0/16] }] }`),
  ],
  [
    "one subnet that exists, in a private cluster",
    clusterFile(
      `${local}\nprivateCluster: { enabled: true }\nvpc: { subnets: { private: { a: { id: subnet-0123456789abcdef0 } } } }`,
    ),
  ],
  [
    "what is no Outpost",
    clusterFile("outpost: { controlPlaneOutpostARN: op-0123456789abcdef0 }"),
    "6:36 outpost.controlPlaneOutpostARN: must be the ARN of an Outpost: arn:<partition>:outposts:<region>:<account>:outpost/op-…",
  ],
  [
    "have a zone, IPv4 and a private endpoint",
    clusterFile(`${local}
availabilityZones: [us-west-2a, us-west-2b]
localZones: [us-west-2-lax-1a]
vpc: { autoAllocateIPv6: true, publicAccessCIDRs: [203.0.113.0/24], clusterEndpoints: { publicAccess: true, privateAccess: true } }`),
    `7:1 availabilityZones: ${notFor} its zone is that of the Outpost`,
    `8:1 localZones: ${notFor} its zone is that of the Outpost`,
    `9:8 vpc.autoAllocateIPv6: ${notFor} it has IPv4 only`,
    `9:32 vpc.publicAccessCIDRs: ${notFor} it has no public endpoint`,
    `9:89 vpc.clusterEndpoints.publicAccess: ${notFor} it has no public endpoint`,
  ],
  [
    "have no add-ons, and nodes of their own",
    clusterFile(`${local}
addons: [{ name: aws-ebs-csi-driver }]
fargateProfiles: [{ name: a, selectors: [{ namespace: a }] }]
managedNodeGroups: [{ name: b }]
secretsEncryption: { keyARN: "arn:aws:kms:us-west-2:111122223333:key/0a1b2c3d" }
autoModeConfig: { enabled: true }
accessConfig: { bootstrapClusterCreatorAdminPermissions: false }`),
    `7:1 addons: ${notFor} EKS installs vpc-cni, kube-proxy and coredns there, and no add-ons`,
    `8:1 fargateProfiles: ${notFor} it has no Fargate`,
    `9:1 managedNodeGroups: ${notFor} its nodes are self-managed (nodeGroups)`,
    `10:1 secretsEncryption: ${notFor} it encrypts secrets with a key of its own`,
    `11:19 autoModeConfig.enabled: ${notFor} it has no Auto Mode`,
    `12:17 accessConfig.bootstrapClusterCreatorAdminPermissions: ${notFor} whoever makes it is its administrator`,
  ],
  [
    "of the first generation know no access entries",
    clusterFile(`outpost: { controlPlaneOutpostARN: "${arn}", controlPlanePlacement: { spreadLevel: host }, etcdPlacement: { spreadLevel: rack } }
accessConfig: { authenticationMode: API }
remoteNetworkConfig: { remoteNodeNetworks: [{ cidrs: [10.80.0.0/16] }] }`),
    "6:133 outpost.controlPlanePlacement.spreadLevel: needs outpost.etcdInstanceType",
    "6:171 outpost.etcdPlacement.spreadLevel: needs outpost.etcdInstanceType",
    "7:17 accessConfig.authenticationMode: needs outpost.etcdInstanceType",
    "8:1 remoteNetworkConfig: needs outpost.etcdInstanceType",
  ],
  [
    "etcd's instances in a placement group",
    clusterFile(
      `outpost: { controlPlaneOutpostARN: "${arn}", etcdInstanceType: m5d.large, etcdPlacement: { groupName: b } }`,
    ),
    "6:154 outpost.etcdPlacement.groupName: is not known to EKS: etcd's instances have a spreadLevel only",
  ],
  [
    "of the second generation spread over hosts or racks",
    clusterFile(`outpost: { controlPlaneOutpostARN: "${arn}", etcdInstanceType: m5d.large, controlPlanePlacement: { groupName: a } }
accessConfig: { authenticationMode: CONFIG_MAP }`),
    "6:162 outpost.controlPlanePlacement.groupName: cannot stand beside etcdInstanceType: use spreadLevel",
    "7:37 accessConfig.authenticationMode: must be API or API_AND_CONFIG_MAP beside outpost.etcdInstanceType",
  ],
]);

cases("nodes on Outposts", [
  [
    "of a cluster in the region",
    clusterFile(`nodeGroups: [{ name: a, outpostARN: "${arn}", privateNetworking: true }]`),
  ],
  [
    "in a private subnet of one Outpost, and no zones",
    clusterFile(`${local}\nnodeGroups:\n  - { name: a, outpostARN: "${other}", availabilityZones: [us-west-2a] }`),
    "8:5 nodeGroups[0]: needs privateNetworking: true: the subnet on an Outpost is private",
    `8:28 nodeGroups[0].outpostARN: a cluster uses one Outpost, and ${arn} is named already`,
    "8:100 nodeGroups[0].availabilityZones: cannot stand beside an Outpost, which is in one zone",
  ],
  [
    "of types and with disks that are there",
    clusterFile(`${local}
nodeGroups:
  - { name: a, privateNetworking: true, volumeType: gp3, instanceSelector: { vCPUs: 2 }, amiFamily: Bottlerocket }`),
    "8:53 nodeGroups[0].volumeType: Outposts have gp2 only, not gp3",
    "8:58 nodeGroups[0].instanceSelector: is not for an Outpost, which has the types that it was ordered with",
    "8:101 nodeGroups[0].amiFamily: nodes of a local cluster run AmazonLinux2023, not Bottlerocket",
  ],
  [
    "in a given VPC by its subnets",
    clusterFile(
      `vpc: { subnets: { private: { a: { id: subnet-0123456789abcdef0 }, b: { id: subnet-0123456789abcdef1 } } } }\nnodeGroups: [{ name: a, outpostARN: "${arn}", privateNetworking: true }]`,
    ),
    "7:14 nodeGroups[0]: needs subnets: in a given VPC, those of it that are on the Outpost",
  ],
  [
    "not of a private cluster in the region",
    clusterFile(
      `privateCluster: { enabled: true }\nnodeGroups: [{ name: a, outpostARN: "${arn}", privateNetworking: true, subnets: [us-west-2a] }]`,
    ),
    "7:25 nodeGroups[0].outpostARN: cannot stand in a private cluster, unless its control plane is on the Outpost, too",
    "7:134 nodeGroups[0].subnets: cannot stand beside an Outpost: the cluster's own VPC has one subnet there",
  ],
]);
