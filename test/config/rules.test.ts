import { certificate } from "../support/certificates.ts";
import { cases } from "./cases.ts";
import { clusterFile, nodegroupFile } from "./support.ts";

const withRegion = (region: string, body = "") =>
  `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: { name: c, region: ${region} }\n${body}\n`;

cases("metadata.region", [
  ["a region of every partition", withRegion("us-gov-west-1")],
  ["a region that is newer than this code", withRegion("eu-west-9")],
  [
    "a misspelt region",
    withRegion("us-wset-2"),
    '3:30 metadata.region: "us-wset-2" is no AWS region (did you mean us-west-2?)',
  ],
  [
    "a zone",
    withRegion("eu-central-1b"),
    '3:30 metadata.region: "eu-central-1b" is no AWS region (did you mean eu-central-1?)',
  ],
  ["nonsense", withRegion("mars"), '3:30 metadata.region: "mars" is no AWS region (a region is written as us-west-2)'],
]);

cases("network", [
  ["the smallest VPC", clusterFile("vpc: { cidr: 10.0.0.0/24 }")],
  [
    "a VPC that is too large",
    clusterFile("vpc: { cidr: 10.0.0.0/15 }"),
    "6:14 vpc.cidr: the prefix must be from /16 to /24, not /15",
  ],
  [
    "a VPC that is too small",
    clusterFile("vpc: { cidr: 10.0.0.0/25 }"),
    "6:14 vpc.cidr: the prefix must be from /16 to /24, not /25",
  ],
  [
    "a VPC of no usable addresses",
    clusterFile("vpc: { cidr: 127.0.0.0/16 }"),
    "6:14 vpc.cidr: 127.0.0.0/16 cannot be the block of a VPC",
  ],
  ["services of a good block", clusterFile("kubernetesNetworkConfig: { serviceIPv4CIDR: 10.96.0.0/12 }")],
  [
    "services of a block that is too small",
    clusterFile("kubernetesNetworkConfig: { serviceIPv4CIDR: 10.0.0.0/28 }"),
    "6:45 kubernetesNetworkConfig.serviceIPv4CIDR: the prefix must be from /12 to /24, not /28",
  ],
  [
    "services of a public block",
    clusterFile("kubernetesNetworkConfig: { serviceIPv4CIDR: 11.0.0.0/16 }"),
    "6:45 kubernetesNetworkConfig.serviceIPv4CIDR: 11.0.0.0/16 must lie within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
  ],
  [
    "services that overlap the VPC",
    clusterFile("kubernetesNetworkConfig: { serviceIPv4CIDR: 10.1.0.0/16 }\nvpc: { cidr: 10.1.128.0/20 }"),
    "6:45 kubernetesNetworkConfig.serviceIPv4CIDR: 10.1.0.0/16 overlaps the VPC's block 10.1.128.0/20",
  ],
  [
    "services that overlap the default VPC",
    clusterFile("kubernetesNetworkConfig: { serviceIPv4CIDR: 192.168.200.0/24 }"),
    "6:45 kubernetesNetworkConfig.serviceIPv4CIDR: 192.168.200.0/24 overlaps the VPC's block 192.168.0.0/16 (192.168.0.0/16 is the default of vpc.cidr)",
  ],
  [
    "services, and a VPC that is wrong by itself: one problem",
    clusterFile("kubernetesNetworkConfig: { serviceIPv4CIDR: 192.168.200.0/24 }\nvpc: { cidr: 192.168.0.0 }"),
    "7:14 vpc.cidr: must be an IPv4 CIDR block such as 10.0.0.0/16 (an address, a slash and the length of the prefix)",
  ],
  [
    "no endpoint",
    clusterFile("vpc: { clusterEndpoints: { publicAccess: false } }"),
    "6:8 vpc.clusterEndpoints: leaves the Kubernetes API without any endpoint (set publicAccess or privateAccess to true)",
  ],
  ["a private endpoint alone", clusterFile("vpc: { clusterEndpoints: { publicAccess: false, privateAccess: true } }")],
  [
    "private addresses at the public endpoint",
    clusterFile("vpc: { publicAccessCIDRs: [0.0.0.0/0, 10.1.0.0/16] }"),
    "6:39 vpc.publicAccessCIDRs[1]: 10.1.0.0/16 is a private block, from which nobody reaches the public endpoint (private networks reach the private endpoint: see clusterEndpoints.privateAccess and extraCIDRs)",
  ],
]);

cases("Local Zones", [
  [
    "of the cluster and of a nodegroup",
    clusterFile("localZones: [us-west-2-lax-1a]\nnodeGroups: [{ name: a, localZones: [us-west-2-lax-1a] }]"),
  ],
  [
    "what are none",
    clusterFile("localZones: [us-west-2a, us-west-2-wl1-las-wlz-1, usw2-lax1-az1, us-east-1-bos-1a, lax]"),
    "6:14 localZones[0]: us-west-2a is an availability zone (name it in availabilityZones)",
    "6:26 localZones[1]: us-west-2-wl1-las-wlz-1 is a Wavelength Zone, in which eksctl's format places nothing",
    "6:51 localZones[2]: usw2-lax1-az1 is the id of a Local Zone (write its name, as us-west-2-lax-1a)",
    "6:66 localZones[3]: us-east-1-bos-1a is no Local Zone of us-west-2 (Local Zones of us-west-2 are written as us-west-2-lax-1a)",
    "6:84 localZones[4]: lax is no Local Zone of us-west-2 (Local Zones of us-west-2 are written as us-west-2-lax-1a)",
  ],
  [
    "a given VPC",
    clusterFile(
      "localZones: [us-west-2-lax-1a]\nvpc: { subnets: { private: { a: { id: subnet-0123456789abcdef0 }, b: { id: subnet-0123456789abcdef1 } } } }",
    ),
    "6:1 localZones: cannot stand beside a given VPC, whose subnets are what they are (name subnets in Local Zones by their ids, in subnets of the nodegroups)",
  ],
  [
    "a private cluster",
    clusterFile("localZones: [us-west-2-lax-1a]\nprivateCluster: { enabled: true }"),
    "6:1 localZones: cannot stand beside privateCluster: VPC endpoints have no interfaces in Local Zones",
  ],
  [
    "an IPv6 cluster",
    clusterFile(
      "localZones: [us-west-2-lax-1a]\nkubernetesNetworkConfig: { ipFamily: IPv6 }\niam: { withOIDC: true }\naddons: [{ name: vpc-cni }, { name: coredns }, { name: kube-proxy }]",
    ),
    "6:1 localZones: cannot stand beside ipFamily IPv6, which self-managed nodegroups are not for",
  ],
  [
    "a NAT gateway a zone",
    clusterFile("localZones: [us-west-2-lax-1a]\nvpc: { nat: { gateway: HighlyAvailable } }"),
    "6:1 localZones: cannot stand beside vpc.nat.gateway HighlyAvailable: Local Zones share the one of a zone of the region (use Single or Disable)",
  ],
  [
    "a nodegroup's Local Zone, not of the cluster's",
    clusterFile("nodeGroups: [{ name: a, localZones: [us-west-2-lax-1a] }]"),
    "6:38 nodeGroups[0].localZones[0]: the cluster has no subnet in us-west-2-lax-1a (list it in localZones of the cluster, too)",
  ],
  [
    "a nodegroup's zones of both kinds",
    clusterFile(
      "localZones: [us-west-2-lax-1a]\nnodeGroups: [{ name: a, localZones: [us-west-2-lax-1a], availabilityZones: [us-west-2a] }]",
    ),
    "7:25 nodeGroups[0].localZones: cannot stand beside availabilityZones: use one of the two",
  ],
]);

