import { createHash } from "node:crypto";
import { conflict, notFound } from "./api-error.ts";
import { type ResourceType, apiVersionOf, qualified } from "./resource-types.ts";
import { type KubeObject, type KubernetesStore, type ObjectMeta, timestamp } from "./state.ts";

/** The objects of one cluster, at one instant. */
export interface Objects {
  readonly store: KubernetesStore;
  /** Milliseconds since the epoch. */
  readonly now: number;
  get(type: Typed, name: string, namespace?: string): KubeObject | undefined;
  /** Throws NotFound. */
  require(type: ResourceType, name: string, namespace?: string): KubeObject;
  /** Of all namespaces where none is given; by name. */
  list(type: Typed, namespace?: string): readonly KubeObject[];
  /** Adds an object, or replaces it with a new state of it. Nothing happens where nothing differs. */
  put(type: Typed, object: NewObject): KubeObject;
  /** Takes it out at once, with all that it owns. */
  remove(type: Typed, object: KubeObject): void;
}

type Typed = Pick<ResourceType, "group" | "resource">;

/** An object before the API has put its own marks on it. */
export interface NewObject {
  apiVersion: string;
  kind: string;
  metadata: Partial<ObjectMeta> & { name: string };
  [member: string]: unknown;
}

export function objectsOver(store: KubernetesStore, now: number): Objects {
  const keyOf = ({ group, resource }: Typed, name: string, namespace = "") =>
    `${group}/${resource}/${namespace}/${name}`;
  const get: Objects["get"] = (type, name, namespace) => {
    const key = keyOf(type, name, namespace);
    return Object.hasOwn(store.objects, key) ? store.objects[key] : undefined;
  };

  function put(type: Typed, wanted: NewObject): KubeObject {
    const { name, namespace } = wanted.metadata;
    const before = get(type, name, namespace);
    const generation = before === undefined || isWantedOtherwise(before, wanted) ? 1 : 0;
    const { resourceVersion: _, generation: __, ...metadata } = wanted.metadata;
    const object: KubeObject = {
      ...wanted,
      metadata: {
        ...metadata,
        uid: before?.metadata.uid ?? metadata.uid ?? uidOf(keyOf(type, name, namespace), store.version),
        creationTimestamp: before?.metadata.creationTimestamp ?? metadata.creationTimestamp ?? timestamp(now),
        generation: (before?.metadata.generation ?? 0) + generation,
        resourceVersion: before?.metadata.resourceVersion ?? "",
      },
    };
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(object)) return before;
    object.metadata.resourceVersion = String(++store.version);
    store.objects[keyOf(type, name, namespace)] = object;
    return object;
  }

  function remove({ group, resource }: Typed, { metadata }: KubeObject): void {
    delete store.objects[keyOf({ group, resource }, metadata.name, metadata.namespace)];
    store.version++;
    for (const [key, other] of Object.entries(store.objects)) {
      const [otherGroup = "", otherResource = ""] = key.split("/");
      const isOwned = other.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) ?? false;
      const isInside = resource === "namespaces" && other.metadata.namespace === metadata.name;
      if ((isOwned || isInside) && Object.hasOwn(store.objects, key)) {
        remove({ group: otherGroup, resource: otherResource }, other);
      }
    }
  }

  return {
    store,
    now,
    get,
    require(type, name, namespace) {
      const object = get(type, name, namespace);
      if (!object) throw notFound(qualified(type), name);
      return object;
    },
    list: ({ group, resource }, namespace) =>
      Object.entries(store.objects)
        .filter(([key]) => key.startsWith(`${group}/${resource}/${namespace === undefined ? "" : `${namespace}/`}`))
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([, object]) => object),
    put,
    remove,
  };
}

/** Whether somebody wants something else than before: neither the status nor what is said about the object has changed alone. */
function isWantedOtherwise(before: KubeObject, after: NewObject): boolean {
  const wanted = (object: NewObject | KubeObject) =>
    JSON.stringify({ ...object, metadata: undefined, status: undefined });
  return wanted(before) !== wanted(after);
}

/** From its key and what happened before: the same requests give the same ids. */
function uidOf(key: string, version: number): string {
  const hex = createHash("sha256").update(`${key} ${version}`).digest("hex");
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** For writing over what a client has read. Throws Conflict when it has been changed since. */
export function checkVersion(type: ResourceType, before: KubeObject, wanted: NewObject): void {
  const { resourceVersion, uid, name } = wanted.metadata;
  if (uid !== undefined && uid !== "" && uid !== before.metadata.uid) {
    throw conflict(qualified(type), name, `Precondition failed: UID in precondition: ${uid}`);
  }
  if (resourceVersion === undefined || resourceVersion === "") return;
  if (resourceVersion === before.metadata.resourceVersion) return;
  const why = "the object has been modified; please apply your changes to the latest version and try again";
  throw conflict(qualified(type), name, why);
}

/** The list that a GET of a type answers. */
export function listOf(type: ResourceType, objects: readonly KubeObject[], version: number) {
  return {
    kind: `${type.kind}List`,
    apiVersion: apiVersionOf(type),
    metadata: { resourceVersion: String(version) },
    items: objects,
  };
}
