import {
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  AssociateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
} from "@aws-sdk/client-ec2";
import { CreateLoadBalancerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addNetworkInterface,
  releaseNetworkInterfaces,
  runInstances,
} from "../../src/sandbox/services/ec2/internal.ts";
import { ensureInstanceProfile } from "../../src/sandbox/services/iam/internal.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";
import { contents, owned } from "../support/holdings.ts";
import { busyAccount, settled, loggingFile } from "../support/kubernetes.ts";

const region = "us-west-2";

let base: Account;
beforeAll(async () => {
  base = await openTestAccount();
  expect(failuresOf(await base.create(loggingFile()))).toEqual([]);
}, 60_000);
afterAll(() => base.close());

function refOf({ sandbox }: Account, id: string): string {
  const found = owned(sandbox, "demo", region).find(({ tags }) => tags["ekstool.dev/id"] === id);
  if (!found) throw new Error(`there is no ${id}`);
  return found.at.split("/").at(-1) ?? "";
}

/** What is ours of an account, but for what AWS lists for a while after it is gone. */
function left({ sandbox }: Account): readonly string[] {
  return owned(sandbox, "demo", region)
    .filter(({ record, family }) => record["State"] !== "deleted" && family !== "instances")
    .map(({ family }) => family);
}

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** A VPC of somebody else, in which a cluster of the same name lives that another tool made. */
async function twinElsewhere(account: Account, where: string): Promise<void> {
  const { world } = account.sandbox;
  const { ec2, elbv2 } = account.session(where).clients;
  const { Vpc: { VpcId = "" } = {} } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
  const { InternetGateway: { InternetGatewayId: GatewayId } = {} } = await ec2.send(
    new CreateInternetGatewayCommand({}),
  );
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId }));
  const { Subnet: { SubnetId = "" } = {} } = await ec2.send(
    new CreateSubnetCommand({ VpcId, CidrBlock: "10.9.0.0/24", AvailabilityZone: `${where}a` }),
  );
  const { RouteTable: { RouteTableId } = {} } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId }));
  await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  const mine = { "kubernetes.io/cluster/demo": "owned", "elbv2.k8s.aws/cluster": "demo" };
  const { GroupId = "" } = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId, GroupName: "k8s-elb-a", Description: "theirs" }),
  );
  await ec2.send(new CreateTagsCommand({ Resources: [GroupId], Tags: tagList(mine) }));
  await elbv2.send(
    new CreateLoadBalancerCommand({ Name: "theirs", Type: "network", Subnets: [SubnetId], Tags: tagList(mine) }),
  );
  addNetworkInterface(world, where, {
    subnetId: SubnetId,
    tags: { "cluster.k8s.amazonaws.com/name": "demo" },
    inUse: false,
  });
  const instance = { subnetIds: [SubnetId], groupIds: [GroupId], instanceType: "m5.large", count: 1 };
  const [id = ""] = runInstances(world, where, { ...instance, tags: { ...mine, "karpenter.sh/nodepool": "default" } });
  const volume = Object.values(world.region(where).ec2.volumes).find(({ instanceId }) => instanceId === id);
  Object.assign(volume?.tags ?? {}, { ...mine, "ebs.csi.aws.com/cluster": "true" });
}

