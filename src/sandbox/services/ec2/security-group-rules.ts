import type {
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupEgressResult,
  AuthorizeSecurityGroupIngressRequest,
  AuthorizeSecurityGroupIngressResult,
  DescribeSecurityGroupRulesRequest,
  DescribeSecurityGroupRulesResult,
  ModifySecurityGroupRulesRequest,
  ModifySecurityGroupRulesResult,
  RevokeSecurityGroupEgressRequest,
  RevokeSecurityGroupEgressResult,
  RevokeSecurityGroupIngressRequest,
  RevokeSecurityGroupIngressResult,
  SecurityGroupRule,
  TagSpecification,
} from "@aws-sdk/client-ec2";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { invalidValue, required } from "./errors.ts";
import { securityGroupFamily, securityGroupRuleFamily } from "./families.ts";
import { find, selectPage } from "./family.ts";
import { ec2Arn, ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import { rulesOf } from "./rule-filters.ts";
import { peerName, ruleOf, rulesIn, sameRule, type FlatRule, type RuleSpec } from "./rule-specs.ts";
import type { SecurityGroupRuleRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";

export function makeRule(
  place: Place,
  groupId: string,
  rule: RuleSpec,
  tags: Readonly<Record<string, string>> = {},
): SecurityGroupRuleRecord {
  const made = { ...recorded(place, tags), SecurityGroupRuleId: place.world.id("sgr"), GroupId: groupId, ...rule };
  ec2Of(place).securityGroupRules[made.SecurityGroupRuleId] = made;
  return made;
}

interface AuthorizeRequest extends FlatRule {
  readonly GroupId?: string | undefined;
  readonly TagSpecifications?: readonly TagSpecification[] | undefined;
}

/** All rules of a request or none. The request's tags go on each of them. */
function authorize(input: AuthorizeRequest, egress: boolean, call: Call) {
  const { GroupId: groupId } = find(securityGroupFamily, call, required(input.GroupId, "groupId"));
  const tags = tagsOnCreate(input.TagSpecifications, "security-group-rule");
  const rules = rulesIn(input, egress, call);
  const made = rules.map((rule) => {
    const present = rulesOf(call, groupId, egress);
    if (present.some((each) => sameRule(each, rule))) throw duplicateRule(rule);
    checkQuota(call, "securityGroupRules", present.length);
    return makeRule(call, groupId, rule, tags);
  });
  return { Return: true, SecurityGroupRules: made.map((rule) => view(rule, call)) };
}

function duplicateRule(rule: RuleSpec): AwsError {
  const { IpProtocol, FromPort, ToPort, peer } = rule;
  const traffic =
    IpProtocol === "-1" ? "ALL" : `${IpProtocol.toUpperCase()}, from port: ${FromPort}, to port: ${ToPort}`;
  return new AwsError(
    "InvalidPermission.Duplicate",
    `the specified rule "peer: ${peerName(peer)}, ${traffic}, ALLOW" already exists`,
  );
}

function authorizeIngress(
  input: AuthorizeSecurityGroupIngressRequest,
  call: Call,
): AuthorizeSecurityGroupIngressResult {
  if (input.GroupName !== undefined) throw notSimulated("A security group by name");
  return authorize(input, false, call);
}

function authorizeEgress(input: AuthorizeSecurityGroupEgressRequest, call: Call): AuthorizeSecurityGroupEgressResult {
  return authorize(input, true, call);
}

interface RevokeRequest extends FlatRule {
  readonly GroupId?: string | undefined;
  readonly SecurityGroupRuleIds?: readonly string[] | undefined;
}

/** By rule ids or by what the rules say; all of a request or none. */
function revoke(input: RevokeRequest, egress: boolean, call: Call) {
  const { GroupId: groupId } = find(securityGroupFamily, call, required(input.GroupId, "groupId"));
  const present = rulesOf(call, groupId, egress);
  const revoked = input.SecurityGroupRuleIds
    ? input.SecurityGroupRuleIds.map((id) => ofGroup(id, present))
    : rulesIn(input, egress, call).map((rule) => matching(rule, present));
  for (const rule of revoked) delete ec2Of(call).securityGroupRules[rule.SecurityGroupRuleId];
  return {
    Return: true,
    RevokedSecurityGroupRules: revoked.map((rule) => ({
      SecurityGroupRuleId: rule.SecurityGroupRuleId,
      GroupId: rule.GroupId,
      IsEgress: rule.IsEgress,
      IpProtocol: rule.IpProtocol,
      FromPort: rule.FromPort,
      ToPort: rule.ToPort,
      ...peerView(rule),
      ...(rule.peer.group ? { ReferencedGroupId: rule.peer.group } : {}),
      ...(rule.Description === undefined ? {} : { Description: rule.Description }),
    })),
  };
}

function ofGroup(id: string, present: readonly SecurityGroupRuleRecord[]): SecurityGroupRuleRecord {
  const rule = present.find((each) => each.SecurityGroupRuleId === id);
  if (!rule) throw securityGroupRuleFamily.notFound([id]);
  return rule;
}

function matching(rule: RuleSpec, present: readonly SecurityGroupRuleRecord[]): SecurityGroupRuleRecord {
  const found = present.find((each) => sameRule(each, rule));
  if (found) return found;
  throw new AwsError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
}

function revokeIngress(input: RevokeSecurityGroupIngressRequest, call: Call): RevokeSecurityGroupIngressResult {
  if (input.GroupName !== undefined) throw notSimulated("A security group by name");
  return revoke(input, false, call);
}

function revokeEgress(input: RevokeSecurityGroupEgressRequest, call: Call): RevokeSecurityGroupEgressResult {
  return revoke(input, true, call);
}

/** Puts another rule in the place of one, its id and tags kept. The kind of the other side stays. */
function modifyRules(input: ModifySecurityGroupRulesRequest, call: Call): ModifySecurityGroupRulesResult {
  const { GroupId: groupId } = find(securityGroupFamily, call, required(input.GroupId, "groupId"));
  for (const update of required(input.SecurityGroupRules, "securityGroupRules")) {
    const id = required(update.SecurityGroupRuleId, "securityGroupRuleId");
    const rule = find(securityGroupRuleFamily, call, id);
    if (rule.GroupId !== groupId) throw securityGroupRuleFamily.notFound([id]);
    const wanted = ruleOf(update.SecurityGroupRule ?? {}, rule.IsEgress, call);
    if (Object.keys(wanted.peer)[0] !== Object.keys(rule.peer)[0]) {
      throw invalidValue(`The source or destination type of the security group rule ${id} cannot be changed`);
    }
    const others = rulesOf(call, groupId, rule.IsEgress).filter((each) => each !== rule);
    if (others.some((each) => sameRule(each, wanted))) throw duplicateRule(wanted);
    delete rule.Description;
    Object.assign(rule, wanted);
  }
  return { Return: true };
}

function describeRules(input: DescribeSecurityGroupRulesRequest, call: Call): DescribeSecurityGroupRulesResult {
  const query = { ids: ["securityGroupRuleIds", input.SecurityGroupRuleIds], filters: input.Filters } as const;
  const { items, ...rest } = selectPage(securityGroupRuleFamily, call, query, input);
  return { SecurityGroupRules: items.map((rule) => view(rule, call)), ...rest };
}

function view(rule: SecurityGroupRuleRecord, place: Place): SecurityGroupRule {
  return {
    SecurityGroupRuleId: rule.SecurityGroupRuleId,
    SecurityGroupRuleArn: ec2Arn(place, `security-group-rule/${rule.SecurityGroupRuleId}`),
    GroupId: rule.GroupId,
    GroupOwnerId: ownerOf(place),
    IsEgress: rule.IsEgress,
    IpProtocol: rule.IpProtocol,
    FromPort: rule.FromPort,
    ToPort: rule.ToPort,
    ...peerView(rule),
    ...(rule.peer.group ? { ReferencedGroupInfo: { GroupId: rule.peer.group, UserId: ownerOf(place) } } : {}),
    ...(rule.Description === undefined ? {} : { Description: rule.Description }),
    Tags: tagList(rule.tags),
  };
}

function peerView({ peer }: SecurityGroupRuleRecord) {
  const { group: _, ...addresses } = peer;
  return addresses;
}

export const securityGroupRuleHandlers = {
  AuthorizeSecurityGroupIngress: authorizeIngress,
  AuthorizeSecurityGroupEgress: authorizeEgress,
  RevokeSecurityGroupIngress: revokeIngress,
  RevokeSecurityGroupEgress: revokeEgress,
  ModifySecurityGroupRules: modifyRules,
  DescribeSecurityGroupRules: describeRules,
};
