import type { ClusterConfig } from "../config/types.ts";
import { gatherNetwork } from "../facts/gather-network.ts";
import { owned } from "../aws/tags.ts";
import { findCluster } from "./inventory.ts";
import type { Session } from "./session.ts";

/**
 * The network of a cluster that lives in a VPC of somebody else, as a file would name it: for a config that is made of options.
 * Undefined where the VPC is the cluster's own.
 *
 * @throws FailedError when there is no such cluster.
 */
export async function liveNetwork(session: Session, cluster: string): Promise<ClusterConfig["vpc"]> {
  const { attrs } = await findCluster(session, cluster);
  const { vpcId, subnetIds } = attrs;
  const found = await gatherNetwork({ vpcId, subnetIds, securityGroupIds: [] }, session.clients);
  const subnets = found.subnets.filter(({ id }) => subnetIds.includes(id));
  if (subnets.some(({ tags }) => owned(tags, { region: session.region, cluster }))) return undefined;
  const those = (isPublic: boolean) =>
    Object.fromEntries(
      subnets.filter(({ wayOut }) => (wayOut === "internet-gateway") === isPublic).map(({ id }) => [id, { id }]),
    );
  return { id: vpcId, subnets: { public: those(true), private: those(false) } };
}
