import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { startTestSandbox } from "../../support/sandbox.ts";
import { clientsOf, refusal } from "../clients.ts";

let sandbox: Sandbox;
let events: ReturnType<typeof clientsOf>["events"];
beforeEach(async () => {
  sandbox = await startTestSandbox();
  ({ events } = clientsOf(sandbox));
});
afterEach(() => sandbox.close());

const Name = "interruptions";
const put = (source: string, tag: string) =>
  events.send(
    new PutRuleCommand({ Name, EventPattern: JSON.stringify({ source: [source] }), Tags: [{ Key: "of", Value: tag }] }),
  );
const Targets = [{ Id: "queue", Arn: "arn:aws:sqs:us-west-2:111122223333:q" }];

it("a rule is replaced by its name, and keeps its targets and tags", async () => {
  const { RuleArn } = await put("aws.ec2", "one");
  await events.send(new PutTargetsCommand({ Rule: Name, Targets }));
  await put("aws.health", "two");
  expect(await events.send(new DescribeRuleCommand({ Name }))).toMatchObject({
    EventPattern: '{"source":["aws.health"]}',
  });
  expect(await events.send(new ListTargetsByRuleCommand({ Rule: Name }))).toMatchObject({ Targets });
  const { Tags } = await events.send(new ListTagsForResourceCommand({ ResourceARN: RuleArn }));
  expect(Tags).toEqual([{ Key: "of", Value: "one" }]);
});

it("a rule with targets cannot be deleted; one that is not there can", async () => {
  await put("aws.ec2", "one");
  await events.send(new PutTargetsCommand({ Rule: Name, Targets }));
  expect(await refusal(events.send(new DeleteRuleCommand({ Name })))).toMatchObject({ name: "ValidationException" });
  await events.send(new RemoveTargetsCommand({ Rule: Name, Ids: ["queue"] }));
  await events.send(new DeleteRuleCommand({ Name }));
  await events.send(new DeleteRuleCommand({ Name }));
  expect(await refusal(events.send(new DescribeRuleCommand({ Name })))).toMatchObject({
    name: "ResourceNotFoundException",
  });
});
