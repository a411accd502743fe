import type { ProtocolEnum, TargetTypeEnum } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { PlacedRecord, Tags } from "../elb/state.ts";

export interface LoadBalancerRecord extends PlacedRecord {
  arn: string;
  type: "application" | "network";
  attributes: Record<string, string>;
}

export interface TargetGroupRecord {
  arn: string;
  name: string;
  protocol: ProtocolEnum;
  port: number;
  vpcId: string;
  targetType: TargetTypeEnum;
  tags: Tags;
}

export interface ListenerRecord {
  arn: string;
  loadBalancerArn: string;
  protocol: ProtocolEnum;
  port: number;
  targetGroupArn: string;
  tags: Tags;
}

/** What the API of version 2015-12-01 holds in one region: load balancers, target groups and listeners by ARN. */
export interface ElbV2State {
  loadBalancers: Record<string, LoadBalancerRecord>;
  targetGroups: Record<string, TargetGroupRecord>;
  listeners: Record<string, ListenerRecord>;
}

export function emptyElbV2State(): ElbV2State {
  return { loadBalancers: {}, targetGroups: {}, listeners: {} };
}
