import type * as Cfn from "@aws-sdk/client-cloudformation";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import { validationError } from "./errors.ts";
import { cloudFormationOf, stackNamed } from "./place.ts";
import { eventView, resourceView } from "./views.ts";

const defaultPage = 10;

function describeStackResources(input: Cfn.DescribeStackResourcesInput, call: Call): Cfn.DescribeStackResourcesOutput {
  const { StackName: name, PhysicalResourceId: physical, LogicalResourceId: logical } = input;
  if (name === undefined && physical === undefined) {
    throw validationError("Either StackName or PhysicalResourceId must be specified");
  }
  const stack =
    name === undefined
      ? Object.values(cloudFormationOf(call).stacks).find(({ resources }) =>
          Object.values(resources).some(({ physicalId }) => physicalId === physical),
        )
      : stackNamed(call, name);
  if (!stack) throw validationError(`Stack for ${physical} does not exist`);
  const found = Object.values(stack.resources).filter(
    ({ logicalId, physicalId }) =>
      logicalId === (logical ?? logicalId) && (name === undefined || physicalId === (physical ?? physicalId)),
  );
  return { StackResources: found.map((record) => resourceView(stack, record)) };
}

function listStackResources(input: Checked<Cfn.ListStackResourcesInput>, call: Call): Cfn.ListStackResourcesOutput {
  const stack = stackNamed(call, input.StackName);
  const found = Object.values(stack.resources).map((record) => {
    const { Timestamp, StackName: _, StackId: __, ...shown } = resourceView(stack, record);
    return { ...shown, LastUpdatedTimestamp: Timestamp };
  });
  const { items, next } = paginate(found, input.NextToken, undefined, defaultPage, "ValidationError");
  return { StackResourceSummaries: items, ...(next === undefined ? {} : { NextToken: next }) };
}

/** The newest first. */
function describeStackEvents(input: Checked<Cfn.DescribeStackEventsInput>, call: Call): Cfn.DescribeStackEventsOutput {
  const stack = stackNamed(call, input.StackName);
  const { items, next } = paginate(
    stack.events.toReversed(),
    input.NextToken,
    undefined,
    defaultPage,
    "ValidationError",
  );
  return {
    StackEvents: items.map((event) => eventView(stack, event)),
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

export const stackResourceHandlers = {
  DescribeStackResources: describeStackResources,
  ListStackResources: listStackResources,
  DescribeStackEvents: describeStackEvents,
};
