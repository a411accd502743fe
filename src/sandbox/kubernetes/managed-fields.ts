import { ApiError } from "./api-error.ts";
import { elementWith, mergeKeyOf } from "./merge-keys.ts";
import { type Fields, type Json, type JsonObject, type KubeObject, type ManagedFields, isJsonObject } from "./state.ts";

/** The way to a value: `f:spec`, `f:containers`, `k:{"name":"web"}`, `f:image`. */
type Path = readonly string[];

/** What nobody owns: the API sets it, or it says which object it is. */
const unowned =
  /^f:(apiVersion|kind|metadata f:(name|namespace|uid|resourceVersion|generation|creationTimestamp|managedFields|deletion\w+)( .*)?)$/;

/** All values of an object that can be owned, each with the way to it. */
function ownable(object: unknown): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  const walk = (value: Json, name: string, path: Path): void => {
    const key = Array.isArray(value) ? mergeKeyOf(name, value) : undefined;
    if (isJsonObject(value) && Object.keys(value).length > 0) {
      for (const [member, part] of Object.entries(value)) walk(part, member, [...path, `f:${member}`]);
    } else if (Array.isArray(value) && value.length > 0 && key !== undefined) {
      for (const element of value.filter(isJsonObject)) {
        walk(element, "", [...path, `k:${JSON.stringify({ [key]: element[key] })}`]);
      }
    } else if (!unowned.test(path.join(" "))) found.set(path.join("\n"), value);
  };
  walk(object as Json, "", []);
  return found;
}

function pathsOf(fields: Fields): readonly string[] {
  return Object.entries(fields).flatMap(([step, below]) =>
    Object.keys(below).length === 0 ? [step] : pathsOf(below).map((path) => `${step}\n${path}`),
  );
}

function fieldsOf(paths: Iterable<string>): Fields {
  const fields: Fields = {};
  for (const path of paths) {
    let at = fields;
    for (const step of path.split("\n")) at = at[step] ??= {};
  }
  return fields;
}

interface Writer {
  readonly manager: string;
  readonly operation: ManagedFields["operation"];
  readonly apiVersion: string;
  readonly time: string;
}

/** The owners of an object after somebody has set or taken away values: of what differs, the writer is the owner. */
export function afterUpdate(
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
): readonly ManagedFields[] {
  const old = ownable(before ?? {});
  const now = ownable(after);
  const changed = [...now].filter(([path, value]) => !isEqual(old.get(path), value)).map(([path]) => path);
  const owners = without(before?.metadata.managedFields ?? [], (path) => changed.includes(path) || !now.has(path));
  return changed.length === 0 ? owners : withOwned(owners, writer, changed, true);
}

/**
 * Server-side apply: what the manager wants is set, what it wanted before and wants no more is taken away unless somebody
 * else wants it, too. Throws Conflict where others have set another value, unless it is forced.
 */
export function applied(
  live: KubeObject | undefined,
  wanted: KubeObject,
  writer: Writer,
  force: boolean,
): { readonly object: JsonObject; readonly managedFields: readonly ManagedFields[] } {
  const managers = live?.metadata.managedFields ?? [];
  const isOwn = (each: ManagedFields) => each.manager === writer.manager && each.operation === "Apply";
  const others = managers.filter((each) => !isOwn(each));
  const wants = ownable(wanted);
  const has = ownable(live ?? {});
  const contested = others.flatMap(({ manager, fieldsV1 }) =>
    pathsOf(fieldsV1)
      .filter((path) => wants.has(path) && !isEqual(wants.get(path), has.get(path)))
      .map((path) => ({ manager, path })),
  );
  if (contested.length > 0 && !force) throw applyConflict(contested);
  const before = managers.filter(isOwn).flatMap(({ fieldsV1 }) => pathsOf(fieldsV1));
  const wantedByOthers = new Set(others.flatMap(({ fieldsV1 }) => pathsOf(fieldsV1)));
  const dropped = before.filter((path) => !wants.has(path) && !wantedByOthers.has(path));
  const object = structuredClone(live ?? {}) as JsonObject;
  for (const path of dropped) take(object, path.split("\n"));
  const merged = mergeIn(object, wanted as unknown as JsonObject);
  const lost = new Set(contested.map(({ path }) => path));
  const rest = without(others, (path) => lost.has(path));
  return { object: merged, managedFields: withOwned(rest, writer, [...wants.keys()], false) };
}

