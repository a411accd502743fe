import type { Tags } from "../../aws/tags.ts";

export interface LaunchTemplateVolume {
  /** Device name of the root or data volume: `/dev/xvda`; Bottlerocket's data volume is `/dev/xvdb`. */
  readonly device: string;
  /** GiB; absent where only the encryption of the image's own volume is set. */
  readonly size?: number;
  readonly type?: string;
  readonly iops?: number;
  /** MiB/s. */
  readonly throughput?: number;
  readonly encrypted?: boolean;
  readonly kmsKeyId?: string;
}
export interface LaunchTemplateSpec {
  /** A single type lives here, so that it stays changeable; several live on the nodegroup. */
  readonly instanceType?: string;
  readonly volumes: readonly LaunchTemplateVolume[];
  readonly keyName?: string;
  /** Given ids beside those of the dependencies. None of both: the template names no group and EKS adds the cluster's. */
  readonly securityGroupIds: readonly string[];
  readonly imds: { readonly tokens: "required" | "optional"; readonly hopLimit: number };
  readonly ebsOptimized?: boolean;
  readonly detailedMonitoring?: boolean;
  /** Tags for instances, volumes and network interfaces launched from it; a change follows with the next version. */
  readonly launchTags: Tags;
  readonly tags: Tags;
}
export interface LaunchTemplateDeps {
  readonly securityGroups: readonly { readonly id: string }[];
}
export interface LaunchTemplateAttrs {
  readonly id: string;
  readonly name: string;
  readonly latestVersion: number;
  /** What the latest version says, normalised to the shape of the spec. */
  readonly data: Omit<LaunchTemplateSpec, "tags">;
  readonly tags: Tags;
}
