import type { Tags } from "../../aws/tags.ts";

export interface VpcSpec {
  readonly cidr: string;
  readonly tags: Tags;
}
export interface VpcAttrs {
  readonly id: string;
  readonly cidr: string;
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  readonly tags: Tags;
}
