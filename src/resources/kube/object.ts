import { createHash } from "node:crypto";
import type { AwsContext } from "../../aws/context.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import type { KubernetesObject, KubernetesRef } from "../../kube/objects.ts";
import { isMapping } from "../../yaml.ts";
import { moments } from "../timings.ts";
import { managedBy, us } from "./managed-by.ts";
import { ensureNamespace } from "./namespace.ts";
import { apiActions, reachedApi, usableApi } from "./reached-api.ts";

export interface ObjectSpec {
  /** In a namespace, which is made where it is missing, and stays. */
  readonly object: KubernetesObject;
}
export interface ObjectDeps {
  readonly cluster: { readonly name: string };
}
export interface ObjectAttrs {
  readonly object: KubernetesObject;
  /** A hash of what was applied last: by it is seen that something of that is wanted no more. */
  readonly applied: string;
}

/** The kinds of objects that there are, with their API. */
const apiVersions: Readonly<Record<string, string>> = {
  Role: "rbac.authorization.k8s.io/v1",
  RoleBinding: "rbac.authorization.k8s.io/v1",
};

const idAnnotation = "ekstool.dev/id";
const appliedAnnotation = "ekstool.dev/applied";

/** An object of Kubernetes that is ours as a whole. Its name is `<kind>/<namespace>/<name>`. */
export const kubernetesObject: NamedKind<ObjectSpec, ObjectDeps, ObjectAttrs, AwsContext, "object"> = {
  name: "kube.object",
  title: "Kubernetes object",
  deletedBefore: ["eks.access-entry", "eks.cluster"],
  diesWith: "eks.cluster",
  timing: () => moments,

  actions: { ...apiActions, object: [] },

  async list(ctx, id) {
    const api = await reachedApi(ctx);
    const lists = Object.entries(apiVersions).map(
      async ([kind, apiVersion]) =>
        (await api?.list({ apiVersion, kind }, { labelSelector: `${managedBy}=${us}` })) ?? [],
    );
    const all = (await Promise.all(lists)).flat().map(toLive);
    return all.filter((live) => live.owner === "us" && (id === undefined || live.id === id));
  },
  read,
  find: read,

  async create({ id, spec, name }, ctx) {
    const api = await usableApi(ctx);
    await ensureNamespace(api, spec.object.metadata.namespace ?? "default");
    await api.apply(marked(id, spec.object));
    return { ref: name };
  },

  async delete({ ref }, ctx) {
    await (await usableApi(ctx)).delete(pointerOf(ref));
  },

  aspects: {
    object: {
      want: ({ object }) => content(object),
      have: ({ object, applied }, want) => (applied === digest(want) ? within(content(object), want) : content(object)),
      change: () => "object",
    },
  },

  updates: {
    async object({ id, spec }, _live, ctx) {
      await (await usableApi(ctx)).apply(marked(id, spec.object), { force: true });
      return undefined;
    },
  },
};

/** The name of an object among all of the cluster. */
export function objectName({ kind, metadata: { namespace = "default", name } }: KubernetesObject): string {
  return `${kind}/${namespace}/${name}`;
}

function pointerOf(ref: string): KubernetesRef {
  const [kind = "", namespace = "", name = ""] = ref.split("/");
  return { apiVersion: apiVersions[kind] ?? "", kind, namespace, name };
}

function marked(id: string, object: KubernetesObject): KubernetesObject {
  const { labels, annotations } = object.metadata;
  const marks = { [idAnnotation]: id, [appliedAnnotation]: digest(content(object)) };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, [managedBy]: us },
      annotations: { ...annotations, ...marks },
    },
  };
}

function digest(said: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(said) ?? "")
    .digest("hex")
    .slice(0, 16);
}

/** What it says beside its name and marks. */
function content({ apiVersion: _version, kind: _kind, metadata: _metadata, ...rest }: KubernetesObject) {
  return rest;
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

async function read(ref: string, ctx: AwsContext): Promise<Live<ObjectAttrs> | null> {
  const api = await reachedApi(ctx);
  const found = (await api?.get(pointerOf(ref))) ?? null;
  return found && toLive(found);
}

function toLive(object: KubernetesObject): Live<ObjectAttrs> {
  const { labels = {}, annotations = {}, uid, deletionTimestamp } = object.metadata;
  const id = labels[managedBy] === us ? annotations[idAnnotation] : undefined;
  return {
    id: id ?? "",
    ref: objectName(object),
    owner: id === undefined ? "foreign" : "us",
    phase: deletionTimestamp === undefined ? "ready" : "deleting",
    attrs: { object, applied: annotations[appliedAnnotation] ?? "" },
    ...(uid === undefined ? {} : { uid }),
  };
}
