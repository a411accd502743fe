import type { Tags } from "../../aws/tags.ts";

export interface ElasticIpSpec {
  readonly tags: Tags;
}
export interface ElasticIpAttrs {
  readonly allocationId: string;
  readonly publicIp: string;
  readonly tags: Tags;
}
