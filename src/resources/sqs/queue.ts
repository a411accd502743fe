import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  paginateListQueues,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { globalNameStart, hasOurEnd } from "../../aws/names.ts";
import { allow, ourQueues } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import { canonical, parsePolicy } from "../iam/policy-document.ts";
import { oursAmong } from "../ours.ts";
import { creationTags, tagChanges, taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";

export interface QueueSpec {
  /** How long a message waits for its reader. */
  readonly retentionSeconds: number;
  /** Statements of its resource policy. */
  readonly policy: object;
  readonly tags: Tags;
}
export interface QueueAttrs {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly retentionSeconds: number;
  /** Null where it has none. */
  readonly policy: unknown;
  /** With a key that SQS manages. */
  readonly encrypted: boolean;
  readonly tags: Tags;
}

/** SQS takes a deleted queue's name again after 60 seconds, and may take as long for the deletion. */
const deletion = { expect: 5, limit: 120 };

/** A queue of messages. Its reference is its name, which is unique in an account's region. */
export const queue: NamedKind<QueueSpec, object, QueueAttrs, AwsContext, "attributes" | "tags"> = {
  name: "sqs.queue",
  title: "SQS queue",
  deletedBefore: [],
  longestName: 80,
  timing: (verb) => (verb === "delete" ? deletion : moments),

  actions: {
    list: allow("sqs:ListQueues"),
    read: allow(["sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:ListQueueTags"], ourQueues),
    create: [...allow("sqs:CreateQueue", ourQueues), ...allow("sqs:TagQueue", ourQueues, "tags go with CreateQueue")],
    delete: allow(["sqs:GetQueueUrl", "sqs:DeleteQueue"], ourQueues),
    attributes: allow("sqs:SetQueueAttributes", ourQueues),
    tags: allow(["sqs:TagQueue", "sqs:UntagQueue"], ourQueues),
  },

  async list(ctx, id) {
    const request = { QueueNamePrefix: globalNameStart(ctx.owner) };
    const urls = await collect(
      paginateListQueues({ client: ctx.clients.sqs, pageSize: 1000 }, request),
      (page) => page.QueueUrls,
    );
    const names = urls.map((url) => url.slice(url.lastIndexOf("/") + 1)).filter((name) => hasOurEnd(ctx.owner, name));
    return oursAmong(names, read, ctx, id);
  },
  read,
  find: read,

  async create(want, ctx) {
    const tags = { ...creationTags(ctx, want.id, want.spec.tags) };
    const Attributes = attributesOf(want.spec);
    await ctx.clients.sqs.send(new CreateQueueCommand({ QueueName: want.name, Attributes, tags }));
    return { ref: want.name };
  },

  async delete({ attrs }, { clients }) {
    await clients.sqs.send(new DeleteQueueCommand({ QueueUrl: attrs.url }));
  },

  aspects: {
    retention: {
      want: (spec) => spec.retentionSeconds,
      have: (attrs) => attrs.retentionSeconds,
      change: () => "attributes",
    },
    policy: {
      want: (spec) => canonical(spec.policy),
      have: (attrs) => attrs.policy,
      change: () => "attributes",
    },
    encryption: {
      want: () => true,
      have: (attrs) => attrs.encrypted,
      change: () => "attributes",
    },
    tags: tagsAspect,
  },
  updates: {
    async attributes({ spec }, { attrs }, { clients }) {
      const Attributes = attributesOf(spec);
      await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: attrs.url, Attributes }));
      return undefined;
    },
    async tags({ spec }, { attrs }, { clients }) {
      const { set, remove } = tagChanges(attrs.tags, spec.tags);
      const QueueUrl = attrs.url;
      if (remove.length > 0) await clients.sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: [...remove] }));
      if (Object.keys(set).length > 0) await clients.sqs.send(new TagQueueCommand({ QueueUrl, Tags: { ...set } }));
      return undefined;
    },
  },
};

function attributesOf({ retentionSeconds, policy }: QueueSpec): Partial<Record<QueueAttributeName, string>> {
  return {
    MessageRetentionPeriod: String(retentionSeconds),
    SqsManagedSseEnabled: "true",
    Policy: JSON.stringify(policy),
  };
}

async function read(name: string, ctx: AwsContext): Promise<Live<QueueAttrs> | null> {
  const { sqs } = ctx.clients;
  return absentAsNull(async () => {
    const { QueueUrl: url = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const [{ Attributes = {} }, { Tags = {} }] = await Promise.all([
      sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] })),
      sqs.send(new ListQueueTagsCommand({ QueueUrl: url })),
    ]);
    const attrs = {
      name,
      url,
      arn: Attributes.QueueArn ?? "",
      retentionSeconds: Number(Attributes.MessageRetentionPeriod),
      policy: Attributes.Policy ? canonical(parsePolicy(Attributes.Policy)) : null,
      encrypted: Attributes.SqsManagedSseEnabled === "true",
      tags: Tags,
    };
    return taggedLive(ctx, name, "ready", attrs, { uid: Attributes.CreatedTimestamp });
  });
}
