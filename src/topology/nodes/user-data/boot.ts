/** What a node is told when it boots, beyond what EKS tells it by itself. */
export interface Boot {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Its control plane is on an Outpost. */
  readonly isLocalCluster?: boolean;
  /** Nobody else tells the node how to join: an image or an instance that EKS does not manage. */
  readonly joins: boolean;
  readonly preBootstrapCommands?: readonly string[];
  readonly overrideBootstrapCommand?: string;
  /** Absent or 0: what the instance type holds. */
  readonly maxPodsPerNode?: number;
  /** Absent: left as the image has it. */
  readonly adminContainer?: boolean;
  /** Bottlerocket's, as in the file. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** For a node whose labels and taints nobody else sets. */
  readonly kubelet?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
    /** More of the kubelet's configuration (KubeletConfiguration). */
    readonly config?: Readonly<Record<string, unknown>>;
    /** Address of the cluster's DNS; absent: the usual one. */
    readonly clusterDNS?: string;
  };
}

export function labelsFlag({ labels = {} }: NonNullable<Boot["kubelet"]>): string {
  const entries = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => `${key}=${value}`).join(",");
}

export function taintsFlag({ taints = [] }: NonNullable<Boot["kubelet"]>): string {
  return taints.map(({ key, value = "", effect }) => `${key}=${value}:${effect}`).join(",");
}

/** The kubelet's flags for labels, taints and more; empty for none. */
export function kubeletFlags(boot: Boot): readonly string[] {
  const labels = labelsFlag(boot.kubelet ?? {});
  const taints = taintsFlag(boot.kubelet ?? {});
  return [
    ...(labels === "" ? [] : [`--node-labels=${labels}`]),
    ...(taints === "" ? [] : [`--register-with-taints=${taints}`]),
  ];
}
