import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { addNetworkInterface, releaseNetworkInterfaces } from "../../../src/sandbox/services/ec2/internal.ts";
import { account, type Ec2Account, makeSubnet, makeVpc, present, refused, region } from "./account.ts";

async function makeGroup({ ec2 }: Ec2Account, VpcId: string, GroupName: string): Promise<string> {
  const input = { VpcId, GroupName, Description: "for a test" };
  return present((await ec2.send(new CreateSecurityGroupCommand(input))).GroupId);
}

const ranges = (count: number, at = 0) =>
  Array.from({ length: count }, (_, index) => ({ CidrIp: `10.0.${at + index}.0/24` }));
const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443 };

test("a group begins with all egress allowed and a name of its own in the VPC", async () => {
  const here = await account();
  const { ec2, pass } = here;
  const VpcId = await makeVpc(here);
  const GroupId = await makeGroup(here, VpcId, "nodes");
  await refused(makeGroup(here, VpcId, "nodes"), "InvalidGroup.Duplicate", /already exists for VPC/);
  await refused(makeGroup(here, VpcId, "sg-nodes"), "InvalidParameterValue");
  const described = { VpcId, GroupName: "other", Description: "größer" };
  await refused(ec2.send(new CreateSecurityGroupCommand(described)), "InvalidParameterValue", /Valid descriptions/);
  await pass(1);
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  expect(SecurityGroups).toMatchObject([
    { IpPermissions: [], IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }] },
  ]);
});

test("rules have ids and tags, and are authorized once", async () => {
  const here = await account();
  const { ec2, pass } = here;
  const VpcId = await makeVpc(here);
  const [GroupId, source] = [await makeGroup(here, VpcId, "nodes"), await makeGroup(here, VpcId, "control-plane")];
  const permission = { ...https, UserIdGroupPairs: [{ GroupId: source, Description: "webhooks" }] };
  const TagSpecifications = [{ ResourceType: "security-group-rule" as const, Tags: [{ Key: "owner", Value: "test" }] }];
  const { SecurityGroupRules } = await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission], TagSpecifications }),
  );
  expect(SecurityGroupRules).toMatchObject([
    { GroupId, IsEgress: false, ...https, ReferencedGroupInfo: { GroupId: source }, Description: "webhooks" },
  ]);
  await refused(
    ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [{ ...permission, IpProtocol: "6" }] }),
    ),
    "InvalidPermission.Duplicate",
    /TCP, from port: 443, to port: 443, ALLOW" already exists/,
  );
  await pass(1);
  const Filters = [
    { Name: "group-id", Values: [GroupId] },
    { Name: "tag:owner", Values: ["test"] },
  ];
  const found = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  expect(found.SecurityGroupRules?.map((rule) => rule.SecurityGroupRuleId)).toEqual([
    SecurityGroupRules?.[0]?.SecurityGroupRuleId,
  ]);
});

test("a request with one bad rule authorizes none", async () => {
  const here = await account();
  const { ec2, pass } = here;
  const GroupId = await makeGroup(here, await makeVpc(here), "nodes");
  const authorize = (...IpPermissions: object[]) =>
    ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const good = { ...https, IpRanges: [{ CidrIp: "10.0.0.0/8" }] };
  await refused(
    authorize(good, { ...https, IpRanges: [{ CidrIp: "10.0.0/8" }] }),
    "InvalidParameterValue",
    /malformed/,
  );
  await refused(authorize(good, good), "InvalidPermission.Duplicate");
  await refused(authorize({ ...https, UserIdGroupPairs: [{ GroupId: "sg-0" }] }), "InvalidGroup.NotFound");
  await refused(
    authorize({ IpProtocol: "tcp", IpRanges: good.IpRanges }),
    "InvalidParameterValue",
    /from and to ports/,
  );
  await pass(1);
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  expect(SecurityGroups?.[0]?.IpPermissions).toEqual([]);
});

