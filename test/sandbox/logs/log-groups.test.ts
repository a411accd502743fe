import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  paginateDescribeLogGroups,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { startTestSandbox } from "../../support/sandbox.ts";
import { ensureLogGroup } from "../../../src/sandbox/services/logs/internal.ts";
import { clientsOf, refusal } from "../clients.ts";

let sandbox: Sandbox;
let logs: ReturnType<typeof clientsOf>["logs"];
beforeEach(async () => {
  sandbox = await startTestSandbox();
  ({ logs } = clientsOf(sandbox));
});
afterEach(() => sandbox.close());

const logGroupName = "/aws/eks/demo/cluster";
const resourceArn = `arn:aws:logs:us-west-2:111122223333:log-group:${logGroupName}`;
const create = (name = logGroupName) => logs.send(new CreateLogGroupCommand({ logGroupName: name, tags: { a: "b" } }));
const describeGroup = async () => (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.[0];

it("never expires until it is told to", async () => {
  await create();
  expect(await describeGroup()).toMatchObject({ arn: `${resourceArn}:*`, logGroupArn: resourceArn });
  expect(await describeGroup()).not.toHaveProperty("retentionInDays");
  await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 30 }));
  expect(await describeGroup()).toMatchObject({ retentionInDays: 30 });
  expect(await refusal(logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 31 })))).toMatchObject({
    name: "InvalidParameterException",
  });
  await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
  expect(await describeGroup()).not.toHaveProperty("retentionInDays");
});

it("exists once per region", async () => {
  await create();
  expect(await refusal(create())).toMatchObject({ name: "ResourceAlreadyExistsException", status: 400 });
  await clientsOf(sandbox, { region: "eu-west-1" }).logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  expect(await refusal(logs.send(new DeleteLogGroupCommand({ logGroupName })))).toMatchObject({
    name: "ResourceNotFoundException",
  });
});

it("is listed by prefix, in pages", async () => {
  for (let index = 0; index < 12; index++) await create(`/b/${index}`);
  await create("/a");
  const pages = [];
  for await (const page of paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix: "/b/" })) {
    pages.push(page.logGroups?.map((group) => group.logGroupName));
  }
  expect(pages.map((page) => page?.length)).toEqual([10, 2]);
  expect(pages.flat()).not.toContain("/a");
});

it("is tagged by the ARN without the star", async () => {
  await create();
  await logs.send(new TagResourceCommand({ resourceArn, tags: { c: "d" } }));
  await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
  expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ c: "d" });
  const starred = logs.send(new ListTagsForResourceCommand({ resourceArn: `${resourceArn}:*` }));
  expect(await refusal(starred)).toMatchObject({ name: "InvalidParameterException" });
});

it("is made by a service that writes to it, unless it is there", async () => {
  await create();
  await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
  ensureLogGroup(sandbox.world, "us-west-2", logGroupName);
  expect(await describeGroup()).toMatchObject({ retentionInDays: 7 });
  await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  ensureLogGroup(sandbox.world, "us-west-2", logGroupName);
  expect(await describeGroup()).toMatchObject({ logGroupName });
  expect(await describeGroup()).not.toHaveProperty("retentionInDays");
});

it("has a name of allowed characters", async () => {
  expect(await refusal(create("with space"))).toMatchObject({ name: "InvalidParameterException" });
  expect(await refusal(create("aws/reserved"))).toMatchObject({
    message: "Log groups starting with AWS/ are reserved for AWS.",
  });
});
