import {
  CreateLaunchTemplateCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
} from "@aws-sdk/client-ec2";
import { CreateAccessEntryCommand, CreateClusterCommand } from "@aws-sdk/client-eks";
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  GetUserCommand,
  ListAttachedRolePoliciesCommand,
  ListPoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { FailedError, InputError } from "../../src/errors.ts";
import { control, joinSandbox } from "../../src/sandbox/client.ts";
import { durations } from "../../src/sandbox/durations.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import type { Residents } from "../../src/sandbox/residents.ts";
import { routeOf } from "../../src/sandbox/services/ec2/routing.ts";
import { serveSandbox } from "../../src/sandbox/serve.ts";
import { clientsOf, refusal } from "./clients.ts";
import {
  account,
  cluster,
  clusterForNodes,
  clusterRequest,
  createNodegroup,
  describeNodegroup,
  ground,
  present,
  refused,
} from "./eks/account.ts";
import { trustOf } from "./policies.ts";

const ours = "111122223333";
const theirs = "999988887777";
const roleArn = (name: string, owner = ours) => `arn:aws:iam::${owner}:role/${name}`;
const userArn = (name: string, owner = ours) => `arn:aws:iam::${owner}:user/${name}`;
const policyArn = (name: string, owner = ours) => `arn:aws:iam::${owner}:policy/${name}`;
const nothing = {
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
const region = "us-west-2";
const groupId = "sg-0a1b2c3d4e5f60718";

const nodeRole = (arn: string) => ({
  arn,
  trustServices: ["ec2.amazonaws.com"],
  policyArns: ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"].map(
    (name) => `arn:aws:iam::aws:policy/${name}`,
  ),
});

