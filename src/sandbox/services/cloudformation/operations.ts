import type { Call } from "../../service.ts";
import { askingAs, refusalOf } from "./asking.ts";
import { stackEvent } from "./events.ts";
import { resolveObject } from "./intrinsics.ts";
import { activeResources, scopeOf, unknown } from "./scope.ts";
import type { JsonObject, Operation, ResourceRecord, Source, StackRecord, Step } from "./state.ts";
import { dependenciesOf, parseTemplate, type Template } from "./template.ts";
import { resourceTypes } from "./types/index.ts";

/** Begins to make what the stack's source says. */
export function beginCreation(call: Call, stack: StackRecord): void {
  const template = parseTemplate(stack.source.template);
  const active = activeResources(template, scopeOf(call, stack, template, stack.source, {}));
  begin(call, stack, {
    kind: "create",
    steps: active.map((id) => step(id, "create", dependenciesIn(template, id, active))),
    denied: denials(call, stack, template, active, stack.source),
  });
  stackEvent(call, stack, "CREATE_IN_PROGRESS", "User Initiated");
}

/** Begins to bring in what differs from another source. */
export function beginUpdate(call: Call, stack: StackRecord, source: Source): void {
  const template = parseTemplate(source.template);
  const active = activeResources(template, scopeOf(call, stack, template, source, stack.resources));
  const gone = Object.keys(stack.resources).filter((id) => !active.includes(id));
  const before = structuredClone({ source: stack.source, resources: stack.resources });
  begin(call, stack, {
    kind: "update",
    steps: [
      ...active.map((id) => step(id, stack.resources[id] ? "update" : "create", dependenciesIn(template, id, active))),
      ...gone.map((id) => step(id, "clean up", [...active, ...dependentsIn(stack, id, gone)])),
    ],
    denied: denials(call, stack, template, [...active, ...gone], source),
    before,
  });
  stack.source = source;
  stackEvent(call, stack, "UPDATE_IN_PROGRESS", "User Initiated");
}

/** Begins to take away all there is. */
export function beginDeletion(call: Call, stack: StackRecord): void {
  const ids = Object.keys(stack.resources);
  const template = parseTemplate(stack.source.template);
  begin(call, stack, {
    kind: "delete",
    steps: deletions(stack),
    denied: Object.fromEntries(
      ids.flatMap((id) => {
        const refusal = deletionRefused(call, stack.resources[id]);
        return refusal === undefined ? [] : [[id, refusal]];
      }),
    ),
  });
  if (template.description !== undefined) stack.description = template.description;
  stackEvent(call, stack, "DELETE_IN_PROGRESS", "User Initiated");
}

function begin(call: Call, stack: StackRecord, operation: Omit<Operation, "failed" | "beginsAt" | "tagsBefore">): void {
  stack.principal = call.principal;
  stack.operation = {
    ...operation,
    failed: [],
    tagsBefore: { ...stack.source.tags },
    beginsAt: call.world.now() + call.world.duration("stackResource", stack.name),
  };
}

function step(logicalId: string, verb: Step["verb"], after: string[]): Step {
  return { logicalId, verb, after, state: "waiting", at: 0 };
}

/** Each after all that were made from it. */
export function deletions(stack: StackRecord): Step[] {
  const left = Object.values(stack.resources)
    .filter(({ physicalId, status }) => physicalId !== "" && status !== "DELETE_COMPLETE")
    .map(({ logicalId }) => logicalId);
  return left.map((id) => step(id, "delete", dependentsIn(stack, id, left)));
}

function dependenciesIn(template: Template, id: string, among: readonly string[]): string[] {
  return dependenciesOf(template, id).filter((other) => among.includes(other));
}

function dependentsIn(stack: StackRecord, id: string, among: readonly string[]): string[] {
  const template = parseTemplate(stack.source.template);
  return among.filter((other) => dependenciesOf(template, other).includes(id));
}

/** What the caller may not do with each resource: CloudFormation acts as whoever asked for the stack. */
function denials(
  call: Call,
  stack: StackRecord,
  template: Template,
  ids: readonly string[],
  source: Source,
): Record<string, string> {
  const scope = scopeOf(call, stack, template, source, stack.resources);
  const found = ids.map((id) => {
    const declared = template.resources[id];
    const type = resourceTypes[declared?.Type ?? ""];
    const record = stack.resources[id];
    if (!declared || !type) return [id, deletionRefused(call, record)] as const;
    const properties = resolveObject(declared.Properties, scope);
    const refusal = refusalOf(call, (ask) => {
      const making = { ask, properties, tags: source.tags, name: unknown };
      if (!record) type.create(making);
      else if (!sameProperties(record.properties, properties)) {
        const tagsBefore = stack.source.tags;
        type.update({ ...making, physicalId: record.physicalId, before: record.properties, tagsBefore });
      }
    });
    return [id, refusal] as const;
  });
  return Object.fromEntries(found.flatMap(([id, refusal]) => (refusal === undefined ? [] : [[id, refusal]])));
}

function sameProperties(one: JsonObject, other: JsonObject): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function deletionRefused(call: Call, record: ResourceRecord | undefined): string | undefined {
  if (!record?.physicalId || record.keep) return undefined;
  return refusalOf(call, (ask) => resourceTypes[record.type]?.delete(record.physicalId, ask, record.properties));
}

/** Requests of a stack's operation, as whoever asked for it. */
export function askingFor(place: Pick<Call, "world" | "region">, stack: StackRecord) {
  const { world, region } = place;
  const { account, partition } = world.state;
  const call: Call = {
    service: "cloudformation",
    operation: "",
    region,
    account,
    partition,
    principal: stack.principal,
    requestId: stack.operationToken ?? stack.id,
    world,
  };
  return askingAs(call);
}