cases("zones", [
  [
    "zones of another region",
    clusterFile("availabilityZones: [us-west-2a, us-east-1b]"),
    "6:33 availabilityZones[1]: us-east-1b is no zone of us-west-2 (zones of us-west-2 are written as us-west-2a)",
  ],
  [
    "ids of zones",
    clusterFile("availabilityZones: [us-west-2a, usw2-az2]"),
    "6:33 availabilityZones[1]: usw2-az2 is the id of a zone (write its name, as us-west-2a)",
  ],
  [
    "a local zone",
    clusterFile("availabilityZones: [us-west-2a, us-west-2-lax-1a]"),
    "6:33 availabilityZones[1]: us-west-2-lax-1a is a Local Zone (name it in localZones, of the cluster and of self-managed nodegroups)",
  ],
  [
    "a wavelength zone",
    clusterFile("availabilityZones: [us-west-2a, us-west-2-wl1-las-wlz-1]"),
    "6:33 availabilityZones[1]: us-west-2-wl1-las-wlz-1 is a Wavelength Zone, in which eksctl's format places nothing",
  ],
  [
    "one zone twice",
    clusterFile("availabilityZones: [us-west-2a, us-west-2a]"),
    "6:20 availabilityZones: needs at least two different zones: EKS wants subnets in two",
  ],
  [
    "more zones than a VPC is split for",
    clusterFile(
      `availabilityZones: [${"abcdefghi"
        .split("")
        .map((letter) => `us-west-2${letter}`)
        .join(", ")}]`,
    ),
    "6:20 availabilityZones: a VPC's block is split for at most 8 zones, not 9",
  ],
  [
    "more zones with Local Zones than a VPC is split for",
    clusterFile(
      `availabilityZones: [${"abcdefgh"
        .split("")
        .map((letter) => `us-west-2${letter}`)
        .join(", ")}]\nlocalZones: [us-west-2-lax-1a]`,
    ),
    "6:20 availabilityZones: a VPC's block is split for at most 8 zones, not 9",
  ],
  [
    "a nodegroup's zones, of the cluster's",
    `${nodegroupFile("availabilityZones: [us-west-2b]")}availabilityZones: [us-west-2a, us-west-2b]`,
  ],
  [
    "a nodegroup's zone, not of the cluster's",
    `${nodegroupFile("subnets: [us-west-2c]")}availabilityZones: [us-west-2a, us-west-2b]`,
    "8:15 managedNodeGroups[0].subnets[0]: the cluster has no subnet in us-west-2c (the cluster's zones are us-west-2a, us-west-2b)",
  ],
  [
    "a nodegroup's zone of another region",
    `${nodegroupFile("availabilityZones: [eu-west-1a]")}availabilityZones: [us-west-2a, us-west-2b]`,
    "8:25 managedNodeGroups[0].availabilityZones[0]: eu-west-1a is no zone of us-west-2 (zones of us-west-2 are written as us-west-2a)",
  ],
  ["a nodegroup's zone where the cluster's are open", nodegroupFile("availabilityZones: [us-west-2b]")],
  ["subnets by id", nodegroupFile("subnets: [subnet-0123456789abcdef0]")],
  [
    "zones and subnets",
    nodegroupFile("availabilityZones: [us-west-2a]", "subnets: [us-west-2a]"),
    "9:5 managedNodeGroups[0].subnets: cannot stand beside availabilityZones: use one of the two",
  ],
  [
    "zones where the region is wrong: one problem",
    withRegion("us-wset-2", "availabilityZones: [us-west-2a, us-west-2b]"),
    '3:30 metadata.region: "us-wset-2" is no AWS region (did you mean us-west-2?)',
  ],
]);

cases("ARNs", [
  [
    "of the region's partition",
    withRegion("cn-north-1", "iam: { serviceRoleARN: 'arn:aws-cn:iam::111122223333:role/a' }"),
  ],
  [
    "of another partition",
    withRegion("cn-north-1", "iam: { serviceRoleARN: 'arn:aws:iam::111122223333:role/a' }"),
    "4:24 iam.serviceRoleARN: is an ARN of the partition aws, but cn-north-1 is in aws-cn",
  ],
  [
    "in a list",
    withRegion(
      "us-gov-west-1",
      "managedNodeGroups: [{ name: a, iam: { attachPolicyARNs: ['arn:aws:iam::aws:policy/A'] } }]",
    ),
    "4:58 managedNodeGroups[0].iam.attachPolicyARNs[0]: is an ARN of the partition aws, but us-gov-west-1 is in aws-us-gov",
  ],
  [
    "in a policy document of the user's own",
    withRegion(
      "cn-north-1",
      "iam: { withOIDC: true }\naddons: [{ name: a, attachPolicy: { Statement: [{ Effect: Allow, Action: '*', Resource: 'arn:aws:s3:::b' }] } }]",
    ),
  ],
  [
    "a key of another region",
    clusterFile("secretsEncryption: { keyARN: 'arn:aws:kms:us-east-1:111122223333:key/a-1' }"),
    "6:30 secretsEncryption.keyARN: the key is in us-east-1, but must be in the cluster's region us-west-2",
  ],
  [
    "a disk's key of another region, by its alias",
    nodegroupFile("volumeEncrypted: true", "volumeKmsKeyID: 'arn:aws:kms:us-east-1:111122223333:alias/disks'"),
    "9:21 managedNodeGroups[0].volumeKmsKeyID: the key is in us-east-1, but must be in the cluster's region us-west-2",
  ],
  [
    "an additional disk's key of another region",
    nodegroupFile(
      "additionalVolumes: [{ volumeName: sdf, volumeEncrypted: true, volumeKmsKeyID: 'arn:aws:kms:us-east-1:111122223333:key/a' }]",
    ),
    "8:83 managedNodeGroups[0].additionalVolumes[0].volumeKmsKeyID: the key is in us-east-1, but must be in the cluster's region us-west-2",
  ],
]);

