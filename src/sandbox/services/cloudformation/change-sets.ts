import type * as Cfn from "@aws-sdk/client-cloudformation";
import { AwsError, notSimulated } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import { changesBy } from "./changes.ts";
import { takeOnly, validationError } from "./errors.ts";
import { stackEvent } from "./events.ts";
import { beginCreation, beginUpdate } from "./operations.ts";
import { cloudFormationArn, cloudFormationOf, type Place, stackIn, stackNamed } from "./place.ts";
import { sourceIn } from "./sources.ts";
import { newStack, requireUpdatable } from "./stacks.ts";
import type { ChangeSetRecord, StackRecord } from "./state.ts";
import { parseTemplate } from "./template.ts";
import { changeSetStatus, parameterViews, tagList } from "./views.ts";

const defaultPage = 10;
const nothingToChange =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

function createChangeSet(input: Checked<Cfn.CreateChangeSetInput>, call: Call): Cfn.CreateChangeSetOutput {
  takeOnly("CreateChangeSet", input, [
    "StackName",
    "ChangeSetName",
    "ChangeSetType",
    "TemplateBody",
    "UsePreviousTemplate",
    "Parameters",
    "Tags",
    "Capabilities",
    "ClientToken",
    "Description",
  ]);
  const { StackName: name, ChangeSetName: called, ChangeSetType: type = "UPDATE", ClientToken: token } = input;
  if (type === "IMPORT") throw notSimulated("cloudformation:CreateChangeSet of type IMPORT");
  const there = stackIn(call, name);
  const same = there?.changeSets.find((each) => each.name === called);
  if (there && same && token !== undefined && same.token === token) return { Id: same.id, StackId: there.id };
  if (same)
    throw new AwsError(
      "AlreadyExistsException",
      `ChangeSet ${called} cannot be created due to a mismatch with existing attribute Template`,
    );
  const stack = type === "CREATE" ? stackInReview(call, input, there) : updatableStack(there, name);
  const source = type === "CREATE" && !there ? stack.source : sourceIn(call, input, stack);
  const tagsDiffer = JSON.stringify(source.tags) !== JSON.stringify(stack.source.tags);
  const changes = changesBy(call, stack, source);
  const set: ChangeSetRecord = {
    name: called,
    id: cloudFormationArn(call, `changeSet/${called}`),
    createdAt: call.world.now(),
    readyAt: call.world.now() + call.world.duration("changeSetCreate", `${name}/${called}`),
    type: type === "CREATE" ? "CREATE" : "UPDATE",
    source,
    executed: false,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(changes.length === 0 && !tagsDiffer ? { failure: nothingToChange } : {}),
    ...(token === undefined ? {} : { token }),
  };
  stack.changeSets.push(set);
  return { Id: set.id, StackId: stack.id };
}

