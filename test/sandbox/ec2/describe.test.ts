import {
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteTagsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  type Filter,
  paginateDescribeSubnets,
  type Tag,
} from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { account, type Ec2Account, makeSubnet, makeVpc, present, refused } from "./account.ts";

async function makeTagged({ ec2 }: Ec2Account, ...Tags: Tag[]): Promise<string> {
  const TagSpecifications = [{ ResourceType: "vpc" as const, Tags }];
  return present((await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications }))).Vpc?.VpcId);
}

const color = (...Values: string[]): Filter => ({ Name: "tag:color", Values });
const many = (count: number): Tag[] => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: "" }));

describe("filters", () => {
  test("hold values of which one must fit, and wildcards", async () => {
    const here = await account();
    const red = await makeTagged(here, { Key: "color", Value: "red" }, { Key: "a*b", Value: "1" });
    const blue = await makeTagged(here, { Key: "color", Value: "blue" });
    await here.pass(1);
    const found = async (...Filters: Filter[]) =>
      (await here.ec2.send(new DescribeVpcsCommand({ Filters }))).Vpcs?.map((vpc) => vpc.VpcId);
    expect(await found(color("red"))).toEqual([red]);
    expect(await found(color("red", "blue"))).toEqual([red, blue]);
    expect(await found(color("b*"))).toEqual([blue]);
    expect(await found(color("?ed"))).toEqual([red]);
    expect(await found(color("RED"))).toEqual([]);
    expect(await found({ Name: "tag-key", Values: ["a\\*b"] })).toEqual([red]);
    expect(await found(color("*"), { Name: "vpc-id", Values: [blue] })).toEqual([blue]);
    expect(await found({ Name: "tag:other", Values: ["*"] })).toEqual([]);
    await refused(found({ Name: "colour", Values: ["red"] }), "InvalidParameterValue", /filter 'colour' is invalid/);
    await refused(found({ Name: "toString", Values: ["red"] }), "InvalidParameterValue");
  });
});

describe("pages", () => {
  test("are small unless a size is asked for, and complete", async () => {
    const here = await account();
    const vpcId = await makeVpc(here);
    const ids: string[] = [];
    for (let i = 0; i < 12; i++) ids.push(await makeSubnet(here, vpcId, `10.0.${i}.0/24`));
    await here.pass(1);
    const { ec2 } = here;
    const first = await ec2.send(new DescribeSubnetsCommand({}));
    expect(first.Subnets?.length).toBeLessThan(12);
    expect(first.NextToken).toBeDefined();
    const seen: (string | undefined)[] = [];
    for await (const page of paginateDescribeSubnets({ client: ec2, pageSize: 5 }, {})) {
      seen.push(...(page.Subnets ?? []).map((subnet) => subnet.SubnetId));
    }
    expect(seen).toEqual(ids);
    expect((await ec2.send(new DescribeSubnetsCommand({ SubnetIds: ids }))).Subnets).toHaveLength(12);
    await refused(
      ec2.send(new DescribeSubnetsCommand({ SubnetIds: ids, MaxResults: 5 })),
      "InvalidParameterCombination",
    );
    await refused(
      ec2.send(new DescribeSubnetsCommand({ MaxResults: 4 })),
      "InvalidParameterValue",
      /between 5 and 1000/,
    );
    await refused(ec2.send(new DescribeSubnetsCommand({ NextToken: "x" })), "InvalidNextToken");
  });
});

describe("tags", () => {
  test("are set, overwritten, deleted by key or by key and value, and described", async () => {
    const here = await account();
    const { ec2, pass } = here;
    const Resources = [await makeTagged(here, { Key: "color", Value: "red" })];
    await pass(1);
    const tags = async () => {
      const Filters = [{ Name: "resource-id", Values: Resources }];
      const { Tags = [] } = await ec2.send(new DescribeTagsCommand({ Filters }));
      expect(Tags.every((tag) => tag.ResourceType === "vpc")).toBe(true);
      return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
    };
    await ec2.send(
      new CreateTagsCommand({
        Resources,
        Tags: [
          { Key: "color", Value: "blue" },
          { Key: "size", Value: "" },
        ],
      }),
    );
    expect(await tags()).toEqual({ color: "blue", size: "" });
    await ec2.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: "color", Value: "red" }, { Key: "size" }] }));
    expect(await tags()).toEqual({ color: "blue" });
    await ec2.send(new DeleteTagsCommand({ Resources }));
    expect(await tags()).toEqual({});
    const Tags = [{ Key: "color", Value: "red" }];
    await refused(ec2.send(new CreateTagsCommand({ Resources: ["vpc-0"], Tags })), "InvalidVpcID.NotFound");
    await refused(ec2.send(new CreateTagsCommand({ Resources: ["bucket"], Tags })), "InvalidID");
  });

  test("are at most fifty, on the type that is made, and none of AWS's own", async () => {
    const here = await account();
    await refused(makeTagged(here, ...many(51)), "TagLimitExceeded");
    const id = await makeTagged(here, ...many(50));
    const add = (Key: string) => here.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value: "" }] }));
    await refused(add("k50"), "TagLimitExceeded");
    await add("k49");
    await refused(add("aws:x"), "InvalidParameterValue", /reserved for internal use/);
    await refused(makeTagged(here, { Key: "aws:x", Value: "" }), "InvalidParameterValue");
    await refused(makeTagged(here, ...many(1), ...many(1)), "InvalidParameterValue", /Duplicate tag key/);
    const TagSpecifications = [{ ResourceType: "subnet" as const, Tags: many(1) }];
    await refused(
      here.ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications })),
      "InvalidParameterValue",
      /'subnet' is not a valid taggable resource type/,
    );
  });
});

test("a dry run checks a request and changes nothing", async () => {
  const here = await account();
  const dry = (CidrBlock: string) => here.ec2.send(new CreateVpcCommand({ CidrBlock, DryRun: true }));
  await refused(dry("10.0.0.0/16"), "DryRunOperation", /would have succeeded/);
  await refused(dry("10.0.0.0/8"), "InvalidVpc.Range");
  await here.pass(1);
  expect((await here.ec2.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
});

test("a parameter that is not simulated is named", async () => {
  const { ec2 } = await account();
  const pooled = new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", Ipv4IpamPoolId: "ipam-pool-0" });
  await refused(ec2.send(pooled), "NotSimulated", /CreateVpc with Ipv4IpamPoolId/);
});
