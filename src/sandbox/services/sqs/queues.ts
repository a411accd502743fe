import type * as Sqs from "@aws-sdk/client-sqs";
import { AwsError, notSimulated } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import type { QueueRecord, SqsState } from "./state.ts";

const maxTags = 50;
const defaultPageSize = 1000;
/** Seconds before a name can be used again (SQS API reference, DeleteQueue). */
const nameRest = 60;

/** What a queue has unless it is told otherwise (SQS API reference, CreateQueue). */
const defaults: Readonly<Record<string, string>> = {
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  SqsManagedSseEnabled: "true",
  VisibilityTimeout: "30",
};

/** Least and most of what is a number. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};

export const queueHandlers = {
  /** The same queue once more is the queue that there is, without the tags of the request. */
  CreateQueue(input: Checked<Sqs.CreateQueueRequest>, call: Call): Sqs.CreateQueueResult {
    const { world, region, account, partition } = call;
    const name = input.QueueName;
    if (!/^[\w-]{1,80}$/.test(name)) {
      throw invalidValue("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
    }
    const wanted = checked(input.Attributes);
    const { queues, deletedAt } = stateOf(call);
    const present = Object.hasOwn(queues, name) ? queues[name] : undefined;
    if (present) {
      const other = Object.entries(wanted).find(([key, value]) => present.attributes[key] !== value);
      if (!other) return { QueueUrl: present.url };
      throw new AwsError(
        "QueueNameExists",
        `A queue already exists with the same name and a different value for attribute ${other[0]}`,
      );
    }
    if (world.now() < (deletedAt[name] ?? -Infinity) + nameRest * 1000) {
      throw new AwsError(
        "QueueDeletedRecently",
        "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
      );
    }
    queues[name] = {
      name,
      arn: `arn:${partition}:sqs:${region}:${account}:${name}`,
      url: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      createdAt: world.now(),
      modifiedAt: world.now(),
      attributes: { ...defaults, ...wanted },
      tags: withTags({}, input.tags),
    };
    return { QueueUrl: queues[name].url };
  },

  GetQueueUrl(input: Checked<Sqs.GetQueueUrlRequest>, call: Call): Sqs.GetQueueUrlResult {
    if (input.QueueOwnerAWSAccountId !== undefined && input.QueueOwnerAWSAccountId !== call.account) {
      throw notSimulated("sqs:GetQueueUrl of another account's queue");
    }
    return { QueueUrl: queueNamed(input.QueueName, call).url };
  },

  GetQueueAttributes(input: Checked<Sqs.GetQueueAttributesRequest>, call: Call): Sqs.GetQueueAttributesResult {
    const queue = queueAt(input.QueueUrl, call);
    const all: Record<string, string> = {
      ...queue.attributes,
      QueueArn: queue.arn,
      CreatedTimestamp: seconds(queue.createdAt),
      LastModifiedTimestamp: seconds(queue.modifiedAt),
      ApproximateNumberOfMessages: "0",
    };
    const asked = new Set<string>(input.AttributeNames ?? []);
    return {
      Attributes: Object.fromEntries(Object.entries(all).filter(([key]) => asked.has("All") || asked.has(key))),
    };
  },

  SetQueueAttributes(input: Checked<Sqs.SetQueueAttributesRequest>, call: Call): void {
    const queue = queueAt(input.QueueUrl, call);
    for (const [key, value] of Object.entries(checked(input.Attributes))) {
      // An empty policy is none.
      if (value === "") delete queue.attributes[key];
      else queue.attributes[key] = value;
    }
    queue.modifiedAt = call.world.now();
  },

  ListQueues(input: Sqs.ListQueuesRequest, call: Call): Sqs.ListQueuesResult {
    const found = Object.values(stateOf(call).queues)
      .filter(({ name }) => name.startsWith(input.QueueNamePrefix ?? ""))
      .map(({ url }) => url)
      .toSorted();
    const { items, next } = paginate(
      found,
      input.NextToken,
      input.MaxResults,
      defaultPageSize,
      "InvalidParameterValue",
    );
    return { QueueUrls: items, NextToken: next };
  },

  DeleteQueue(input: Checked<Sqs.DeleteQueueRequest>, call: Call): void {
    const { name } = queueAt(input.QueueUrl, call);
    const { queues, deletedAt } = stateOf(call);
    delete queues[name];
    deletedAt[name] = call.world.now();
  },

  TagQueue(input: Checked<Sqs.TagQueueRequest>, call: Call): void {
    const queue = queueAt(input.QueueUrl, call);
    queue.tags = withTags(queue.tags, input.Tags);
  },

  UntagQueue(input: Checked<Sqs.UntagQueueRequest>, call: Call): void {
    const queue = queueAt(input.QueueUrl, call);
    for (const key of input.TagKeys) delete queue.tags[key];
  },

  ListQueueTags(input: Checked<Sqs.ListQueueTagsRequest>, call: Call): Sqs.ListQueueTagsResult {
    return { Tags: queueAt(input.QueueUrl, call).tags };
  },
};

/** The name of the queue at a URL. */
export function nameIn(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

function stateOf({ world, region }: Call): SqsState {
  return world.region(region).sqs;
}

function queueAt(url: string, call: Call): QueueRecord {
  return queueNamed(nameIn(url), call);
}

function queueNamed(name: string, call: Call): QueueRecord {
  const { queues } = stateOf(call);
  const queue = Object.hasOwn(queues, name) ? queues[name] : undefined;
  if (!queue) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
  return queue;
}

function checked(attributes: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [key, value = ""] of Object.entries(attributes)) {
    const range = ranges[key];
    if (range && !(Number(value) >= range[0] && Number(value) <= range[1])) throw badAttribute(key);
    if (key === "Policy" && value !== "" && !isPolicy(value)) throw badAttribute(key);
    if (!range && key !== "Policy" && key !== "SqsManagedSseEnabled") throw notSimulated(`the SQS attribute ${key}`);
    given[key] = value;
  }
  return given;
}

function isPolicy(text: string): boolean {
  try {
    const { Statement } = JSON.parse(text) as { readonly Statement?: unknown };
    return [Statement].flat().every((each) => typeof each === "object" && each !== null && "Principal" in each);
  } catch {
    return false;
  }
}

function badAttribute(name: string): AwsError {
  return new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
}

function invalidValue(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}

function withTags(
  present: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>> = {},
): Record<string, string> {
  if (Object.keys(added).some((key) => key.toLowerCase().startsWith("aws:"))) {
    throw invalidValue("Tag keys that start with aws: are reserved for system use.");
  }
  const tags = { ...present, ...added };
  if (Object.keys(tags).length > maxTags) throw invalidValue(`Too many tags added for queue: at most ${maxTags}.`);
  return tags;
}

function seconds(time: number): string {
  return String(Math.floor(time / 1000));
}
