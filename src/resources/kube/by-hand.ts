import { fieldManager } from "../../kube/api.ts";
import type { KubernetesObject } from "../../kube/objects.ts";

/** The command by which a person applies an object as we would. */
export function appliedByHand(object: KubernetesObject): string {
  const text = JSON.stringify(object).replaceAll("'", String.raw`'\''`);
  return `echo '${text}' | kubectl apply --server-side --field-manager=${fieldManager} -f -`;
}