cases("the control plane", [
  [
    "a boundary for a given role",
    clusterFile(
      "iam: { serviceRoleARN: 'arn:aws:iam::111122223333:role/a', serviceRolePermissionsBoundary: 'arn:aws:iam::aws:policy/A' }",
    ),
    "6:60 iam.serviceRolePermissionsBoundary: cannot stand beside serviceRoleARN: a given role is not changed",
  ],
  [
    "retention without logs",
    clusterFile("cloudWatch: { clusterLogging: { enableTypes: [], logRetentionInDays: 7 } }"),
    "6:50 cloudWatch.clusterLogging.logRetentionInDays: needs enableTypes: no log is on",
  ],
  [
    "retention with all logs",
    clusterFile('cloudWatch: { clusterLogging: { enableTypes: ["*"], logRetentionInDays: 7 } }'),
  ],
]);

const tagList = (count: number) => Array.from({ length: count }, (_, index) => `k${index}: v`).join(", ");
const withTags = (tags: string, body = "") =>
  `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: { name: c, region: us-west-2, tags: { ${tags} } }\n${body}\n`;

cases("tags", [
  ["as many as possible", withTags(tagList(40))],
  [
    "too many",
    withTags(tagList(41)),
    "3:41 metadata.tags: has 41 tags; at most 40 are possible, since AWS allows 50 and ekstool sets up to 10",
  ],
  [
    "too many together with the cluster's",
    withTags(
      tagList(30),
      "managedNodeGroups: [{ name: a, tags: { b: c, " + tagList(41).split(", ").slice(30).join(", ") + " } }]",
    ),
    "4:32 managedNodeGroups[0].tags: has 42 tags; at most 40 are possible, since AWS allows 50 and ekstool sets up to 10",
  ],
  [
    "keys that belong to others",
    withTags("'AWS:a': b, 'ekstool.dev/cluster': c, alpha.eksctl.io/cluster-name: d"),
    '3:49 metadata.tags["AWS:a"]: tag keys that begin with AWS: belong to AWS',
    '3:61 metadata.tags["ekstool.dev/cluster"]: tag keys that begin with ekstool.dev/ belong to ekstool, which knows its resources by them',
    '3:87 metadata.tags["alpha.eksctl.io/cluster-name"]: tag keys that begin with alpha.eksctl.io/ belong to ekstool, which sets them as eksctl does',
  ],
  [
    "keys that IAM does not tell apart",
    withTags("team: a, Team: b, name: c"),
    "3:58 metadata.tags.Team: IAM does not tell the tag key Team from team: letter case does not count there",
    "3:67 metadata.tags.name: IAM does not tell the tag key name from Name: letter case does not count there",
  ],
  [
    "of add-ons",
    clusterFile("addons: [{ name: a, tags: { 'aws:x': y } }]"),
    '6:29 addons[0].tags["aws:x"]: tag keys that begin with aws: belong to AWS',
  ],
]);

const entries = (...lines: readonly string[]) =>
  clusterFile(`accessConfig:\n  accessEntries:\n${lines.map((line) => `    - ${line}`).join("\n")}`);
const role = (name: string) => `principalARN: 'arn:aws:iam::111122223333:role/${name}'`;
const viewPolicy = "policyARN: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy'";

cases("access", [
  [
    "entries with CONFIG_MAP",
    clusterFile(`accessConfig:\n  authenticationMode: CONFIG_MAP\n  accessEntries: [{ ${role("a")} }]`),
    "8:3 accessConfig.accessEntries: needs authenticationMode API or API_AND_CONFIG_MAP, not CONFIG_MAP",
  ],
  [
    "nobody who may enter",
    clusterFile("accessConfig:\n  authenticationMode: CONFIG_MAP\n  bootstrapClusterCreatorAdminPermissions: false"),
    "8:44 accessConfig.bootstrapClusterCreatorAdminPermissions: must be true with authenticationMode CONFIG_MAP: nobody could enter the cluster",
  ],
  [
    "two entries for one principal",
    entries(`{ ${role("a")} }`, `{ ${role("a")} }`),
    "9:23 accessConfig.accessEntries[1].principalARN: arn:aws:iam::111122223333:role/a has an access entry already",
  ],
  [
    "rights for nodes",
    entries(
      `{ ${role("a")}, type: EC2_LINUX, kubernetesGroups: [g], kubernetesUsername: u, accessPolicies: [{ ${viewPolicy}, accessScope: { type: cluster } }] }`,
    ),
    "8:76 accessConfig.accessEntries[0].kubernetesGroups: is not for the type EC2_LINUX: EKS sets what nodes may do",
    "8:99 accessConfig.accessEntries[0].kubernetesUsername: is not for the type EC2_LINUX: EKS sets what nodes may do",
    "8:122 accessConfig.accessEntries[0].accessPolicies: is not for the type EC2_LINUX: EKS sets what nodes may do",
  ],
  [
    "a user as a node",
    entries("{ principalARN: 'arn:aws:iam::111122223333:user/a', type: EC2 }"),
    "8:23 accessConfig.accessEntries[0].principalARN: must be a role for the type EC2",
  ],
  [
    "names that Kubernetes and EKS keep",
    entries(`{ ${role("a")}, kubernetesGroups: ['system:masters'], kubernetesUsername: 'aws:x' }`),
    "8:78 accessConfig.accessEntries[0].kubernetesGroups[0]: must not begin with system: (for administrators use the access policy AmazonEKSClusterAdminPolicy)",
    "8:117 accessConfig.accessEntries[0].kubernetesUsername: must not begin with aws:",
  ],
  [
    "scopes that say two things, or none",
    entries(
      `{ ${role("a")}, accessPolicies: [{ ${viewPolicy}, accessScope: { type: cluster, namespaces: [a] } }] }`,
      `{ ${role("b")}, accessPolicies: [{ ${viewPolicy}, accessScope: { type: namespace, namespaces: [] } }] }`,
    ),
    "8:181 accessConfig.accessEntries[0].accessPolicies[0].accessScope.namespaces: must be absent for the type cluster, which means all namespaces",
    "9:195 accessConfig.accessEntries[1].accessPolicies[0].accessScope.namespaces: needs at least one namespace for the type namespace",
  ],
  [
    "one policy twice",
    entries(
      `{ ${role("a")}, accessPolicies: [{ ${viewPolicy}, accessScope: { type: cluster } }, { ${viewPolicy}, accessScope: { type: namespace, namespaces: [a] } }] }`,
    ),
    "8:198 accessConfig.accessEntries[0].accessPolicies[1].policyARN: arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy is associated with this principal already",
  ],
]);

