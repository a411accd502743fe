import type { NodeGroupBase } from "../../config/types.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Scope } from "../scope.ts";

/** A nodegroup of either kind, as the file has it, and with its defaults. */
export interface Wanted<Group extends NodeGroupBase = NodeGroupBase> {
  readonly config: Group;
  readonly full: Group;
  readonly name: string;
  /** As eksctl's tag says it. */
  readonly type: "managed" | "unmanaged";
}

export function nodegroupTags(scope: Scope, { config, name, type }: Wanted): Tags {
  return scope.tags(`nodegroup/${name}`, {
    "alpha.eksctl.io/nodegroup-name": name,
    "alpha.eksctl.io/nodegroup-type": type,
    ...config.tags,
  });
}
