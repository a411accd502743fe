import type { Tags } from "../../aws/tags.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface SubnetSpec {
  readonly cidr: string;
  /** Zone name, as `us-west-2a`. */
  readonly zone: string;
  /** Instances get public addresses. */
  readonly public: boolean;
  readonly hostnameType?: "ip-name" | "resource-name";
  readonly tags: Tags;
}
export interface SubnetDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
}
export interface SubnetAttrs {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly zone: string;
  readonly mapPublicIp: boolean;
  readonly hostnameType: string;
  readonly tags: Tags;
}
