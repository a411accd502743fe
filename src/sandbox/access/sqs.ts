import type * as Sqs from "@aws-sdk/client-sqs";
import type { Call } from "../service.ts";
import { nameIn } from "../services/sqs/queues.ts";
import {
  arn,
  type Context,
  each,
  need,
  removedTags,
  type Requirement,
  requestTags,
  resourceTags,
  type Rows,
} from "./requirement.ts";

interface OfQueue {
  readonly QueueUrl?: string | undefined;
  readonly QueueName?: string | undefined;
  readonly Tags?: Record<string, string> | undefined;
  readonly TagKeys?: string[] | undefined;
}

/** An action on a queue, whether it is there or not. */
function on(
  action: string,
  { QueueUrl, QueueName }: OfQueue,
  call: Call,
  ...contexts: readonly Context[]
): Requirement {
  const name = QueueName ?? nameIn(QueueUrl ?? "");
  const { queues } = call.world.region(call.region).sqs;
  const tags = Object.hasOwn(queues, name) ? queues[name]?.tags : undefined;
  return need(`sqs:${action}`, arn(call, "sqs", name), resourceTags(tags), ...contexts);
}

export const sqsRows = {
  CreateQueue: ({ QueueName, tags }: Sqs.CreateQueueRequest, call: Call) => [
    on("CreateQueue", { QueueName }, call, requestTags(tags)),
    ...(tags ? [on("TagQueue", { QueueName }, call, requestTags(tags))] : []),
  ],
  ListQueues: (_: Sqs.ListQueuesRequest, call: Call) => [
    { ...need("sqs:ListQueues"), named: `arn:${call.partition}:sqs:${call.region}:${call.account}:` },
  ],
  TagQueue: (input: OfQueue, call: Call) => [on("TagQueue", input, call, requestTags(input.Tags))],
  UntagQueue: (input: OfQueue, call: Call) => [on("UntagQueue", input, call, removedTags(input.TagKeys))],
  ...each(
    ["GetQueueUrl", "GetQueueAttributes", "SetQueueAttributes", "DeleteQueue", "ListQueueTags"],
    (operation) => (input: OfQueue, call: Call) => [on(operation, input, call)],
  ),
} satisfies Rows;