const addons = (...lines: readonly string[]) =>
  clusterFile(`addons:\n${lines.map((line) => `  - ${line}`).join("\n")}\niam: { withOIDC: true }`);
const irsa = "attachPolicyARNs: ['arn:aws:iam::aws:policy/A']";
const association =
  "podIdentityAssociations: [{ serviceAccountName: s, permissionPolicyARNs: ['arn:aws:iam::aws:policy/A'] }]";

const pods = (...lines: readonly string[]) =>
  clusterFile(
    `addons: [{ name: eks-pod-identity-agent }]\niam:\n  podIdentityAssociations:\n${lines.map((line) => `    - { namespace: a, ${line} }`).join("\n")}`,
  );
const given = "roleARN: 'arn:aws:iam::111122223333:role/r'";

cases("pod identity associations", [
  [
    "all that they can say",
    pods(
      `serviceAccountName: s, ${given}, targetRoleARN: 'arn:aws:iam::444455556666:role/t', disableSessionTags: true, policy: '{"Statement": []}', tags: { a: b }`,
      "serviceAccountName: t.u, wellKnownPolicies: { autoScaler: true }",
      "serviceAccountName: v, permissionPolicy: { Statement: [] }, permissionPolicyName: p, permissionsBoundaryARN: 'arn:aws:iam::aws:policy/A'",
    ),
  ],
  [
    "without the agent",
    clusterFile(`iam: { podIdentityAssociations: [{ namespace: a, serviceAccountName: s, ${given} }] }`),
    '6:8 iam.podIdentityAssociations: needs the add-on eks-pod-identity-agent, which brings the credentials to pods (add "- name: eks-pod-identity-agent" to addons)',
  ],
  [
    "no permissions, and those of a given role",
    pods("serviceAccountName: s", `serviceAccountName: t, ${given}, wellKnownPolicies: { autoScaler: true }`),
    "9:7 iam.podIdentityAssociations[0]: needs one of roleARN, permissionPolicyARNs, permissionPolicy and wellKnownPolicies",
    "10:91 iam.podIdentityAssociations[1].wellKnownPolicies: cannot stand beside roleARN: a given role is not changed",
  ],
  [
    "names that Kubernetes does not take",
    pods(`serviceAccountName: S, ${given}`),
    "9:43 iam.podIdentityAssociations[0].serviceAccountName: must begin and end with a letter or digit, and hold lower-case letters, digits, hyphens and dots only",
  ],
  [
    "a session policy that is none, and one beside session tags",
    pods(
      `serviceAccountName: s, ${given}, disableSessionTags: true, policy: "{ a: 1 }"`,
      `serviceAccountName: t, ${given}, policy: '{"Statement": []}'`,
    ),
    "9:125 iam.podIdentityAssociations[0].policy: must be JSON text that holds a policy document with a Statement",
    "10:91 iam.podIdentityAssociations[1].policy: needs disableSessionTags: true, as EKS does not take both",
  ],
  [
    "one service account twice",
    pods(`serviceAccountName: s, ${given}`, "serviceAccountName: s, wellKnownPolicies: { autoScaler: true }"),
    "10:43 iam.podIdentityAssociations[1].serviceAccountName: the service account a/s has an association already",
  ],
  [
    "one role name twice, and tags that IAM and we do not take",
    pods(
      "serviceAccountName: s, roleName: n, wellKnownPolicies: { autoScaler: true }",
      "serviceAccountName: t, roleName: n, wellKnownPolicies: { autoScaler: true }, tags: { name: x, ekstool.dev/id: y }",
    ),
    "10:56 iam.podIdentityAssociations[1].roleName: a role with the name n is made already",
    "10:108 iam.podIdentityAssociations[1].tags.name: IAM does not tell the tag key name from Name: letter case does not count there",
    '10:117 iam.podIdentityAssociations[1].tags["ekstool.dev/id"]: tag keys that begin with ekstool.dev/ belong to ekstool, which knows its resources by them',
  ],
]);

const accounts = (...lines: readonly string[]) =>
  clusterFile(`iam:\n  withOIDC: true\n  serviceAccounts:\n${lines.map((line) => `    - { ${line} }`).join("\n")}`);

cases("service accounts", [
  [
    "given roles, and made ones",
    accounts(
      "metadata: { name: a, labels: { a: b } }, attachRoleARN: 'arn:aws:iam::111122223333:role/r'",
      "metadata: { name: a, namespace: b }, wellKnownPolicies: { autoScaler: true }, roleOnly: true, subjectPattern: 'system:serviceaccount:b:*'",
    ),
  ],
  [
    "without OIDC",
    clusterFile("iam: { serviceAccounts: [{ metadata: { name: a }, wellKnownPolicies: { autoScaler: true } }] }"),
    "6:8 iam.serviceAccounts: needs iam.withOIDC: true, since service accounts get roles through the OIDC provider",
  ],
  [
    "no permissions, those of a given role, and one account twice",
    accounts(
      "metadata: { name: a }",
      "metadata: { name: a, namespace: default }, attachRoleARN: 'arn:aws:iam::111122223333:role/r', roleName: n",
    ),
    "9:7 iam.serviceAccounts[0]: needs one of attachPolicyARNs, attachPolicy, wellKnownPolicies and attachRoleARN",
    "10:27 iam.serviceAccounts[1].metadata.name: the service account default/a is listed already",
    "10:103 iam.serviceAccounts[1].roleName: cannot stand beside attachRoleARN: a given role is not changed",
  ],
  [
    "the annotation of the role",
    accounts(
      "metadata: { name: a, annotations: { eks.amazonaws.com/role-arn: r } }, wellKnownPolicies: { autoScaler: true }",
    ),
    '9:45 iam.serviceAccounts[0].metadata.annotations["eks.amazonaws.com/role-arn"]: is set to the role: use attachRoleARN for a given one',
  ],
]);

