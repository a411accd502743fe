import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Live } from "../../engine/kind.ts";
import type { KubernetesApi } from "../../kube/api.ts";
import type { KubernetesMetadata, KubernetesObject, KubernetesRef, KubernetesType } from "../../kube/objects.ts";
import { isMapping } from "../../yaml.ts";
import { managedBy, us } from "./managed-by.ts";
import { ensureNamespace } from "./namespace.ts";

/** An object of Kubernetes as a kind sees it whose things are objects, ours as a whole. */
export interface AppliedObject {
  /** Among all of the cluster. */
  readonly name: string;
  readonly ref: KubernetesRef;
  /** What it says beside its name and marks. */
  readonly content: Readonly<Record<string, unknown>>;
  /** A hash of the content that was applied last: by it is seen that something of that is wanted no more. Empty: none was. */
  readonly applied: string;
}

/** Which thing of ours it is, or is a part of: what the tag of this name is in AWS. */
const idAnnotation = "ekstool.dev/id";
const appliedAnnotation = "ekstool.dev/applied";

/** The id of the thing of ours that the object is, or is a part of; undefined where it is none of these. */
export function idOf({ metadata: { labels = {}, annotations = {} } }: KubernetesObject): string | undefined {
  return labels[managedBy] === us ? annotations[idAnnotation] : undefined;
}

/** The object with the marks of ours. */
export function marked(id: string, object: KubernetesObject): KubernetesObject {
  const { labels, annotations } = object.metadata;
  const marks = { [idAnnotation]: id, [appliedAnnotation]: digest(contentOf(object)) };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, [managedBy]: us },
      annotations: { ...annotations, ...marks },
    },
  };
}

/** The objects of each thing of ours whose id begins so, types in the order that they are named in. */
export async function listApplied(
  api: KubernetesApi | null,
  types: readonly KubernetesType[],
  idPrefix: string,
): Promise<ReadonlyMap<string, readonly KubernetesObject[]>> {
  const selection = { labelSelector: `${managedBy}=${us}` };
  const lists = await Promise.all(types.map(async (type) => (await api?.list(type, selection)) ?? []));
  const things = new Map<string, KubernetesObject[]>();
  for (const object of lists.flat()) {
    const id = idOf(object);
    if (id?.startsWith(idPrefix)) things.set(id, [...(things.get(id) ?? []), object]);
  }
  return things;
}

/**
 * Brings the objects of a thing to what is wanted, in this order; namespaces are made where they are missing, and stay. What was
 * there before and is wanted no more goes. An object of such a name that is not the thing's is an error in Kubernetes' words where it
 * says otherwise: fields of others are not taken over.
 */
export async function applyObjects(
  api: KubernetesApi,
  id: string,
  objects: readonly KubernetesObject[],
  before: readonly AppliedObject[] = [],
): Promise<void> {
  const namespaces = new Set(objects.flatMap(({ metadata: { namespace } }) => namespace ?? []));
  for (const namespace of namespaces) await ensureNamespace(api, namespace);
  for (const object of objects) {
    const there = await api.get(refOf(object));
    await api.apply(marked(id, object), { force: there !== null && idOf(there) === id });
  }
  const wanted = objects.map(objectName);
  await deleteObjects(
    api,
    before.filter(({ name }) => !wanted.includes(name)),
  );
}

/** What was made last goes first. */
export async function deleteObjects(api: KubernetesApi, objects: readonly AppliedObject[]): Promise<void> {
  for (const { ref } of objects.toReversed()) await api.delete(ref);
}

export function appliedObject(object: KubernetesObject): AppliedObject {
  const applied = object.metadata.annotations?.[appliedAnnotation] ?? "";
  return { name: objectName(object), ref: refOf(object), content: contentOf(object), applied };
}

/** How far an object is in its life, and what tells it from a later one of its name. */
export function lifeOf({ uid, deletionTimestamp }: KubernetesMetadata): Pick<Live<unknown>, "phase" | "uid"> {
  return {
    phase: deletionTimestamp === undefined ? "ready" : "deleting",
    ...(uid === undefined ? {} : { uid }),
  };
}

/** The name of an object among all of the cluster: `<kind>/<namespace>/<name>`, or without a namespace. */
export function objectName({ kind, metadata: { name, namespace } }: KubernetesObject): string {
  return [kind, ...(namespace === undefined ? [] : [namespace]), name].join("/");
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): KubernetesRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** What is wanted of an object, for comparison with `seenOf`. */
export function contentOf({
  apiVersion: _version,
  kind: _kind,
  metadata: _metadata,
  status: _status,
  ...content
}: KubernetesObject): AppliedObject["content"] {
  return content;
}

/** What counts of an object that is there: what is spoken of; all of it where nothing else differs than that less is wanted. */
export function seenOf({ content, applied }: AppliedObject, want: unknown): unknown {
  const spokenOf = within(content, want);
  return applied !== digest(want) && isDeepStrictEqual(spokenOf, want) ? content : spokenOf;
}

/** Tells what was applied from what is wanted. */
export function digest(said: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(said) ?? "")
    .digest("hex")
    .slice(0, 16);
}

/** The part of what is there that is spoken of; lists are wanted as a whole, but for what Kubernetes adds to their elements. */
function within(have: unknown, want: unknown): unknown {
  if (Array.isArray(have) && Array.isArray(want)) {
    return have.map((item: unknown, index) => (index < want.length ? within(item, want[index]) : item));
  }
  if (!isMapping(have) || !isMapping(want)) return have;
  return Object.fromEntries(
    Object.keys(want).flatMap((key) => (key in have ? [[key, within(have[key], want[key])]] : [])),
  );
}
