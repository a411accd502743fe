import type { NodeGroup } from "./types.ts";

export interface Taint {
  readonly key: string;
  readonly value?: string;
  /** Kubernetes' spelling: NoSchedule, PreferNoSchedule, NoExecute. */
  readonly effect: string;
}

/** Of both forms that a file may have: a list, or a map of key to `value:Effect`. */
export function taintList(taints: NodeGroup["taints"] = []): readonly Taint[] {
  if (Array.isArray(taints)) return taints;
  return Object.entries(taints).map(([key, text]) => {
    const [value = "", effect = ""] = text.split(":");
    return { key, value, effect };
  });
}
