import { DescribeNetworkInterfacesCommand, DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import {
  CreateClusterCommand,
  type CreateClusterRequest,
  DeleteClusterCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  ListAssociatedAccessPoliciesCommand,
  ListClustersCommand,
  UpdateClusterConfigCommand,
} from "@aws-sdk/client-eks";
import { DeleteLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { clientsOf } from "../clients.ts";
import {
  account,
  type Account,
  cluster,
  clusterRequest,
  clusterWithNodes,
  describeCluster,
  ground,
  type Ground,
  makeNetwork,
  makeRole,
  makeSubnet,
  makeVpc,
  present,
  refused,
} from "./account.ts";

const creator = "arn:aws:iam::111122223333:user/sandbox";

function create(here: Ground, changes: Partial<CreateClusterRequest> = {}) {
  return here.eks.send(new CreateClusterCommand(clusterRequest(here, changes)));
}

async function logGroups({ logs }: Account): Promise<(string | undefined)[]> {
  const { logGroups: groups } = await logs.send(new DescribeLogGroupsCommand({}));
  return (groups ?? []).map((group) => group.logGroupName);
}

describe("CreateCluster", () => {
  test("the control plane comes up after its time, and only then shows what EKS makes", async () => {
    const here = await ground();
    const { cluster: made } = await create(here);
    expect(made).toMatchObject({ name: "c", status: "CREATING" });
    await here.pass(durations.clusterCreate - 1);
    const young = await describeCluster(here);
    expect(young.status).toBe("CREATING");
    expect([young.endpoint, young.certificateAuthority, young.identity]).toEqual([undefined, undefined, undefined]);
    await here.pass(1);
    const up = await describeCluster(here);
    expect(up.status).toBe("ACTIVE");
    expect(up.endpoint).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/[0-9A-F]{32}$/);
    expect(up.identity?.oidc?.issuer).toMatch(/^https:\/\/oidc\.eks\.us-west-2\.amazonaws\.com\/id\/[0-9A-F]{32}$/);
    expect(Buffer.from(present(up.certificateAuthority?.data), "base64").toString()).toMatch(/^-----BEGIN CERTIFICATE/);
    expect(up.resourcesVpcConfig?.clusterSecurityGroupId).toMatch(/^sg-/);
  });

  test("what was never asked for is described with EKS's defaults", async () => {
    const here = await ground();
    await here.eks.send(
      new CreateClusterCommand({
        name: "c",
        roleArn: here.clusterRole,
        resourcesVpcConfig: { subnetIds: here.subnetIds },
      }),
    );
    expect(await describeCluster(here)).toMatchObject({
      version: "1.34",
      resourcesVpcConfig: {
        vpcId: here.vpcId,
        securityGroupIds: [],
        endpointPublicAccess: true,
        endpointPrivateAccess: false,
        publicAccessCidrs: ["0.0.0.0/0"],
      },
      kubernetesNetworkConfig: { serviceIpv4Cidr: "10.100.0.0/16", ipFamily: "ipv4" },
      logging: { clusterLogging: [{ enabled: false }] },
      accessConfig: { authenticationMode: "CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: true },
      upgradePolicy: { supportType: "EXTENDED" },
      zonalShiftConfig: { enabled: false },
      controlPlaneScalingConfig: { tier: "standard" },
      deletionProtection: false,
      tags: {},
    });
  });

  test("the same request with its token gives the same cluster, any other one is refused", async () => {
    const here = await ground();
    const first = await create(here, { clientRequestToken: "once" });
    const again = await create(here, { clientRequestToken: "once" });
    expect(again.cluster?.arn).toBe(first.cluster?.arn);
    await refused(create(here), "ResourceInUseException", "Cluster already exists with name: c");
  });

  test("the role must exist, trust EKS, and be known everywhere", async () => {
    const here = await ground();
    const young = await makeRole(here, "young", "eks");
    const foreign = await makeRole(here, "foreign", "ec2");
    await refused(create(here, { roleArn: young }), "InvalidParameterException", /Role with arn: .*role\/young/);
    await here.pass(60);
    await create(here, { roleArn: young });
    const others = [foreign, "arn:aws:iam::111122223333:role/nobody"];
    for (const roleArn of others) {
      await refused(create(here, { name: "d", roleArn }), "InvalidParameterException", "could not be assumed because");
    }
  });

  test("subnets must exist, lie in one VPC and in two zones", async () => {
    const here = await ground();
    const [first = "", second = ""] = here.subnetIds;
    const sameZone = await makeSubnet(here, here.vpcId, "192.168.9.0/24", "us-west-2a");
    const otherVpc = await makeSubnet(here, await makeVpc(here), "192.168.0.0/24", "us-west-2b");
    const cases: [string[], string][] = [
      [[first, "subnet-0000000000000000f"], "subnet-0000000000000000f"],
      [[first, sameZone], "at least two different AZs"],
      [[first, second, otherVpc], "same VPC"],
    ];
    for (const [subnetIds, message] of cases) {
      await refused(create(here, { resourcesVpcConfig: { subnetIds } }), "InvalidParameterException", message);
    }
  });

  test("a zone without control planes is refused with those that have them", async () => {
    const here = await account("us-east-1");
    const { subnetIds } = await makeNetwork(here, ["a", "e"]);
    const roleArn = await makeRole(here, "cluster", "eks");
    await here.pass(60);
    const answer = here.eks.send(new CreateClusterCommand({ name: "c", roleArn, resourcesVpcConfig: { subnetIds } }));
    await expect(answer).rejects.toMatchObject({
      name: "UnsupportedAvailabilityZoneException",
      validZones: ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1f"],
      message: expect.stringContaining("us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1f"),
    });
  });

  test("a Local Zone hosts no control plane", async () => {
    const here = await ground();
    const { subnetIds } = await makeNetwork(here, ["a", "-lax-1a"]);
    await refused(
      create(here, { resourcesVpcConfig: { subnetIds } }),
      "UnsupportedAvailabilityZoneException",
      "us-west-2-lax-1a",
    );
  });

  test("security groups must be in the VPC of the subnets", async () => {
    const here = await ground();
    await makeVpc(here);
    await here.pass(durations.ec2Propagation);
    const { SecurityGroups } = await here.ec2.send(new DescribeSecurityGroupsCommand({}));
    const other = present(SecurityGroups?.find((group) => group.VpcId !== here.vpcId)?.GroupId);
    const resourcesVpcConfig = { subnetIds: here.subnetIds, securityGroupIds: [other] };
    await refused(create(here, { resourcesVpcConfig }), "InvalidParameterException", other);
  });

  test("requests that cannot work are refused", async () => {
    const here = await ground();
    const network = { subnetIds: here.subnetIds };
    const cases: [Partial<CreateClusterRequest>, string][] = [
      [{ version: "1.30" }, "unsupported Kubernetes version"],
      [{ version: "1.31", upgradePolicy: { supportType: "STANDARD" } }, "extended support"],
      [{ resourcesVpcConfig: { ...network, endpointPublicAccess: false } }, "cannot be false"],
      [{ resourcesVpcConfig: { ...network, publicAccessCidrs: ["10.0.0.0/8"] } }, "not allowed in publicAccessCidrs"],
      [{ kubernetesNetworkConfig: { serviceIpv4Cidr: "8.8.0.0/16" } }, "serviceIpv4Cidr"],
      [{ kubernetesNetworkConfig: { serviceIpv4Cidr: "192.168.0.0/16" } }, "overlaps"],
      [
        { accessConfig: { authenticationMode: "CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: false } },
        "bootstrapClusterCreatorAdminPermissions must be true",
      ],
      [{ encryptionConfig: [{ resources: ["secrets"], provider: { keyArn: "arn:aws:s3:::b" } }] }, "keyArn"],
      [{ tags: { "aws:mine": "x" } }, "reserved"],
    ];
    for (const [changes, message] of cases) {
      await refused(create(here, changes), "InvalidParameterException", message);
    }
  });

  test("the creator gets an access entry with all rights, unless it wants none", async () => {
    const here = await cluster();
    const { accessEntry } = await here.eks.send(
      new DescribeAccessEntryCommand({ clusterName: "c", principalArn: creator }),
    );
    expect(accessEntry).toMatchObject({ type: "STANDARD", username: creator });
    const { associatedAccessPolicies } = await here.eks.send(
      new ListAssociatedAccessPoliciesCommand({ clusterName: "c", principalArn: creator }),
    );
    expect(associatedAccessPolicies).toMatchObject([
      {
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
      },
    ]);
    const accessConfig = { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false } as const;
    await create(here, { name: "d", accessConfig });
    const asked = new DescribeAccessEntryCommand({ clusterName: "d", principalArn: creator });
    await refused(here.eks.send(asked), "ResourceNotFoundException", "principalArn");
  });

  test("the control plane has interfaces in its subnets and a security group of its own", async () => {
    const here = await cluster();
    const group = present((await describeCluster(here)).resourcesVpcConfig?.clusterSecurityGroupId);
    const { NetworkInterfaces } = await here.ec2.send(new DescribeNetworkInterfacesCommand({}));
    expect(NetworkInterfaces?.map((each) => each.SubnetId).toSorted()).toEqual(here.subnetIds.toSorted());
    for (const each of NetworkInterfaces ?? []) {
      expect(each).toMatchObject({ Description: "Amazon EKS c", RequesterManaged: true, Groups: [{ GroupId: group }] });
    }
    const { SecurityGroups } = await here.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [group] }));
    expect(SecurityGroups?.[0]?.Tags).toContainEqual({ Key: "kubernetes.io/cluster/c", Value: "owned" });
  });

  test("a scenario lets creation fail, so many times", async () => {
    const here = await ground();
    const failure = {
      resource: "cluster",
      name: "c",
      code: "InsufficientFreeAddresses",
      message: "none left",
    } as const;
    here.sandbox.scenario({ failures: [{ ...failure, times: 1 }] });
    await create(here);
    await here.pass(durations.clusterCreate);
    const failed = await describeCluster(here);
    expect(failed).toMatchObject({
      status: "FAILED",
      health: { issues: [{ code: "InsufficientFreeAddresses", message: "none left" }] },
    });
    expect(failed.endpoint).toBeUndefined();
    await here.eks.send(new DeleteClusterCommand({ name: "c" }));
    await here.pass(durations.clusterDelete);
    await create(here);
    await here.pass(durations.clusterCreate);
    expect((await describeCluster(here)).status).toBe("ACTIVE");
  });

  test("regions and partitions are apart", async () => {
    const here = await cluster({}, "cn-north-1");
    expect(await describeCluster(here)).toMatchObject({
      arn: "arn:aws-cn:eks:cn-north-1:111122223333:cluster/c",
      identity: { oidc: { issuer: expect.stringMatching(/^https:\/\/oidc\.eks\.cn-north-1\.amazonaws\.com\.cn\//) } },
    });
    const elsewhere = clientsOf(here.sandbox, { region: "cn-northwest-1" });
    expect((await elsewhere.eks.send(new ListClustersCommand({}))).clusters).toEqual([]);
  });

  test("clusters are listed page by page", async () => {
    const here = await ground();
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    for (const name of names) await create(here, { name });
    const first = await here.eks.send(new ListClustersCommand({}));
    const second = await here.eks.send(new ListClustersCommand({ nextToken: first.nextToken }));
    expect(second.nextToken).toBeUndefined();
    expect([...present(first.clusters), ...present(second.clusters)]).toEqual(names);
  });
});

describe("logging", () => {
  test("EKS makes the log group itself when the cluster logs", async () => {
    const here = await ground();
    await create(here, { logging: { clusterLogging: [{ types: ["api", "audit"], enabled: true }] } });
    expect(await logGroups(here)).toEqual([]);
    await here.pass(durations.clusterCreate);
    expect(await logGroups(here)).toEqual(["/aws/eks/c/cluster"]);
    const { logging: described } = await describeCluster(here);
    expect(described?.clusterLogging).toEqual([
      { types: ["api", "audit"], enabled: true },
      { types: ["authenticator", "controllerManager", "scheduler"], enabled: false },
    ]);
  });

  test("a log group that is deleted before the cluster comes back", async () => {
    const here = await cluster({ logging: { clusterLogging: [{ types: ["api"], enabled: true }] } });
    await here.logs.send(new DeleteLogGroupCommand({ logGroupName: "/aws/eks/c/cluster" }));
    await here.eks.send(new DeleteClusterCommand({ name: "c" }));
    await here.pass(durations.clusterDelete);
    expect(await logGroups(here)).toEqual(["/aws/eks/c/cluster"]);
  });
});

describe("DeleteCluster", () => {
  const remove = new DeleteClusterCommand({ name: "c" });

  test("the cluster goes, and a little later what EKS made", async () => {
    const here = await cluster();
    const group = present((await describeCluster(here)).resourcesVpcConfig?.clusterSecurityGroupId);
    const interfaces = async () =>
      (await here.ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces?.length;
    const groups = async () =>
      (await here.ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups?.map((each) => each.GroupId);
    expect((await here.eks.send(remove)).cluster?.status).toBe("DELETING");
    await here.pass(durations.clusterDelete - 1);
    expect((await describeCluster(here)).status).toBe("DELETING");
    await here.pass(1);
    const gone = here.eks.send(new DescribeClusterCommand({ name: "c" }));
    await refused(gone, "ResourceNotFoundException", "No cluster found for name: c.");
    expect([await interfaces(), await groups()]).toEqual([2, expect.arrayContaining([group])]);
    await here.pass(durations.networkInterfaceRelease);
    expect([await interfaces(), await groups()]).toEqual([0, expect.not.arrayContaining([group])]);
  });

  test("a protected one that has failed can be deleted", async () => {
    const here = await ground();
    const failure = { resource: "cluster", name: "c", code: "InternalFailure", message: "no way" } as const;
    here.sandbox.scenario({ failures: [failure] });
    await here.eks.send(new CreateClusterCommand(clusterRequest(here, { deletionProtection: true })));
    await here.pass(durations.clusterCreate);
    expect((await describeCluster(here)).status).toBe("FAILED");
    expect((await here.eks.send(remove)).cluster?.status).toBe("DELETING");
  });

  test("refused while it has nodegroups, is being made, updated or protected", async () => {
    const creating = await ground();
    await create(creating);
    await refused(creating.eks.send(remove), "ResourceInUseException", "being created");

    await refused((await clusterWithNodes()).eks.send(remove), "ResourceInUseException", "nodegroups attached");

    const here = await cluster({ deletionProtection: true });
    await refused(here.eks.send(remove), "InvalidRequestException", "deletion protection");
    await here.eks.send(new UpdateClusterConfigCommand({ name: "c", deletionProtection: false }));
    await refused(here.eks.send(remove), "ResourceInUseException", "update in progress");
    await here.pass(durations.clusterConfigUpdate);
    expect((await here.eks.send(remove)).cluster?.status).toBe("DELETING");
  });
});
