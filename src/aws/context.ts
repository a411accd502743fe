import type { Clock } from "../clock.ts";
import type { Programs } from "../programs.ts";
import type { DrainChoice } from "../kube/drain.ts";
import type { Clients } from "./clients.ts";
import { type ClusterApi, clusterApi } from "./kubernetes.ts";
import type { Partition } from "./partition.ts";
import { type Tags, ownershipTags } from "./tags.ts";

/** Whose resources: cluster names are unique per region, IAM is global, so both are needed. */
export interface Owner {
  readonly region: string;
  readonly cluster: string;
}

/** What every kind is given beside its own data. */
export interface AwsContext {
  readonly owner: Owner;
  /** Twelve digits. */
  readonly account: string;
  readonly partition: Partition;
  readonly clients: Clients;
  readonly clock: Clock;
  /** The kubeconfig files in use, in order (KUBECONFIG is a list); new entries go to the first. */
  readonly kubeconfig: readonly string[];
  /** How nodes are drained before they go; absent: not at all. */
  readonly drain?: DrainChoice;
  /** The user's programs; absent: none is started. */
  readonly programs?: Programs;
  /** What an add-on runs stays in the cluster when it is deleted. */
  readonly preserve?: true;
  /** The Kubernetes API of the owner's cluster. */
  readonly kubernetes: ClusterApi;
  /** The ownership tags of the thing with this logical id. */
  tags(id: string): Tags;
}

export function createContext(context: Omit<AwsContext, "tags" | "kubernetes">): AwsContext {
  const { clients, clock, owner } = context;
  const kubernetes = clusterApi({ clients, clock, cluster: owner.cluster });
  return { ...context, kubernetes, tags: (id) => ownershipTags(context.owner, id) };
}
