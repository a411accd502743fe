import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteTagsCommand,
  DeleteVpcCommand,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import { TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-eks";
import {
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
} from "@aws-sdk/client-iam";
import { DeleteParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { refusal } from "../clients.ts";
import { account, cluster, makeVpc, present } from "../eks/account.ts";
import { permissionsOf, trustOf } from "../policies.ts";
import { allBut, allowed, heldTo, missing } from "./held.ts";

const specification = (ResourceType: "vpc" | "subnet", ...tags: readonly [string, string][]): TagSpecification => ({
  ResourceType,
  Tags: tags.map(([Key, Value]) => ({ Key, Value })),
});
const vpcWith = (...tags: readonly [string, string][]) =>
  new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications: [specification("vpc", ...tags)] });

describe("tags on creation are a right of their own", () => {
  it("EC2 names what is made", async () => {
    const { sandbox, region } = await account();
    const create = vpcWith(["team", "blue"]);
    const vpcs = "arn:aws:ec2:us-west-2:111122223333:vpc/*";
    expect(await missing(heldTo(sandbox, region, [allBut("ec2:CreateTags")]).ec2.send(create))).toBe(
      `ec2:CreateTags on ${vpcs}`,
    );
    const onCreate = (action: string) =>
      allowed("ec2:CreateTags", { Resource: vpcs, Condition: { StringEquals: { "ec2:CreateAction": action } } });
    const other = heldTo(sandbox, region, [allowed("ec2:CreateVpc"), onCreate("CreateSubnet")]);
    expect(await missing(other.ec2.send(create))).toBe(`ec2:CreateTags on ${vpcs}`);
    const { ec2 } = heldTo(sandbox, region, [allowed("ec2:CreateVpc"), onCreate("CreateVpc")]);
    const { Vpc } = await ec2.send(create);
    const tag = new CreateTagsCommand({ Resources: [present(Vpc?.VpcId)], Tags: [{ Key: "team", Value: "red" }] });
    expect(await missing(ec2.send(tag))).toBe(`ec2:CreateTags on ${vpcs.replace("*", present(Vpc?.VpcId))}`);
  });

  it("IAM and CloudWatch Logs, too", async () => {
    const { sandbox, region } = await account();
    const untagging = ["iam:TagRole", "iam:TagPolicy", "iam:TagOpenIDConnectProvider", "logs:TagResource"];
    const { iam, logs } = heldTo(sandbox, region, [allBut(...untagging)]);
    const Tags = [{ Key: "team", Value: "blue" }];
    const role = { RoleName: "r", AssumeRolePolicyDocument: trustOf("eks.amazonaws.com") };
    expect(await missing(iam.send(new CreateRoleCommand({ ...role, Tags })))).toMatch(/^iam:TagRole on .*:role\/r$/);
    await iam.send(new CreateRoleCommand(role));
    const policy = { PolicyName: "p", PolicyDocument: permissionsOf("s3:*"), Tags };
    expect(await missing(iam.send(new CreatePolicyCommand(policy)))).toMatch(/^iam:TagPolicy on .*:policy\/p$/);
    const provider = { Url: "https://oidc.eks.us-west-2.amazonaws.com/id/A", Tags };
    expect(await missing(iam.send(new CreateOpenIDConnectProviderCommand(provider)))).toMatch(
      /^iam:TagOpenIDConnectProvider on .*:oidc-provider\/oidc\.eks\.us-west-2\.amazonaws\.com\/id\/A$/,
    );
    const group = { logGroupName: "g", tags: { team: "blue" } };
    expect(await missing(logs.send(new CreateLogGroupCommand(group)))).toMatch(/^logs:TagResource on .*:log-group:g$/);
  });
});

