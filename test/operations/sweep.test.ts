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
import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  ModifyLoadBalancerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { UpdateClusterConfigCommand } from "@aws-sdk/client-eks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proposeDelete } from "../../src/operations/cluster.ts";
import {
  addNetworkInterface,
  releaseNetworkInterfaces,
  runInstances,
} from "../../src/sandbox/services/ec2/internal.ts";
import { ensureInstanceProfile } from "../../src/sandbox/services/iam/internal.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";
import { contents, owned } from "../support/holdings.ts";
import { busyCluster } from "../support/kubernetes.ts";

const region = "us-west-2";
const file = (more = "") => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
cloudWatch: { clusterLogging: { enableTypes: [api] } }
${more}
managedNodeGroups: [{ name: web, desiredCapacity: 2 }]`;

let base: Account;
let nothing: unknown;
beforeAll(async () => {
  base = await openTestAccount();
  await base.rest();
  nothing = contents(base.sandbox);
  expect(failuresOf(await base.create(file()))).toEqual([]);
}, 60_000);
afterAll(() => base.close());

/** The cluster of `base`, with what its controllers made when there was time to make it. */
async function busyAccount(workload = busyCluster): Promise<Account> {
  const account = closing(await base.fork());
  account.sandbox.scenario({ kubernetes: [workload] });
  await settle(account);
  return account;
}

/** A request lets the controllers work; what they made shows a moment later. */
async function settle(account: Account): Promise<void> {
  await account.session(region).caller();
  await account.sandbox.clock.sleep(10_000);
}

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

describe("a cluster in which Kubernetes was at work", () => {
  it("goes with all that was made for it, in order", async () => {
    const account = await busyAccount();
    account.changes();
    const deleted = await account.delete("demo", region, { volumes: "delete" });
    expect(failuresOf(deleted)).toEqual([]);
    expect(deleted.output).toMatchObject({ kept: [], leftovers: [] });
    expect(new Set(deleted.output?.swept.map(({ kind }) => kind))).toEqual(
      new Set([
        "ec2.instance",
        "iam.instance-profile",
        "elb.classic-load-balancer",
        "elb.load-balancer",
        "elb.target-group",
        "ec2.derived-security-group-rule",
        "ec2.derived-security-group",
        "ec2.network-interface",
        "ec2.cluster-security-group",
        "ec2.volume",
      ]),
    );
    const order = account
      .changes()
      .filter(({ outcome }) => outcome === "ok")
      .map(({ operation }) => operation);
    const first = (operation: string) => order.indexOf(operation);
    expect(first("TerminateInstances")).toBeLessThan(first("DeleteCluster"));
    expect(first("DeleteNodegroup")).toBeLessThan(first("DeleteCluster"));
    expect(first("DeleteCluster")).toBeLessThan(first("DeleteLoadBalancer"));
    expect(order.lastIndexOf("DeleteLoadBalancer")).toBeLessThan(order.lastIndexOf("DeleteSubnet"));
    expect(order.at(-1)).toBe("DeleteLogGroup");
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });

  it("shows all of it beforehand, and keeps volumes unless their deletion is asked for", async () => {
    const account = await busyAccount();
    const proposal = await proposeDelete(account.session(region), "demo");
    const derived = proposal.items.filter(({ owner }) => owner === "derived");
    const [volume] = Object.keys(account.sandbox.world.region(region).ec2.volumes).filter(
      (id) => account.sandbox.world.region(region).ec2.volumes[id]?.Size === 10,
    );
    expect(derived.filter(({ verb }) => verb === "keep")).toEqual([
      expect.objectContaining({ kind: "ec2.volume", ref: volume, reason: "10 GiB, of the claim data" }),
    ]);
    expect(derived.filter(({ kind }) => kind === "elb.load-balancer").map(({ verb }) => verb)).toEqual([
      "delete",
      "delete",
    ]);
    const { result, output } = await proposal.run({ onFailure: "keep" });
    expect(result.outcome).toBe("done");
    expect(output?.kept).toEqual([expect.objectContaining({ ref: volume, because: "10 GiB, of the claim data" })]);
    await account.rest();
    expect(Object.keys(account.sandbox.world.region(region).ec2.volumes)).toEqual([volume]);
  });

  it("leaves nothing that came between plan and execution, or was made again meanwhile", async () => {
    const account = closing(await base.fork());
    const proposal = await proposeDelete(account.session(region), "demo", { volumes: "delete" });
    expect(proposal.items.filter(({ owner }) => owner === "derived")).toEqual([]);
    account.sandbox.scenario({ kubernetes: [{ ...busyCluster, karpenterNodes: 3 }] });
    const finished = await proposal.run({ onFailure: "keep" });
    expect(failuresOf(finished)).toEqual([]);
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });

  it("ends empty when the run is stopped half-way and started again", async () => {
    const account = await busyAccount();
    const stop = new AbortController();
    void account.sandbox.clock.sleep(400_000).then(() => stop.abort());
    const first = await account.delete("demo", region, { volumes: "delete", interrupt: stop.signal });
    expect(first.result.outcome).toBe("interrupted");
    expect(account.sandbox.world.region(region).eks.clusters).toEqual({});
    expect(failuresOf(await account.delete("demo", region, { volumes: "delete" }))).toEqual([]);
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });

  it("is swept, too, when its creation is rolled back", async () => {
    const account = closing(await openTestAccount());
    await account.rest();
    const failure = { resource: "nodegroup", name: "web", code: "NodeCreationFailure", message: "no way" } as const;
    account.sandbox.scenario({ failures: [failure], kubernetes: [{ ...busyCluster, volumes: [] }] });
    const { result } = await account.create(file(), { onFailure: "rollback" });
    expect(result.outcome).toBe("failed");
    expect(result.leftovers).toEqual([]);
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });
});

describe("the log group", () => {
  it("is deleted once more when EKS delivers logs after its deletion", async () => {
    const account = closing(await base.fork());
    account.sandbox.scenario({ kubernetes: [{ cluster: "demo", lateLogs: 100 }] });
    const deleted = await account.delete("demo", region);
    expect(failuresOf(deleted)).toEqual([]);
    expect(deleted.output?.swept.map(({ kind }) => kind)).toContain("logs.late-log-group");
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });

  it("stays, and is listed, when it was there before the cluster", async () => {
    const account = closing(await openTestAccount());
    const { logs } = account.session(region).clients;
    await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/eks/demo/cluster" }));
    expect(failuresOf(await account.create(file()))).toEqual([]);
    const { result, output } = await account.delete("demo", region);
    expect(result.outcome).toBe("done");
    expect(output?.kept).toEqual([
      expect.objectContaining({
        ref: "/aws/eks/demo/cluster",
        because: expect.stringContaining("somebody else") as string,
      }),
    ]);
    expect(Object.keys(account.sandbox.world.region(region).logs.groups)).toEqual(["/aws/eks/demo/cluster"]);
  });
});

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
    const account = await busyAccount();
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
    await settle(account);
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
    const account = await busyAccount({ cluster: "demo", loadBalancers: [{ name: "api", type: "network" }] });
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
    await settle(account);
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
    await settle(account);
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

describe("what is protected", () => {
  it("keeps everything from being deleted: the cluster's own protection", async () => {
    const account = closing(await base.fork());
    expect(failuresOf(await account.apply(file("deletionProtection: true")))).toEqual([]);
    account.changes();
    const proposal = await proposeDelete(account.session(region), "demo");
    expect(proposal.items.filter(({ verb }) => verb === "refuse")).toEqual([
      expect.objectContaining({ id: "cluster", reason: expect.stringContaining("--no-deletion-protection") as string }),
    ]);
    await expect(proposal.run({ onFailure: "keep" })).rejects.toThrow(/deletion protection is on/);
    expect(account.changes()).toEqual([]);
    await account
      .session(region)
      .clients.eks.send(new UpdateClusterConfigCommand({ name: "demo", deletionProtection: false }));
    await account.rest();
    expect(failuresOf(await account.delete("demo", region))).toEqual([]);
  });

  it("keeps everything from being deleted: that of a load balancer", async () => {
    const account = await busyAccount({
      cluster: "demo",
      loadBalancers: [{ name: "api", type: "network", deletionProtection: true }],
    });
    account.changes();
    const [arn = ""] = Object.keys(account.sandbox.world.region(region).elbv2.loadBalancers);
    const proposal = await proposeDelete(account.session(region), "demo");
    await expect(proposal.run({ onFailure: "keep" })).rejects.toThrow(arn);
    expect(account.changes()).toEqual([]);
    const { elbv2 } = account.session(region).clients;
    const off = [{ Key: "deletion_protection.enabled", Value: "false" }];
    await elbv2.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: arn, Attributes: off }));
    account.sandbox.scenario({});
    await elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    expect(failuresOf(await account.delete("demo", region))).toEqual([]);
  });

  it("keeps a creation from being rolled back by half", async () => {
    const account = closing(await openTestAccount());
    const failure = { resource: "nodegroup", name: "web", code: "NodeCreationFailure", message: "no way" } as const;
    account.sandbox.scenario({ failures: [failure] });
    const { result } = await account.create(file("deletionProtection: true"), { onFailure: "rollback" });
    expect(result).toMatchObject({ outcome: "failed", rolledBack: [], leftovers: [] });
    expect(account.events).toContainEqual(
      expect.objectContaining({
        type: "note",
        text: expect.stringMatching(/nothing is rolled back: EKS cluster demo/),
      }),
    );
    expect(account.sandbox.world.region(region).eks.clusters["demo"]?.status).toBe("ACTIVE");
  });

  it("is rolled back all the same when the control plane never came up", async () => {
    const account = closing(await openTestAccount());
    await account.rest();
    const failure = { resource: "cluster", name: "demo", code: "InternalFailure", message: "no way" } as const;
    account.sandbox.scenario({ failures: [failure] });
    const { result } = await account.create(file("deletionProtection: true"));
    expect(result).toMatchObject({ outcome: "failed", leftovers: [] });
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });
});
