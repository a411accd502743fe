import type { KubernetesApi } from "../../kube/api.ts";

/** Makes the namespace where it is missing; it is nobody's to delete. */
export async function ensureNamespace(api: KubernetesApi, name: string): Promise<void> {
  const type = { apiVersion: "v1", kind: "Namespace" };
  if ((await api.get({ ...type, name })) === null) await api.apply({ ...type, metadata: { name } });
}
