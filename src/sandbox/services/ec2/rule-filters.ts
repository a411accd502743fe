import type { FilterTable } from "./filters.ts";
import { ec2Of, type Place } from "./place.ts";
import type { SecurityGroupRecord, SecurityGroupRuleRecord } from "./state.ts";

/** The rules of a group, in the order in which they were made. */
export function rulesOf(place: Place, groupId: string, egress: boolean): SecurityGroupRuleRecord[] {
  return Object.values(ec2Of(place).securityGroupRules).filter(
    (rule) => rule.GroupId === groupId && rule.IsEgress === egress,
  );
}

const ofRule: Record<string, (rule: SecurityGroupRuleRecord) => string | undefined> = {
  cidr: (rule) => rule.peer.CidrIpv4,
  "from-port": (rule) => String(rule.FromPort),
  "group-id": (rule) => rule.peer.group,
  "ipv6-cidr": (rule) => rule.peer.CidrIpv6,
  "prefix-list-id": (rule) => rule.peer.PrefixListId,
  protocol: (rule) => rule.IpProtocol,
  "to-port": (rule) => String(rule.ToPort),
};

/** DescribeSecurityGroups' filters on the rules of a group: `ip-permission.*` and `egress.ip-permission.*`. */
export const permissionFilters: FilterTable<SecurityGroupRecord> = Object.fromEntries(
  [false, true].flatMap((egress) =>
    Object.entries(ofRule).map(([name, valueOf]) => [
      `${egress ? "egress." : ""}ip-permission.${name}`,
      (group: SecurityGroupRecord, place: Place) =>
        rulesOf(place, group.GroupId, egress).flatMap((rule) => valueOf(rule) ?? []),
    ]),
  ),
);
