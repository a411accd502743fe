import { resourceEvent, stackEvent } from "./events.ts";
import { resolve } from "./intrinsics.ts";
import { deletions } from "./operations.ts";
import type { Place } from "./place.ts";
import { activeResources, scopeOf } from "./scope.ts";
import type { Json, Operation, StackRecord, Step } from "./state.ts";
import { plainText } from "./text.ts";
import { dependenciesOf, parseTemplate } from "./template.ts";

/** All steps are over, or one of them has failed: the stack is as wanted, or goes back. */
export function finish(place: Place, stack: StackRecord, operation: Operation): void {
  if (operation.failed.length > 0) return failed(place, stack, operation);
  stack.operation = null;
  switch (operation.kind) {
    case "create":
      setOutputs(place, stack);
      return stackEvent(place, stack, "CREATE_COMPLETE");
    case "update":
      setOutputs(place, stack);
      stackEvent(place, stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
      stack.updatedAt = place.world.now();
      return stackEvent(place, stack, "UPDATE_COMPLETE");
    case "roll back creation":
      if (stack.onFailure !== "DELETE") return stackEvent(place, stack, "ROLLBACK_COMPLETE");
      return gone(place, stack);
    case "roll back update":
      if (operation.before) stack.source = operation.before.source;
      setOutputs(place, stack);
      stack.updatedAt = place.world.now();
      return stackEvent(place, stack, "UPDATE_ROLLBACK_COMPLETE");
    case "delete":
      return gone(place, stack);
  }
}

function gone(place: Place, stack: StackRecord): void {
  stack.deletedAt = place.world.now();
  stack.resources = {};
  stack.outputs = [];
  stackEvent(place, stack, "DELETE_COMPLETE");
}

function failed(place: Place, stack: StackRecord, operation: Operation): void {
  const names = `[${operation.failed.join(", ")}]`;
  for (const { logicalId, verb, state } of operation.steps) {
    const record = stack.resources[logicalId];
    if (state !== "running" || !record || operation.kind === "delete") continue;
    const [status, noun] =
      verb === "create" ? (["CREATE_FAILED", "creation"] as const) : (["UPDATE_FAILED", "update"] as const);
    resourceEvent(place, stack, record, status, `Resource ${noun} cancelled`);
  }
  switch (operation.kind) {
    case "create": {
      const reason = `The following resource(s) failed to create: ${names}. `;
      if (stack.onFailure === "DO_NOTHING") {
        stack.operation = null;
        return stackEvent(place, stack, "CREATE_FAILED", reason);
      }
      const [status, why] =
        stack.onFailure === "DELETE"
          ? (["DELETE_IN_PROGRESS", "Delete requested by user."] as const)
          : (["ROLLBACK_IN_PROGRESS", "Rollback requested by user."] as const);
      stackEvent(place, stack, status, `${reason}${why}`);
      for (const [id, record] of Object.entries(stack.resources))
        if (record.physicalId === "") delete stack.resources[id];
      stack.operation = goingBack(place, operation, "roll back creation", stack.source.tags, deletions(stack));
      return;
    }
    case "update":
      stackEvent(place, stack, "UPDATE_ROLLBACK_IN_PROGRESS", `The following resource(s) failed to update: ${names}. `);
      stack.operation = goingBack(place, operation, "roll back update", stack.source.tags, wayBack(stack, operation));
      return;
    default: {
      const status =
        operation.kind === "delete"
          ? "DELETE_FAILED"
          : operation.kind === "roll back update"
            ? "UPDATE_ROLLBACK_FAILED"
            : "ROLLBACK_FAILED";
      const verb = operation.kind === "roll back update" ? "update" : "delete";
      stack.operation = null;
      return stackEvent(place, stack, status, `The following resource(s) failed to ${verb}: ${names}. `);
    }
  }
}

function goingBack(
  place: Place,
  { before }: Operation,
  kind: Operation["kind"],
  tagsBefore: Operation["tagsBefore"],
  steps: Step[],
): Operation {
  return {
    kind,
    steps,
    denied: {},
    tagsBefore,
    failed: [],
    beginsAt: place.world.now(),
    ...(before ? { before } : {}),
  };
}

/** What was changed is changed back, and what was made goes. The stack has its former source again. */
function wayBack(stack: StackRecord, { before }: Operation): Step[] {
  if (!before) return [];
  const template = parseTemplate(before.source.template);
  stack.source = before.source;
  const made = Object.keys(stack.resources).filter((id) => !before.resources[id]);
  for (const id of made) if (stack.resources[id]?.physicalId === "") delete stack.resources[id];
  const back = Object.keys(before.resources);
  const steps = back.map((id): Step => {
    const verb = stack.resources[id] ? "update" : "create";
    return {
      logicalId: id,
      verb,
      after: dependenciesOf(template, id).filter((each) => back.includes(each)),
      state: "waiting",
      at: 0,
    };
  });
  const cleanUps = made
    .filter((id) => stack.resources[id])
    .map((id): Step => ({ logicalId: id, verb: "clean up", after: back, state: "waiting", at: 0 }));
  return [...steps, ...cleanUps];
}

function setOutputs(place: Place, stack: StackRecord): void {
  const template = parseTemplate(stack.source.template);
  const scope = scopeOf(place, stack, template, stack.source, stack.resources);
  const active = activeResources(template, scope);
  stack.outputs = Object.entries(template.outputs)
    .filter(([, { Condition }]) => typeof Condition !== "string" || scope.condition(Condition))
    .map(([key, { Value = "", Description, Export }]) => ({
      key,
      value: plainText(resolve(Value, scope)),
      ...(typeof Description === "string" ? { description: Description } : {}),
      ...(Export === undefined ? {} : { export: plainText(resolve((Export as { Name: Json }).Name, scope)) }),
    }));
  for (const id of Object.keys(stack.resources)) if (!active.includes(id)) delete stack.resources[id];
}
