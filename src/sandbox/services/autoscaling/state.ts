import type { InstancesDistribution } from "@aws-sdk/client-auto-scaling";

/** A launch template as a group has it: `version` is a number, `$Latest` or `$Default`. */
export interface TemplateUse {
  id: string;
  name: string;
  version: string;
}

/** What stands in for the template's type, and how much capacity one such instance is. */
export interface OverrideRecord {
  instanceType: string;
  weight: number;
  template: TemplateUse | null;
}

export interface MixedRecord {
  overrides: OverrideRecord[];
  distribution: InstancesDistribution;
}

export interface GroupTag {
  key: string;
  value: string;
  propagate: boolean;
}

export interface GroupInstance {
  id: string;
  type: string;
  zone: string;
  spot: boolean;
  /** The version of the launch template, as a number. */
  version: string;
}

export interface ActivityRecord {
  id: string;
  /** Milliseconds since the epoch, virtual. */
  at: number;
  status: "Successful" | "Failed";
  description: string;
  cause: string;
  message?: string;
}

export interface GroupRecord {
  name: string;
  arn: string;
  createdAt: number;
  template: TemplateUse;
  /** Null: one type, on demand or as the template's market options say. */
  mixed: MixedRecord | null;
  minSize: number;
  maxSize: number;
  desired: number;
  subnetIds: string[];
  capacityRebalance: boolean;
  /** Seconds. */
  maxInstanceLifetime?: number;
  healthCheckGracePeriod: number;
  cooldown: number;
  newInstancesProtected: boolean;
  targetGroupArns: string[];
  loadBalancerNames: string[];
  suspended: string[];
  /** Metrics that are collected, each once a minute. */
  metrics: string[];
  tags: GroupTag[];
  instances: GroupInstance[];
  /** The newest last. */
  activities: ActivityRecord[];
  /** After a launch that failed: when the next is tried. */
  retryAt: number;
  deleting: boolean;
}

/** What Auto Scaling holds in one region: groups by name. */
export interface AutoScalingState {
  groups: Record<string, GroupRecord>;
}

export function emptyAutoScalingState(): AutoScalingState {
  return { groups: {} };
}
