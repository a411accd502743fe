import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Account, openAccount } from "./account.ts";
import { agreeOnAddons, agreeOnCluster, agreeOnNodegroups } from "./agreement.ts";
import type { Ec2NatGateway, Ec2Subnet, Ec2Vpc, EksNodegroup, LogGroup } from "./aws-answers.ts";
import { programs } from "./programs.ts";

const file = "examples/production.yaml";
const cluster = "production";

interface Nodegroup {
  readonly name: string;
  readonly subnetIds: readonly string[];
  readonly roleArn: string;
}
interface Created {
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly vpc: { readonly id: string; readonly cidr: string };
  readonly subnets: readonly { id: string; zone: string; cidr: string; public: boolean }[];
  readonly roles: readonly { readonly name: string; readonly arn: string }[];
}
describe.skipIf(!programs.aws)("the AWS CLI, where ekstool made a cluster,", () => {
  let account: Account;
  let created: Created;
  const ofCluster = ["--cluster-name", cluster] as const;
  const describeNodegroup = async (name: string) => {
    const args = ["eks", "describe-nodegroup", ...ofCluster, "--nodegroup-name", name];
    return (await account.aws<{ nodegroup: EksNodegroup }>(...args)).nodegroup;
  };
  const nodegroups = () => account.ekstoolJson<Nodegroup[]>("get", "nodegroup", "--cluster", cluster);
  const plan = async () => (await account.ekstool("plan", "-f", file)).status;

  beforeAll(async () => {
    account = await openAccount("eu-west-1");
    created = await account.ekstoolJson<Created>("create", "cluster", "-f", file, "--yes");
  });
  afterAll(() => account.close());

  it("describes the same cluster", async () => {
    await agreeOnCluster(account, cluster);
    const [ours] = await account.ekstoolJson<unknown[]>("get", "cluster", "--name", cluster);
    expect(ours).toEqual(created.cluster);
  });

  it("describes the same nodegroups", async () => {
    expect(await agreeOnNodegroups(account, cluster)).toHaveLength(2);
  });

  it("describes the same add-ons", async () => {
    expect(await agreeOnAddons(account, cluster)).toContain("vpc-cni");
  });

  it("finds the network that was reported, and nothing else", async () => {
    const [vpcs, subnets, gateways] = await Promise.all([
      account.aws<{ Vpcs: Ec2Vpc[] }>("ec2", "describe-vpcs"),
      account.aws<{ Subnets: Ec2Subnet[] }>("ec2", "describe-subnets"),
      account.aws<{ NatGateways: Ec2NatGateway[] }>("ec2", "describe-nat-gateways"),
    ]);
    expect(vpcs.Vpcs.map(({ VpcId, CidrBlock }) => ({ id: VpcId, cidr: CidrBlock }))).toEqual([created.vpc]);
    expect(vpcs.Vpcs[0]?.Tags).toContainEqual({ Key: "ekstool.dev/cluster", Value: cluster });
    const seen = subnets.Subnets.map(({ SubnetId, AvailabilityZone, CidrBlock, MapPublicIpOnLaunch }) => ({
      id: SubnetId,
      zone: AvailabilityZone,
      cidr: CidrBlock,
      public: MapPublicIpOnLaunch,
    }));
    expect(new Set(seen)).toEqual(new Set(created.subnets));
    expect(gateways.NatGateways.map(({ State }) => State)).toEqual(["available", "available", "available"]);
    const publicSubnets = created.subnets.filter((subnet) => subnet.public).map(({ id }) => id);
    expect(gateways.NatGateways.map(({ SubnetId }) => SubnetId).toSorted()).toEqual(publicSubnets.toSorted());
  });

  it("finds the roles, who may enter, and the log group with its retention", async () => {
    for (const { name, arn } of created.roles) {
      const { Role } = await account.aws<{ Role: { Arn: string } }>("iam", "get-role", "--role-name", name);
      expect(Role.Arn).toBe(arn);
    }
    const [{ accessEntries }, { logGroups }] = await Promise.all([
      account.aws<{ accessEntries: string[] }>("eks", "list-access-entries", ...ofCluster),
      account.aws<{ logGroups: LogGroup[] }>("logs", "describe-log-groups"),
    ]);
    expect(accessEntries).toEqual(expect.arrayContaining((await nodegroups()).map(({ roleArn }) => roleArn)));
    expect(logGroups).toMatchObject([{ logGroupName: `/aws/eks/${cluster}/cluster`, retentionInDays: 90 }]);
  });

  it("makes and deletes a nodegroup that ekstool sees, and leaves alone", async () => {
    const [first] = await nodegroups();
    const name = ["--nodegroup-name", "by-hand"];
    const nodes = ["--node-role", first?.roleArn ?? "", "--subnets", ...(first?.subnetIds ?? [])];
    await account.aws("eks", "create-nodegroup", ...ofCluster, ...name, ...nodes);
    expect(await nodegroups()).toContainEqual(expect.objectContaining({ name: "by-hand", owned: false }));
    expect(await plan()).toBe(0);
    const refused = await account.ekstool("delete", "nodegroup", "--cluster", cluster, "--name", "by-hand", "--yes");
    expect(refused).toMatchObject({ status: 4, stderr: expect.stringContaining("was not made by ekstool") as unknown });
    const kept = await account.ekstool("delete", "cluster", "--name", cluster, "--yes");
    expect(kept).toMatchObject({ status: 4, stderr: expect.stringContaining("did not make: by-hand") as unknown });

    await account.aws("eks", "wait", "nodegroup-active", ...ofCluster, ...name);
    await account.aws("eks", "delete-nodegroup", ...ofCluster, ...name);
    await account.aws("eks", "wait", "nodegroup-deleted", ...ofCluster, ...name);
    expect((await nodegroups()).map((nodegroup) => nodegroup.name)).not.toContain("by-hand");
  });

  it("adds a label that stays, and deletes an add-on that comes back", async () => {
    const label = ["--nodegroup-name", "apps", "--labels", "addOrUpdateLabels={by=hand}"];
    await account.aws("eks", "update-nodegroup-config", ...ofCluster, ...label);
    await account.aws("eks", "wait", "nodegroup-active", ...ofCluster, "--nodegroup-name", "apps");
    expect(await plan()).toBe(0);

    const addon = ["--addon-name", "coredns"];
    await account.aws("eks", "delete-addon", ...ofCluster, ...addon);
    await account.aws("eks", "wait", "addon-deleted", ...ofCluster, ...addon);
    expect(await plan()).toBe(2);
    await account.ekstoolJson("apply", "-f", file, "--yes");
    await account.aws("eks", "wait", "addon-active", ...ofCluster, ...addon);
    expect((await describeNodegroup("apps")).labels).toMatchObject({ role: "apps", by: "hand" });
  });

  it("finds nothing when ekstool has deleted the cluster", async () => {
    await account.ekstoolJson("delete", "cluster", "--name", cluster, "--yes");
    const [clusters, vpcs, addresses, roles, logs] = await Promise.all([
      account.aws<{ clusters: string[] }>("eks", "list-clusters"),
      account.aws<{ Vpcs: unknown[] }>("ec2", "describe-vpcs"),
      account.aws<{ Addresses: unknown[] }>("ec2", "describe-addresses"),
      account.aws<{ Roles: unknown[] }>("iam", "list-roles", "--path-prefix", "/ekstool/"),
      account.aws<{ logGroups: unknown[] }>("logs", "describe-log-groups"),
    ]);
    const left = [clusters.clusters, vpcs.Vpcs, addresses.Addresses, roles.Roles, logs.logGroups];
    expect(left.flat()).toEqual([]);
  });
});
