import {
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateVpcCommand, DeleteVpcCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { DescribeClusterCommand, ListClustersCommand } from "@aws-sdk/client-eks";
import { CreateRoleCommand, GetRoleCommand, ListPoliciesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { DecodeAuthorizationMessageCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { refusal } from "../clients.ts";
import { account, makeVpc } from "../eks/account.ts";
import { trustOf } from "../policies.ts";
import { allowed, denied, document, heldArn, heldTo } from "./held.ts";

const who = `User: ${heldArn} is not authorized to perform:`;
const nothing = (action: string) => `because no identity-based policy allows the ${action} action`;

describe("EC2", () => {
  it("says UnauthorizedOperation with an encoded message, without one for reads", async () => {
    const { sandbox, region, sts } = await account();
    const { ec2 } = heldTo(sandbox, region, []);
    const { name, message, status } = await refusal(ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" })));
    expect({ name, status }).toEqual({ name: "UnauthorizedOperation", status: 403 });
    const [said, encoded = ""] = message.split(". Encoded authorization failure message: ");
    expect(said).toBe(
      `You are not authorized to perform this operation. ${who} ec2:CreateVpc on resource: ` +
        `arn:aws:ec2:us-west-2:111122223333:vpc/* ${nothing("ec2:CreateVpc")}`,
    );
    const decode = new DecodeAuthorizationMessageCommand({ EncodedMessage: encoded });
    const { DecodedMessage = "" } = await sts.send(decode);
    expect(JSON.parse(DecodedMessage)).toMatchObject({
      allowed: false,
      explicitDeny: false,
      context: { principal: { arn: heldArn }, action: "ec2:CreateVpc" },
    });
    expect((await refusal(heldTo(sandbox, region, []).sts.send(decode))).name).toBe("AccessDenied");
    const guess = new DecodeAuthorizationMessageCommand({ EncodedMessage: "guess" });
    expect((await refusal(sts.send(guess))).name).toBe("InvalidAuthorizationMessageException");
    expect(await refusal(ec2.send(new DescribeVpcsCommand({})))).toEqual({
      name: "UnauthorizedOperation",
      message:
        `You are not authorized to perform this operation. ${who} ec2:DescribeVpcs ` + nothing("ec2:DescribeVpcs"),
      status: 403,
    });
  });

  it("says so before it says that a dry run would have succeeded", async () => {
    const { sandbox, region } = await account();
    const dryRun = new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", DryRun: true });
    expect((await refusal(heldTo(sandbox, region, []).ec2.send(dryRun))).name).toBe("UnauthorizedOperation");
    const { ec2 } = heldTo(sandbox, region, [allowed("ec2:CreateVpc")]);
    expect((await refusal(ec2.send(dryRun))).name).toBe("DryRunOperation");
  });

  it("says that it was denied, and where", async () => {
    const here = await account();
    const VpcId = await makeVpc(here);
    const { ec2 } = heldTo(here.sandbox, here.region, [allowed("*"), denied("ec2:Delete*")]);
    const { message } = await refusal(ec2.send(new DeleteVpcCommand({ VpcId })));
    expect(message).toContain(
      `${who} ec2:DeleteVpc on resource: arn:aws:ec2:us-west-2:111122223333:vpc/${VpcId} ` +
        "with an explicit deny in an identity-based policy. Encoded authorization failure message: ",
    );
  });
});

describe("the other services", () => {
  it("EKS says AccessDeniedException, 403", async () => {
    const { sandbox, region } = await account();
    const { eks } = heldTo(sandbox, region, []);
    expect(await refusal(eks.send(new DescribeClusterCommand({ name: "c" })))).toEqual({
      name: "AccessDeniedException",
      message:
        `${who} eks:DescribeCluster on resource: arn:aws:eks:us-west-2:111122223333:cluster/c ` +
        nothing("eks:DescribeCluster"),
      status: 403,
    });
    expect((await refusal(eks.send(new ListClustersCommand({})))).message).toBe(
      `${who} eks:ListClusters on resource: arn:aws:eks:us-west-2:111122223333:cluster/* ${nothing("eks:ListClusters")}`,
    );
  });

  it("IAM says AccessDenied, 403, and names what is there by its name", async () => {
    const { sandbox, region } = await account();
    const { iam } = heldTo(sandbox, region, []);
    const create = new CreateRoleCommand({
      RoleName: "r",
      Path: "/p/",
      AssumeRolePolicyDocument: trustOf("eks.amazonaws.com"),
    });
    expect(await refusal(iam.send(create))).toEqual({
      name: "AccessDenied",
      message: `${who} iam:CreateRole on resource: arn:aws:iam::111122223333:role/p/r ${nothing("iam:CreateRole")}`,
      status: 403,
    });
    const said = async (call: Promise<unknown>) => (await refusal(call)).message.split(" on resource: ")[1];
    expect(await said(iam.send(new GetRoleCommand({ RoleName: "r" })))).toBe(`role r ${nothing("iam:GetRole")}`);
    expect(await said(iam.send(new ListRolesCommand({ PathPrefix: "/p/" })))).toBe(
      `arn:aws:iam::111122223333:role/p/ ${nothing("iam:ListRoles")}`,
    );
    expect(await said(iam.send(new ListPoliciesCommand({})))).toBe(`policy path / ${nothing("iam:ListPolicies")}`);
  });

  it("CloudWatch Logs says AccessDeniedException, 400, of a group's streams", async () => {
    const { sandbox, region } = await account();
    const { logs } = heldTo(sandbox, region, [
      allowed("logs:PutRetentionPolicy", { Resource: "arn:aws:logs:*:*:log-group:/g" }),
    ]);
    const group = "arn:aws:logs:us-west-2:111122223333:log-group:/g:log-stream:";
    expect(await refusal(logs.send(new CreateLogGroupCommand({ logGroupName: "/g" })))).toEqual({
      name: "AccessDeniedException",
      message: `${who} logs:CreateLogGroup on resource: ${group} ${nothing("logs:CreateLogGroup")}`,
      status: 400,
    });
    const retention = new PutRetentionPolicyCommand({ logGroupName: "/g", retentionInDays: 7 });
    expect((await refusal(logs.send(retention))).message).toContain(group);
    expect((await refusal(logs.send(new DescribeLogGroupsCommand({})))).message).toContain(
      "on resource: arn:aws:logs:us-west-2:111122223333:log-group::log-stream: because",
    );
  });

  it("STS tells everyone who they are", async () => {
    const { sandbox, region } = await account();
    const { sts } = heldTo(sandbox, region, [denied("*")]);
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: heldArn });
  });
});

it("a boundary that does not allow is named", async () => {
  const { sandbox, region } = await account();
  const { iam } = heldTo(sandbox, region, [allowed("*")], { permissionsBoundary: document(allowed("eks:*")) });
  expect((await refusal(iam.send(new GetRoleCommand({ RoleName: "r" })))).message).toBe(
    `${who} iam:GetRole on resource: role r because no permissions boundary allows the iam:GetRole action`,
  );
});

it("a denied request is in the journal, and changes nothing", async () => {
  const { sandbox, region } = await account();
  const { ec2 } = heldTo(sandbox, region, []);
  const before = JSON.stringify(sandbox.world.state);
  await refusal(ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" })));
  expect(JSON.stringify(sandbox.world.state)).toBe(before);
  expect(sandbox.journal.at(-1)).toMatchObject({
    operation: "CreateVpc",
    changes: true,
    outcome: "UnauthorizedOperation",
    principal: heldArn,
  });
});
