import { AwsError } from "../../aws-error.ts";
import { worldAt } from "../../world-at.ts";
import type { World } from "../../world.ts";
import { differenceOf } from "./changes.ts";
import { resourceEvent } from "./events.ts";
import { finish } from "./finishing.ts";
import { resolveObject } from "./intrinsics.ts";
import { askingFor } from "./operations.ts";
import type { Place } from "./place.ts";
import { scopeOf } from "./scope.ts";
import type { Operation, ResourceRecord, StackRecord, Step } from "./state.ts";
import { parseTemplate } from "./template.ts";
import { resourceTypes } from "./types/index.ts";
import { checkProperties } from "./types/properties.ts";

/** Lets all happen whose time has come, in order of time. */
export function settle(world: World): void {
  for (;;) {
    const next = nextDue(world);
    if (!next || next.at > world.now()) return;
    advance({ world: worldAt(world, next.at), region: next.region }, next.stack, next.stack.operation);
  }
}

function nextDue(world: World): { at: number; region: string; stack: StackRecord } | undefined {
  const all = Object.entries(world.state.regions).flatMap(([region, { cloudformation }]) =>
    Object.values(cloudformation.stacks).flatMap((stack) =>
      stack.operation ? [{ at: dueAt(stack.operation), region, stack }] : [],
    ),
  );
  return all.sort((one, other) => one.at - other.at)[0];
}

function dueAt({ steps, beginsAt }: Operation): number {
  const running = steps.filter(({ state }) => state === "running").map(({ at }) => at);
  return Math.max(beginsAt, running.length > 0 ? Math.min(...running) : beginsAt);
}

/** Ends the steps whose time has come, and begins those that can. */
function advance(place: Place, stack: StackRecord, operation: Operation | null): void {
  if (!operation) return;
  for (const step of operation.steps) {
    if (step.state === "running" && step.at <= place.world.now()) attempt(place, stack, step, look);
  }
  for (;;) {
    const able = operation.failed.length === 0 ? operation.steps.find((step) => canBegin(step, operation)) : undefined;
    if (!able) break;
    attempt(place, stack, able, beginStep);
  }
  // What runs beside a failure is cut off; deletions come to their end.
  const runs = operation.steps.some(({ state }) => state === "running");
  const waits = operation.steps.some(({ state }) => state === "waiting");
  const over = operation.failed.length > 0 ? operation.kind !== "delete" || !runs : !runs && !waits;
  if (over) finish(place, stack, operation);
}

function canBegin({ state, after }: Step, { steps }: Operation): boolean {
  const left = steps.filter((each) => each.state !== "done").map(({ logicalId }) => logicalId);
  return state === "waiting" && after.every((id) => !left.includes(id));
}

type Act = (place: Place, stack: StackRecord, step: Step) => void;

/** Something that fails is a failed step. */
function attempt(place: Place, stack: StackRecord, step: Step, act: Act): void {
  try {
    act(place, stack, step);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    step.state = "done";
    stack.operation?.failed.push(step.logicalId);
    const record = stack.resources[step.logicalId];
    if (record) resourceEvent(place, stack, record, failedStatus(step), wordsOf(error, stack));
  }
}

function failedStatus({ verb }: Step) {
  if (verb === "create") return "CREATE_FAILED";
  return verb === "delete" || verb === "clean up" ? "DELETE_FAILED" : "UPDATE_FAILED";
}

/** As CloudFormation quotes the service. */
function wordsOf({ message, code }: AwsError, stack: StackRecord): string {
  const handlerCode = /AccessDenied|not authorized/.test(`${code} ${message}`)
    ? "AccessDenied"
    : /AlreadyExists/.test(code)
      ? "AlreadyExists"
      : /NoSuchEntity|NotFound/.test(code)
        ? "NotFound"
        : "InvalidRequest";
  return `Resource handler returned message: "${message}" (RequestToken: ${stack.operationToken ?? stack.id}, HandlerErrorCode: ${handlerCode})`;
}

