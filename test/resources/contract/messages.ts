import { DisableRuleCommand, PutTargetsCommand, TagResourceCommand } from "@aws-sdk/client-eventbridge";
import { SetQueueAttributesCommand, TagQueueCommand } from "@aws-sdk/client-sqs";
import { globalName } from "../../../src/aws/names.ts";
import { eventRule } from "../../../src/resources/events/rule.ts";
import { queue } from "../../../src/resources/sqs/queue.ts";
import { row } from "./row.ts";

const owner = { region: "us-west-2", cluster: "demo" };
const tags = { Name: "demo", team: "blue" };
const queueArn = (name: string) => `arn:aws:sqs:us-west-2:111122223333:${name}`;
const policy = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sqs:SendMessage", Resource: "*" }],
});

const queueRow = row({
  kind: queue,
  id: "queue/karpenter",
  name: globalName(owner, "karpenter"),
  spec: { retentionSeconds: 300, policy: policy("events.amazonaws.com"), tags },
  ground: async () => ({}),
  again: "same",
  nameRests: 60,
  changes: {
    retention: [{ by: "attributes", spec: { retentionSeconds: 600 } }],
    policy: [{ by: "attributes", spec: { policy: policy("sns.amazonaws.com") } }],
    encryption: [
      {
        by: "attributes",
        drift: ({ attrs }, { clients }) => {
          const Attributes = { SqsManagedSseEnabled: "false" };
          return clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: attrs.url, Attributes }));
        },
      },
    ],
    tags: [{ by: "tags", spec: { tags: { Name: "renamed" } } }],
  },
  others: {
    async tags({ attrs }, { clients }) {
      await clients.sqs.send(new TagQueueCommand({ QueueUrl: attrs.url, Tags: { auditor: "ann" } }));
      return "auditor";
    },
  },
});

const eventRuleRow = row({
  kind: eventRule,
  id: "event-rule/karpenter/rebalance",
  name: globalName(owner, "karpenter-rebalance"),
  spec: { description: "Tells Karpenter", pattern: { source: ["aws.ec2"] }, tags },
  ground: async () => ({ queue: { arn: queueArn("demo") } }),
  again: "same",
  changes: {
    pattern: [{ by: "pattern", spec: { pattern: { source: ["aws.health"] } } }],
    state: [
      { by: "pattern", drift: ({ ref }, { clients }) => clients.events.send(new DisableRuleCommand({ Name: ref })) },
    ],
    target: [{ by: "targets", deps: { queue: { arn: queueArn("other") } } }],
    tags: [{ by: "tags", spec: { tags: { Name: "renamed" } } }],
  },
  others: {
    async target({ ref }, { clients }) {
      const Targets = [{ Id: "theirs", Arn: queueArn("theirs") }];
      await clients.events.send(new PutTargetsCommand({ Rule: ref, Targets }));
      return "theirs";
    },
    async tags({ attrs }, { clients }) {
      const Tags = [{ Key: "auditor", Value: "ann" }];
      await clients.events.send(new TagResourceCommand({ ResourceARN: attrs.arn, Tags }));
      return "auditor";
    },
  },
});

export const messageRows = [queueRow, eventRuleRow];
