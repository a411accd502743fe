import type { Tags } from "../../aws/tags.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface InternetGatewaySpec {
  readonly tags: Tags;
}
export interface InternetGatewayDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
}
export interface InternetGatewayAttrs {
  readonly id: string;
  /** The VPC it is attached to. */
  readonly vpcId: string | null;
  readonly tags: Tags;
}
