import type * as Cfn from "@aws-sdk/client-cloudformation";
import { parseTemplate } from "./template.ts";
import { plainText } from "./text.ts";
import type { ChangeSetRecord, EventRecord, ResourceRecord, StackRecord } from "./state.ts";

const instant = (at: number) => new Date(at);

export function stackView(stack: StackRecord): Cfn.Stack {
  const { description, parameters } = parseTemplate(stack.source.template);
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...(description === undefined ? {} : { Description: description }),
    Parameters: parameterViews(stack.source.parameters, parameters),
    CreationTime: instant(stack.createdAt),
    ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: instant(stack.updatedAt) }),
    ...(stack.deletedAt === undefined ? {} : { DeletionTime: instant(stack.deletedAt) }),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    ...(stack.reason === undefined ? {} : { StackStatusReason: stack.reason }),
    DisableRollback: stack.onFailure === "DO_NOTHING",
    NotificationARNs: [],
    Capabilities: stack.source.capabilities,
    Outputs: stack.outputs.map(({ key, value, description: about, export: exported }) => ({
      OutputKey: key,
      OutputValue: value,
      ...(about === undefined ? {} : { Description: about }),
      ...(exported === undefined ? {} : { ExportName: exported }),
    })),
    Tags: tagList(stack.source.tags),
    EnableTerminationProtection: stack.protected,
    DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
  };
}

export function parameterViews(
  values: Readonly<Record<string, string>>,
  declared: ReturnType<typeof parseTemplate>["parameters"],
): Cfn.Parameter[] {
  return Object.entries(values).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: plainText(declared[ParameterKey]?.NoEcho) === "true" ? "****" : value,
  }));
}

export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function summaryView(stack: StackRecord): Cfn.StackSummary {
  return {
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: instant(stack.createdAt),
    ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: instant(stack.updatedAt) }),
    ...(stack.deletedAt === undefined ? {} : { DeletionTime: instant(stack.deletedAt) }),
    StackStatus: stack.status,
    ...(stack.reason === undefined ? {} : { StackStatusReason: stack.reason }),
    DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
  };
}

export function resourceView(stack: StackRecord, record: ResourceRecord): Cfn.StackResource {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: record.logicalId,
    ...(record.physicalId === "" ? {} : { PhysicalResourceId: record.physicalId }),
    ResourceType: record.type,
    Timestamp: instant(record.changedAt),
    ResourceStatus: record.status,
    ...(record.reason === undefined ? {} : { ResourceStatusReason: record.reason }),
    DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" },
  };
}

export function eventView(stack: StackRecord, event: EventRecord): Cfn.StackEvent {
  return {
    StackId: stack.id,
    StackName: stack.name,
    EventId: event.id,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: instant(event.at),
    ResourceStatus: event.status,
    ...(event.reason === undefined ? {} : { ResourceStatusReason: event.reason }),
    ...(event.token === undefined ? {} : { ClientRequestToken: event.token }),
  };
}

export function changeSetStatus(
  set: ChangeSetRecord,
  now: number,
): Pick<Cfn.ChangeSetSummary, "Status" | "StatusReason" | "ExecutionStatus"> {
  if (now < set.readyAt) return { Status: "CREATE_IN_PROGRESS", ExecutionStatus: "UNAVAILABLE" };
  if (set.failure !== undefined) return { Status: "FAILED", StatusReason: set.failure, ExecutionStatus: "UNAVAILABLE" };
  return { Status: "CREATE_COMPLETE", ExecutionStatus: set.executed ? "EXECUTE_COMPLETE" : "AVAILABLE" };
}
