import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Account, openAccount } from "./account.ts";
import { agreeOnAddons, agreeOnCluster, agreeOnNodegroups } from "./agreement.ts";
import { programs } from "./programs.ts";

const cluster = "by-hand";
const ofCluster = ["--cluster-name", cluster] as const;
const ofNodes = [...ofCluster, "--nodegroup-name", "nodes"] as const;

/** A trust policy for one service. */
const trustOf = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });

describe.skipIf(!programs.aws)("the AWS CLI alone, from an empty account,", () => {
  let account: Account;
  let subnets: readonly string[] = [];

  beforeAll(async () => {
    account = await openAccount("eu-central-1");
  });
  afterAll(() => account.close());

  /** Makes a role; returns its ARN. */
  async function role(name: string, service: string, policies: readonly string[]): Promise<string> {
    const made = ["iam", "create-role", "--role-name", name, "--assume-role-policy-document", trustOf(service)];
    const { Role } = await account.aws<{ Role: { Arn: string } }>(...made);
    for (const policy of policies) {
      await account.aws(
        "iam",
        "attach-role-policy",
        "--role-name",
        name,
        "--policy-arn",
        `arn:aws:iam::aws:policy/${policy}`,
      );
    }
    return Role.Arn;
  }

  it("makes a network, roles, and a cluster that ekstool describes alike", async () => {
    const vpc = [
      "--vpc-id",
      (await account.aws<{ Vpc: { VpcId: string } }>("ec2", "create-vpc", "--cidr-block", "10.0.0.0/16")).Vpc.VpcId,
    ];
    const { InternetGateway } = await account.aws<{ InternetGateway: { InternetGatewayId: string } }>(
      "ec2",
      "create-internet-gateway",
    );
    const gateway = InternetGateway.InternetGatewayId;
    await account.aws("ec2", "attach-internet-gateway", "--internet-gateway-id", gateway, ...vpc);
    const { RouteTables } = await account.aws<{ RouteTables: { RouteTableId: string }[] }>(
      "ec2",
      "describe-route-tables",
    );
    const table = ["--route-table-id", RouteTables[0]?.RouteTableId ?? ""];
    await account.aws(
      "ec2",
      "create-route",
      ...table,
      "--destination-cidr-block",
      "0.0.0.0/0",
      "--gateway-id",
      gateway,
    );
    subnets = await Promise.all(
      ["a", "b"].map(async (zone, at) => {
        const place = ["--availability-zone", `eu-central-1${zone}`, "--cidr-block", `10.0.${at}.0/24`];
        const { Subnet } = await account.aws<{ Subnet: { SubnetId: string } }>(
          "ec2",
          "create-subnet",
          ...vpc,
          ...place,
        );
        await account.awsText([
          "ec2",
          "modify-subnet-attribute",
          "--subnet-id",
          Subnet.SubnetId,
          "--map-public-ip-on-launch",
        ]);
        return Subnet.SubnetId;
      }),
    );
    const arn = await role("by-hand-cluster", "eks.amazonaws.com", ["AmazonEKSClusterPolicy"]);
    const network = ["--resources-vpc-config", `subnetIds=${subnets.join(",")}`];
    await account.aws("eks", "create-cluster", "--name", cluster, "--role-arn", arn, ...network);
    await account.awsText(["eks", "wait", "cluster-active", "--name", cluster]);
    await agreeOnCluster(account, cluster);
  });

  it("adds nodes and an add-on that ekstool describes alike", async () => {
    const policies = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly"];
    const arn = await role("by-hand-nodes", "ec2.amazonaws.com", policies);
    // EKS has put a CoreDNS of its own into the cluster.
    const takeover = ["--resolve-conflicts", "OVERWRITE"];
    await account.aws("eks", "create-nodegroup", ...ofNodes, "--node-role", arn, "--subnets", ...subnets);
    await account.aws("eks", "create-addon", ...ofCluster, "--addon-name", "coredns", ...takeover);
    await account.awsText(["eks", "wait", "nodegroup-active", ...ofNodes]);
    await account.awsText(["eks", "wait", "addon-active", ...ofCluster, "--addon-name", "coredns"]);
    expect(await agreeOnNodegroups(account, cluster)).toEqual(["nodes"]);
    expect(await agreeOnAddons(account, cluster)).toEqual(["coredns"]);
  });

  it("scales and updates what ekstool then describes alike", async () => {
    const size = ["--scaling-config", "minSize=1,maxSize=3,desiredSize=1", "--labels", "addOrUpdateLabels={by=hand}"];
    await account.aws("eks", "update-nodegroup-config", ...ofNodes, ...size);
    await account.awsText(["eks", "wait", "nodegroup-active", ...ofNodes]);
    await account.aws(
      "eks",
      "update-cluster-config",
      "--name",
      cluster,
      "--resources-vpc-config",
      "endpointPrivateAccess=true",
    );
    await account.awsText(["eks", "wait", "cluster-active", "--name", cluster]);
    await agreeOnNodegroups(account, cluster);
    await agreeOnCluster(account, cluster);
  });

  it("has a cluster that ekstool will not delete, and deletes it itself", async () => {
    const refused = await account.ekstool("delete", "cluster", "--name", cluster, "--yes");
    expect(refused).toMatchObject({ status: 4, stderr: expect.stringContaining("was not made by ekstool") as unknown });

    await account.aws("eks", "delete-nodegroup", ...ofNodes);
    await account.awsText(["eks", "wait", "nodegroup-deleted", ...ofNodes]);
    await account.aws("eks", "delete-cluster", "--name", cluster);
    await account.awsText(["eks", "wait", "cluster-deleted", "--name", cluster]);
    expect(await account.ekstoolJson("get", "cluster")).toEqual([]);
  });
});
