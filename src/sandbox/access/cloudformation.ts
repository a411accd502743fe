import type * as Cfn from "@aws-sdk/client-cloudformation";
import type { Call } from "../service.ts";
import { stackIn } from "../services/cloudformation/place.ts";
import {
  arn,
  type Context,
  each,
  need,
  type Requirement,
  requestTags,
  resourceTags,
  type Rows,
  tagsIn,
} from "./requirement.ts";

const service = "cloudformation";

interface Named {
  readonly StackName?: string | undefined;
}

/** By name or by id; one that is not there yet has an id that nobody knows. */
function onStack(action: string, nameOrId: string, call: Call, ...contexts: readonly Context[]): Requirement {
  const stack = stackIn(call, nameOrId);
  const resource = stack?.id ?? (nameOrId.startsWith("arn:") ? nameOrId : arn(call, service, `stack/${nameOrId}/*`));
  return need(`${service}:${action}`, resource, resourceTags(stack?.source.tags), ...contexts);
}

function act(action: string) {
  return ({ StackName = "" }: Named, call: Call) => [onStack(action, StackName, call)];
}

interface Tagging extends Named {
  readonly Tags?: readonly Cfn.Tag[] | undefined;
}

/** Whoever tags a stack needs a right of its own for it. */
function tagging(action: string) {
  return ({ StackName = "", Tags }: Tagging, call: Call) => {
    const tags = requestTags(tagsIn(Tags));
    return [
      onStack(action, StackName, call, tags),
      ...(Tags?.length ? [onStack("TagResource", StackName, call, tags)] : []),
    ];
  };
}

/** A change set is named with its stack, or by an ARN of its own. */
function onChangeSet(action: string) {
  return ({ StackName, ChangeSetName = "" }: Named & { readonly ChangeSetName?: string | undefined }, call: Call) => [
    StackName === undefined ? need(`${service}:${action}`, ChangeSetName) : onStack(action, StackName, call),
  ];
}

/** Of all stacks, where none is named. */
function describing(action: string) {
  return ({ StackName }: Named, call: Call) => [
    StackName === undefined
      ? need(`${service}:${action}`, arn(call, service, "stack/*/*"))
      : onStack(action, StackName, call),
  ];
}

export const cloudFormationRows = {
  ...each(["CreateStack", "UpdateStack", "CreateChangeSet"], tagging),
  ...each(
    [
      "DeleteStack",
      "DescribeStackEvents",
      "GetTemplate",
      "ListChangeSets",
      "ListStackResources",
      "UpdateTerminationProtection",
    ],
    act,
  ),
  ...each(["DescribeStacks", "DescribeStackResources"], describing),
  ...each(["DeleteChangeSet", "DescribeChangeSet", "ExecuteChangeSet"], onChangeSet),
  ListStacks: () => [need(`${service}:ListStacks`)],
} satisfies Rows;
