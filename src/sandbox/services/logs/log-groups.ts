import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError, notSimulated } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import type { World } from "../../world.ts";
import type { LogGroupRecord } from "./state.ts";

/** CloudWatch Logs allows up to 50 a page and may send fewer. */
const defaultPageSize = 10;
const maxPageSize = 50;
const maxTags = 50;

const retentionValues: ReadonlySet<number> = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

export const logGroupHandlers = {
  CreateLogGroup(input: Checked<Logs.CreateLogGroupRequest>, { world, region }: Call): void {
    if (input.logGroupClass !== undefined && input.logGroupClass !== "STANDARD") {
      throw notSimulated(`logs:CreateLogGroup with logGroupClass ${input.logGroupClass}`);
    }
    if (input.deletionProtectionEnabled === true)
      throw notSimulated("logs:CreateLogGroup with deletionProtectionEnabled");
    checkName(input.logGroupName);
    if (groupIn(world, region, input.logGroupName)) {
      throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
    }
    const group = makeGroup(world, region, input.logGroupName);
    group.tags = withTags({}, input.tags ?? {});
    if (input.kmsKeyId !== undefined) group.kmsKeyId = input.kmsKeyId;
  },

  DescribeLogGroups(input: Logs.DescribeLogGroupsRequest, { world, region }: Call): Logs.DescribeLogGroupsResponse {
    const { logGroupNamePrefix = "", logGroupNamePattern, limit } = input;
    if (logGroupNamePattern !== undefined) throw notSimulated("logs:DescribeLogGroups with logGroupNamePattern");
    if (limit !== undefined && (limit < 1 || limit > maxPageSize)) {
      throw invalidParameter(`Value '${limit}' at 'limit' must be between 1 and ${maxPageSize}`);
    }
    const found = Object.values(world.region(region).logs.groups)
      .filter((group) => group.name.startsWith(logGroupNamePrefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = paginate(found, input.nextToken, limit, defaultPageSize, "InvalidParameterException");
    return { logGroups: items.map(groupView), nextToken: next };
  },

  PutRetentionPolicy(input: Checked<Logs.PutRetentionPolicyRequest>, { world, region }: Call): void {
    const group = groupNamed(world, region, input.logGroupName);
    if (!retentionValues.has(input.retentionInDays)) {
      throw invalidParameter(
        `Value '${input.retentionInDays}' at 'retentionInDays' is not one of ${[...retentionValues].join(", ")}`,
      );
    }
    group.retentionInDays = input.retentionInDays;
  },

  DeleteRetentionPolicy(input: Checked<Logs.DeleteRetentionPolicyRequest>, { world, region }: Call): void {
    delete groupNamed(world, region, input.logGroupName).retentionInDays;
  },

  DeleteLogGroup(input: Checked<Logs.DeleteLogGroupRequest>, { world, region }: Call): void {
    const { name } = groupNamed(world, region, input.logGroupName);
    delete world.region(region).logs.groups[name];
  },

  TagResource(input: Checked<Logs.TagResourceRequest>, { world, region }: Call): void {
    const group = groupOfArn(world, region, input.resourceArn);
    group.tags = withTags(group.tags, input.tags);
  },

  UntagResource(input: Checked<Logs.UntagResourceRequest>, { world, region }: Call): void {
    const group = groupOfArn(world, region, input.resourceArn);
    for (const key of input.tagKeys) delete group.tags[key];
  },

  ListTagsForResource(
    input: Checked<Logs.ListTagsForResourceRequest>,
    { world, region }: Call,
  ): Logs.ListTagsForResourceResponse {
    return { tags: groupOfArn(world, region, input.resourceArn).tags };
  },
};

export function groupIn(world: World, region: string, name: string): LogGroupRecord | undefined {
  const { groups } = world.region(region).logs;
  return Object.hasOwn(groups, name) ? groups[name] : undefined;
}

/** A log group that never expires, as AWS services make theirs. */
export function makeGroup(world: World, region: string, name: string): LogGroupRecord {
  const { partition, account } = world.state;
  const arn = `arn:${partition}:logs:${region}:${account}:log-group:${name}`;
  const group: LogGroupRecord = { name, arn, createdAt: world.now(), tags: {} };
  world.region(region).logs.groups[name] = group;
  return group;
}

function groupNamed(world: World, region: string, name: string): LogGroupRecord {
  const group = groupIn(world, region, name);
  if (!group) throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  return group;
}

/** The tagging operations want the ARN without `:*`, which is not the one that `arn` of DescribeLogGroups shows. */
function groupOfArn(world: World, region: string, arn: string): LogGroupRecord {
  const name = /^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:([^:]+)$/.exec(arn)?.[1];
  if (name === undefined) throw invalidParameter(`Invalid ARN: ${arn}`);
  return groupNamed(world, region, name);
}

function checkName(name: string): void {
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
    throw invalidParameter(`Value '${name}' at 'logGroupName' failed to satisfy constraint: [\\.\\-_/#A-Za-z0-9]+`);
  }
  if (/^aws\//i.test(name)) throw invalidParameter("Log groups starting with AWS/ are reserved for AWS.");
}

function withTags(
  present: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  if (Object.keys(added).some((key) => key.toLowerCase().startsWith("aws:"))) {
    throw invalidParameter("Tag keys that start with aws: are reserved for system use.");
  }
  const tags = { ...present, ...added };
  if (Object.keys(tags).length > maxTags) {
    throw new AwsError("TooManyTagsException", `A log group has at most ${maxTags} tags.`);
  }
  return tags;
}

function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

function groupView(group: LogGroupRecord): Logs.LogGroup {
  return {
    logGroupName: group.name,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    creationTime: group.createdAt,
    retentionInDays: group.retentionInDays,
    kmsKeyId: group.kmsKeyId,
    metricFilterCount: 0,
    storedBytes: 0,
    logGroupClass: "STANDARD",
  };
}
