import { fieldManager } from "../../kube/api.ts";
import type { KubernetesMetadata } from "../../kube/objects.ts";

/** The keys of labels or annotations that we have applied: Kubernetes remembers whose each field is (managedFields). */
export function appliedKeys({ managedFields = [] }: KubernetesMetadata, part: "labels" | "annotations"): string[] {
  const ours = managedFields.filter(({ manager, operation }) => manager === fieldManager && operation === "Apply");
  return ours.flatMap(({ fieldsV1 }) =>
    Object.keys(fieldsV1?.["f:metadata"]?.[`f:${part}`] ?? {})
      .filter((key) => key.startsWith("f:"))
      .map((key) => key.slice(2)),
  );
}
