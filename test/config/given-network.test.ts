import { describe, expect, it } from "vitest";
import { clusterFile, problemsOf } from "./support.ts";

const two = "subnets: { private: { us-west-2a: { id: subnet-00001 }, us-west-2b: { id: subnet-00002 } } }";
const group = (more: string) => `managedNodeGroups: [{ name: a, privateNetworking: true, ${more} }]`;

describe("a given network", () => {
  it.each([
    ["a VPC and two subnets", `vpc: { id: vpc-00001, ${two} }`],
    ["subnets alone", `vpc: { ${two} }`],
    ["subnets by zone", "vpc: { id: vpc-00001, subnets: { public: { us-west-2a: {}, us-west-2b: {} } } }"],
    [
      "subnets by block, under names",
      "vpc: { id: vpc-00001, subnets: { private: { a: { cidr: 10.0.0.0/20 }, b: { az: us-west-2b } } } }",
    ],
    ["nodes in a subnet by id", `vpc: { ${two} }\n${group("subnets: [subnet-0000a]")}`],
    ["nodes in a zone", `vpc: { ${two} }\n${group("availabilityZones: [us-west-2b]")}`],
    ["a way out that is its owner's", `vpc: { nat: { gateway: Disable }, ${two} }\n${group("desiredCapacity: 1")}`],
    ["services beside whatever block", `kubernetesNetworkConfig: { serviceIPv4CIDR: 192.168.0.0/16 }\nvpc: { ${two} }`],
  ])("may be %s", (_, body) => {
    expect(problemsOf(clusterFile(body))).toEqual([]);
  });

  it.each([
    [
      "vpc: { id: vpc-00001 }",
      "6:8 vpc.id: needs vpc.subnets: at least two subnets, in two zones (list the subnets of the cluster under vpc.subnets.private and vpc.subnets.public)",
    ],
    [
      "vpc: { subnets: { private: { us-west-2a: { id: subnet-00001 } } } }",
      "6:8 vpc.subnets: names one subnet: EKS wants at least two, in two zones",
    ],
    [
      "vpc: { subnets: { private: { us-west-2a: {}, us-west-2b: { id: subnet-00001 } } } }",
      "6:30 vpc.subnets.private.us-west-2a: needs its id, or vpc.id, in which it can be found by its zone or block",
    ],
    [
      "vpc: { id: vpc-00001, subnets: { private: { a: {}, us-west-2b: {} } } }",
      "6:45 vpc.subnets.private.a: says neither its id, nor its zone, nor its block (a subnet is called after its zone, or has az, cidr or id)",
    ],
    [
      `vpc: { securityGroup: sg-00001, controlPlaneSecurityGroupIDs: [sg-00002], ${two} }`,
      "6:33 vpc.controlPlaneSecurityGroupIDs: cannot stand beside securityGroup: use one of the two",
    ],
    [
      `vpc: { controlPlaneSubnetIDs: [subnet-00001, subnet-00002], controlPlaneOnPrivateSubnets: true, ${two} }`,
      "6:8 vpc.controlPlaneSubnetIDs: cannot stand beside controlPlaneOnPrivateSubnets: use one of the two",
    ],
    [
      `vpc: { controlPlaneOnPrivateSubnets: true, subnets: { public: { a: { id: subnet-00001 }, b: { id: subnet-00002 } } } }`,
      "6:8 vpc.controlPlaneOnPrivateSubnets: needs at least two private subnets, in two zones",
    ],
    ["vpc: { id: vpc-X }", "6:12 vpc.id: must be the id of a VPC, as vpc-0123456789abcdef0"],
    [
      `availabilityZones: [us-west-2a, us-west-2b]\nvpc: { ${two} }`,
      "6:1 availabilityZones: cannot stand beside vpc.subnets: the zones are those of the subnets",
    ],
    [
      `vpc: { hostnameType: ip-name, ${two} }`,
      "6:8 vpc.hostnameType: cannot stand beside a given VPC, which is not changed",
    ],
    [
      "vpc: { securityGroup: sg-00001 }",
      "6:8 vpc.securityGroup: needs vpc.id or vpc.subnets: a security group that exists is in a VPC that exists",
    ],
    [
      `vpc: { manageSharedNodeSecurityGroupRules: false, ${two} }`,
      "6:8 vpc.manageSharedNodeSecurityGroupRules: needs sharedNodeSecurityGroup: nodes of a group without these rules do not reach the control plane",
    ],
    [
      `vpc: { ${two} }\n${group("subnets: [mine]")}`,
      "7:67 managedNodeGroups[0].subnets[0]: vpc.subnets.private has no mine (choose from us-west-2a, us-west-2b)",
    ],
    [
      `vpc: { ${two} }\nmanagedNodeGroups: [{ name: a }]`,
      "7:21 managedNodeGroups[0]: the nodes are to be in public subnets, and vpc.subnets has private ones only (set privateNetworking to true, or list public subnets)",
    ],
  ])("is not %s", (body, ...problems) => {
    expect(problemsOf(clusterFile(body))).toEqual(problems);
  });
});
