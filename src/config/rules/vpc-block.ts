import { type Cidr, parseCidr } from "../cidr.ts";
import { defaultVpcCidr } from "../default-values.ts";
import { hasGivenVpc } from "../given-network.ts";
import type { ClusterConfig } from "../types.ts";
import { type Draft, whereUnwritten } from "./rule.ts";

interface VpcBlock {
  readonly text: string;
  readonly cidr: Cidr;
  /** Where nobody has written it. */
  readonly hint?: string;
}

/** The block of a VPC of ours; which blocks a given one has, only the plan finds out, unless the file says it. */
export function vpcBlock({ vpc }: Draft<ClusterConfig>): VpcBlock | undefined {
  const text = vpc?.cidr ?? (hasGivenVpc({ vpc }) ? "" : defaultVpcCidr);
  const cidr = parseCidr(text);
  if (!cidr) return undefined;
  return { text, cidr, ...whereUnwritten(vpc?.cidr, text, "vpc.cidr") };
}