cases("add-ons", [
  [
    "one twice, in other letters",
    addons("{ name: coredns }", "{ name: CoreDNS }"),
    "8:13 addons[1].name: the add-on CoreDNS is listed already",
  ],
  [
    "two sources of a role",
    addons(`{ name: a, ${irsa}, wellKnownPolicies: { autoScaler: true } }`),
    "7:65 addons[0].wellKnownPolicies: cannot stand beside attachPolicyARNs: an add-on gets its role from one of serviceAccountRoleARN, attachPolicyARNs, attachPolicy, wellKnownPolicies",
  ],
  ["well-known policies that are all off", addons(`{ name: a, ${irsa}, wellKnownPolicies: { autoScaler: false } }`)],
  [
    "IRSA and pod identity",
    addons("{ name: eks-pod-identity-agent }", `{ name: a, ${irsa}, ${association} }`),
    "8:16 addons[1].attachPolicyARNs: cannot stand beside podIdentityAssociations: a role comes by IRSA or by pod identity",
  ],
  [
    "default associations and a role",
    addons("{ name: eks-pod-identity-agent }", `{ name: a, ${irsa}, useDefaultPodIdentityAssociations: true }`),
    "8:65 addons[1].useDefaultPodIdentityAssociations: cannot stand beside attachPolicyARNs",
  ],
  [
    "default associations and others",
    addons(
      "{ name: eks-pod-identity-agent }",
      "{ name: a, useDefaultPodIdentityAssociations: true, podIdentityAssociations: [] }",
    ),
    "8:16 addons[1].useDefaultPodIdentityAssociations: cannot stand beside podIdentityAssociations",
  ],
  [
    "IRSA without a provider",
    clusterFile(`addons:\n  - { name: a, ${irsa} }\niam: { withOIDC: false }`),
    "7:16 addons[0].attachPolicyARNs: needs iam.withOIDC: true, since service accounts get roles through the OIDC provider",
  ],
  [
    "IRSA where withOIDC is wrong by itself: one problem",
    clusterFile(`addons:\n  - { name: a, ${irsa} }\niam: { withOIDC: maybe }`),
    '8:18 iam.withOIDC: must be true or false, not "maybe"',
  ],
  [
    "pod identity without the agent",
    addons(`{ name: a, ${association} }`, "{ name: b, useDefaultPodIdentityAssociations: true }"),
    '7:16 addons[0].podIdentityAssociations: needs the add-on eks-pod-identity-agent, which brings the credentials to pods (add "- name: eks-pod-identity-agent" to addons)',
    '8:16 addons[1].useDefaultPodIdentityAssociations: needs the add-on eks-pod-identity-agent, which brings the credentials to pods (add "- name: eks-pod-identity-agent" to addons)',
  ],
  [
    "pod identity for all, without the agent",
    clusterFile("addonsConfig: { autoApplyPodIdentityAssociations: true }"),
    '6:17 addonsConfig.autoApplyPodIdentityAssociations: needs the add-on eks-pod-identity-agent, which brings the credentials to pods (add "- name: eks-pod-identity-agent" to addons)',
  ],
  ["associations that are removed", addons("{ name: a, podIdentityAssociations: [] }")],
  [
    "associations of the agent itself",
    addons(`{ name: eks-pod-identity-agent, ${association} }`),
    "7:37 addons[0].podIdentityAssociations: eks-pod-identity-agent itself takes no pod identity associations",
  ],
  [
    "an association without permissions, and one with too many",
    addons(
      "{ name: eks-pod-identity-agent }",
      "{ name: a, podIdentityAssociations: [{ serviceAccountName: s }, { serviceAccountName: t, roleARN: 'arn:aws:iam::111122223333:role/r', roleName: n }] }",
    ),
    "8:42 addons[1].podIdentityAssociations[0]: needs one of roleARN, permissionPolicyARNs and permissionPolicy",
    "8:139 addons[1].podIdentityAssociations[1].roleName: cannot stand beside roleARN: a given role is not changed",
  ],
  [
    "a name for no policy",
    addons(
      "{ name: eks-pod-identity-agent }",
      "{ name: a, podIdentityAssociations: [{ serviceAccountName: s, permissionPolicyName: p, permissionPolicyARNs: ['arn:aws:iam::aws:policy/A'] }] }",
    ),
    "8:67 addons[1].podIdentityAssociations[0].permissionPolicyName: needs permissionPolicy, which it names",
  ],
  [
    "two associations of one service account",
    addons(
      "{ name: eks-pod-identity-agent }",
      `{ name: a, ${association.replace("}]", "}, { serviceAccountName: s, roleARN: 'arn:aws:iam::111122223333:role/r' }]")} }`,
    ),
    "8:144 addons[1].podIdentityAssociations[1].serviceAccountName: the service account s has an association already",
  ],
  [
    "settings as JSON and as YAML",
    addons(`{ name: a, configurationValues: '{"a": 1}' }`, '{ name: b, configurationValues: "a: 1" }'),
  ],
  [
    "settings that are no mapping",
    addons("{ name: a, configurationValues: '[1]' }"),
    "7:37 addons[0].configurationValues: must be JSON or YAML text that holds a mapping",
  ],
  [
    "settings that are no YAML",
    clusterFile("addons:\n  - name: a\n    configurationValues: |\n      a: 1\n      b: [2"),
    "8:26 addons[0].configurationValues: must be JSON or YAML text; in its line 2: this [ is not closed",
  ],
  [
    "no CNI for nodes",
    `${nodegroupFile()}addonsConfig: { disableDefaultAddons: true }\naddons: [{ name: coredns }]`,
    '8:17 addonsConfig.disableDefaultAddons: leaves the nodegroups without vpc-cni, so that no node becomes ready (add "- name: vpc-cni" to addons)',
  ],
  ["no CNI and no nodes", clusterFile("addonsConfig: { disableDefaultAddons: true }")],
]);

const ssh = (key: string) => `ssh: { ${key} }`;