describe("residents of the account", () => {
  test("are found by others at once, without tags, as if they had been there for long", async () => {
    const { sandbox, ec2, iam } = await account();
    const wanted: Residents = {
      roles: [nodeRole(roleArn("team/nodes"))],
      instanceProfiles: [
        { arn: roleArn("team/nodes").replace(":role/", ":instance-profile/"), roleArn: roleArn("team/nodes") },
      ],
      users: [userArn("jo")],
      policies: [policyArn("boundary")],
      keyPairs: [{ region, name: "operations" }],
      keys: [
        { region, name: "1234abcd-12ab-34cd-56ef-1234567890ab" },
        { region, name: `arn:aws:kms:${region}:${theirs}:alias/disks` },
      ],
      images: [{ region, id: "ami-0123456789abcdef0", instanceType: "m7g.large", rootDevice: "/dev/sda1" }],
      placementGroups: [{ region, name: "near" }],
      transitGateways: [{ region, id: "tgw-0123456789abcdef0" }],
      vpnGateways: [{ region, id: "vgw-0123456789abcdef0" }],
      outposts: [{ region, arn: "arn:aws:outposts:us-west-2:111122223333:outpost/op-0123456789abcdef0" }],
      ipv6Pools: [{ region, id: "ipv6pool-ec2-0123456789abcdef0", cidr: "2001:db8::/40" }],
      vpcs: [
        {
          region,
          id: "vpc-00001",
          cidr: "10.1.0.0/16",
          ipv6: false,
          subnets: [
            { id: "subnet-00001", public: true, isolated: false },
            { id: "subnet-00002", public: false, isolated: false, zone: "us-west-2b", cidr: "10.1.0.0/24" },
          ],
          securityGroups: ["sg-00001"],
        },
      ],
      securityGroups: [{ region, id: groupId }],
      targetGroups: [
        { region, arn: `arn:aws:elasticloadbalancing:${region}:${ours}:targetgroup/web/0123456789abcdef` },
      ],
      classicLoadBalancers: [{ region, name: "web" }],
      launchTemplates: [{ region, id: "lt-0123456789abcdef0", versions: 2 }],
    };
    expect(sandbox.residents(wanted)).toEqual(wanted);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "nodes" }));
    expect(Role).toMatchObject({ Arn: roleArn("team/nodes"), Path: "/team/" });
    expect(Role?.Tags).toBeUndefined();
    expect(present(Role?.CreateDate).getFullYear()).toBe(2020);
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: "nodes" }));
    expect(AttachedPolicies).toHaveLength(3);
    expect((await iam.send(new GetUserCommand({ UserName: "jo" }))).User?.Arn).toBe(userArn("jo"));
    const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: "Local" }));
    expect(Policies?.map(({ Arn }) => Arn)).toEqual([policyArn("boundary")]);
    const { KeyPairs } = await ec2.send(new DescribeKeyPairsCommand({ KeyNames: ["operations"] }));
    expect(KeyPairs).toMatchObject([{ KeyType: "ed25519", Tags: [] }]);
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
    expect(SecurityGroups).toMatchObject([{ GroupId: groupId, Tags: [] }]);
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: ["subnet-00001", "subnet-00002"] }));
    expect(Subnets).toMatchObject([
      { VpcId: "vpc-00001", MapPublicIpOnLaunch: true, CidrBlock: "10.1.224.0/20" },
      { VpcId: "vpc-00001", MapPublicIpOnLaunch: false, CidrBlock: "10.1.0.0/24", AvailabilityZone: "us-west-2b" },
    ]);
    const routes = ["subnet-00001", "subnet-00002"].map((id) => routeOf({ world: sandbox.world, region }, id));
    expect(routes).toEqual(["internet-gateway", "nat-gateway"]);
  });

  test("are no requests", async () => {
    const { sandbox } = await account();
    sandbox.residents({ users: [userArn("jo")], keyPairs: [{ region, name: "operations" }] });
    expect(sandbox.journal).toEqual([]);
  });

  test("are put there once, and replace nothing that exists or has the name", async () => {
    const { sandbox, iam } = await account();
    await iam.send(
      new CreateRoleCommand({ RoleName: "nodes", AssumeRolePolicyDocument: trustOf("eks.amazonaws.com") }),
    );
    const wanted = {
      ...nothing,
      roles: [nodeRole(roleArn("nodes")), nodeRole(roleArn("team/nodes")), nodeRole(roleArn("nodes", theirs))],
      users: [userArn("jo"), userArn("sandbox")],
      policies: [policyArn("boundary")],
      keyPairs: [{ region, name: "operations" }],
      securityGroups: [{ region, id: groupId }],
    };
    const added = { ...wanted, roles: wanted.roles.slice(2), users: [userArn("jo")] };
    expect(sandbox.residents(wanted)).toEqual(added);
    const before = JSON.stringify(sandbox.world.state);
    expect(sandbox.residents(wanted)).toEqual(nothing);
    expect(JSON.stringify(sandbox.world.state)).toBe(before);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "nodes" }));
    expect(decodeURIComponent(present(Role?.AssumeRolePolicyDocument))).toBe(trustOf("eks.amazonaws.com"));
  });

  test("are all there or none, and must be what they say", async () => {
    const { sandbox } = await account();
    const unknownPolicy = { arn: roleArn("nodes"), policyArns: ["arn:aws:iam::aws:policy/NoSuchPolicy"] };
    const before = JSON.stringify(sandbox.world.state);
    const wrong: Residents[] = [
      { users: [userArn("jo")], roles: [unknownPolicy] },
      { users: [userArn("jo")], roles: [{ arn: userArn("jo") }] },
      { users: [roleArn("jo")] },
      { users: [userArn("jo")], keyPairs: [{ region: "us-west-9000", name: "operations" }] },
      { users: [userArn("jo")], securityGroups: [{ region, id: "vpc-0a1b2c3d4e5f60718" }] },
    ];
    for (const residents of wrong) expect(() => sandbox.residents(residents)).toThrow(InputError);
    expect(JSON.stringify(sandbox.world.state)).toBe(before);
  });
});

