import type {
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  IpPermission,
  SecurityGroup,
} from "@aws-sdk/client-ec2";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { dependencyViolation, invalidValue, required } from "./errors.ts";
import { securityGroupFamily, vpcFamily } from "./families.ts";
import { find, select } from "./family.ts";
import { pageOf } from "./pages.ts";
import { ec2Arn, ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import { rulesOf } from "./rule-filters.ts";
import { checkDescription } from "./rule-specs.ts";
import { makeRule } from "./security-group-rules.ts";
import type { RulePeer, SecurityGroupRecord, SecurityGroupRuleRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";

export interface NewSecurityGroup {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** With the rule that lets in all traffic from its own members. */
  readonly selfReferencing?: boolean;
}

/** A group and the egress rule that each begins with. Throws InvalidGroup.Duplicate. */
export function makeSecurityGroup(place: Place, wanted: NewSecurityGroup): SecurityGroupRecord {
  const { securityGroups } = ec2Of(place);
  const siblings = Object.values(securityGroups).filter((each) => each.VpcId === wanted.vpcId);
  if (siblings.some((each) => each.GroupName === wanted.name)) {
    throw new AwsError(
      "InvalidGroup.Duplicate",
      `The security group '${wanted.name}' already exists for VPC '${wanted.vpcId}'`,
    );
  }
  checkQuota(place, "securityGroups", Object.keys(securityGroups).length);
  const group: SecurityGroupRecord = {
    ...recorded(place, wanted.tags),
    GroupId: place.world.id("sg"),
    GroupName: wanted.name,
    Description: wanted.description,
    VpcId: wanted.vpcId,
  };
  securityGroups[group.GroupId] = group;
  allowAll(place, group.GroupId, true, { CidrIpv4: "0.0.0.0/0" });
  if (wanted.selfReferencing) allowAll(place, group.GroupId, false, { group: group.GroupId });
  return group;
}

function allowAll(place: Place, groupId: string, egress: boolean, peer: RulePeer): void {
  makeRule(place, groupId, { IsEgress: egress, IpProtocol: "-1", FromPort: -1, ToPort: -1, peer });
}

export function makeDefaultSecurityGroup(place: Place, vpcId: string): void {
  makeSecurityGroup(place, {
    name: "default",
    description: "default VPC security group",
    vpcId,
    tags: {},
    selfReferencing: true,
  });
}

/** The group with its rules, whatever refers to it. */
export function dropSecurityGroup(place: Place, id: string): void {
  const { securityGroups, securityGroupRules } = ec2Of(place);
  for (const rule of Object.values(securityGroupRules)) {
    if (rule.GroupId === id) delete securityGroupRules[rule.SecurityGroupRuleId];
  }
  delete securityGroups[id];
}

function createSecurityGroup(input: CreateSecurityGroupRequest, call: Call): CreateSecurityGroupResult {
  const name = required(input.GroupName, "groupName");
  const description = required(input.Description, "groupDescription");
  if (input.VpcId === undefined) throw notSimulated("A default VPC");
  const { VpcId: vpcId } = find(vpcFamily, call, input.VpcId);
  if (name.startsWith("sg-") || name.length > 255) {
    throw invalidValue(`Invalid value '${name}' for groupName. It may not be in the format sg-*.`);
  }
  checkDescription("Invalid security group description", description);
  const tags = tagsOnCreate(input.TagSpecifications, "security-group");
  const group = makeSecurityGroup(call, { name, description, vpcId, tags });
  return {
    GroupId: group.GroupId,
    SecurityGroupArn: ec2Arn(call, `security-group/${group.GroupId}`),
    Tags: tagList(group.tags),
  };
}

/** Whether an interface or another group's rule uses it. */
export function isInUse(place: Place, id: string): boolean {
  const { networkInterfaces, securityGroupRules } = ec2Of(place);
  const used = Object.values(networkInterfaces).some((each) => each.groupIds.includes(id));
  return used || Object.values(securityGroupRules).some((rule) => rule.peer.group === id && rule.GroupId !== id);
}

/** Refused while an interface or another group's rule uses it. */
function deleteSecurityGroup(input: DeleteSecurityGroupRequest, call: Call): DeleteSecurityGroupResult {
  if (input.GroupName !== undefined) throw notSimulated("DeleteSecurityGroup by name");
  const { GroupId: id, GroupName: name } = find(securityGroupFamily, call, required(input.GroupId, "groupId"));
  if (name === "default") {
    throw new AwsError("CannotDelete", `the specified group: "${id}" name: "default" cannot be deleted by a user`);
  }
  if (isInUse(call, id)) throw dependencyViolation(`resource ${id} has a dependent object`);
  dropSecurityGroup(call, id);
  return { Return: true, GroupId: id };
}

function describeSecurityGroups(input: DescribeSecurityGroupsRequest, call: Call): DescribeSecurityGroupsResult {
  const { GroupIds: ids = [], GroupNames: names = [], Filters: filters } = input;
  const found = select(securityGroupFamily, call, { ids: ["groupIds", ids], filters });
  const asked = names.length > 0 ? found.filter((group) => names.includes(group.GroupName)) : found;
  const { items, ...rest } = ids.length + names.length > 0 ? { items: asked } : pageOf(asked, input);
  return { SecurityGroups: items.map((group) => view(group, call)), ...rest };
}

function view(group: SecurityGroupRecord, place: Place): SecurityGroup {
  return {
    GroupId: group.GroupId,
    GroupName: group.GroupName,
    SecurityGroupArn: ec2Arn(place, `security-group/${group.GroupId}`),
    Description: group.Description,
    VpcId: group.VpcId,
    OwnerId: ownerOf(place),
    IpPermissions: permissions(rulesOf(place, group.GroupId, false), place),
    IpPermissionsEgress: permissions(rulesOf(place, group.GroupId, true), place),
    Tags: tagList(group.tags),
  };
}

/** The older form of rules: those for the same protocol and ports are one permission. */
function permissions(rules: readonly SecurityGroupRuleRecord[], place: Place): IpPermission[] {
  const byTraffic = new Map<string, SecurityGroupRuleRecord[]>();
  for (const rule of rules) {
    const key = `${rule.IpProtocol} ${rule.FromPort} ${rule.ToPort}`;
    byTraffic.set(key, [...(byTraffic.get(key) ?? []), rule]);
  }
  return [...byTraffic.values()].map((same) => permission(same, place));
}

function permission(rules: readonly SecurityGroupRuleRecord[], place: Place): IpPermission {
  const { IpProtocol = "", FromPort = -1, ToPort = -1 } = rules[0] ?? {};
  return {
    IpProtocol,
    ...(IpProtocol === "-1" ? {} : { FromPort, ToPort }),
    IpRanges: rules.flatMap((rule) =>
      rule.peer.CidrIpv4 ? withDescription(rule, { CidrIp: rule.peer.CidrIpv4 }) : [],
    ),
    Ipv6Ranges: rules.flatMap((rule) =>
      rule.peer.CidrIpv6 ? withDescription(rule, { CidrIpv6: rule.peer.CidrIpv6 }) : [],
    ),
    PrefixListIds: rules.flatMap((rule) =>
      rule.peer.PrefixListId ? withDescription(rule, { PrefixListId: rule.peer.PrefixListId }) : [],
    ),
    UserIdGroupPairs: rules.flatMap((rule) =>
      rule.peer.group ? withDescription(rule, { GroupId: rule.peer.group, UserId: ownerOf(place) }) : [],
    ),
  };
}

function withDescription<T extends object>({ Description }: SecurityGroupRuleRecord, peer: T) {
  return { ...peer, ...(Description === undefined ? {} : { Description }) };
}

export const securityGroupHandlers = {
  CreateSecurityGroup: createSecurityGroup,
  DeleteSecurityGroup: deleteSecurityGroup,
  DescribeSecurityGroups: describeSecurityGroups,
};
