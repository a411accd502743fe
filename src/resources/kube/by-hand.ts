import { fieldManager } from "../../kube/api.ts";
import type { KubernetesObject } from "../../kube/objects.ts";
import { parseYaml } from "../../yaml.ts";
import { type Mappings, changedTexts } from "./aws-auth-document.ts";

/** The command by which a person adds mappings to aws-auth, and what to add. */
export function mappedByHand(mappings: Mappings): string {
  const lists = Object.entries(changedTexts({}, { set: mappings, remove: [] })).flatMap(([list, text]) =>
    text === null ? [] : [[list, text]],
  );
  const texts = lists.map(([list, text]) => `${list}: ${JSON.stringify(parseYaml(text ?? "").value)}`);
  return `kubectl edit configmap aws-auth --namespace=kube-system # add to ${texts.join("; ")}`;
}

/** The command by which a person applies an object as we would. */
export function appliedByHand(object: KubernetesObject): string {
  const text = JSON.stringify(object).replaceAll("'", String.raw`'\''`);
  return `echo '${text}' | kubectl apply --server-side --field-manager=${fieldManager} -f -`;
}