describe("residents of other accounts", () => {
  test("are not shown as this account's", async () => {
    const { sandbox, iam } = await account();
    sandbox.residents({ roles: [{ arn: roleArn("nodes", theirs) }], policies: [policyArn("boundary", theirs)] });
    const { name } = await refusal(iam.send(new GetRoleCommand({ RoleName: "nodes" })));
    expect(name).toBe("NoSuchEntityException");
    expect((await iam.send(new ListRolesCommand({}))).Roles).toEqual([]);
    expect((await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies).toEqual([]);
  });

  test("are principals, roles of services, and policies that can be attached", async () => {
    const here = await ground();
    const control = { arn: roleArn("control-plane", theirs), trustServices: ["eks.amazonaws.com"] };
    const policy = policyArn("boundary", theirs);
    here.sandbox.residents({
      roles: [control, { arn: roleArn("team/admins", theirs) }, nodeRole(roleArn("nodes", theirs))],
      users: [userArn("jo", theirs)],
      policies: [policy],
    });
    await here.eks.send(new CreateClusterCommand({ ...clusterRequest(here), roleArn: control.arn }));
    await here.pass(durations.clusterCreate);
    for (const principalArn of [roleArn("team/admins", theirs), userArn("jo", theirs)]) {
      await here.eks.send(new CreateAccessEntryCommand({ clusterName: "c", principalArn }));
    }
    const boundary = { PermissionsBoundary: policy, AssumeRolePolicyDocument: trustOf("ec2.amazonaws.com") };
    await here.iam.send(new CreateRoleCommand({ RoleName: "bounded", ...boundary }));
    await here.iam.send(new AttachRolePolicyCommand({ RoleName: "bounded", PolicyArn: policy }));
    await createNodegroup(here, { nodeRole: roleArn("nodes", theirs) });
  });
});

describe("without residents AWS's rules hold", () => {
  test("unknown principals, of whatever account, are refused", async () => {
    const here = await cluster();
    here.sandbox.residents({ roles: [{ arn: roleArn("admins", theirs) }] });
    for (const principalArn of [roleArn("admins"), roleArn("others", theirs), userArn("jo", theirs)]) {
      const entry = new CreateAccessEntryCommand({ clusterName: "c", principalArn });
      await refused(here.eks.send(entry), "InvalidParameterException", "invalid principal");
    }
  });

  test("a role that does not trust the service is refused", async () => {
    const here = await ground();
    here.sandbox.residents({ roles: [{ arn: roleArn("admins") }] });
    const request = { ...clusterRequest(here), roleArn: roleArn("admins") };
    await refused(
      here.eks.send(new CreateClusterCommand(request)),
      "InvalidParameterException",
      "could not be assumed",
    );
  });
});

describe("nodes", () => {
  test("come up with the role, key pair and security group of residents, which is of another VPC", async () => {
    const here = await clusterForNodes();
    here.sandbox.residents({
      roles: [nodeRole(roleArn("team/nodes"))],
      keyPairs: [{ region, name: "operations" }],
      securityGroups: [{ region, id: groupId }],
    });
    const { LaunchTemplate } = await here.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: "nodes",
        LaunchTemplateData: { KeyName: "operations", SecurityGroupIds: [groupId] },
      }),
    );
    const launchTemplate = { id: present(LaunchTemplate?.LaunchTemplateId) };
    await createNodegroup(here, { nodeRole: roleArn("team/nodes"), launchTemplate });
    await here.pass(durations.nodegroupCreate);
    expect((await describeNodegroup(here)).status).toBe("ACTIVE");
    const { SecurityGroups } = await here.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
    expect(SecurityGroups?.[0]?.VpcId).not.toBe(here.vpcId);
  });
});

describe("a served sandbox", () => {
  test("keeps its residents in its directory", async () => {
    const state = mkdtempSync(join(tmpdir(), "sandbox-residents-"));
    onTestFinished(() => rmSync(state, { recursive: true }));
    const served = await serveSandbox({ state });
    const member = await joinSandbox(served.url);
    const residents = { users: [userArn("jo")], roles: [nodeRole(roleArn("nodes", theirs))] };
    expect(await member.residents(residents)).toEqual({ ...nothing, ...residents });
    await expect(control(served.url, "POST", "residents", { users: ["jo"] })).rejects.toThrow(FailedError);
    await member.leave();
    await served.close();

    const sandbox = await startTestSandbox({ state });
    onTestFinished(() => sandbox.close());
    expect(sandbox.residents(residents)).toEqual(nothing);
    const { iam } = clientsOf(sandbox);
    expect((await iam.send(new GetUserCommand({ UserName: "jo" }))).User?.Arn).toBe(userArn("jo"));
    expect(sandbox.journal.map(({ operation }) => operation)).toEqual(["GetUser"]);
  });
});