cases("nodegroups", [
  [
    "two of one name",
    clusterFile("managedNodeGroups:\n  - name: a\n  - name: A"),
    "8:11 managedNodeGroups[1].name: the nodegroup A is listed already",
  ],
  [
    "instanceType and instanceTypes",
    nodegroupFile("instanceType: m5.large", "instanceTypes: [m5.large]"),
    "9:5 managedNodeGroups[0].instanceTypes: cannot stand beside instanceType: use one of the two",
  ],
  [
    "minSize above maxSize",
    nodegroupFile("minSize: 3", "maxSize: 2"),
    "8:14 managedNodeGroups[0].minSize: 3 is greater than maxSize 2",
  ],
  [
    "desiredCapacity below minSize",
    nodegroupFile("minSize: 3", "desiredCapacity: 2"),
    "9:22 managedNodeGroups[0].desiredCapacity: 2 is less than minSize 3",
  ],
  [
    "desiredCapacity above maxSize",
    nodegroupFile("maxSize: 3", "desiredCapacity: 5"),
    "9:22 managedNodeGroups[0].desiredCapacity: 5 is greater than maxSize 3",
  ],
  [
    "maxSize below the default of minSize",
    nodegroupFile("maxSize: 1"),
    "8:14 managedNodeGroups[0].maxSize: 1 is less than minSize, which is 2 when the file does not say (set minSize)",
  ],
  ["an empty nodegroup", nodegroupFile("minSize: 0")],
  [
    "no limit for updates",
    nodegroupFile("updateConfig: {}"),
    "8:5 managedNodeGroups[0].updateConfig: needs exactly one of maxUnavailable and maxUnavailablePercentage",
  ],
  [
    "two limits for updates",
    nodegroupFile("updateConfig: { maxUnavailable: 1, maxUnavailablePercentage: 10 }"),
    "8:5 managedNodeGroups[0].updateConfig: needs exactly one of maxUnavailable and maxUnavailablePercentage",
  ],
  [
    "more unavailable nodes than nodes",
    nodegroupFile("maxSize: 3", "updateConfig: { maxUnavailable: 4 }"),
    "9:37 managedNodeGroups[0].updateConfig.maxUnavailable: 4 is greater than maxSize 3",
  ],
  [
    "two limits for repairs",
    nodegroupFile(
      "nodeRepairConfig:",
      "  maxUnhealthyNodeThresholdCount: 1",
      "  maxUnhealthyNodeThresholdPercentage: 1",
      "  maxParallelNodesRepairedCount: 1",
      "  maxParallelNodesRepairedPercentage: 1",
    ),
    "10:7 managedNodeGroups[0].nodeRepairConfig.maxUnhealthyNodeThresholdPercentage: cannot stand beside maxUnhealthyNodeThresholdCount: use one of the two",
    "12:7 managedNodeGroups[0].nodeRepairConfig.maxParallelNodesRepairedPercentage: cannot stand beside maxParallelNodesRepairedCount: use one of the two",
  ],
  [
    "a repair that says half",
    nodegroupFile(
      "nodeRepairConfig: { nodeRepairConfigOverrides: [{ nodeUnhealthyReason: x, minRepairWaitTimeMins: 1, repairAction: Reboot }] }",
    ),
    "8:53 managedNodeGroups[0].nodeRepairConfig.nodeRepairConfigOverrides[0].nodeMonitoringCondition: is missing",
  ],
  ["SSH without a key: that of ~/.ssh", nodegroupFile(ssh("allow: true"))],
  ["SSH with a key file", nodegroupFile(ssh("allow: true, publicKeyPath: ~/.ssh/id_rsa.pub"))],
  [
    "SSH with two keys",
    nodegroupFile(ssh("publicKeyName: k, publicKeyPath: k.pub")),
    "8:12 managedNodeGroups[0].ssh.publicKeyName: cannot stand beside publicKeyPath: give one key",
  ],
  [
    "a private key",
    nodegroupFile(ssh("publicKey: -----BEGIN")),
    "8:23 managedNodeGroups[0].ssh.publicKey: must be a public key: ssh-rsa or ssh-ed25519, a blank, and the key",
  ],
  [
    "sources of SSH that is not allowed",
    nodegroupFile(ssh("sourceSecurityGroupIds: [sg-01234567]")),
    "8:12 managedNodeGroups[0].ssh.sourceSecurityGroupIds: opens nothing: SSH is not allowed (set allow: true and a key)",
  ],
  ["SSH to Bottlerocket", nodegroupFile("amiFamily: Bottlerocket", ssh("publicKeyName: k"))],
  [
    "SSH to Bottlerocket without its way in",
    nodegroupFile("amiFamily: Bottlerocket", ssh("publicKeyName: k"), "bottlerocket: { enableAdminContainer: false }"),
    "9:5 managedNodeGroups[0].ssh: reaches Bottlerocket through its admin container only, which is off (set bottlerocket.enableAdminContainer: true, or use Session Manager)",
  ],
  [
    "a release that is newer than the cluster",
    nodegroupFile("releaseVersion: 1.35.1-20260101"),
    "8:21 managedNodeGroups[0].releaseVersion: is for Kubernetes 1.35, newer than the cluster's 1.34",
  ],
  ["a release that is older than the cluster", nodegroupFile("releaseVersion: 1.33.1-20260101")],
  ["a release of Bottlerocket", nodegroupFile("amiFamily: Bottlerocket", "releaseVersion: 1.99.0-713f44ce")],
  [
    "private nodes without a way out",
    `${nodegroupFile("privateNetworking: true")}vpc: { nat: { gateway: Disable } }`,
    "8:24 managedNodeGroups[0].privateNetworking: nodes in private subnets have no way out, and never join: vpc.nat.gateway is Disable (set vpc.nat.gateway to Single or HighlyAvailable)",
  ],
]);

cases("the nodes' role", [
  [
    "a given role and parts of one that is made",
    nodegroupFile(
      "iam:",
      "  instanceRoleARN: arn:aws:iam::111122223333:role/r",
      "  instanceRoleName: n",
      "  attachPolicyARNs: [arn:aws:iam::aws:policy/A]",
      "  withAddonPolicies: { ebs: true }",
    ),
    "10:7 managedNodeGroups[0].iam.instanceRoleName: cannot stand beside instanceRoleARN: a given role is not changed",
    "11:7 managedNodeGroups[0].iam.attachPolicyARNs: cannot stand beside instanceRoleARN: a given role is not changed",
    "12:7 managedNodeGroups[0].iam.withAddonPolicies: cannot stand beside instanceRoleARN: a given role is not changed",
  ],
  [
    "a given role and policies that are off",
    nodegroupFile(
      "iam: { instanceRoleARN: 'arn:aws:iam::111122223333:role/r', withAddonPolicies: { ebs: false }, attachPolicyARNs: [] }",
    ),
  ],
  [
    "permissions that pods cannot reach",
    nodegroupFile("disablePodIMDS: true", "iam: { withAddonPolicies: { ebs: false, xRay: true } }"),
    "8:5 managedNodeGroups[0].disablePodIMDS: takes from pods the permissions that iam.withAddonPolicies.xRay gives them: use one of the two",
  ],
  [
    "one name for two roles",
    clusterFile(
      "managedNodeGroups:\n  - { name: a, iam: { instanceRoleName: r } }\n  - { name: b, iam: { instanceRoleName: R } }",
    ),
    "8:41 managedNodeGroups[1].iam.instanceRoleName: a role with the name R is made already",
  ],
]);

