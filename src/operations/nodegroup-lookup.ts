import type { Live } from "../engine/kind.ts";
import { FailedError } from "../errors.ts";
import { type NodegroupAttrs, nodegroup } from "../resources/eks/nodegroup.ts";
import { type Session, contextOf } from "./session.ts";

/**
 * A nodegroup of any cluster, by its EKS name.
 *
 * @throws FailedError when it is not there.
 */
export async function findNodegroup(session: Session, cluster: string, name: string): Promise<Live<NodegroupAttrs>> {
  const live = await nodegroup.find(name, await contextOf(session, cluster));
  if (live) return live;
  throw new FailedError(`the cluster ${cluster} has no managed nodegroup ${name}`, {
    hint: `\`ekstool get nodegroup --cluster ${cluster} --region ${session.region}\` lists those it has`,
  });
}
