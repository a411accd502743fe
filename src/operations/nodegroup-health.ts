import { DescribeNodegroupCommand, type Issue } from "@aws-sdk/client-eks";
import { InputError } from "../errors.ts";
import { findCluster } from "./inventory.ts";
import { findNodegroup } from "./nodegroup-lookup.ts";
import type { Session } from "./session.ts";

/**
 * What EKS reports as wrong with a managed nodegroup of any cluster (EKS DescribeNodegroup).
 *
 * @throws FailedError when there is no such cluster or nodegroup; InputError for a self-managed one.
 */
export async function nodegroupIssues(session: Session, cluster: string, name: string): Promise<readonly Issue[]> {
  await findCluster(session, cluster);
  const { managed, live } = await findNodegroup(session, cluster, name);
  if (!managed) throw new InputError(`the nodegroup ${name} is self-managed: EKS reports nothing of it`);
  const command = new DescribeNodegroupCommand({ clusterName: cluster, nodegroupName: live.ref });
  const { nodegroup } = await session.clients.eks.send(command);
  return nodegroup?.health?.issues ?? [];
}