function applyConflict(contested: readonly { readonly manager: string; readonly path: string }[]): ApiError {
  const dotted = (path: string) => path.replaceAll("\n", "").replaceAll("f:", ".").replaceAll("k:", "");
  const count = contested.length === 1 ? "1 conflict" : `${contested.length} conflicts`;
  const list = contested.map(({ manager, path }) => `conflict with "${manager}": ${dotted(path)}`).join(", ");
  const causes = contested.map(({ manager, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with "${manager}"`,
    field: dotted(path),
  }));
  return new ApiError(409, "Conflict", `Apply failed with ${count}: ${list}`, { details: { causes } });
}

function mergeIn(object: JsonObject, wanted: JsonObject): JsonObject {
  const merged: JsonObject = { ...object };
  for (const [name, value] of Object.entries(wanted)) {
    const before = merged[name];
    if (isJsonObject(value) && isJsonObject(before)) merged[name] = mergeIn(before, value);
    else if (Array.isArray(value) && Array.isArray(before)) merged[name] = mergeLists(name, before, value);
    else merged[name] = value;
  }
  return merged;
}

function mergeLists(name: string, before: readonly Json[], wanted: readonly Json[]): Json[] {
  const key = mergeKeyOf(name, [...before, ...wanted]);
  if (key === undefined) return [...wanted];
  const elements = wanted.filter(isJsonObject);
  const kept = before.filter(isJsonObject).map((element) => {
    const part = elementWith(elements, key, element[key]);
    return part ? mergeIn(element, part) : element;
  });
  return [...kept, ...elements.filter((part) => elementWith(before, key, part[key]) === undefined)];
}

/** Takes a value away, and what is empty then. */
function take(value: Json | undefined, [step = "", ...rest]: Path, name = ""): void {
  if (Array.isArray(value)) {
    const [[key, wanted] = ["", null]] = Object.entries(JSON.parse(step.slice(2)) as JsonObject);
    const element = elementWith(value, key, wanted);
    if (!element) return;
    if (rest.length > 0) take(element, rest);
    // Nothing but its key is left of it.
    if (Object.keys(element).every((member) => member === key)) value.splice(value.indexOf(element), 1);
  } else if (isJsonObject(value)) {
    const member = step.slice(2);
    const part = value[member];
    if (rest.length > 0) take(part, rest, member);
    const isEmpty = part !== undefined && typeof part === "object" && part !== null && Object.keys(part).length === 0;
    if (rest.length === 0 || (isEmpty && name !== "")) delete value[member];
  }
}

function without(managers: readonly ManagedFields[], isLost: (path: string) => boolean): readonly ManagedFields[] {
  return managers.flatMap((each) => {
    const kept = pathsOf(each.fieldsV1).filter((path) => !isLost(path));
    return kept.length === 0 ? [] : [{ ...each, fieldsV1: fieldsOf(kept) }];
  });
}

/** @param adds to what the writer has already; else in its place. */
function withOwned(
  managers: readonly ManagedFields[],
  writer: Writer,
  paths: readonly string[],
  adds: boolean,
): readonly ManagedFields[] {
  const isOwn = (each: ManagedFields) => each.manager === writer.manager && each.operation === writer.operation;
  const own = adds ? managers.filter(isOwn).flatMap(({ fieldsV1 }) => pathsOf(fieldsV1)) : [];
  const fieldsV1 = fieldsOf([...own, ...paths]);
  const before = managers.find(isOwn);
  const time = before && JSON.stringify(before.fieldsV1) === JSON.stringify(fieldsV1) ? before.time : writer.time;
  return [...managers.filter((each) => !isOwn(each)), { ...writer, time, fieldsType: "FieldsV1", fieldsV1 }];
}

function isEqual(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
