import type { AwsContext } from "../aws/context.ts";
import type { Tags } from "../aws/tags.ts";
import type { ClusterConfig, FullClusterConfig } from "../config/types.ts";
import type { Graph } from "../engine/graph.ts";
import type { Facts } from "../facts/types.ts";

/** What every concern of the topology is given. */
export interface Scope {
  readonly graph: Graph<AwsContext>;
  /** As the user wrote it: what is enforced. */
  readonly config: ClusterConfig;
  /** With every default filled in: what a thing is born with. */
  readonly full: FullClusterConfig;
  readonly facts: Facts;
  /** Cluster name. */
  readonly name: string;
  readonly region: string;
  /** The Kubernetes version that the file means. */
  readonly version: string;
  /** What Karpenter's nodes are to be in is found by this tag, where the file has it. */
  readonly discovery: Tags;
  /** The user's tags and eksctl's, with a Name: what a resource is tagged with beside the ownership tags. */
  tags(label: string, more?: Tags): Tags;
}

/** Whether pods and services have IPv6 addresses. */
export function isIpv6({ full }: Scope): boolean {
  return full.kubernetesNetworkConfig.ipFamily === "IPv6";
}