test("rules are revoked by id or by what they say", async () => {
  const here = await account();
  const { ec2, pass } = here;
  const GroupId = await makeGroup(here, await makeVpc(here), "nodes");
  const IpPermissions = [{ ...https, IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "inside" }] }];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const withoutDescription = [{ ...https, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }];
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: withoutDescription }));
  await refused(
    ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions })),
    "InvalidPermission.NotFound",
  );
  await pass(1);
  const { SecurityGroupRules } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [GroupId] }] }),
  );
  const SecurityGroupRuleIds = [present(SecurityGroupRules?.[0]?.SecurityGroupRuleId)];
  const wrongDirection = new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds });
  await refused(ec2.send(wrongDirection), "InvalidSecurityGroupRuleId.NotFound");
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds }));
  await refused(
    ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds })),
    "InvalidSecurityGroupRuleId.NotFound",
  );
});

test("a rule is modified in place, its id and tags kept", async () => {
  const here = await account();
  const { ec2, pass } = here;
  const GroupId = await makeGroup(here, await makeVpc(here), "nodes");
  const { SecurityGroupRules } = await ec2.send(
    new AuthorizeSecurityGroupEgressCommand({
      GroupId,
      IpPermissions: [{ ...https, IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "old" }] }],
    }),
  );
  const SecurityGroupRuleId = present(SecurityGroupRules?.[0]?.SecurityGroupRuleId);
  const modify = (SecurityGroupRule: object) =>
    ec2.send(
      new ModifySecurityGroupRulesCommand({
        GroupId,
        SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule }],
      }),
    );
  await modify({ ...https, CidrIpv4: "10.0.0.0/16" });
  await refused(modify({ ...https, CidrIpv6: "::/0" }), "InvalidParameterValue", /cannot be changed/);
  await refused(modify({ IpProtocol: "-1", CidrIpv4: "0.0.0.0/0" }), "InvalidPermission.Duplicate");
  await pass(1);
  const found = await ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [SecurityGroupRuleId] }));
  expect(found.SecurityGroupRules?.[0]).toMatchObject({ CidrIpv4: "10.0.0.0/16", IsEgress: true });
  expect(found.SecurityGroupRules?.[0]?.Description).toBeUndefined();
});

test("a group stays while another group's rule or an interface uses it", async () => {
  const here = await account();
  const { ec2, pass, sandbox } = here;
  const VpcId = await makeVpc(here);
  const subnetId = await makeSubnet(here, VpcId);
  const [GroupId, other] = [await makeGroup(here, VpcId, "nodes"), await makeGroup(here, VpcId, "other")];
  const all = { IpProtocol: "-1" };
  for (const id of [GroupId, other]) {
    const IpPermissions = [{ ...all, UserIdGroupPairs: [{ GroupId }] }];
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions }));
  }
  const drop = (id: string) => ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));
  await refused(drop(GroupId), "DependencyViolation", /has a dependent object/);
  await drop(other);

  const id = addNetworkInterface(sandbox.world, region, { subnetId, groupIds: [GroupId], description: "of a test" });
  await refused(drop(GroupId), "DependencyViolation");
  releaseNetworkInterfaces(sandbox.world, region, [id], sandbox.world.now() + 20_000);
  await refused(drop(GroupId), "DependencyViolation");
  await pass(20);
  await drop(GroupId);
  await refused(drop(GroupId), "InvalidGroup.NotFound");

  const inVpc = { Filters: [{ Name: "vpc-id", Values: [VpcId] }] };
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand(inVpc));
  await refused(drop(present(SecurityGroups?.[0]?.GroupId)), "CannotDelete");
});

test("a group holds sixty rules of each direction", async () => {
  const here = await account();
  const GroupId = await makeGroup(here, await makeVpc(here), "nodes");
  const authorize = (IpRanges: object[]) =>
    here.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [{ ...https, IpRanges }] }));
  await refused(authorize(ranges(61)), "RulesPerSecurityGroupLimitExceeded");
  await authorize(ranges(60));
  await refused(authorize(ranges(1, 60)), "RulesPerSecurityGroupLimitExceeded");
});