cases("disks", [
  [
    "a disk that no node boots from",
    nodegroupFile("volumeType: st1", "volumeSize: 500"),
    "8:17 managedNodeGroups[0].volumeType: nodes of AmazonLinux2023 cannot boot from a volume of the type st1 (use gp3, gp2, io1 or io2)",
  ],
  ["the same for Bottlerocket's data", nodegroupFile("volumeType: st1", "volumeSize: 500", "amiFamily: Bottlerocket")],
  [
    "a size that the type does not have",
    nodegroupFile("volumeType: sc1", "amiFamily: Bottlerocket", "volumeSize: 100"),
    "10:17 managedNodeGroups[0].volumeSize: must be from 125 to 16384 GiB for the type sc1, not 100",
  ],
  [
    "IOPS for gp2",
    nodegroupFile("volumeType: gp2", "volumeIOPS: 3000"),
    "9:5 managedNodeGroups[0].volumeIOPS: is for the types gp3, io1 and io2, not for gp2",
  ],
  [
    "too few IOPS for gp3",
    nodegroupFile("volumeIOPS: 2999"),
    "8:17 managedNodeGroups[0].volumeIOPS: must be from 3000 to 16000 for the type gp3, not 2999",
  ],
  [
    "too many IOPS for io1",
    nodegroupFile("volumeType: io1", "volumeIOPS: 64001"),
    "9:17 managedNodeGroups[0].volumeIOPS: must be from 100 to 64000 for the type io1, not 64001",
  ],
  [
    "too many IOPS for the size",
    nodegroupFile("volumeType: io1", "volumeSize: 50", "volumeIOPS: 2501"),
    "10:17 managedNodeGroups[0].volumeIOPS: is more than 50 for each of the 50 GiB, the most that io1 gives",
  ],
  ["the least IOPS, whatever the size", nodegroupFile("volumeSize: 4", "volumeIOPS: 3000")],
  [
    "throughput for io2",
    nodegroupFile("volumeType: io2", "volumeThroughput: 125"),
    "9:5 managedNodeGroups[0].volumeThroughput: is for the type gp3, not for io2",
  ],
  [
    "throughput without the IOPS for it",
    nodegroupFile("volumeThroughput: 1000"),
    "8:23 managedNodeGroups[0].volumeThroughput: 1000 MiB/s need 4000 IOPS, not 3000 (set volumeIOPS to 4000)",
  ],
  ["throughput with the IOPS for it", nodegroupFile("volumeThroughput: 1000", "volumeIOPS: 4000")],
  [
    "a key without encryption",
    nodegroupFile("volumeKmsKeyID: alias/k"),
    "8:5 managedNodeGroups[0].volumeKmsKeyID: needs volumeEncrypted: true",
  ],
  [
    "what is no key",
    nodegroupFile("volumeEncrypted: true", "volumeKmsKeyID: disks"),
    "9:21 managedNodeGroups[0].volumeKmsKeyID: must be the id, the alias or the ARN of a KMS key, as alias/disks",
  ],
  ...["mrk-1234abcd12ab34cd56ef1234567890ab", "1234abcd-12ab-34cd-56ef-1234567890ab", "alias/team/disks"].map(
    (key) => [`the key ${key}`, nodegroupFile("volumeEncrypted: true", `volumeKmsKeyID: ${key}`)] as const,
  ),
]);

cases("labels and taints", [
  [
    "labels of Kubernetes and EKS",
    nodegroupFile(
      "labels: { node-role.kubernetes.io/x: a, kubernetes.io/os: linux, a.k8s.io/b: c, eks.amazonaws.com/d: e }",
    ),
    '8:15 managedNodeGroups[0].labels["node-role.kubernetes.io/x"]: is reserved: a node cannot give itself this label (use a domain of your own, or node.kubernetes.io)',
    '8:70 managedNodeGroups[0].labels["a.k8s.io/b"]: is reserved: a node cannot give itself this label (use a domain of your own, or node.kubernetes.io)',
    '8:85 managedNodeGroups[0].labels["eks.amazonaws.com/d"]: labels of eks.amazonaws.com are reserved: EKS takes none for a managed nodegroup (use a domain of your own)',
  ],
  [
    "labels that only look like it",
    nodegroupFile(
      "labels: { mykubernetes.io/x: a, kubernetes.io.example.com/b: c, kubernetes: d, node.kubernetes.io/lifecycle: spot }",
    ),
  ],
  [
    "ekstool's own labels, with its values",
    nodegroupFile("labels: { alpha.eksctl.io/cluster-name: c, alpha.eksctl.io/nodegroup-name: a }"),
  ],
  [
    "ekstool's own labels, with others",
    nodegroupFile("labels: { alpha.eksctl.io/nodegroup-name: b }"),
    '8:47 managedNodeGroups[0].labels["alpha.eksctl.io/nodegroup-name"]: is set by ekstool, to a',
  ],
  [
    "a taint twice",
    nodegroupFile(
      "taints:",
      "  - { key: k, value: a, effect: NoSchedule }",
      "  - { key: k, value: b, effect: NoSchedule }",
      "  - { key: k, effect: NoExecute }",
    ),
    "10:9 managedNodeGroups[0].taints[1]: the taint k:NoSchedule is listed already",
  ],
]);

const ipv6 = (body: string) => clusterFile(`kubernetesNetworkConfig: { ipFamily: IPv6 }\n${body}`);

cases("IPv6", [
  ["an IPv6 cluster with the default add-ons", ipv6("")],
  [
    "one with a role for vpc-cni by OIDC",
    ipv6("iam: { withOIDC: true }\naddons: [{ name: vpc-cni, version: latest }]"),
  ],
  [
    "one by pod identity",
    ipv6("addons: [{ name: eks-pod-identity-agent }, { name: vpc-cni, useDefaultPodIdentityAssociations: true }]"),
  ],
  ["what eksctl's dry run prints", ipv6("vpc: { autoAllocateIPv6: false, extraIPv6CIDRs: ['2001:db8::/48'] }")],
  [
    "what an IPv6 cluster cannot have",
    ipv6("vpc: { autoAllocateIPv6: true, nat: { gateway: Single } }"),
    "7:8 vpc.autoAllocateIPv6: is not for an IPv6 cluster: its VPC has an IPv6 block anyway",
    "7:32 vpc.nat: is not for an IPv6 cluster: its VPC has one NAT gateway, and an egress-only internet gateway",
  ],
  [
    "a block for its services",
    clusterFile("kubernetesNetworkConfig: { ipFamily: ipv6, serviceIPv4CIDR: 10.100.0.0/16 }"),
    "6:44 kubernetesNetworkConfig.serviceIPv4CIDR: is not for an IPv6 cluster: EKS chooses its block",
  ],
  [
    "IPv6 blocks for an IPv4 cluster",
    clusterFile("vpc: { extraIPv6CIDRs: ['2001:db8::/48'] }"),
    "6:8 vpc.extraIPv6CIDRs: is for IPv6 clusters only: see kubernetesNetworkConfig.ipFamily",
  ],
  [
    "a block of the account's own",
    ipv6("vpc: { ipv6Pool: ipv6pool-ec2-0123456789abcdef0, ipv6Cidr: '2001:db8::/56' }"),
  ],
  [
    "half of it, and for an IPv4 cluster",
    clusterFile("vpc: { ipv6Cidr: '2001:db8::/48' }"),
    "6:8 vpc.ipv6Cidr: is for IPv6 clusters only: see kubernetesNetworkConfig.ipFamily",
    "6:8 vpc.ipv6Cidr: needs ipv6Pool beside it",
    "6:18 vpc.ipv6Cidr: the block of a VPC is a /56, not a /48",
  ],
  [
    "blocks that are none",
    ipv6("vpc: { extraIPv6CIDRs: ['2001:db8::', '2001:DB8:0::/48', '10.0.0.0/8'] }"),
    "7:25 vpc.extraIPv6CIDRs[0]: must be an IPv6 CIDR block such as 2001:db8:1234:1a00::/56",
    "7:58 vpc.extraIPv6CIDRs[2]: must be an IPv6 CIDR block such as 2001:db8:1234:1a00::/56",
  ],
  [
    "vpc-cni without a role",
    ipv6("addons: [{ name: vpc-cni, version: v1.9.3-eksbuild.1 }]"),
    "7:18 addons[0].name: in an IPv6 cluster vpc-cni needs a role of its own: iam.withOIDC: true, or pod identity " +
      '(set iam.withOIDC: true, or add "- name: eks-pod-identity-agent" to addons)',
    "7:36 addons[0].version: IPv6 needs vpc-cni 1.10.0 or newer",
  ],
  [
    "pod identity without an association",
    ipv6("addons: [{ name: eks-pod-identity-agent }, { name: vpc-cni }]"),
    "7:52 addons[1].name: in an IPv6 cluster vpc-cni needs a role of its own, and has no pod identity association " +
      "(set its useDefaultPodIdentityAssociations: true, addonsConfig.autoApplyPodIdentityAssociations: true, or iam.withOIDC: true)",
  ],
  [
    "no default add-ons, and none in their place",
    ipv6("addonsConfig: { disableDefaultAddons: true }"),
    "6:38 kubernetesNetworkConfig.ipFamily: an IPv6 cluster needs the add-ons vpc-cni, coredns, kube-proxy " +
      "(add them to addons, or leave addonsConfig.disableDefaultAddons out)",
  ],
]);

