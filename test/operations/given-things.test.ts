import { expect, it } from "vitest";
import { givenThings } from "../../src/operations/given-things.ts";
import { example, parse } from "../support/account.ts";
import { certificate } from "../support/certificates.ts";

const none = {
  roles: [],
  instanceProfiles: [],
  users: [],
  policies: [],
  keyPairs: [],
  keys: [],
  images: [],
  placementGroups: [],
  ipv6Pools: [],
  transitGateways: [],
  vpnGateways: [],
  outposts: [],
  vpcs: [],
  securityGroups: [],
  targetGroups: [],
  classicLoadBalancers: [],
  launchTemplates: [],
};
const file = (rest: string, region = "us-west-2") => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
${rest}`;
const role = (name: string, account = "111122223333") => `arn:aws:iam::${account}:role/${name}`;
const awsPolicy = (name: string, partition = "aws") => `arn:${partition}:iam::aws:policy/${name}`;
const nodePolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"];

it("a file that names nothing takes nothing as given", () => {
  for (const name of ["quickstart.yaml", "addons.yaml"]) {
    expect(givenThings(parse(example(name)))).toEqual(none);
  }
});

it("roles trust and may do what they are for; keys and groups are the region's", () => {
  expect(givenThings(parse(example("given-resources.yaml")))).toEqual({
    ...none,
    roles: [
      {
        arn: role("eks-control-plane"),
        trustServices: ["eks.amazonaws.com"],
        policyArns: [awsPolicy("AmazonEKSClusterPolicy")],
      },
      {
        arn: role("eks-nodes"),
        trustServices: ["ec2.amazonaws.com"],
        policyArns: nodePolicies.map((name) => awsPolicy(name)),
      },
      {
        arn: role("eks-hybrid-nodes"),
        trustServices: ["ssm.amazonaws.com"],
        policyArns: ["AmazonSSMManagedInstanceCore", "AmazonEC2ContainerRegistryPullOnly"].map((name) =>
          awsPolicy(name),
        ),
      },
      { arn: role("eks-ebs-csi"), trustServices: ["pods.eks.amazonaws.com"], policyArns: [] },
      { arn: role("eks-vpc-cni"), trustServices: [], policyArns: [] },
    ],
    keyPairs: [{ region: "us-west-2", name: "operations" }],
    securityGroups: [{ region: "us-west-2", id: "sg-0a1b2c3d4e5f60718" }],
  });
});

it("principals of access entries are roles or users, of any account; those that ekstool makes itself are not given", () => {
  const { roles, users } = givenThings(
    parse(
      file(`
accessConfig:
  accessEntries:
    - principalARN: ${role("team/admins", "999988887777")}
    - principalARN: arn:aws:iam::111122223333:user/jo
    - principalARN: ${role("ekstool/us-west-2/demo/special")}
`),
    ),
  );
  expect(roles).toEqual([{ arn: role("team/admins", "999988887777"), trustServices: [], policyArns: [] }]);
  expect(users).toEqual(["arn:aws:iam::111122223333:user/jo"]);
});

it("policies and boundaries are given unless AWS manages them, each once", () => {
  const own = (name: string) => `arn:aws:iam::111122223333:policy/${name}`;
  const { policies } = givenThings(
    parse(
      file(`
iam: { withOIDC: true, serviceRolePermissionsBoundary: ${own("boundary")} }
addons:
  - name: vpc-cni
    attachPolicyARNs: [${own("cni")}, ${awsPolicy("AmazonEKS_CNI_Policy")}]
    permissionsBoundary: ${own("boundary")}
  - name: eks-pod-identity-agent
  - name: aws-ebs-csi-driver
    podIdentityAssociations:
      - serviceAccountName: ebs-csi-controller-sa
        permissionPolicyARNs: [${own("ebs")}]
        permissionsBoundaryARN: ${own("pods")}
managedNodeGroups:
  - name: workers
    iam: { attachPolicyARNs: [${own("nodes")}], instanceRolePermissionsBoundary: ${own("boundary")} }
`),
    ),
  );
  expect([...policies].toSorted()).toEqual(["boundary", "cni", "ebs", "nodes", "pods"].map(own));
});

it("a role of several purposes serves them all, by the names of its partition", () => {
  const shared = "arn:aws-cn:iam::111122223333:role/shared";
  const { roles } = givenThings(
    parse(
      file(
        `
