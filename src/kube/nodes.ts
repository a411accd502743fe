import type { KubernetesApi } from "./api.ts";
import type { KubernetesObject } from "./objects.ts";

export const nodeType = { apiVersion: "v1", kind: "Node" } as const;

export interface Taint {
  readonly key: string;
  readonly value?: string;
  /** NoSchedule, PreferNoSchedule, NoExecute. */
  readonly effect: string;
}
export interface Node extends KubernetesObject {
  readonly spec?: {
    /** Ends in the id of its EC2 instance. */
    readonly providerID?: string;
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** The nodes that a label selector chooses; all without one. */
export async function listNodes(api: KubernetesApi, labelSelector?: string): Promise<readonly Node[]> {
  return api.list(nodeType, labelSelector === undefined ? {} : { labelSelector });
}

/** Whether an EC2 instance, by its id, is that node. */
export function isNodeOf({ spec }: Node, instance: string): boolean {
  return spec?.providerID?.endsWith(`/${instance}`) ?? false;
}

export function isNodeReady({ status }: Node): boolean {
  return status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;
}
