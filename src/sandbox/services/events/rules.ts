import type * as Events from "@aws-sdk/client-eventbridge";
import { AwsError, notSimulated } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import type { RuleRecord } from "./state.ts";

const defaultPageSize = 100;
const maxTags = 50;
/** AWS's quotas: rules on a bus, targets of a rule. */
const maxRules = 300;
const maxTargets = 5;

interface OnBus {
  readonly EventBusName?: string | undefined;
}

export const ruleHandlers = {
  /** An existing rule is replaced and keeps its tags and targets: tags of the request are for a new one. */
  PutRule(input: Checked<Events.PutRuleRequest>, call: Call): Events.PutRuleResponse {
    defaultBus(input);
    if (input.ScheduleExpression !== undefined) throw notSimulated("events:PutRule with ScheduleExpression");
    if (input.EventPattern === undefined) {
      throw validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
    }
    if (!isPattern(input.EventPattern)) {
      throw new AwsError("InvalidEventPatternException", "Event pattern is not valid. Reason: Filter is not an object");
    }
    const rules = rulesOf(call);
    const present = Object.hasOwn(rules, input.Name) ? rules[input.Name] : undefined;
    if (!present && Object.keys(rules).length >= maxRules) {
      throw new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
    }
    const { partition, region, account } = call;
    const rule: RuleRecord = {
      name: input.Name,
      arn: `arn:${partition}:events:${region}:${account}:rule/${input.Name}`,
      eventPattern: input.EventPattern,
      state: input.State === "DISABLED" ? "DISABLED" : "ENABLED",
      targets: present?.targets ?? {},
      tags: present?.tags ?? withTags({}, input.Tags),
    };
    if (input.Description !== undefined) rule.description = input.Description;
    rules[input.Name] = rule;
    return { RuleArn: rule.arn };
  },

  DescribeRule(input: Checked<Events.DescribeRuleRequest>, call: Call): Events.DescribeRuleResponse {
    defaultBus(input);
    return viewOf(ruleNamed(input.Name, call));
  },

  ListRules(input: Events.ListRulesRequest, call: Call): Events.ListRulesResponse {
    defaultBus(input);
    const found = Object.values(rulesOf(call))
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ""))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = paginate(found, input.NextToken, input.Limit, defaultPageSize, "ValidationException");
    return { Rules: items.map(viewOf), NextToken: next };
  },

  DeleteRule(input: Checked<Events.DeleteRuleRequest>, call: Call): void {
    defaultBus(input);
    const rules = rulesOf(call);
    // EventBridge deletes what is not there, too.
    if (!Object.hasOwn(rules, input.Name)) return;
    if (Object.keys(ruleNamed(input.Name, call).targets).length > 0) {
      throw validation("Rule can't be deleted since it has targets.");
    }
    delete rules[input.Name];
  },

  EnableRule(input: Checked<Events.EnableRuleRequest>, call: Call): void {
    defaultBus(input);
    ruleNamed(input.Name, call).state = "ENABLED";
  },

  DisableRule(input: Checked<Events.DisableRuleRequest>, call: Call): void {
    defaultBus(input);
    ruleNamed(input.Name, call).state = "DISABLED";
  },

  PutTargets(input: Checked<Events.PutTargetsRequest>, call: Call): Events.PutTargetsResponse {
    defaultBus(input);
    const rule = ruleNamed(input.Rule, call);
    const targets = { ...rule.targets, ...Object.fromEntries(input.Targets.map(({ Id, Arn }) => [Id, Arn])) };
    if (Object.keys(targets).length > maxTargets) {
      throw new AwsError("LimitExceededException", `A rule has at most ${maxTargets} targets.`);
    }
    rule.targets = targets as Record<string, string>;
    return { FailedEntryCount: 0, FailedEntries: [] };
  },

  RemoveTargets(input: Checked<Events.RemoveTargetsRequest>, call: Call): Events.RemoveTargetsResponse {
    defaultBus(input);
    const rule = ruleNamed(input.Rule, call);
    for (const id of input.Ids) delete rule.targets[id];
    return { FailedEntryCount: 0, FailedEntries: [] };
  },

  ListTargetsByRule(input: Checked<Events.ListTargetsByRuleRequest>, call: Call): Events.ListTargetsByRuleResponse {
    defaultBus(input);
    const found = Object.entries(ruleNamed(input.Rule, call).targets).map(([Id, Arn]) => ({ Id, Arn }));
    const { items, next } = paginate(found, input.NextToken, input.Limit, defaultPageSize, "ValidationException");
    return { Targets: items, NextToken: next };
  },

  TagResource(input: Checked<Events.TagResourceRequest>, call: Call): void {
    const rule = ruleOfArn(input.ResourceARN, call);
    rule.tags = withTags(rule.tags, input.Tags);
  },

  UntagResource(input: Checked<Events.UntagResourceRequest>, call: Call): void {
    const rule = ruleOfArn(input.ResourceARN, call);
    for (const key of input.TagKeys) delete rule.tags[key];
  },

  ListTagsForResource(
    input: Checked<Events.ListTagsForResourceRequest>,
    call: Call,
  ): Events.ListTagsForResourceResponse {
    const { tags } = ruleOfArn(input.ResourceARN, call);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
};

function rulesOf({ world, region }: Call): Record<string, RuleRecord> {
  return world.region(region).events.rules;
}

function defaultBus({ EventBusName: name = "default" }: OnBus): void {
  if (name !== "default") throw notSimulated(`the event bus ${name}`);
}

function ruleNamed(name: string, call: Call): RuleRecord {
  const rules = rulesOf(call);
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (!rule) {
    throw new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus default.`);
  }
  return rule;
}

function ruleOfArn(arn: string, call: Call): RuleRecord {
  return ruleNamed(arn.slice(arn.lastIndexOf("/") + 1), call);
}

function viewOf({ name, arn, description, eventPattern, state }: RuleRecord): Events.Rule {
  return {
    Name: name,
    Arn: arn,
    Description: description,
    EventPattern: eventPattern,
    State: state,
    EventBusName: "default",
  };
}

/** An event pattern is an object of lists, perhaps within objects. */
function isPattern(text: string): boolean {
  try {
    const value = JSON.parse(text) as unknown;
    return (
      typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === "object")
    );
  } catch {
    return false;
  }
}

function withTags(
  present: Readonly<Record<string, string>>,
  added: readonly Events.Tag[] = [],
): Record<string, string> {
  const pairs = added.map(({ Key = "", Value = "" }) => [Key, Value] as const);
  if (pairs.some(([key]) => key.toLowerCase().startsWith("aws:"))) {
    throw validation("Tag keys that start with aws: are reserved for system use.");
  }
  const tags = { ...present, ...Object.fromEntries(pairs) };
  if (Object.keys(tags).length > maxTags) throw validation(`A rule has at most ${maxTags} tags.`);
  return tags;
}

function validation(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
