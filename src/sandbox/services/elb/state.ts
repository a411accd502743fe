/** A tag as Elastic Load Balancing lists it. */
export type Tags = Record<string, string>;

/** What both generations of load balancers have. Instants are virtual milliseconds since the epoch. */
export interface PlacedRecord {
  name: string;
  dnsName: string;
  vpcId: string;
  subnetIds: string[];
  securityGroupIds: string[];
  scheme: "internet-facing" | "internal";
  createdAt: number;
  tags: Tags;
  /** In its subnets; held for some time after the load balancer is gone. */
  networkInterfaceIds: string[];
}

export interface ClassicLoadBalancerRecord extends PlacedRecord {
  listeners: { protocol: string; port: number; instanceProtocol: string; instancePort: number }[];
}

/** What the API of version 2012-06-01 holds in one region: classic load balancers, by name. */
export interface ElbState {
  loadBalancers: Record<string, ClassicLoadBalancerRecord>;
}

export function emptyElbState(): ElbState {
  return { loadBalancers: {} };
}
