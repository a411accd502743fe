import {
  AssociateSubnetCidrBlockCommand,
  AssociateVpcCidrBlockCommand,
  ModifySubnetAttributeCommand,
} from "@aws-sdk/client-ec2";
import { CreateClusterCommand } from "@aws-sdk/client-eks";
import { DetachRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { permissionsOf } from "../policies.ts";
import {
  clusterRequest,
  createAddon,
  createNodegroup,
  describeCluster,
  describeNodegroup,
  ground,
  type Ground,
  present,
  refused,
} from "./account.ts";

const inIpv6 = { kubernetesNetworkConfig: { ipFamily: "ipv6" } } as const;

async function giveBlocks(here: Ground): Promise<void> {
  const { ec2, vpcId } = here;
  const { Ipv6CidrBlockAssociation: block } = await ec2.send(
    new AssociateVpcCidrBlockCommand({ VpcId: vpcId, AmazonProvidedIpv6CidrBlock: true }),
  );
  await here.pass(durations.ipv6Association);
  for (const [index, SubnetId] of here.subnetIds.entries()) {
    const Ipv6CidrBlock = present(block?.Ipv6CidrBlock).replace("00::/56", `0${index}::/64`);
    await ec2.send(new AssociateSubnetCidrBlockCommand({ SubnetId, Ipv6CidrBlock }));
  }
}

async function assignAddresses({ ec2, subnetIds }: Ground): Promise<void> {
  for (const SubnetId of subnetIds) {
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, AssignIpv6AddressOnCreation: { Value: true } }));
  }
}

async function ipv6Cluster(): Promise<Ground> {
  const here = await ground();
  await giveBlocks(here);
  await here.eks.send(new CreateClusterCommand(clusterRequest(here, inIpv6)));
  await here.pass(durations.clusterCreate);
  for (const name of ["vpc-cni", "kube-proxy"]) await createAddon(here, name, { resolveConflicts: "OVERWRITE" });
  await here.pass(durations.addonCreate);
  return here;
}

test("a cluster of IPv6 needs subnets that have it, and gets a block of services from EKS", async () => {
  const here = await ground();
  const create = (kubernetesNetworkConfig: object) =>
    here.eks.send(new CreateClusterCommand(clusterRequest(here, { kubernetesNetworkConfig })));
  await refused(create({ ipFamily: "ipv6" }), "InvalidParameterException", /must have an IPv6 CIDR block/);
  await giveBlocks(here);
  await refused(
    create({ ipFamily: "ipv6", serviceIpv4Cidr: "10.100.0.0/16" }),
    "InvalidParameterException",
    /serviceIpv4Cidr/,
  );
  await create({ ipFamily: "ipv6" });
  const { kubernetesNetworkConfig: network } = await describeCluster(here);
  expect(network).toMatchObject({ ipFamily: "ipv6", serviceIpv6Cidr: expect.stringMatching(/^fd00:.*::\/108$/) });
  expect(network?.serviceIpv4Cidr).toBeUndefined();
});

test("its nodes need subnets that give them addresses", async () => {
  const here = await ipv6Cluster();
  await createNodegroup(here);
  await here.pass(durations.nodegroupCreate);
  const { status, health } = await describeNodegroup(here);
  expect([status, health?.issues?.[0]?.code]).toEqual(["CREATE_FAILED", "Ec2SubnetMissingIpv6Assignment"]);
});

test("its nodes are ready when the VPC CNI may assign addresses, for which AWS has no policy", async () => {
  const here = await ipv6Cluster();
  await assignAddresses(here);
  await createNodegroup(here);
  await here.pass(durations.nodegroupCreate);
  expect((await describeNodegroup(here)).status).toBe("CREATING");
  await here.iam.send(
    new DetachRolePolicyCommand({ RoleName: "node", PolicyArn: "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy" }),
  );
  await here.iam.send(
    new PutRolePolicyCommand({
      RoleName: "node",
      PolicyName: "cni",
      PolicyDocument: permissionsOf("ec2:AssignIpv6Addresses"),
    }),
  );
  await here.pass(durations.nodegroupCreate);
  expect((await describeNodegroup(here)).status).toBe("ACTIVE");
});
