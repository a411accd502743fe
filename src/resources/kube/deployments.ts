import type { KubernetesObject } from "../../kube/objects.ts";
import { isMapping } from "../../yaml.ts";

/** What is wrong where some of these deployments have too few pods that are ready; undefined: nothing. */
export function unavailable(deployments: readonly KubernetesObject[]): string | undefined {
  const waiting = deployments.filter(({ status }) => !isAvailable(status)).map(({ metadata }) => metadata.name);
  return waiting.length === 0 ? undefined : `too few pods are ready of the deployment ${waiting.join(", ")}`;
}

function isAvailable(status: unknown): boolean {
  const conditions =
    isMapping(status) && Array.isArray(status["conditions"]) ? (status["conditions"] as unknown[]) : [];
  return conditions.some((one) => isMapping(one) && one["type"] === "Available" && one["status"] === "True");
}
