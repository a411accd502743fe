import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import type { Call } from "../service.ts";
import { arn, need, type Requirement, removedTags, requestTags, resourceTags, type Rows } from "./requirement.ts";

interface OnGroup {
  readonly logGroupName: string | undefined;
}

/** The ARN of a group that policies name ends in `:*`: actions on groups are checked against all streams of one. */
function onGroup(action: string) {
  return ({ logGroupName = "" }: OnGroup, call: Call): Requirement[] => {
    const group = arn(call, "logs", `log-group:${logGroupName}`);
    return [need(`logs:${action}`, `${group}:log-stream:`, resourceTags(tagsOf(group, call)))];
  };
}

/** The tagging operations have the ARN of the group itself. */
function onTags(action: string) {
  return ({ resourceArn = "" }: Logs.ListTagsForResourceRequest, call: Call): Requirement[] => [
    need(`logs:${action}`, resourceArn, resourceTags(tagsOf(resourceArn, call))),
  ];
}

function tagsOf(group: string, { world, region }: Call) {
  return Object.values(world.region(region).logs.groups).find((each) => each.arn === group)?.tags;
}

export const logsRows = {
  CreateLogGroup({ logGroupName = "", tags }: Logs.CreateLogGroupRequest, call: Call) {
    const group = arn(call, "logs", `log-group:${logGroupName}`);
    return [
      need("logs:CreateLogGroup", `${group}:log-stream:`, requestTags(tags)),
      ...(tags ? [need("logs:TagResource", group, requestTags(tags))] : []),
    ];
  },
  DescribeLogGroups: (_: Logs.DescribeLogGroupsRequest, call: Call) => [
    { ...need("logs:DescribeLogGroups"), named: arn(call, "logs", "log-group::log-stream:") },
  ],
  PutRetentionPolicy: onGroup("PutRetentionPolicy"),
  DeleteRetentionPolicy: onGroup("DeleteRetentionPolicy"),
  DeleteLogGroup: onGroup("DeleteLogGroup"),
  TagResource: ({ resourceArn = "", tags }: Logs.TagResourceRequest, call: Call) => [
    need("logs:TagResource", resourceArn, requestTags(tags), resourceTags(tagsOf(resourceArn, call))),
  ],
  UntagResource: ({ resourceArn = "", tagKeys }: Logs.UntagResourceRequest, call: Call) => [
    need("logs:UntagResource", resourceArn, removedTags(tagKeys), resourceTags(tagsOf(resourceArn, call))),
  ],
  ListTagsForResource: onTags("ListTagsForResource"),
} satisfies Rows;
