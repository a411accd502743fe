import type { IpPermission, SecurityGroupRuleRequest } from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import { invalidCombination, invalidValue, missingParameter } from "./errors.ts";
import { securityGroupFamily } from "./families.ts";
import { find } from "./family.ts";
import { formatCidr, parseCidr } from "./ipv4.ts";
import { formatIpv6Cidr, parseIpv6Cidr } from "./ipv6.ts";
import type { Place } from "./place.ts";
import type { RulePeer, SecurityGroupRuleRecord } from "./state.ts";

/** One rule as a request means it, in EC2's normal form. */
export type RuleSpec = Pick<
  SecurityGroupRuleRecord,
  "IsEgress" | "IpProtocol" | "FromPort" | "ToPort" | "Description" | "peer"
>;

const protocolNames: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6" };

interface Traffic {
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
}

/** Older than rule ids: the members of a request that say one rule in a flat form. */
export interface FlatRule extends Traffic {
  readonly CidrIp?: string | undefined;
  readonly SourceSecurityGroupName?: string | undefined;
  readonly IpPermissions?: readonly IpPermission[] | undefined;
}

/** The rules that an authorize or revoke request names, one for each other side. */
export function rulesIn(input: FlatRule, egress: boolean, place: Place): RuleSpec[] {
  if (input.SourceSecurityGroupName !== undefined) {
    throw invalidValue("Invalid value for parameter groupName. Groups in a VPC are referenced by id.");
  }
  if (input.CidrIp === undefined && input.IpPermissions === undefined) throw missingParameter("ipPermissions");
  if (input.CidrIp !== undefined && input.IpPermissions !== undefined) {
    throw invalidCombination("The parameter 'ipPermissions' may not be used in combination with 'cidrIp'");
  }
  const permissions: readonly IpPermission[] = input.IpPermissions ?? [
    { ...traffic(input), IpRanges: [{ CidrIp: input.CidrIp }] },
  ];
  return permissions.flatMap((permission) => {
    const rules = peersIn(permission, place).map(({ peer, description }) => ({
      IsEgress: egress,
      ...traffic(permission),
      peer,
      ...descriptionOf(description),
    }));
    if (rules.length === 0) throw missingParameter("ipRanges, ipv6Ranges, groups or prefixListIds");
    return rules;
  });
}

function peersIn(permission: IpPermission, place: Place): { peer: RulePeer; description: string | undefined }[] {
  return [
    ...(permission.IpRanges ?? []).map((range) => ({
      peer: { CidrIpv4: ipv4Cidr(range.CidrIp ?? "") },
      description: range.Description,
    })),
    ...(permission.Ipv6Ranges ?? []).map((range) => ({
      peer: { CidrIpv6: ipv6Cidr(range.CidrIpv6 ?? "") },
      description: range.Description,
    })),
    ...(permission.PrefixListIds ?? []).map((list) => ({
      peer: { PrefixListId: list.PrefixListId ?? "" },
      description: list.Description,
    })),
    ...(permission.UserIdGroupPairs ?? []).map((pair) => ({
      peer: { group: find(securityGroupFamily, place, pair.GroupId ?? "").GroupId },
      description: pair.Description,
    })),
  ];
}

/** The rule that ModifySecurityGroupRules asks for in place of one that exists. */
export function ruleOf(request: SecurityGroupRuleRequest, egress: boolean, place: Place): RuleSpec {
  const peers: RulePeer[] = [];
  if (request.CidrIpv4 !== undefined) peers.push({ CidrIpv4: ipv4Cidr(request.CidrIpv4) });
  if (request.CidrIpv6 !== undefined) peers.push({ CidrIpv6: ipv6Cidr(request.CidrIpv6) });
  if (request.PrefixListId !== undefined) peers.push({ PrefixListId: request.PrefixListId });
  if (request.ReferencedGroupId !== undefined) {
    peers.push({ group: find(securityGroupFamily, place, request.ReferencedGroupId).GroupId });
  }
  const [peer, second] = peers;
  if (!peer) throw missingParameter("cidrIpv4, cidrIpv6, prefixListId or referencedGroupId");
  if (second) throw invalidCombination("Only one source or destination can be specified in a security group rule");
  return { IsEgress: egress, ...traffic(request), peer, ...descriptionOf(request.Description) };
}

/** Protocol and ports; -1, or a protocol without ports, has the ports -1. */
function traffic({ IpProtocol, FromPort, ToPort }: Traffic): Pick<RuleSpec, keyof Traffic> {
  if (IpProtocol === undefined) throw missingParameter("ipProtocol");
  const protocol = protocolNames[IpProtocol] ?? IpProtocol.toLowerCase();
  if (!/^(-1|tcp|udp|icmp|icmpv6|\d{1,3})$/.test(protocol)) {
    throw new AwsError("InvalidPermission.Malformed", `Invalid IP protocol: ${IpProtocol}`);
  }
  if (protocol !== "tcp" && protocol !== "udp") {
    const hasType = protocol.startsWith("icmp");
    return { IpProtocol: protocol, FromPort: (hasType ? FromPort : -1) ?? -1, ToPort: (hasType ? ToPort : -1) ?? -1 };
  }
  if (FromPort === undefined || ToPort === undefined) {
    throw invalidValue(`Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.`);
  }
  if (FromPort < 0 || ToPort > 65535 || FromPort > ToPort) {
    throw invalidValue(`Invalid port range ${FromPort}-${ToPort}`);
  }
  return { IpProtocol: protocol, FromPort, ToPort };
}

/** Host bits are cleared, as EC2 does. */
function ipv4Cidr(cidr: string): string {
  const block = parseCidr(cidr);
  if (!block) throw invalidValue(`CIDR block ${cidr} is malformed`);
  return formatCidr(block);
}

function ipv6Cidr(cidr: string): string {
  const block = parseIpv6Cidr(cidr);
  if (!block) throw invalidValue(`CIDR block ${cidr} is malformed`);
  return formatIpv6Cidr(block);
}

const allowedDescription = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

function descriptionOf(description: string | undefined): { Description?: string } {
  if (description === undefined) return {};
  checkDescription("Invalid rule description", description);
  return { Description: description };
}

/** Security groups and rules allow the same characters. */
export function checkDescription(what: string, description: string): void {
  if (allowedDescription.test(description)) return;
  throw invalidValue(
    `${what}. Valid descriptions are strings less than 256 characters from the following set: ` +
      "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
  );
}

/** Two rules are the same whatever their descriptions. */
export function sameRule(one: RuleSpec, other: RuleSpec): boolean {
  return ruleKey(one) === ruleKey(other);
}

function ruleKey({ IsEgress, IpProtocol, FromPort, ToPort, peer }: RuleSpec): string {
  return [IsEgress, IpProtocol, FromPort, ToPort, peerName(peer)].join(" ");
}

export function peerName(peer: RulePeer): string {
  return peer.CidrIpv4 ?? peer.CidrIpv6 ?? peer.PrefixListId ?? peer.group ?? "";
}
