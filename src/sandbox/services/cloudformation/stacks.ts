import type * as Cfn from "@aws-sdk/client-cloudformation";
import { AwsError } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import { changesBy } from "./changes.ts";
import { takeOnly, validationError } from "./errors.ts";
import { beginCreation, beginDeletion, beginUpdate } from "./operations.ts";
import { cloudFormationArn, cloudFormationOf, stackIn, stackNamed } from "./place.ts";
import { sourceIn } from "./sources.ts";
import type { StackRecord } from "./state.ts";
import { summaryView, stackView } from "./views.ts";

const defaultPage = 5;

const sourceMembers = [
  "StackName",
  "TemplateBody",
  "Parameters",
  "Tags",
  "Capabilities",
  "ClientRequestToken",
] as const;

function createStack(input: Checked<Cfn.CreateStackInput>, call: Call): Cfn.CreateStackOutput {
  takeOnly("CreateStack", input, [...sourceMembers, "OnFailure", "DisableRollback", "EnableTerminationProtection"]);
  const { StackName: name, ClientRequestToken: token } = input;
  const there = stackIn(call, name);
  if (there && token !== undefined && there.token === token) return { StackId: there.id };
  if (there) throw new AwsError("AlreadyExistsException", `Stack [${name}] already exists`);
  const stack = newStack(call, name, input);
  if (token !== undefined) {
    stack.token = token;
    stack.operationToken = token;
  }
  cloudFormationOf(call).stacks[stack.id] = stack;
  beginCreation(call, stack);
  return { StackId: stack.id };
}

/** Throws ValidationError. */
export function newStack(
  call: Call,
  name: string,
  input: Pick<
    Cfn.CreateStackInput,
    | "TemplateBody"
    | "Parameters"
    | "Tags"
    | "Capabilities"
    | "OnFailure"
    | "DisableRollback"
    | "EnableTerminationProtection"
  >,
): StackRecord {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  if (input.OnFailure !== undefined && input.DisableRollback !== undefined) {
    throw validationError("You cannot specify both OnFailure and DisableRollback");
  }
  const id = cloudFormationArn(call, `stack/${name}`);
  return {
    name,
    id,
    createdAt: call.world.now(),
    status: "CREATE_IN_PROGRESS",
    source: sourceIn(call, input, { name, id, resources: {} }),
    onFailure: input.OnFailure ?? (input.DisableRollback === true ? "DO_NOTHING" : "ROLLBACK"),
    protected: input.EnableTerminationProtection ?? false,
    principal: call.principal,
    resources: {},
    outputs: [],
    events: [],
    operation: null,
    changeSets: [],
  };
}

const updatable = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"];

/** Throws ValidationError. */
export function requireUpdatable({ id, status }: StackRecord): void {
  if (!updatable.includes(status)) throw validationError(`Stack:${id} is in ${status} state and can not be updated.`);
}

function updateStack(input: Checked<Cfn.UpdateStackInput>, call: Call): Cfn.UpdateStackOutput {
  takeOnly("UpdateStack", input, [...sourceMembers, "UsePreviousTemplate"]);
  const stack = stackNamed(call, input.StackName);
  const { ClientRequestToken: token } = input;
  if (token !== undefined && stack.operationToken === token) return { StackId: stack.id };
  requireUpdatable(stack);
  const source = sourceIn(call, input, stack);
  const tagsDiffer = JSON.stringify(source.tags) !== JSON.stringify(stack.source.tags);
  if (changesBy(call, stack, source).length === 0 && !tagsDiffer) {
    throw validationError("No updates are to be performed.");
  }
  if (token !== undefined) stack.operationToken = token;
  beginUpdate(call, stack, source);
  return { StackId: stack.id };
}

function deleteStack(input: Checked<Cfn.DeleteStackInput>, call: Call): void {
  takeOnly("DeleteStack", input, ["StackName", "ClientRequestToken"]);
  const stack = stackIn(call, input.StackName);
  // One that is not there, or goes already, is a success.
  if (!stack || stack.status === "DELETE_COMPLETE" || stack.operation?.kind === "delete") return;
  if (stack.protected) {
    throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  if (stack.operation && stack.operation.kind !== "create") {
    throw validationError(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
  }
  if (input.ClientRequestToken !== undefined) stack.operationToken = input.ClientRequestToken;
  beginDeletion(call, stack);
}

function describeStacks(input: Cfn.DescribeStacksInput, call: Call): Cfn.DescribeStacksOutput {
  const { StackName: name } = input;
  const found =
    name === undefined
      ? Object.values(cloudFormationOf(call).stacks).filter(({ status }) => status !== "DELETE_COMPLETE")
      : [stackNamed(call, name)];
  const { items, next } = paginate(found, input.NextToken, undefined, defaultPage, "ValidationError");
  return { Stacks: items.map(stackView), ...(next === undefined ? {} : { NextToken: next }) };
}

/** Those that are gone are shown as well, for 90 days. */
function listStacks(input: Cfn.ListStacksInput, call: Call): Cfn.ListStacksOutput {
  const { StackStatusFilter: wanted = [] } = input;
  const found = Object.values(cloudFormationOf(call).stacks).filter(
    ({ status }) => wanted.length === 0 || wanted.includes(status),
  );
  const { items, next } = paginate(found, input.NextToken, undefined, defaultPage, "ValidationError");
  return { StackSummaries: items.map(summaryView), ...(next === undefined ? {} : { NextToken: next }) };
}

function updateTerminationProtection(
  input: Checked<Cfn.UpdateTerminationProtectionInput>,
  call: Call,
): Cfn.UpdateTerminationProtectionOutput {
  const stack = stackNamed(call, input.StackName);
  stack.protected = input.EnableTerminationProtection;
  return { StackId: stack.id };
}

function getTemplate(input: Cfn.GetTemplateInput, call: Call): Cfn.GetTemplateOutput {
  takeOnly("GetTemplate", input, ["StackName", "TemplateStage"]);
  const stack = stackNamed(call, input.StackName ?? "");
  return { TemplateBody: stack.source.template, StagesAvailable: ["Original", "Processed"] };
}

export const stackHandlers = {
  CreateStack: createStack,
  UpdateStack: updateStack,
  DeleteStack: deleteStack,
  DescribeStacks: describeStacks,
  ListStacks: listStacks,
  UpdateTerminationProtection: updateTerminationProtection,
  GetTemplate: getTemplate,
};