iam: { serviceRoleARN: ${shared} }
accessConfig: { accessEntries: [{ principalARN: ${shared} }] }
managedNodeGroups: [{ name: a, iam: { instanceRoleARN: ${shared} } }, { name: b, iam: { instanceRoleARN: ${shared} } }]
`,
        "cn-north-1",
      ),
    ),
  );
  expect(roles).toEqual([
    {
      arn: shared,
      trustServices: ["eks.amazonaws.com", "ec2.amazonaws.com.cn"],
      policyArns: ["AmazonEKSClusterPolicy", ...nodePolicies].map((name) => awsPolicy(name, "aws-cn")),
    },
  ]);
});

it("a role for hybrid nodes that are known by certificates is one of IAM Roles Anywhere", () => {
  const certificates = JSON.stringify(certificate("authority.pem"));
  const iam = `{ roleARN: ${role("hybrid")}, provider: ira, caBundleCert: ${certificates} }`;
  const nodes = "remoteNodeNetworks: [{ cidrs: [10.80.0.0/16] }]";
  expect(givenThings(parse(file(`remoteNetworkConfig: { ${nodes}, iam: ${iam} }`))).roles).toEqual([
    {
      arn: role("hybrid"),
      trustServices: ["rolesanywhere.amazonaws.com"],
      policyArns: [awsPolicy("AmazonEC2ContainerRegistryPullOnly")],
    },
  ]);
});

it("an instance profile holds the role that the file says, or one of its name", () => {
  const profile = (name: string) => `arn:aws:iam::111122223333:instance-profile/${name}`;
  const groups = `nodeGroups:
  - { name: a, iam: { instanceProfileARN: ${profile("a")} } }
  - { name: c, iam: { instanceProfileARN: ${profile(`path/${"c".repeat(100)}`)} } }
  - { name: b, iam: { instanceProfileARN: ${profile("b")}, instanceRoleARN: ${role("nodes")} } }
`;
  expect(givenThings(parse(file(groups))).instanceProfiles).toEqual([
    { arn: profile("a"), roleArn: role("a") },
    { arn: profile(`path/${"c".repeat(100)}`), roleArn: role(`path/${"c".repeat(64)}`) },
    { arn: profile("b"), roleArn: role("nodes") },
  ]);
});

it("keys are given by whatever name, each once, wherever they encrypt something", () => {
  const arn = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const { keys } = givenThings(
    parse(
      file(`
secretsEncryption: { keyARN: ${arn} }
managedNodeGroups:
  - { name: a, volumeEncrypted: true, volumeKmsKeyID: alias/disks }
  - name: b
    volumeEncrypted: true
    volumeKmsKeyID: ${arn}
    additionalVolumes: [{ volumeName: sdf, volumeEncrypted: true, volumeKmsKeyID: alias/disks }]
nodeGroups: [{ name: c, volumeEncrypted: true, volumeKmsKeyID: alias/more }]
`),
    ),
  );
  expect(keys).toEqual([arn, "alias/more", "alias/disks"].map((name) => ({ region: "us-west-2", name })));
});

it("images are given each once, for the types that they boot and from the device of their family", () => {
  const { images } = givenThings(
    parse(
      file(`
nodeGroups:
  - { name: a, ami: ami-0000000000000000a, amiFamily: Ubuntu2204, instanceSelector: { vCPUs: 2, cpuArchitecture: arm64 } }
managedNodeGroups:
  - { name: b, ami: ami-0000000000000000b, amiFamily: Bottlerocket, instanceTypes: [m7g.large] }
  - { name: c, ami: ami-0000000000000000b, amiFamily: Bottlerocket, instanceTypes: [m7g.large] }
  - { name: d, ami: ami-0000000000000000d, amiFamily: AmazonLinux2023, volumeName: /dev/sda1 }
`),
    ),
  );
  expect(images).toEqual(
    [
      { id: "ami-0000000000000000a", architecture: "arm64", rootDevice: "/dev/sda1" },
      { id: "ami-0000000000000000b", instanceType: "m7g.large", rootDevice: "/dev/xvda" },
      { id: "ami-0000000000000000d", rootDevice: "/dev/sda1" },
    ].map((image) => ({ region: "us-west-2", ...image })),
  );
});

it("the gateway to hybrid nodes is of one kind or the other", () => {
  const hybrid = (gateway: string) =>
    givenThings(
      parse(file(`remoteNetworkConfig: { vpcGatewayID: ${gateway}, remoteNodeNetworks: [{ cidrs: [10.80.0.0/16] }] }`)),
    );
  expect(hybrid("tgw-0123456789abcdef0")).toEqual({
    ...none,
    transitGateways: [{ region: "us-west-2", id: "tgw-0123456789abcdef0" }],
  });
  expect(hybrid("vgw-0123456789abcdef0")).toEqual({
    ...none,
    vpnGateways: [{ region: "us-west-2", id: "vgw-0123456789abcdef0" }],
  });
});

it("what the groups of self-managed nodes are put behind is the region's", () => {
  const arn = "arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/web/0123456789abcdef";
  const groups = `nodeGroups: [{ name: a, targetGroupARNs: [${arn}], classicLoadBalancerNames: [old] }]`;
  expect(givenThings(parse(file(groups)))).toEqual({
    ...none,
    targetGroups: [{ region: "us-west-2", arn }],
    classicLoadBalancers: [{ region: "us-west-2", name: "old" }],
  });
});
