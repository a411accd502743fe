import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { startTestSandbox } from "../../support/sandbox.ts";
import { clientsOf, refusal } from "../clients.ts";

let sandbox: Sandbox;
let sqs: ReturnType<typeof clientsOf>["sqs"];
beforeEach(async () => {
  sandbox = await startTestSandbox();
  ({ sqs } = clientsOf(sandbox));
});
afterEach(() => sandbox.close());

const create = (Attributes = {}) => sqs.send(new CreateQueueCommand({ QueueName: "q", Attributes }));

it("a queue is made once for the same attributes, and refused for others", async () => {
  const { QueueUrl } = await create({ MessageRetentionPeriod: "300" });
  expect(await create({ MessageRetentionPeriod: "300" })).toMatchObject({ QueueUrl });
  expect(await refusal(create({ MessageRetentionPeriod: "600" }))).toMatchObject({ name: "QueueNameExists" });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  expect(Attributes).toMatchObject({ QueueArn: "arn:aws:sqs:us-west-2:111122223333:q", SqsManagedSseEnabled: "true" });
});

it("its name rests for a minute when it is deleted", async () => {
  const { QueueUrl } = await create();
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  expect(await refusal(sqs.send(new GetQueueUrlCommand({ QueueName: "q" })))).toMatchObject({
    name: "QueueDoesNotExist",
  });
  expect(await refusal(create())).toMatchObject({ name: "QueueDeletedRecently" });
  await sandbox.clock.sleep(60_000);
  expect(await create()).toMatchObject({ QueueUrl });
});

it("values are held to their ranges, and a policy names who it is for", async () => {
  const { QueueUrl } = await create();
  for (const Attributes of [{ MessageRetentionPeriod: "59" }, { Policy: JSON.stringify({ Statement: [{}] }) }]) {
    const answer = await refusal(sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes })));
    expect(answer).toMatchObject({ name: "InvalidAttributeValue" });
  }
});