const hybrid = (body: string, more = "") => clusterFile(`remoteNetworkConfig: ${body}\n${more}`);
const authority = certificate("authority.pem");
const pem = (text: string) => JSON.stringify(text);
const nodes = "remoteNodeNetworks: [{ cidrs: [10.80.0.0/16] }]";

cases("hybrid nodes", [
  ["their blocks", hybrid(`{ ${nodes}, remotePodNetworks: [{ cidrs: [10.85.0.0/16] }] }`)],
  ["no networks any more", hybrid("{ remoteNodeNetworks: [], remotePodNetworks: [] }")],
  [
    "no nodes",
    hybrid("{ remotePodNetworks: [{ cidrs: [10.85.0.0/16] }] }"),
    "6:1 remoteNetworkConfig: needs the blocks of the hybrid nodes in remoteNodeNetworks[0].cidrs " +
      "(to take the networks away, write remoteNodeNetworks: [] and remotePodNetworks: [])",
  ],
  [
    "two networks",
    hybrid("{ remoteNodeNetworks: [{ cidrs: [10.80.0.0/16] }, { cidrs: [10.81.0.0/16] }] }"),
    "6:44 remoteNetworkConfig.remoteNodeNetworks: EKS takes one element: write all blocks into its cidrs",
  ],
  [
    "blocks that cannot be",
    hybrid("{ remoteNodeNetworks: [{ cidrs: [11.0.0.0/16, 192.168.10.0/24, 10.80.0.0/16, 10.80.1.0/24] }] }"),
    "6:55 remoteNetworkConfig.remoteNodeNetworks[0].cidrs[0]: 11.0.0.0/16 must lie within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
    "6:68 remoteNetworkConfig.remoteNodeNetworks[0].cidrs[1]: 192.168.10.0/24 overlaps the VPC's block 192.168.0.0/16 (192.168.0.0/16 is the default of vpc.cidr)",
    "6:99 remoteNetworkConfig.remoteNodeNetworks[0].cidrs[3]: 10.80.1.0/24 overlaps 10.80.0.0/16, which is listed before",
  ],
  [
    "a cluster that they cannot join",
    hybrid(
      `{ ${nodes} }`,
      "accessConfig: { authenticationMode: CONFIG_MAP }\nkubernetesNetworkConfig: { ipFamily: IPv6 }",
    ),
    "6:1 remoteNetworkConfig: is not for an IPv6 cluster: hybrid nodes have IPv4",
    "6:1 remoteNetworkConfig: needs accessConfig.authenticationMode API or API_AND_CONFIG_MAP: an access entry lets hybrid nodes in",
  ],
  ["certificates of an authority", hybrid(`{ ${nodes}, iam: { provider: IRA, caBundleCert: ${pem(authority)} } }`)],
  [
    "certificates of two authorities, with what openssl writes about them",
    hybrid(
      `{ ${nodes}, iam: { provider: ira, caBundleCert: ${pem(`subject=CN = a\n${authority}issuer=\n${authority}`)} } }`,
    ),
  ],
  [
    "blocks that are those of a VPC of ours, where the VPC is given",
    hybrid(
      "{ remoteNodeNetworks: [{ cidrs: [192.168.10.0/24] }] }",
      "vpc: { subnets: { private: { a: { id: subnet-0123456789abcdef0 }, b: { id: subnet-0123456789abcdef1 } } } }",
    ),
  ],
  ["a virtual private gateway", hybrid(`{ ${nodes}, vpcGatewayID: vgw-0123456789abcdef0 }`)],
  [
    "another gateway",
    hybrid(`{ ${nodes}, vpcGatewayID: igw-0123456789abcdef0 }`),
    "6:87 remoteNetworkConfig.vpcGatewayID: must be the id of a transit gateway, tgw-…, or of a virtual private gateway, vgw-…",
  ],
  [
    "certificates for Systems Manager",
    hybrid(`{ ${nodes}, iam: { caBundleCert: ${pem(authority)} } }`),
    "6:80 remoteNetworkConfig.iam.caBundleCert: is for provider ira only",
  ],
  ...(
    [
      [
        "a body of base64",
        authority.split("\n")[1] ?? "",
        "holds no certificate in PEM (write it with its lines -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----)",
      ],
      [
        "a certificate with its key",
        certificate("server.pem") + certificate("server-key.pem"),
        "holds a PRIVATE KEY: only certificates belong here",
      ],
      [
        "a server's certificate",
        certificate("server.pem"),
        "certificate 1 (CN=ekstool test server) is none of an authority: its basic constraints do not say so",
      ],
      ["what is cut off", authority.replace(/\n[^\n]*\n(?=-----END)/, "\n"), "certificate 1 cannot be read"],
      ["three certificates", authority.repeat(3), "holds 3 certificates; AWS takes 2"],
    ] as const
  ).map(
    ([what, text, problem]) =>
      [
        what,
        hybrid(`{ ${nodes}, iam: { provider: ira, caBundleCert: ${pem(text)} } }`),
        `6:109 remoteNetworkConfig.iam.caBundleCert: ${problem}`,
      ] as const,
  ),
]);
