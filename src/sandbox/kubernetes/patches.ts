import { badRequest, invalid } from "./api-error.ts";
import { elementWith, mergeKeyOf } from "./merge-keys.ts";
import { type Json, type JsonObject, isJsonObject } from "./state.ts";

/** What a patch of a content type makes of an object; the object itself stays. Throws BadRequest, Invalid. */
export function patched(contentType: string, object: JsonObject, patch: Json): JsonObject {
  if (contentType === "application/json-patch+json") return jsonPatched(object, patch);
  if (!isJsonObject(patch)) throw badRequest("the patch is no object");
  if (contentType === "application/merge-patch+json") return mergePatched(object, patch) as JsonObject;
  if (contentType === "application/strategic-merge-patch+json") return strategicallyMerged(object, patch);
  throw badRequest(`the patch type ${contentType} is not simulated by the sandbox`);
}

/** RFC 7386. */
function mergePatched(value: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged: JsonObject = { ...(isJsonObject(value) ? value : {}) };
  for (const [name, part] of Object.entries(patch)) {
    if (part === null) delete merged[name];
    else merged[name] = mergePatched(merged[name], part);
  }
  return merged;
}

/** Kubernetes' own: lists with keys are merged element by element. */
function strategicallyMerged(object: JsonObject, patch: JsonObject): JsonObject {
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  const merged: JsonObject = { ...object };
  for (const [name, part] of Object.entries(patch)) {
    if (name.startsWith("$")) continue;
    const before = merged[name];
    if (part === null) delete merged[name];
    else if (Array.isArray(part)) merged[name] = mergedList(name, Array.isArray(before) ? before : [], part);
    else if (isJsonObject(part)) {
      if (part["$patch"] === "delete") delete merged[name];
      else merged[name] = strategicallyMerged(isJsonObject(before) ? before : {}, part);
    } else merged[name] = part;
  }
  return merged;
}

function mergedList(name: string, before: readonly Json[], patch: readonly Json[]): Json[] {
  const replaces = patch.some((element) => isJsonObject(element) && element["$patch"] === "replace");
  const parts = patch.filter((element) => !isJsonObject(element) || element["$patch"] !== "replace");
  const key = replaces ? undefined : mergeKeyOf(name, [...before, ...parts]);
  if (key === undefined) return parts.map((part) => (isJsonObject(part) ? withoutDirectives(part) : part));
  const kept = before.flatMap((element): Json[] => {
    const part = elementWith(parts, key, (element as JsonObject)[key]);
    if (part === undefined) return [element];
    return part["$patch"] === "delete" ? [] : [strategicallyMerged(element as JsonObject, part)];
  });
  const added = parts
    .filter(isJsonObject)
    .filter((part) => part["$patch"] !== "delete" && elementWith(before, key, part[key]) === undefined);
  return [...kept, ...added];
}

function withoutDirectives(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !name.startsWith("$")));
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: Json;
}

/** RFC 6902: add, remove, replace and test. */
function jsonPatched(object: JsonObject, patch: Json): JsonObject {
  if (!Array.isArray(patch)) throw badRequest("a JSON patch is a list of operations");
  const result = structuredClone(object);
  for (const { op, path, value } of patch as unknown as readonly Operation[]) {
    const steps = path
      .split("/")
      .slice(1)
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = steps.pop() ?? "";
    const parent = steps.reduce<Json | undefined>(
      (at, step) => (Array.isArray(at) ? at[Number(step)] : isJsonObject(at) ? at[step] : undefined),
      result,
    );
    if (typeof parent !== "object" || parent === null) throw invalid(`the path ${path} of the patch does not exist`);
    if (Array.isArray(parent)) changeElement(parent, op, last, value);
    else changeMember(parent, op, last, value);
  }
  return result;
}

function changeElement(list: Json[], op: string, step: string, value: Json = null): void {
  const at = step === "-" ? list.length : Number(step);
  if (op === "add") list.splice(at, 0, value);
  else if (op === "remove") list.splice(at, 1);
  else if (op === "replace") list[at] = value;
  else throw badRequest(`the operation ${op} of a JSON patch is not simulated by the sandbox`);
}

function changeMember(object: JsonObject, op: string, step: string, value: Json = null): void {
  if (op === "add" || op === "replace") object[step] = value;
  else if (op === "remove") delete object[step];
  else if (op !== "test") throw badRequest(`the operation ${op} of a JSON patch is not simulated by the sandbox`);
  else if (JSON.stringify(object[step]) !== JSON.stringify(value)) throw invalid(`testing value /${step} failed`);
}
