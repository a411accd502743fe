import { badRequest } from "./api-error.ts";
import type { NewObject } from "./objects.ts";
import { type Json, type JsonObject, type KubeObject, isJsonObject } from "./state.ts";

/** The size of a workload as the API shows it. */
export function scaleOf(object: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const spec = (object["spec"] ?? {}) as { readonly replicas?: number };
  const status = (object["status"] ?? {}) as { readonly replicas?: number };
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas ?? 1 },
    status: { replicas: status.replicas ?? 0 },
  };
}

/** The workload with the size that a Scale gives it. Throws BadRequest. */
export function scaledTo(object: KubeObject, scale: Json): NewObject {
  const spec = isJsonObject(scale) ? scale["spec"] : undefined;
  const replicas = isJsonObject(spec) ? spec["replicas"] : undefined;
  if (typeof replicas !== "number") throw badRequest("the body is no Scale");
  return { ...object, spec: { ...(object["spec"] as object), replicas } };
}
