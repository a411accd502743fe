import type { Tags } from "../../aws/tags.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface SecurityGroupSpec {
  readonly description: string;
  readonly tags: Tags;
}
export interface SecurityGroupDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
}
export interface SecurityGroupAttrs {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly tags: Tags;
}
