import type { ClusterConfig } from "./types.ts";

type Placing = Pick<ClusterConfig, "outpost">;
/** A nodegroup of either kind: managed ones have no Outpost. */
type Placed = { readonly name?: string; readonly outpostARN?: string };

/** Whether the control plane runs on an Outpost. */
export function isLocalCluster({ outpost }: { readonly outpost?: object | undefined }): boolean {
  return outpost !== undefined;
}

/** The Outpost that the nodes of a self-managed nodegroup run on: in a local cluster, all of them the control plane's. */
export function outpostOf({ outpostARN }: Placed, { outpost }: Placing): string | undefined {
  return outpostARN ?? outpost?.controlPlaneOutpostARN;
}

/** ARNs of the Outposts that the file names, each once. */
export function outpostsOf({ outpost, nodeGroups = [] }: ClusterConfig): readonly string[] {
  const all = [outpost?.controlPlaneOutpostARN, ...nodeGroups.map((group) => group.outpostARN)];
  return [...new Set(all.filter((arn) => arn !== undefined))];
}

/** `op-0123456789abcdef0`, by which subnets on an Outpost are called. */
export function outpostId(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/** What entries of access there can be: local clusters of the first generation know aws-auth only. */
export function knowsAccessEntries({
  outpost,
}: {
  readonly outpost?: { readonly etcdInstanceType?: string | undefined } | undefined;
}) {
  return outpost === undefined || outpost.etcdInstanceType !== undefined;
}
