import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AllocateAddressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateLaunchTemplateCommand,
  CreateRouteCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
} from "@aws-sdk/client-ec2";
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  TagResourceCommand,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
import { AttachRolePolicyCommand, CreateRoleCommand, PutRolePolicyCommand, TagRoleCommand } from "@aws-sdk/client-iam";
import { beforeAll, afterAll, describe, expect, it } from "vitest";
import type { PlanItem } from "../../src/engine/plan-types.ts";
import { addNetworkInterface, releaseNetworkInterfaces } from "../../src/sandbox/services/ec2/internal.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";
import { contents, owned } from "../support/holdings.ts";

const region = "us-west-2";
const fileIn = (where: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${where}, tags: { team: blue } }
accessConfig:
  accessEntries: [{ principalARN: "arn:aws:iam::111122223333:role/developers" }]
cloudWatch: { clusterLogging: { enableTypes: [audit], logRetentionInDays: 30 } }
managedNodeGroups:
  - { name: workers, privateNetworking: true, labels: { tier: web } }`;
const file = fileIn(region);
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
});
const inline = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
});

/** Before there is a cluster of ours: a VPC, roles and names of somebody else, and a cluster of the same name elsewhere. */
async function seedStrangers(account: Account): Promise<void> {
  const { ec2, iam, logs } = account.session(region).clients;
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "192.168.0.0/16" }));
  const VpcId = Vpc?.VpcId;
  const tags = [{ Key: "Name", Value: "demo/vpc" }];
  await ec2.send(new CreateTagsCommand({ Resources: [VpcId ?? ""], Tags: tags }));
  await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "192.168.0.0/19" }));
  const group = { GroupName: "demo-shared-node", Description: "of somebody else", VpcId };
  await ec2.send(new CreateSecurityGroupCommand(group));
  await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: "ekstool-other-workers",
      LaunchTemplateData: { InstanceType: "m5.large" },
    }),
  );
  const roles = [
    { RoleName: "developers" },
    { RoleName: "demo-nodegroup-workers" },
    // Under our path, and without our tags.
    { RoleName: "stranger", Path: `/ekstool/${region}/demo/` },
  ];
  for (const role of roles) await iam.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: trust }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/eks/demo/cluster-of-yore" }));
  const elsewhere = account.session("eu-west-1").clients;
  await elsewhere.logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/eks/demo/cluster" }));
  expect(failuresOf(await account.create(fileIn("us-east-1")))).toEqual([]);
}

/** What the account calls a thing of ours. */
function refOf({ sandbox }: Account, id: string): string {
  const found = owned(sandbox, "demo", region).find(({ tags }) => tags["ekstool.dev/id"] === id);
  if (!found) throw new Error(`there is no ${id}`);
  return found.at.split("/").at(-1) ?? "";
}

/** What others write into things of ours. */
async function seedIntoOurs(account: Account): Promise<void> {
  const { ec2, eks, iam } = account.session(region).clients;
  const cluster = account.sandbox.world.state.regions[region]?.eks.clusters["demo"];
  const workers = cluster?.nodegroups["workers"];
  await ec2.send(
    new CreateRouteCommand({
      RouteTableId: refOf(account, "route-table/public"),
      DestinationCidrBlock: "10.99.0.0/16",
      GatewayId: refOf(account, "internet-gateway"),
    }),
  );
  const rule = { IpProtocol: "tcp", FromPort: 9090, ToPort: 9090, IpRanges: [{ CidrIp: "10.99.0.0/16" }] };
  for (const GroupId of [cluster?.clusterSecurityGroupId, refOf(account, "security-group/shared-node")]) {
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
  }
  const Tags = [{ Key: "costs", Value: "42" }];
  await ec2.send(new CreateTagsCommand({ Resources: [refOf(account, "vpc")], Tags }));
  for (const resourceArn of [cluster?.arn, workers?.arn]) {
    await eks.send(new TagResourceCommand({ resourceArn, tags: { costs: "42" } }));
  }
  const RoleName = refOf(account, "role/nodegroup/workers");
  const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "theirs", PolicyDocument: inline }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  await iam.send(new TagRoleCommand({ RoleName, Tags }));
  const clusterName = "demo";
  await eks.send(
    new UpdateNodegroupConfigCommand({
      clusterName,
      nodegroupName: "workers",
      labels: { addOrUpdateLabels: { theirs: "yes" } },
      taints: { addOrUpdateTaints: [{ key: "theirs", effect: "PREFER_NO_SCHEDULE" }] },
    }),
  );
  await account.rest();
  await eks.send(
    new AssociateAccessPolicyCommand({
      clusterName,
      principalArn: "arn:aws:iam::111122223333:role/developers",
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
      accessScope: { type: "cluster" },
    }),
  );
  const principalArn = "arn:aws:iam::111122223333:role/demo-nodegroup-workers";
  await eks.send(new CreateAccessEntryCommand({ clusterName, principalArn }));
}

function keptOf(items: readonly PlanItem[], id: string): readonly string[] {
  return items.find((item) => item.id === id)?.kept ?? [];
}

let base: Account;
let strangers: unknown;
beforeAll(async () => {
  base = await openTestAccount();
  await seedStrangers(base);
  await base.rest();
  strangers = contents(base.sandbox);
  expect(failuresOf(await base.create(file))).toEqual([]);
  await seedIntoOurs(base);
  base.changes();
}, 60_000);
afterAll(() => base.close());

describe("what others made or wrote", () => {
  it("is kept by apply, and shown as kept", async () => {
    const account = closing(await base.fork());
    const before = contents(account.sandbox);
    const { items, changes } = await account.plan(file, true);
    expect(items.filter(({ verb }) => verb !== "keep")).toEqual([]);
    expect(changes).toBe(false);
    expect(keptOf(items, "route-table/public")).toEqual([
      `routes: 10.99.0.0/16 to ${refOf(account, "internet-gateway")}`,
    ]);
    expect(keptOf(items, "role/nodegroup/workers")).toEqual([
      "managedPolicies: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
      "inlinePolicies: theirs",
      "tags: costs",
    ]);
    expect(keptOf(items, "vpc")).toEqual(["tags: costs"]);
    expect(keptOf(items, "cluster")).toEqual(["tags: costs"]);
    expect(keptOf(items, "nodegroup/workers")).toEqual([
      "labels: theirs",
      "taints: theirs:PreferNoSchedule",
      "tags: costs",
    ]);
    expect(keptOf(items, "access-entry/arn:aws:iam::111122223333:role/developers")).toEqual([
      "policies: arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    ]);

    expect((await account.apply(file, { prune: true })).result.outcome).toBe("done");
    expect(account.changes()).toEqual([]);
    expect(contents(account.sandbox)).toEqual(before);
  });

  it("survives edits of what we wrote beside it", async () => {
    const account = closing(await base.fork());
    const edited = file.replace("team: blue", "stage: test").replace("tier: web", "tier: api");
    expect(failuresOf(await account.apply(edited))).toEqual([]);
    const { items, changes } = await account.plan(edited);
    expect(changes).toBe(false);
    const workers = account.sandbox.world.state.regions[region]?.eks.clusters["demo"]?.nodegroups["workers"];
    expect(workers?.labels).toMatchObject({ theirs: "yes", tier: "api" });
    expect(workers?.taints).toEqual([{ key: "theirs", effect: "PREFER_NO_SCHEDULE" }]);
    expect(workers?.tags).toMatchObject({ costs: "42", stage: "test" });
    expect(workers?.tags).not.toHaveProperty("team");
    expect(keptOf(items, "role/nodegroup/workers")).toHaveLength(3);
    expect(keptOf(items, "vpc")).toEqual(["tags: costs"]);
  });

  it("is as before when our cluster is deleted, a cluster of the same name elsewhere included", async () => {
    const account = closing(await base.fork());
    const deleted = await account.delete("demo", region);
    expect(failuresOf(deleted)).toEqual([]);
    expect(deleted.result.leftovers).toEqual([]);
    await account.rest();
    expect(owned(account.sandbox, "demo", region)).toEqual([]);
    expect(contents(account.sandbox)).toEqual(strangers);
    expect((await account.plan(fileIn("us-east-1"), true)).changes).toBe(false);
  });

  it("keeps what it is attached to from being deleted, which is said; the same command then ends it", async () => {
    const account = closing(await base.fork());
    const { world } = account.sandbox;
    const zone = owned(account.sandbox, "demo", region).find(({ family }) => family === "natGateways");
    const SubnetId = String(zone?.record["SubnetId"]);
    const id = zone?.tags["ekstool.dev/id"]?.replace("nat-gateway", "subnet/public");
    const inOurSubnet = {
      subnetId: SubnetId,
      groupIds: [],
      description: "ELB app/theirs",
      requesterManaged: true,
      tags: {},
    };
    const networkInterface = addNetworkInterface(world, region, inOurSubnet);

    const { result } = await account.delete("demo", region);
    expect(result.outcome).toBe("failed");
    expect(result.leftovers.map(({ id }) => id).toSorted()).toEqual([id, "vpc"]);
    const held = result.leftovers.find(({ id }) => id.startsWith("subnet"));
    expect(held).toMatchObject({ ref: SubnetId, because: expect.stringContaining("dependencies") as string });
    const left = owned(account.sandbox, "demo", region).filter(({ record }) => record["State"] !== "deleted");
    expect(
      left
        .filter(({ family }) => family !== "instances")
        .map(({ family }) => family)
        .toSorted(),
    ).toEqual(["subnets", "vpcs"]);

    releaseNetworkInterfaces(world, region, [networkInterface], world.now());
    expect((await account.delete("demo", region)).result.outcome).toBe("done");
    await account.rest();
    expect(contents(account.sandbox)).toEqual(strangers);
  });
});
