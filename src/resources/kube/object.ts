import type { AwsContext } from "../../aws/context.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import type { KubernetesObject, KubernetesRef } from "../../kube/objects.ts";
import { moments } from "../timings.ts";
import {
  type AppliedObject,
  appliedObject,
  applyObjects,
  contentOf,
  deleteObjects,
  idOf,
  lifeOf,
  listApplied,
  seenOf,
} from "./applied-objects.ts";
import { apiActions, reachedApi, usableApi } from "./reached-api.ts";

export interface ObjectSpec {
  /** In a namespace, which is made where it is missing, and stays. */
  readonly object: KubernetesObject;
}
export interface ObjectDeps {
  readonly cluster: { readonly name: string };
}
export interface ObjectAttrs {
  readonly object: AppliedObject;
}

/** The kinds of objects that there are, with their API. */
const apiVersions: Readonly<Record<string, string>> = {
  Role: "rbac.authorization.k8s.io/v1",
  RoleBinding: "rbac.authorization.k8s.io/v1",
};

const idPrefix = "object/";

/** An object of Kubernetes that is ours as a whole. Its name is `<kind>/<namespace>/<name>`. */
export const kubernetesObject: NamedKind<ObjectSpec, ObjectDeps, ObjectAttrs, AwsContext, "object"> = {
  name: "kube.object",
  title: "Kubernetes object",
  deletedBefore: ["eks.access-entry", "eks.cluster"],
  diesWith: "eks.cluster",
  timing: () => moments,

  actions: { ...apiActions, object: [] },

  async list(ctx, id) {
    const types = Object.entries(apiVersions).map(([kind, apiVersion]) => ({ apiVersion, kind }));
    const things = await listApplied(await reachedApi(ctx), types, idPrefix);
    return [...things.values()]
      .flat()
      .map(toLive)
      .filter((live) => id === undefined || live.id === id);
  },
  read,
  find: read,

  async create({ id, spec, name }, ctx) {
    await applyObjects(await usableApi(ctx), id, [spec.object]);
    return { ref: name };
  },

  async delete({ attrs }, ctx) {
    await deleteObjects(await usableApi(ctx), [attrs.object]);
  },

  aspects: {
    object: {
      want: ({ object }) => contentOf(object),
      have: ({ object }, want) => seenOf(object, want),
      change: () => "object",
    },
  },

  updates: {
    async object({ id, spec }, _live, ctx) {
      await applyObjects(await usableApi(ctx), id, [spec.object]);
      return undefined;
    },
  },
};

function pointerOf(ref: string): KubernetesRef {
  const [kind = "", namespace = "", name = ""] = ref.split("/");
  return { apiVersion: apiVersions[kind] ?? "", kind, namespace, name };
}

async function read(ref: string, ctx: AwsContext): Promise<Live<ObjectAttrs> | null> {
  const api = await reachedApi(ctx);
  const found = (await api?.get(pointerOf(ref))) ?? null;
  return found && toLive(found);
}

function toLive(object: KubernetesObject): Live<ObjectAttrs> {
  const id = idOf(object);
  const applied = appliedObject(object);
  return {
    id: id ?? "",
    ref: applied.name,
    owner: id === undefined ? "foreign" : "us",
    ...lifeOf(object.metadata),
    attrs: { object: applied },
  };
}