function beginStep(place: Place, stack: StackRecord, step: Step): void {
  if (step.verb === "delete" || step.verb === "clean up") return beginDeletion(place, stack, step);
  const template = parseTemplate(stack.source.template);
  const declared = template.resources[step.logicalId];
  const type = resourceTypes[declared?.Type ?? ""];
  if (!declared || !type) throw new Error(`no declaration of ${step.logicalId}`);
  const scope = scopeOf(place, stack, template, stack.source, stack.resources);
  const properties = resolveObject(declared.Properties, scope);
  const record = stack.resources[step.logicalId];
  const making = {
    ask: askingFor(place, stack),
    properties,
    tags: stack.source.tags,
    name: nameFor(place, stack, step.logicalId),
  };
  const keep = declared.DeletionPolicy === "Retain";
  const run = (duration: keyof World["durations"]) => {
    step.state = "running";
    step.at = place.world.now() + place.world.duration(duration, `${stack.name}/${step.logicalId}`);
  };

  if (!record || step.verb === "create") {
    const made: ResourceRecord = {
      logicalId: step.logicalId,
      type: declared.Type,
      physicalId: "",
      status: "CREATE_IN_PROGRESS",
      changedAt: place.world.now(),
      properties,
      updatePolicy: declared.UpdatePolicy,
      keep,
    };
    stack.resources[step.logicalId] = made;
    resourceEvent(place, stack, made, "CREATE_IN_PROGRESS");
    checkProperties(step.logicalId, type, properties);
    refuseDenied(stack, step);
    made.physicalId = type.create(making);
    type.mark?.(made.physicalId, systemTags(stack, step.logicalId), place);
    resourceEvent(place, stack, made, "CREATE_IN_PROGRESS", "Resource creation Initiated");
    return run(type.durations.create);
  }

  const tagsBefore = stack.operation?.tagsBefore ?? {};
  const tagsDiffer = JSON.stringify(tagsBefore) !== JSON.stringify(stack.source.tags);
  const difference = differenceOf(record, { properties, declared }, tagsDiffer);
  if (!difference) {
    step.state = "done";
    return;
  }
  checkProperties(step.logicalId, type, properties);
  if (difference.replaces) {
    const reason = "Requested update requires the creation of a new physical resource; hence creating one.";
    resourceEvent(place, stack, record, "UPDATE_IN_PROGRESS", reason);
    refuseDenied(stack, step);
    const old = record.physicalId;
    const oldProperties = record.properties;
    record.physicalId = type.create(making);
    type.mark?.(record.physicalId, systemTags(stack, step.logicalId), place);
    record.properties = properties;
    step.verb = "replace";
    stack.operation?.steps.push({
      logicalId: `${step.logicalId} (old)`,
      verb: "clean up",
      after: stack.operation.steps.map(({ logicalId }) => logicalId),
      state: "waiting",
      at: 0,
    });
    stack.resources[`${step.logicalId} (old)`] = {
      ...record,
      logicalId: `${step.logicalId} (old)`,
      physicalId: old,
      properties: oldProperties,
    };
    return run(type.durations.create);
  }
  resourceEvent(place, stack, record, "UPDATE_IN_PROGRESS");
  refuseDenied(stack, step);
  type.update({
    ...making,
    physicalId: record.physicalId,
    before: record.properties,
    tagsBefore,
  });
  record.properties = properties;
  record.updatePolicy = declared.UpdatePolicy;
  record.keep = keep;
  run(type.durations.update);
}

function beginDeletion(place: Place, stack: StackRecord, step: Step): void {
  const record = stack.resources[step.logicalId];
  if (!record) {
    step.state = "done";
    return;
  }
  if (record.keep) {
    resourceEvent(place, stack, record, "DELETE_SKIPPED");
    delete stack.resources[step.logicalId];
    step.state = "done";
    return;
  }
  resourceEvent(place, stack, record, "DELETE_IN_PROGRESS");
  refuseDenied(stack, step);
  const type = resourceTypes[record.type];
  try {
    type?.delete(record.physicalId, askingFor(place, stack), record.properties);
  } catch (error) {
    // What is gone already is deleted.
    if (!(error instanceof AwsError && isAbsent(error))) throw error;
  }
  step.state = "running";
  step.at = place.world.now() + place.world.duration(type?.durations.delete ?? "stackResource", stack.name);
}

function isAbsent({ code, message }: AwsError): boolean {
  return code === "NoSuchEntity" || /not found|cannot be found/.test(message);
}

function refuseDenied(stack: StackRecord, { logicalId }: Step): void {
  const reason = stack.operation?.denied[logicalId];
  if (reason !== undefined) throw new AwsError("AccessDenied", reason);
}

/** Seconds between two looks at what goes. */
const lookInterval = 5;

/** A step that runs is over, or goes on. */
function look(place: Place, stack: StackRecord, step: Step): void {
  const record = stack.resources[step.logicalId];
  const type = resourceTypes[record?.type ?? ""];
  if (!record || !type) throw new Error(`nothing is known of ${step.logicalId}`);
  const seconds = remaining(place, record, type, step);
  if (seconds !== undefined) {
    step.at = place.world.now() + seconds * 1000;
    return;
  }
  step.state = "done";
  if (step.verb === "create") return resourceEvent(place, stack, record, "CREATE_COMPLETE");
  if (step.verb === "update" || step.verb === "replace") {
    return resourceEvent(place, stack, record, "UPDATE_COMPLETE");
  }
  resourceEvent(place, stack, record, "DELETE_COMPLETE");
  delete stack.resources[step.logicalId];
}

function remaining(
  place: Place,
  record: ResourceRecord,
  type: (typeof resourceTypes)[string],
  { verb, at }: Step,
): number | undefined {
  if (verb === "update") {
    return (
      type.roll?.(record.physicalId, record.updatePolicy, place) ?? type.unfinished?.(record.physicalId, at, place)
    );
  }
  if (verb === "delete" || verb === "clean up") {
    return type.gone?.(record.physicalId, place) === false ? lookInterval : undefined;
  }
  return type.unfinished?.(record.physicalId, record.changedAt, place);
}

function nameFor({ world }: Place, stack: StackRecord, logicalId: string): string {
  return `${stack.name}-${logicalId}-${world.hex(12).toUpperCase()}`;
}

/** CloudFormation user guide, "Resource tag". */
function systemTags(stack: StackRecord, logicalId: string): Record<string, string> {
  return {
    "aws:cloudformation:logical-id": logicalId,
    "aws:cloudformation:stack-id": stack.id,
    "aws:cloudformation:stack-name": stack.name,
  };
}
