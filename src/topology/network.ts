import type { Visibility } from "../config/given-network.ts";
import type { Handle } from "../engine/graph.ts";

/** The tags by which load balancers find their subnets. */
export const loadBalancerRole: Readonly<Record<Visibility, string>> = {
  public: "kubernetes.io/role/elb",
  private: "kubernetes.io/role/internal-elb",
};

/** A subnet of the cluster, whoever made it. */
export interface NetworkSubnet {
  readonly zone: string;
  readonly visibility: Visibility;
  /** What a nodegroup's `subnets` may call it beside its zone: a given one by its key in the file and its id. */
  readonly names: readonly string[];
  readonly subnet: Handle<{ readonly id: string }>;
  readonly routeTable: Handle<{ readonly id: string }>;
  /** What must be ready before nodes in it find their way out. */
  readonly routes: readonly Handle<unknown>[];
  /** Only for nodegroups that name it. */
  readonly byNameOnly?: true;
}

/** Where a cluster lives. What is made in it does not care who made it. */
export interface Network {
  readonly vpc: Handle<{ readonly id: string }>;
  /** It is not ours, nor are its subnets. */
  readonly given: boolean;
  /** The VPC's IPv4 blocks. */
  readonly cidrs: readonly string[];
  /** The public ones first, each in the order of the file or of the zones' blocks. */
  readonly subnets: readonly NetworkSubnet[];
  /** Those that the control plane has its interfaces in. */
  readonly controlPlane: readonly Handle<{ readonly id: string }>[];
}

/** Its zones, each once. */
export function zonesOf(network: Network): readonly string[] {
  return [...new Set(network.subnets.map(({ zone }) => zone))];
}