/** A new stack with nothing in it, or one that waits for its first change set. */
function stackInReview(
  call: Call,
  input: Checked<Cfn.CreateChangeSetInput>,
  there: StackRecord | undefined,
): StackRecord {
  if (there && there.status !== "REVIEW_IN_PROGRESS") {
    throw validationError(
      `Stack [${there.name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
    );
  }
  if (there) return there;
  const stack = newStack(call, input.StackName, {
    TemplateBody: input.TemplateBody,
    Parameters: input.Parameters,
    Tags: input.Tags,
    Capabilities: input.Capabilities,
  });
  cloudFormationOf(call).stacks[stack.id] = stack;
  stackEvent(call, stack, "REVIEW_IN_PROGRESS", "User Initiated");
  return stack;
}

function updatableStack(stack: StackRecord | undefined, name: string): StackRecord {
  if (!stack) throw validationError(`Stack [${name}] does not exist`);
  requireUpdatable(stack);
  return stack;
}

interface Named {
  readonly StackName?: string | undefined;
  readonly ChangeSetName?: string | undefined;
}

/** By its name within a stack, or by its ARN. Throws ChangeSetNotFound. */
function changeSetOf(
  place: Place,
  { StackName, ChangeSetName = "" }: Named,
): { stack: StackRecord; set: ChangeSetRecord } {
  const stacks =
    StackName === undefined ? Object.values(cloudFormationOf(place).stacks) : [stackNamed(place, StackName)];
  for (const stack of stacks) {
    const set = stack.changeSets.find(
      ({ name, id }) => id === ChangeSetName || (name === ChangeSetName && StackName !== undefined),
    );
    if (set) return { stack, set };
  }
  throw new AwsError("ChangeSetNotFound", `ChangeSet [${ChangeSetName}] does not exist`, { status: 404 });
}

function describeChangeSet(input: Checked<Cfn.DescribeChangeSetInput>, call: Call): Cfn.DescribeChangeSetOutput {
  const { stack, set } = changeSetOf(call, input);
  const changes = changesBy(call, stack, set.source);
  const { items, next } = paginate(changes, input.NextToken, undefined, defaultPage, "ValidationError");
  return {
    ChangeSetName: set.name,
    ChangeSetId: set.id,
    StackId: stack.id,
    StackName: stack.name,
    ...(set.description === undefined ? {} : { Description: set.description }),
    Parameters: parameterViews(set.source.parameters, parseTemplate(set.source.template).parameters),
    CreationTime: new Date(set.createdAt),
    ...changeSetStatus(set, call.world.now()),
    Capabilities: set.source.capabilities,
    Tags: tagList(set.source.tags),
    Changes: items,
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

function listChangeSets(input: Checked<Cfn.ListChangeSetsInput>, call: Call): Cfn.ListChangeSetsOutput {
  const stack = stackNamed(call, input.StackName);
  const { items, next } = paginate(stack.changeSets, input.NextToken, undefined, defaultPage, "ValidationError");
  return {
    Summaries: items.map((set) => ({
      StackId: stack.id,
      StackName: stack.name,
      ChangeSetId: set.id,
      ChangeSetName: set.name,
      CreationTime: new Date(set.createdAt),
      ...changeSetStatus(set, call.world.now()),
    })),
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

/** All other change sets of the stack go with it. */
function executeChangeSet(input: Checked<Cfn.ExecuteChangeSetInput>, call: Call): Cfn.ExecuteChangeSetOutput {
  takeOnly("ExecuteChangeSet", input, ["StackName", "ChangeSetName", "ClientRequestToken", "DisableRollback"]);
  const { stack, set } = changeSetOf(call, input);
  const { ClientRequestToken: token } = input;
  if (set.executed && token !== undefined && stack.operationToken === token) return {};
  const { ExecutionStatus, Status } = changeSetStatus(set, call.world.now());
  if (ExecutionStatus !== "AVAILABLE") {
    throw new AwsError(
      "InvalidChangeSetStatus",
      `ChangeSet [${set.id}] cannot be executed in its current execution status of [${ExecutionStatus}], status [${Status}]`,
    );
  }
  if (set.type === "UPDATE") requireUpdatable(stack);
  set.executed = true;
  stack.changeSets = [set];
  if (token !== undefined) stack.operationToken = token;
  if (set.type === "CREATE") {
    stack.source = set.source;
    if (input.DisableRollback === true) stack.onFailure = "DO_NOTHING";
    beginCreation(call, stack);
  } else beginUpdate(call, stack, set.source);
  return {};
}

function deleteChangeSet(input: Checked<Cfn.DeleteChangeSetInput>, call: Call): Cfn.DeleteChangeSetOutput {
  const { stack, set } = changeSetOf(call, input);
  stack.changeSets = stack.changeSets.filter((each) => each !== set);
  return {};
}

export const changeSetHandlers = {
  CreateChangeSet: createChangeSet,
  DescribeChangeSet: describeChangeSet,
  ListChangeSets: listChangeSets,
  ExecuteChangeSet: executeChangeSet,
  DeleteChangeSet: deleteChangeSet,
};
