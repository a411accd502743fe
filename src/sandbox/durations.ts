/** How long AWS takes, in seconds: one table for the whole sandbox. Figures of the order that users report. */
export const durations = {
  clusterCreate: 540,
  clusterDelete: 180,
  /** Logging, endpoint access, authentication mode and the like. */
  clusterConfigUpdate: 120,
  clusterComponentsUpdate: 300,
  clusterEgressUpdate: 480,
  clusterVersionUpdate: 480,
  clusterEncryptionUpdate: 300,
  /** Every API server is started anew. */
  identityProviderAssociate: 600,
  identityProviderDisassociate: 600,
  nodegroupCreate: 150,
  nodegroupDelete: 180,
  nodegroupConfigUpdate: 15,
  /** For each batch of nodes that is replaced. */
  nodegroupNodeRoll: 120,
  addonCreate: 40,
  addonUpdate: 40,
  addonDelete: 20,
  capabilityCreate: 130,
  capabilityUpdate: 60,
  capabilityDelete: 60,
  fargateProfileCreate: 120,
  fargateProfileDelete: 150,
  /** Until a transit gateway takes a VPC's traffic, and until it has let the VPC go. */
  transitGatewayAttach: 60,
  transitGatewayDetach: 60,
  /** The same of a virtual private gateway. */
  vpnGatewayAttach: 60,
  vpnGatewayDetach: 60,
  /** Until an interface endpoint answers, and until a deleted one has let its subnets go. */
  vpcEndpointCreate: 100,
  vpcEndpointDelete: 60,
  /** Until an IPv6 block is a VPC's or a subnet's. */
  ipv6Association: 2,
  changeSetCreate: 5,
  /** CloudFormation gives IAM time to tell everyone about an instance profile. */
  stackInstanceProfile: 120,
  stackAutoScalingGroup: 20,
  /** What else a stack does with a resource. */
  stackResource: 3,
  /** For each batch of instances that a rolling update replaces. */
  stackRollingBatch: 120,
  /** How long a stack waits for an Auto Scaling group to have its instances. */
  stackGroupStabilization: 900,
  natGatewayCreate: 120,
  natGatewayDelete: 50,
  /** Until an application or network load balancer is `active`. */
  loadBalancerCreate: 120,
  /** Until network interfaces of a deleted load balancer are gone. */
  loadBalancerRelease: 180,
  /** How long a deleted NAT gateway or instance stays visible. */
  lingering: 3600,
  /** Until a new role, trust policy or instance profile is known everywhere. */
  iamPropagation: 8,
  /** Until IAM itself answers for a new role or instance profile. */
  iamVisibility: 0,
  /** Until a new EC2 resource shows in describes: first by its id, then in lists. */
  ec2Propagation: 1,
  /** Until other calls can name a new EC2 resource. */
  ec2Usability: 0,
  /** Until a new parameter shows in every read. */
  parameterPropagation: 1,
  /** Until network interfaces of terminated nodes and of a deleted control plane are gone. */
  networkInterfaceRelease: 20,
} as const;
/**
 * With a seed, these are anything up to so many seconds, since AWS promises nothing: IAM's documentation speaks of seconds,
 * users of up to 40, and EC2's asks for retries that begin with a few.
 */
export const drawnUpTo: Partial<Durations> = {
  iamPropagation: 40,
  iamVisibility: 5,
  ec2Propagation: 12,
  ec2Usability: 5,
};

export type Durations = { readonly [K in keyof typeof durations]: number };
