import type { Live } from "../engine/kind.ts";
import { FailedError } from "../errors.ts";
import { type NodegroupAttrs, nodegroup } from "../resources/eks/nodegroup.ts";
import { type Session, contextOf } from "./session.ts";

const idPrefix = "nodegroup/";

/** The name in the file, of a nodegroup of ours by its logical id. */
export function nameInFile(id: string): string {
  return id.slice(idPrefix.length);
}

/** What people call a nodegroup: the name in the file, also where a successor has another one in EKS. */
export function nodegroupName({ id, owner, attrs }: Live<NodegroupAttrs>): string {
  return owner === "us" && id.startsWith(idPrefix) ? nameInFile(id) : attrs.name;
}

/**
 * A nodegroup of any cluster, by its name in the file or in EKS.
 *
 * @throws FailedError when it is not there.
 */
export async function findNodegroup(session: Session, cluster: string, name: string): Promise<Live<NodegroupAttrs>> {
  const ctx = await contextOf(session, cluster);
  const live = await nodegroup.find(name, ctx);
  if (live) return live;
  const [successor] = await nodegroup.list(ctx, idPrefix + name);
  if (successor?.owner === "us") return successor;
  throw new FailedError(`the cluster ${cluster} has no managed nodegroup ${name}`, {
    hint: `\`ekstool get nodegroup --cluster ${cluster} --region ${session.region}\` lists those it has`,
  });
}
