import type * as Events from "@aws-sdk/client-eventbridge";
import type { Call } from "../service.ts";
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
  tagsIn,
} from "./requirement.ts";

/** Operations call the rule by different names. */
interface OfRule {
  readonly Name?: string | undefined;
  readonly Rule?: string | undefined;
  readonly ResourceARN?: string | undefined;
}

/** An action on a rule, whether it is there or not. */
function on(action: string, input: OfRule, call: Call, ...contexts: readonly Context[]): Requirement {
  const { Name, Rule, ResourceARN = "" } = input;
  const name = Name ?? Rule ?? ResourceARN.slice(ResourceARN.lastIndexOf("/") + 1);
  const { rules } = call.world.region(call.region).events;
  const tags = Object.hasOwn(rules, name) ? rules[name]?.tags : undefined;
  return need(`events:${action}`, arn(call, "events", `rule/${name}`), resourceTags(tags), ...contexts);
}

export const eventsRows = {
  PutRule: ({ Name, Tags }: Events.PutRuleRequest, call: Call) => [
    on("PutRule", { Name }, call, requestTags(tagsIn(Tags))),
    ...(Tags?.length ? [on("TagResource", { Name }, call, requestTags(tagsIn(Tags)))] : []),
  ],
  ListRules: (_: Events.ListRulesRequest, call: Call) => [
    { ...need("events:ListRules"), named: arn(call, "events", "rule/*") },
  ],
  TagResource: (input: Events.TagResourceRequest, call: Call) => [
    on("TagResource", input, call, requestTags(tagsIn(input.Tags))),
  ],
  UntagResource: (input: Events.UntagResourceRequest, call: Call) => [
    on("UntagResource", input, call, removedTags(input.TagKeys)),
  ],
  ...each(
    [
      "DescribeRule",
      "DeleteRule",
      "EnableRule",
      "DisableRule",
      "PutTargets",
      "RemoveTargets",
      "ListTargetsByRule",
      "ListTagsForResource",
    ],
    (operation) => (input: OfRule, call: Call) => [on(operation, input, call)],
  ),
} satisfies Rows;
