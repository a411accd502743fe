import type { Tags } from "../../aws/tags.ts";

export interface NodegroupTaint {
  readonly key: string;
  readonly value?: string;
  /** Kubernetes' spelling: NoSchedule, PreferNoSchedule, NoExecute. */
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}
export interface NodegroupSpec {
  /** As AL2023_x86_64_STANDARD. */
  readonly amiType: string;
  readonly spot: boolean;
  /** More than one type, or spot: here; a single on-demand type lives in the launch template. */
  readonly instanceTypes?: readonly string[];
  readonly minSize?: number;
  readonly maxSize?: number;
  /** The last applied one is kept in a tag, so that an autoscaler's choice is told from the user's edit. */
  readonly desiredCapacity?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly NodegroupTaint[];
  readonly updateConfig?: { readonly maxUnavailable?: number; readonly maxUnavailablePercentage?: number };
  /** EKS's own shape (NodeRepairConfig). */
  readonly nodeRepairConfig?: Readonly<Record<string, unknown>>;
  readonly releaseVersion?: string;
  readonly tags: Tags;
}
export interface NodegroupDeps {
  readonly cluster: { readonly name: string };
  readonly role: { readonly arn: string };
  readonly subnets: readonly { readonly id: string }[];
  readonly launchTemplate: { readonly id: string; readonly latestVersion: number };
}
export interface NodegroupAttrs {
  readonly name: string;
  readonly arn: string;
  readonly cluster: string;
  readonly status: string;
  readonly version: string;
  readonly releaseVersion: string;
  readonly amiType: string;
  readonly capacityType: string;
  readonly instanceTypes: readonly string[];
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodegroupTaint[];
  readonly updateConfig: { readonly maxUnavailable?: number; readonly maxUnavailablePercentage?: number };
  readonly nodeRepairConfig: Readonly<Record<string, unknown>>;
  readonly roleArn: string;
  readonly subnetIds: readonly string[];
  readonly launchTemplate: { readonly id: string; readonly version: number } | null;
  readonly autoScalingGroups: readonly string[];
  readonly createdAt: string;
  readonly tags: Tags;
}
