import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Rule,
  TagResourceCommand,
  type Target,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { globalNameStart, hasOurEnd } from "../../aws/names.ts";
import { allow, ourEventRules } from "../../aws/permissions.ts";
import { tagList, type Tags, tagsOf } from "../../aws/tags.ts";
import { FailedError } from "../../errors.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import { oursAmong } from "../ours.ts";
import { creationTags, tagChanges, taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";

export interface EventRuleSpec {
  readonly description: string;
  /** Which events: lists of values by the members of an event. */
  readonly pattern: Readonly<Record<string, readonly string[]>>;
  readonly tags: Tags;
}
export interface EventRuleDeps {
  /** Where the events go. */
  readonly queue: { readonly arn: string };
}
export interface EventRuleAttrs {
  readonly name: string;
  readonly arn: string;
  readonly pattern: unknown;
  readonly enabled: boolean;
  /** ARN by the target's id. */
  readonly targets: Readonly<Record<string, string>>;
  readonly tags: Tags;
}

/** The id of the one target that is ours. */
const ourTarget = "ekstool";

/** A rule of EventBridge's default bus that sends events to a queue. Its reference is its name. */
export const eventRule: NamedKind<
  EventRuleSpec,
  EventRuleDeps,
  EventRuleAttrs,
  AwsContext,
  "pattern" | "targets" | "tags"
> = {
  name: "events.rule",
  title: "EventBridge rule",
  deletedBefore: ["sqs.queue"],
  longestName: 64,
  completes: ["targets"],
  timing: () => moments,

  actions: {
    list: allow("events:ListRules"),
    read: allow(["events:DescribeRule", "events:ListTargetsByRule", "events:ListTagsForResource"], ourEventRules),
    create: [
      ...allow("events:PutRule", ourEventRules),
      ...allow("events:TagResource", ourEventRules, "tags go with PutRule"),
    ],
    delete: allow(["events:RemoveTargets", "events:DeleteRule"], ourEventRules),
    pattern: allow("events:PutRule", ourEventRules),
    targets: allow("events:PutTargets", ourEventRules),
    tags: allow(["events:TagResource", "events:UntagResource"], ourEventRules),
  },

  async list(ctx, id) {
    const rules = await ourRules(ctx);
    return oursAmong(
      rules.map(({ Name = "" }) => Name),
      read,
      ctx,
      id,
    );
  },
  read,
  find: read,

  async create(want, ctx) {
    const Tags = tagList(creationTags(ctx, want.id, want.spec.tags));
    await ctx.clients.events.send(new PutRuleCommand({ ...settings(want.name, want.spec), Tags }));
    return { ref: want.name };
  },

  async delete({ ref, attrs }, { clients }) {
    const Ids = Object.keys(attrs.targets);
    if (Ids.length > 0) {
      const answer = await absentAsNull(() => clients.events.send(new RemoveTargetsCommand({ Rule: ref, Ids })));
      refuseFailed(answer?.FailedEntries);
    }
    await clients.events.send(new DeleteRuleCommand({ Name: ref }));
  },

  aspects: {
    pattern: {
      want: (spec) => spec.pattern,
      have: (attrs) => attrs.pattern,
      change: () => "pattern",
    },
    state: {
      want: () => true,
      have: (attrs) => attrs.enabled,
      change: () => "pattern",
    },
    target: {
      want: (_spec, { queue }) => queue.arn,
      have: (attrs) => attrs.targets[ourTarget],
      change: () => "targets",
      kept: (attrs) => Object.keys(attrs.targets).filter((id) => id !== ourTarget),
    },
    tags: tagsAspect,
  },
  updates: {
    async pattern({ spec }, { ref }, { clients }) {
      await clients.events.send(new PutRuleCommand(settings(ref, spec)));
      return undefined;
    },
    async targets({ deps }, { ref }, { clients }) {
      const Targets = [{ Id: ourTarget, Arn: deps.queue.arn }];
      refuseFailed((await clients.events.send(new PutTargetsCommand({ Rule: ref, Targets }))).FailedEntries);
      return undefined;
    },
    async tags({ spec }, { attrs }, { clients }) {
      const { set, remove } = tagChanges(attrs.tags, spec.tags);
      const ResourceARN = attrs.arn;
      if (remove.length > 0) {
        await clients.events.send(new UntagResourceCommand({ ResourceARN, TagKeys: [...remove] }));
      }
      if (Object.keys(set).length > 0) {
        await clients.events.send(new TagResourceCommand({ ResourceARN, Tags: tagList(set) }));
      }
      return undefined;
    },
  },
};

function settings(Name: string, { description, pattern }: EventRuleSpec) {
  return { Name, Description: description, EventPattern: JSON.stringify(pattern), State: "ENABLED" } as const;
}

/** Calls for several targets are answered with success, and say which of them failed. */
function refuseFailed(
  failed: readonly { readonly ErrorCode?: string | undefined; readonly ErrorMessage?: string | undefined }[] = [],
): void {
  const [first] = failed;
  if (first) throw new FailedError(`EventBridge: ${first.ErrorCode ?? "failed"}: ${first.ErrorMessage ?? ""}`);
}

/** Those whose names may be ours: the list gives no tags. */
async function ourRules({ clients, owner }: AwsContext): Promise<readonly Rule[]> {
  const found: Rule[] = [];
  let NextToken: string | undefined;
  do {
    const request = new ListRulesCommand({ NamePrefix: globalNameStart(owner), Limit: 100, NextToken });
    const page = await clients.events.send(request);
    found.push(...(page.Rules ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found.filter(({ Name = "" }) => hasOurEnd(owner, Name));
}

async function targetsOf(name: string, { clients }: AwsContext): Promise<readonly Target[]> {
  const found: Target[] = [];
  let NextToken: string | undefined;
  do {
    const page = await clients.events.send(new ListTargetsByRuleCommand({ Rule: name, NextToken }));
    found.push(...(page.Targets ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found;
}

async function read(name: string, ctx: AwsContext): Promise<Live<EventRuleAttrs> | null> {
  const { events } = ctx.clients;
  return absentAsNull(async () => {
    const rule = await events.send(new DescribeRuleCommand({ Name: name }));
    const [targets, { Tags = [] }] = await Promise.all([
      targetsOf(name, ctx),
      events.send(new ListTagsForResourceCommand({ ResourceARN: rule.Arn })),
    ]);
    const attrs = {
      name,
      arn: rule.Arn ?? "",
      pattern: JSON.parse(rule.EventPattern ?? "null") as unknown,
      enabled: rule.State === "ENABLED",
      targets: Object.fromEntries(targets.map(({ Id = "", Arn = "" }) => [Id, Arn])),
      tags: tagsOf(Tags),
    };
    return taggedLive(ctx, name, "ready", attrs);
  });
}