describe("conditions on tags", () => {
  it("of the request: what is made must have them, and no others", async () => {
    const { sandbox, region } = await account();
    const { ec2 } = heldTo(sandbox, region, [
      allowed(["ec2:CreateVpc", "ec2:CreateTags"], {
        Condition: {
          StringEquals: { "aws:RequestTag/team": "blue" },
          "ForAllValues:StringEquals": { "aws:TagKeys": ["team", "Name"] },
        },
      }),
    ]);
    for (const create of [
      vpcWith(),
      vpcWith(["team", "red"]),
      vpcWith(["Name", "x"]),
      vpcWith(["team", "blue"], ["stage", "test"]),
    ]) {
      expect((await refusal(ec2.send(create))).name).toBe("UnauthorizedOperation");
    }
    await ec2.send(vpcWith(["team", "blue"], ["Name", "x"]));
  });

  it("of the resource: as it is tagged when it is asked for", async () => {
    const here = await account();
    const { sandbox, region } = here;
    const VpcId = await makeVpc(here);
    const remove = new DeleteVpcCommand({ VpcId });
    for (const key of ["aws:ResourceTag/team", "ec2:ResourceTag/team"]) {
      const { ec2 } = heldTo(sandbox, region, [allowed("*", { Condition: { StringEquals: { [key]: "blue" } } })]);
      expect((await refusal(ec2.send(remove))).name).toBe("UnauthorizedOperation");
    }
    await here.ec2.send(new CreateTagsCommand({ Resources: [VpcId], Tags: [{ Key: "team", Value: "blue" }] }));
    const held = heldTo(sandbox, region, [
      allowed("*", { Condition: { StringEquals: { "aws:ResourceTag/team": "blue" } } }),
    ]);
    await held.ec2.send(remove);
  });

  it("of every resource of a request: each has its own", async () => {
    const here = await account();
    const VpcId = await makeVpc(here);
    const subnet = (team: string) =>
      new CreateSubnetCommand({
        VpcId,
        CidrBlock: "192.168.0.0/24",
        TagSpecifications: [specification("subnet", ["team", team])],
      });
    const statements = [
      allowed("ec2:CreateSubnet", {
        Resource: "arn:aws:ec2:*:*:vpc/*",
        Condition: { StringEquals: { "aws:ResourceTag/team": "blue" } },
      }),
      allowed(["ec2:CreateSubnet", "ec2:CreateTags"], {
        Resource: "arn:aws:ec2:*:*:subnet/*",
        Condition: { StringEquals: { "aws:RequestTag/team": "blue" } },
      }),
    ];
    const { ec2 } = heldTo(here.sandbox, here.region, statements);
    expect(await missing(ec2.send(subnet("blue")))).toBe(
      `ec2:CreateSubnet on arn:aws:ec2:us-west-2:111122223333:vpc/${VpcId}`,
    );
    await here.ec2.send(new CreateTagsCommand({ Resources: [VpcId], Tags: [{ Key: "team", Value: "blue" }] }));
    expect(await missing(ec2.send(subnet("red")))).toBe(
      "ec2:CreateSubnet on arn:aws:ec2:us-west-2:111122223333:subnet/*",
    );
    await ec2.send(subnet("blue"));
  });

  it("that are taken off: their keys", async () => {
    const here = await account();
    const VpcId = await makeVpc(here);
    const { ec2 } = heldTo(here.sandbox, here.region, [
      allowed("ec2:DeleteTags", { Condition: { "ForAllValues:StringLike": { "aws:TagKeys": "mine/*" } } }),
    ]);
    const remove = (Key: string) => ec2.send(new DeleteTagsCommand({ Resources: [VpcId], Tags: [{ Key }] }));
    await remove("mine/a");
    expect((await refusal(remove("team"))).name).toBe("UnauthorizedOperation");
  });

  it("of clusters and roles", async () => {
    const here = await cluster({ tags: { team: "blue" } });
    const resourceArn = "arn:aws:eks:us-west-2:111122223333:cluster/c";
    const ofTeam = (team: string) => allowed("*", { Condition: { StringEquals: { "aws:ResourceTag/team": team } } });
    const untag = new UntagResourceCommand({ resourceArn, tagKeys: ["stage"] });
    await heldTo(here.sandbox, here.region, [ofTeam("blue")]).eks.send(untag);
    expect(await missing(heldTo(here.sandbox, here.region, [ofTeam("red")]).eks.send(untag))).toBe(
      `eks:UntagResource on ${resourceArn}`,
    );
    const owners = allowed("eks:TagResource", {
      Condition: { "ForAnyValue:StringEquals": { "aws:TagKeys": "owner" }, Null: { "aws:RequestTag/owner": false } },
    });
    const { eks } = heldTo(here.sandbox, here.region, [owners]);
    await eks.send(new TagResourceCommand({ resourceArn, tags: { owner: "a", x: "y" } }));
    const role = { RoleName: "r", AssumeRolePolicyDocument: trustOf("eks.amazonaws.com") };
    await here.iam.send(new CreateRoleCommand({ ...role, Tags: [{ Key: "team", Value: "blue" }] }));
    const { iam } = heldTo(here.sandbox, here.region, [
      allowed("iam:DeleteRole", { Condition: { StringEquals: { "iam:ResourceTag/team": "blue" } } }),
    ]);
    expect(await missing(iam.send(new DeleteRoleCommand({ RoleName: "node" })))).toBe("iam:DeleteRole on role node");
    await iam.send(new DeleteRoleCommand({ RoleName: "r" }));
  });

  it.each(["aws:ResourceTag/team", "ssm:resourceTag/team"])("of parameters, by %s", async (key) => {
    const { sandbox, region, ssm } = await account();
    for (const [Name, Value] of [
      ["/a/mine", "blue"],
      ["/a/theirs", "red"],
    ] as const) {
      await ssm.send(new PutParameterCommand({ Name, Value: "v", Type: "String", Tags: [{ Key: "team", Value }] }));
    }
    const held = heldTo(sandbox, region, [
      allowed("ssm:DeleteParameter", { Condition: { StringEquals: { [key]: "blue" } } }),
    ]);
    expect(await missing(held.ssm.send(new DeleteParameterCommand({ Name: "/a/theirs" })))).toBe(
      "ssm:DeleteParameter on arn:aws:ssm:us-west-2:111122223333:parameter/a/theirs",
    );
    await held.ssm.send(new DeleteParameterCommand({ Name: "/a/mine" }));
  });
});
