import { ApiError, badRequest, notFound } from "./api-error.ts";
import { discovery } from "./discovery.ts";
import { afterUpdate, applied } from "./managed-fields.ts";
import { type NewObject, type Objects, checkVersion, listOf } from "./objects.ts";
import { patched } from "./patches.ts";
import type { ClusterPlace } from "./place.ts";
import { scaleOf, scaledTo } from "./scale.ts";
import { type Pod, endPod, evict } from "./pods.ts";
import { type RequestPath, parseRequestPath } from "./request-path.ts";
import { type ResourceType, apiVersionOf, qualified, resourceTypes } from "./resource-types.ts";
import { type Attempt, authorize } from "./rights.ts";
import { selects } from "./selectors.ts";
import { settleCluster } from "./settle.ts";
import { type Json, type JsonObject, type KubeObject, isJsonObject, timestamp } from "./state.ts";
import { asksForTable, tableOf } from "./tables.ts";
import type { User } from "./users.ts";

/** A request to one cluster's API, by somebody who is known. */
export interface ApiRequest {
  readonly method: string;
  /** Below the cluster's endpoint: `/api/v1/nodes`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Json | undefined;
}

interface Target {
  readonly objects: Objects;
  readonly type: ResourceType;
  readonly path: RequestPath;
}

/** What a request is called in the journal: `patch nodes`, `create pods/eviction`. */
export function operationOf({ method, path, query }: Pick<ApiRequest, "method" | "path" | "query">): string {
  const target = parseRequestPath(path);
  if (!target) return `get ${path}`;
  const { resource, subresource } = target;
  return `${verbOf(method, target, query)} ${resource}${subresource === undefined ? "" : `/${subresource}`}`;
}

function verbOf(method: string, { name }: RequestPath, query: URLSearchParams): Attempt["verb"] {
  switch (method) {
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === undefined ? "deletecollection" : "delete";
    default:
      if (isWatch(query)) return "watch";
      return name === undefined ? "list" : "get";
  }
}

export function isWatch(query: URLSearchParams): boolean {
  return query.get("watch") === "true" || query.get("watch") === "1";
}

/** Answers a request, apart from watches. Throws ApiError. */
export function answerRequest(place: ClusterPlace, objects: Objects, user: User, request: ApiRequest): object {
  settleCluster(place, objects);
  const types = resourceTypes(objects.store);
  const said = discovery(request.path, types, place.cluster);
  if (said) return said;
  const target = targetOf(objects, user, request);
  const answer = answerObjects(target, request);
  // What was asked for is under way when it is answered, as far as it happens at once.
  if (request.method !== "GET") settleCluster(place, objects);
  return answer;
}

/** What a watch shows: all that is chosen, as it is now. Throws ApiError. */
export function watched(place: ClusterPlace, objects: Objects, user: User, request: ApiRequest) {
  settleCluster(place, objects);
  const { type, path } = targetOf(objects, user, request);
  const { name, namespace } = path;
  const chosen = objects
    .list(type, namespace)
    .filter((object) => (name === undefined || object.metadata.name === name) && selects(request.query, object));
  return { type, chosen };
}

function targetOf(objects: Objects, user: User, { method, path: text, query }: ApiRequest): Target {
  const path = parseRequestPath(text);
  const type =
    path &&
    resourceTypes(objects.store).find(
      ({ group, version, resource }) => group === path.group && version === path.version && resource === path.resource,
    );
  if (!path || !type) throw new ApiError(404, "NotFound", "the server could not find the requested resource");
  const { namespace, name, subresource } = path;
  authorize(user, objects, { verb: verbOf(method, path, query), type, subresource, namespace, name });
  return { objects, type, path };
}

function answerObjects(target: Target, request: ApiRequest): object {
  const { objects, type, path } = target;
  const { name, namespace, subresource } = path;
  const { method, query, headers } = request;
  if (subresource === "eviction" && method === "POST") return answerEviction(target, request);
  if (subresource !== undefined && !type.subresources.includes(subresource)) {
    throw new ApiError(501, "NotImplemented", `${type.resource}/${subresource} is not simulated by the sandbox`);
  }
  if (subresource === "scale") return answerScale(target, request);
  switch (method) {
    case "GET": {
      const chosen =
        name === undefined
          ? objects.list(type, namespace).filter((object) => selects(query, object))
          : [objects.require(type, name, namespace)];
      const version = String(objects.store.version);
      if (asksForTable(headers["accept"])) return tableOf(type, chosen, version, objects.now);
      return name === undefined ? listOf(type, chosen, objects.store.version) : (chosen[0] ?? {});
    }
    case "POST":
      return create(target, request);
    case "PUT":
      return write(target, request, (before) => {
        const wanted = objectIn(request, type);
        checkVersion(type, before, wanted);
        return wanted as unknown as JsonObject;
      });
    case "PATCH":
      return headers["content-type"]?.startsWith("application/apply-patch")
        ? apply(target, request)
        : patch(target, request);
    case "DELETE":
      return remove(target, request);
    default:
      throw new ApiError(405, "MethodNotAllowed", `the method ${method} is not allowed`);
  }
}

function create(target: Target, request: ApiRequest): KubeObject {
  const { objects, type, path } = target;
  const wanted = objectIn(request, type);
  const { generateName } = wanted.metadata as { generateName?: string };
  if (!wanted.metadata.name && generateName)
    wanted.metadata.name = `${generateName}${objects.store.version.toString(36)}`;
  const { name } = wanted.metadata;
  if (!name) throw badRequest("metadata.name is missing");
  if (objects.get(type, name, path.namespace)) {
    throw new ApiError(409, "AlreadyExists", `${qualified(type)} "${name}" already exists`, {
      details: { name, kind: type.resource },
    });
  }
  return stored(target, request, undefined, wanted);
}

function patch(target: Target, request: ApiRequest): KubeObject {
  const contentType = contentTypeOf(request);
  const { body } = request;
  return write(target, request, (before) => {
    if (isJsonObject(body))
      checkVersion(target.type, before, { ...before, metadata: { name: "", ...metadataIn(body) } });
    return patched(contentType, before as unknown as JsonObject, body ?? null);
  });
}

function contentTypeOf({ headers }: ApiRequest): string {
  return headers["content-type"]?.split(";")[0] ?? "";
}

function metadataIn(body: JsonObject): object {
  const { metadata } = body;
  return isJsonObject(metadata) ? metadata : {};
}

/** Replaces what is there with what is made of it. */
function write(target: Target, request: ApiRequest, make: (before: KubeObject) => JsonObject): KubeObject {
  const { objects, type, path } = target;
  const before = objects.require(type, path.name ?? "", path.namespace);
  return stored(target, request, before, make(before) as unknown as NewObject);
}

function apply(target: Target, request: ApiRequest): KubeObject {
  const { objects, type, path } = target;
  const manager = request.query.get("fieldManager");
  if (!manager)
    throw badRequest("PatchOptions.meta.k8s.io is invalid: fieldManager: Required value: is required for apply patch");
  const wanted = objectIn(request, type);
  const live = objects.get(type, path.name ?? "", path.namespace);
  const writer = { manager, operation: "Apply", apiVersion: apiVersionOf(type), time: timestamp(objects.now) } as const;
  const force = request.query.get("force") === "true";
  const { object, managedFields } = applied(live, wanted as KubeObject, writer, force);
  const made = object as unknown as NewObject;
  return finished(target, request, live, {
    ...made,
    metadata: { ...made.metadata, managedFields: [...managedFields] },
  });
}

/** Writes an object that is no apply's, and down whose values they are. */
function stored(target: Target, request: ApiRequest, before: KubeObject | undefined, wanted: NewObject): KubeObject {
  const { objects, type, path } = target;
  const { query, headers } = request;
  const manager = query.get("fieldManager") ?? (headers["user-agent"] ?? "unknown").split("/")[0] ?? "unknown";
  const isStatus = path.subresource === "status";
  // The status is written by itself only.
  const own = isStatus && before ? { ...before, status: wanted["status"] } : withStatusOf(type, wanted, before);
  const writer = {
    manager,
    operation: "Update",
    apiVersion: apiVersionOf(type),
    time: timestamp(objects.now),
    ...(path.subresource !== undefined && { subresource: path.subresource }),
  } as const;
  const managedFields = [...afterUpdate(before, own as KubeObject, writer)];
  return finished(target, request, before, { ...own, metadata: { ...own.metadata, managedFields } });
}

function withStatusOf(type: ResourceType, wanted: NewObject, before: KubeObject | undefined): NewObject {
  if (!type.subresources.includes("status")) return wanted;
  const { status: _, ...rest } = wanted;
  return before?.["status"] === undefined ? { ...rest, ...initialStatus(type) } : { ...rest, status: before["status"] };
}

function initialStatus({ kind }: ResourceType): object {
  if (kind === "Namespace") return { status: { phase: "Active" } };
  return kind === "Pod" ? { status: { phase: "Pending" } } : {};
}

function finished(
  { objects, type, path }: Target,
  { query }: ApiRequest,
  before: KubeObject | undefined,
  wanted: NewObject,
): KubeObject {
  const { namespace } = path;
  const metadata = {
    ...wanted.metadata,
    ...(namespace !== undefined && { namespace }),
    ...(type.kind === "Namespace" && {
      labels: { ...wanted.metadata.labels, "kubernetes.io/metadata.name": wanted.metadata.name },
    }),
  };
  const object: NewObject = { ...wanted, apiVersion: apiVersionOf(type), kind: type.kind, metadata };
  if (namespace !== undefined && !objects.get({ group: "", resource: "namespaces" }, namespace)) {
    throw notFound("namespaces", namespace);
  }
  if (query.get("dryRun") === "All") return { ...before, ...object } as KubeObject;
  return objects.put(type, object);
}

/** The object that a request carries, when it is what its path says. */
function objectIn({ body }: ApiRequest, type: ResourceType): NewObject {
  if (!isJsonObject(body) || !isJsonObject(body["metadata"])) throw badRequest("the body is no object with metadata");
  if (body["kind"] !== undefined && body["kind"] !== type.kind) {
    throw badRequest(`the body is of kind ${JSON.stringify(body["kind"])}, the path of kind ${type.kind}`);
  }
  return structuredClone(body) as unknown as NewObject;
}

function remove({ objects, type, path }: Target, { query, body }: ApiRequest): object {
  const { name, namespace } = path;
  const chosen =
    name === undefined
      ? objects.list(type, namespace).filter((object) => selects(query, object))
      : [objects.require(type, name, namespace)];
  const options = isJsonObject(body) ? body : {};
  const { uid } = isJsonObject(options["preconditions"]) ? options["preconditions"] : {};
  const grace = options["gracePeriodSeconds"] ?? query.get("gracePeriodSeconds");
  for (const object of chosen) {
    if (uid !== undefined && uid !== object.metadata.uid) {
      throw new ApiError(409, "Conflict", `Precondition failed: UID in precondition: ${JSON.stringify(uid)}`);
    }
    if (query.get("dryRun") === "All") continue;
    if (type.kind === "Pod") endPod(objects, object as Pod, grace === null ? undefined : Number(grace));
    else objects.remove(type, object);
  }
  const [first] = chosen;
  if (name === undefined || !first) return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };
  const details = { name, group: type.group, kind: type.resource, uid: first.metadata.uid };
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}

/** The size of a workload, as an object of its own. */
function answerScale(target: Target, request: ApiRequest): object {
  const { objects, type, path } = target;
  const before = objects.require(type, path.name ?? "", path.namespace);
  if (request.method === "GET") return scaleOf(before);
  const wanted =
    request.method === "PATCH"
      ? patched(contentTypeOf(request), scaleOf(before), request.body ?? null)
      : (request.body ?? null);
  const written = { ...target, path: { ...path, subresource: "scale" } };
  return scaleOf(stored(written, request, before, scaledTo(before, wanted)));
}

function answerEviction({ objects, type, path }: Target, { body }: ApiRequest): object {
  const pod = objects.require(type, path.name ?? "", path.namespace) as Pod;
  const options = isJsonObject(body) && isJsonObject(body["deleteOptions"]) ? body["deleteOptions"] : {};
  const grace = options["gracePeriodSeconds"];
  evict(objects, pod, typeof grace === "number" ? grace : undefined);
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
}