describe("what belongs to others", () => {
  it("is as before, though it belongs to a cluster of the same name", async () => {
    const account = await busyAccount(base);
    const fresh = closing(await openTestAccount());
    for (const one of [account, fresh]) {
      await twinElsewhere(one, region);
      await twinElsewhere(one, "eu-west-1");
      const owner = { "kubernetes.io/cluster/demo": "owned", "topology.kubernetes.io/region": "eu-west-1" };
      ensureInstanceProfile(one.sandbox.world, {
        name: "demo_theirs",
        path: "/karpenter/eu-west-1/demo/",
        roleName: "",
        tags: owner,
      });
    }
    delete account.sandbox.world.state.iam.instanceProfiles["demo_theirs"]?.roleName;
    await settled(account);
    const before = contents(account.sandbox);
    const deleted = await account.delete("demo", region, { volumes: "delete" });
    expect(failuresOf(deleted)).toEqual([]);
    await account.rest();
    const after = contents(account.sandbox) as { regions: Record<string, unknown> };
    const was = before as { regions: Record<string, unknown> };
    expect(after.regions["eu-west-1"]).toEqual(was.regions["eu-west-1"]);
    const { elbv2, ec2 } = account.sandbox.world.region(region);
    expect(Object.values(elbv2.loadBalancers).map(({ name }) => name)).toEqual(["theirs"]);
    expect(Object.values(ec2.instances).map(({ state }) => state)).toEqual(["running"]);
    expect(Object.values(ec2.volumes)).toHaveLength(1);
    expect(Object.values(ec2.securityGroups).map(({ GroupName }) => GroupName)).toEqual(["default", "k8s-elb-a"]);
    expect(Object.values(ec2.networkInterfaces).some(({ attachment }) => attachment === null)).toBe(true);
    expect(Object.keys(account.sandbox.world.state.iam.instanceProfiles)).toEqual(["demo_theirs"]);
  });

  it("is never touched in our own VPC either: of another cluster, `shared`, or without tags", async () => {
    const account = await busyAccount(base, { cluster: "demo", loadBalancers: [{ name: "api", type: "network" }] });
    const { ec2, elbv2 } = account.session(region).clients;
    const VpcId = refOf(account, "vpc");
    const subnet = owned(account.sandbox, "demo", region).find(({ tags }) =>
      tags["ekstool.dev/id"]?.startsWith("subnet/public"),
    );
    const Subnets = [String(subnet?.record["SubnetId"])];
    const tagged: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ["other", { "kubernetes.io/cluster/other": "owned", "elbv2.k8s.aws/cluster": "other" }],
      ["shared", { "kubernetes.io/cluster/demo": "shared", "elbv2.k8s.aws/cluster": "demo" }],
      ["untagged", {}],
    ];
    for (const [name, tags] of tagged) {
      await elbv2.send(
        new CreateLoadBalancerCommand({
          Name: name,
          Type: "network",
          Subnets,
          ...(name === "untagged" ? {} : { Tags: tagList(tags) }),
        }),
      );
      const group = { VpcId, GroupName: name, Description: "theirs" };
      const { GroupId = "" } = await ec2.send(new CreateSecurityGroupCommand(group));
      if (name !== "untagged") await ec2.send(new CreateTagsCommand({ Resources: [GroupId], Tags: tagList(tags) }));
    }
    const { elbv2: state, ec2: network } = account.sandbox.world.region(region);
    const theirs = () =>
      JSON.stringify([
        Object.values(state.loadBalancers).filter(({ name }) => tagged.some(([one]) => one === name)),
        Object.values(network.securityGroups).filter(({ GroupName }) => tagged.some(([one]) => one === GroupName)),
      ]);
    const before = theirs();
    await settled(account);
    const { result, output } = await account.delete("demo", region);
    expect(result.outcome).toBe("failed");
    expect(theirs()).toBe(before);
    expect(output?.swept.map(({ kind }) => kind)).toContain("elb.load-balancer");
    const arns = Object.values(state.loadBalancers).map(({ arn }) => arn);
    expect(arns).toHaveLength(3);
    const said = failuresOf({ result, output: undefined }).join("\n");
    for (const arn of arns) expect(said).toContain(`load balancer ${arn}`);
  });
});

describe("what is in the way", () => {
  const cases: readonly (readonly [
    what: string,
    put: (account: Account) => Promise<{ readonly named: RegExp; readonly remove: () => Promise<unknown> | void }>,
    stays: readonly string[],
  ])[] = [
    [
      "a database's network interface",
      (account) => {
        const { world } = account.sandbox;
        const subnetId = refOf(account, `subnet/private/${region}a`);
        const id = addNetworkInterface(world, region, {
          subnetId,
          description: "RDSNetworkInterface",
          requesterManaged: true,
        });
        const remove = () => releaseNetworkInterfaces(world, region, [id], world.now());
        return Promise.resolve({ named: new RegExp(`network interface ${id} \\(RDSNetworkInterface\\)`), remove });
      },
      ["subnets", "vpcs"],
    ],
    [
      "a security group of somebody else, whose rule names one of ours",
      async (account) => {
        const { ec2 } = account.session(region).clients;
        const group = { VpcId: refOf(account, "vpc"), GroupName: "theirs", Description: "theirs" };
        const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(group));
        const ours = { GroupId: refOf(account, "security-group/shared-node") };
        const rule = { IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [ours] };
        await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
        const remove = () => ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
        return { named: new RegExp(`a rule of security group ${GroupId} \\(theirs\\) that names it`), remove };
      },
      ["securityGroups", "vpcs"],
    ],
    [
      "an instance profile of somebody else that holds our role",
      async (account) => {
        const { iam } = account.session(region).clients;
        const profile = { InstanceProfileName: "theirs" };
        await iam.send(new CreateInstanceProfileCommand(profile));
        const RoleName = refOf(account, "role/nodegroup/web");
        await iam.send(new AddRoleToInstanceProfileCommand({ ...profile, RoleName }));
        const remove = () => iam.send(new RemoveRoleFromInstanceProfileCommand({ ...profile, RoleName }));
        return { named: /instance profile arn:aws:iam::111122223333:instance-profile\/theirs/, remove };
      },
      ["roles"],
    ],
  ];

  it.each(cases)("is named, in bounded time: %s", async (_what, put, stays) => {
    const account = closing(await base.fork());
    const { named, remove } = await put(account);
    await settled(account);
    const { result } = await account.delete("demo", region);
    expect(result.outcome).toBe("failed");
    expect(result.failures.map(({ error }) => String(error))).toEqual([expect.stringMatching(named)]);
    expect(result.leftovers.map(({ because }) => because)).toContainEqual(expect.stringMatching(named));
    expect([...new Set(left(account))].toSorted()).toEqual(stays);
    const { records } = { records: result.steps.filter(({ failed }) => failed) };
    expect(records.every(({ startedAt, finishedAt }) => finishedAt - startedAt < 120_000)).toBe(true);
    await remove();
    expect(failuresOf(await account.delete("demo", region))).toEqual([]);
    await account.rest();
    expect(left(account)).toEqual([]);
  });
});
