import type { Tags } from "../../aws/tags.ts";

export interface SecurityGroupRuleSpec {
  readonly direction: "ingress" | "egress";
  /** `tcp`, `udp`, `icmp`, or `-1` for all traffic (ports -1 then). */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  /** Exactly one of this, `cidrIpv6` and the `source` dependency says who the other side is. */
  readonly cidrIpv4?: string;
  readonly cidrIpv6?: string;
  readonly description: string;
  readonly tags: Tags;
}
export interface SecurityGroupRuleDeps {
  readonly group: { readonly id: string };
  /** None or one security group. */
  readonly source: readonly { readonly id: string }[];
}
export interface SecurityGroupRuleAttrs {
  readonly id: string;
  readonly groupId: string;
  readonly direction: "ingress" | "egress";
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrIpv4: string | null;
  readonly cidrIpv6: string | null;
  readonly sourceGroupId: string | null;
  readonly description: string;
  readonly tags: Tags;
}
