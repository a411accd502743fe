import type { Tags } from "../../aws/tags.ts";
import type { ElasticIpAttrs } from "./elastic-ip.ts";
import type { SubnetAttrs } from "./subnet.ts";

export interface NatGatewaySpec {
  readonly tags: Tags;
}
export interface NatGatewayDeps {
  readonly subnet: Pick<SubnetAttrs, "id">;
  readonly address: Pick<ElasticIpAttrs, "allocationId">;
}
export interface NatGatewayAttrs {
  readonly id: string;
  readonly subnetId: string;
  readonly allocationId: string | null;
  readonly tags: Tags;
}
