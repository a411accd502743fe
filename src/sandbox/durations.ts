/** How long AWS takes, in seconds: one table for the whole sandbox. Figures of the order that users report. */
export const durations = {
  clusterCreate: 540,
  clusterDelete: 180,
  /** Logging, endpoint access, authentication mode and the like. */
  clusterConfigUpdate: 120,
  clusterVersionUpdate: 480,
  clusterEncryptionUpdate: 300,
  nodegroupCreate: 150,
  nodegroupDelete: 180,
  nodegroupConfigUpdate: 15,
  /** For each batch of nodes that is replaced. */
  nodegroupNodeRoll: 120,
  addonCreate: 40,
  addonUpdate: 40,
  addonDelete: 20,
  natGatewayCreate: 120,
  natGatewayDelete: 50,
  /** How long a deleted NAT gateway or instance stays visible. */
  lingering: 3600,
  /** Until a new role or policy is known everywhere. */
  iamPropagation: 8,
  /** Until a new EC2 resource shows in every describe. */
  ec2Propagation: 1,
  /** Until a new parameter shows in every read. */
  parameterPropagation: 1,
  /** Until network interfaces of terminated nodes and of a deleted control plane are gone. */
  networkInterfaceRelease: 20,
} as const;
export type Durations = { readonly [K in keyof typeof durations]: number };
