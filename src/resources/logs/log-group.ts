import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  ListTagsForResourceCommand,
  type LogGroup,
  paginateDescribeLogGroups,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, logGroupOfCluster } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { NamedKind, Live } from "../../engine/kind.ts";
import { creationTags, tagChanges, taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";

export interface LogGroupSpec {
  /** Absent: not managed. */
  readonly retentionInDays?: number;
  readonly tags: Tags;
}
export interface LogGroupAttrs {
  readonly name: string;
  readonly arn: string;
  /** null = never expires. */
  readonly retentionInDays: number | null;
  readonly tags: Tags;
}

/**
 * The log group of the control plane. EKS makes one that never expires, if it is not there first. One that was there
 * before us is used and updated, never deleted.
 */
export const logGroup: NamedKind<LogGroupSpec, object, LogGroupAttrs, AwsContext, "retention" | "tags"> = {
  name: "logs.log-group",
  title: "log group",
  deletedBefore: ["logs.late-log-group"],
  // As long as it is there, late logs go into it.
  deletedLast: true,
  completes: ["retention"],
  timing: () => moments,

  actions: {
    list: allow("logs:DescribeLogGroups"),
    read: [...allow("logs:DescribeLogGroups"), ...allow("logs:ListTagsForResource", logGroupOfCluster)],
    create: [
      ...allow("logs:CreateLogGroup", logGroupOfCluster),
      ...allow("logs:TagResource", logGroupOfCluster, "tags go with CreateLogGroup"),
    ],
    delete: allow("logs:DeleteLogGroup", logGroupOfCluster),
    retention: allow("logs:PutRetentionPolicy", logGroupOfCluster),
    tags: allow(["logs:TagResource", "logs:UntagResource"], logGroupOfCluster),
  },

  async list(ctx, id) {
    const live = await read(`/aws/eks/${ctx.owner.cluster}/cluster`, ctx);
    return live?.owner === "us" && (id === undefined || id === live.id) ? [live] : [];
  },
  read,
  find: read,

  async create(want, ctx) {
    const tags = { ...creationTags(ctx, want.id, want.spec.tags) };
    await ctx.clients.logs.send(new CreateLogGroupCommand({ logGroupName: want.name, tags }));
    return { ref: want.name };
  },

  async delete(live, ctx) {
    await ctx.clients.logs.send(new DeleteLogGroupCommand({ logGroupName: live.ref }));
  },

  aspects: {
    retention: {
      want: (spec) => spec.retentionInDays,
      have: (attrs) => attrs.retentionInDays,
      change: () => "retention",
    },
    tags: tagsAspect,
  },
  updates: {
    async retention({ spec }, live, { clients }) {
      const { retentionInDays } = spec;
      await clients.logs.send(new PutRetentionPolicyCommand({ logGroupName: live.ref, retentionInDays }));
      return undefined;
    },
    async tags(want, { attrs }, { clients }) {
      const { set, remove } = tagChanges(attrs.tags, want.spec.tags);
      const resourceArn = attrs.arn;
      if (remove.length > 0) {
        await clients.logs.send(new UntagResourceCommand({ resourceArn, tagKeys: [...remove] }));
      }
      if (Object.keys(set).length > 0) {
        await clients.logs.send(new TagResourceCommand({ resourceArn, tags: { ...set } }));
      }
      return undefined;
    },
  },
};

/** The reference of a log group is its name; DescribeLogGroups only knows prefixes. */
async function read(name: string, ctx: AwsContext): Promise<Live<LogGroupAttrs> | null> {
  const pages = paginateDescribeLogGroups({ client: ctx.clients.logs }, { logGroupNamePrefix: name });
  const groups = await collect(pages, (page) => page.logGroups);
  const found = groups.find((group) => group.logGroupName === name);
  return found ? absentAsNull(() => toLive(name, found, ctx)) : null;
}

async function toLive(name: string, group: LogGroup, ctx: AwsContext): Promise<Live<LogGroupAttrs>> {
  // The tagging calls take the ARN without the `:*` at its end.
  const arn = group.logGroupArn ?? group.arn?.replace(/:\*$/, "") ?? "";
  const { tags = {} } = await ctx.clients.logs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
  const attrs = { name, arn, retentionInDays: group.retentionInDays ?? null, tags };
  const live = taggedLive(ctx, name, "ready", attrs, { uid: group.creationTime?.toString() });
  return live.owner === "us" ? live : { ...live, owner: "shared" };
}
