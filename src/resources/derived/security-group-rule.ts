import {
  type DescribeSecurityGroupRulesRequest,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, every, ours } from "../../aws/permissions.ts";
import { owned, tagsOf } from "../../aws/tags.ts";
import type { DerivedKind, Live } from "../../engine/kind.ts";
import { derivedSecurityGroups } from "../derived-security-groups.ts";
import { lookingForHome } from "../home.ts";
import { allowOnMade } from "../made-for-cluster.ts";
import { ownedFilters } from "../ec2/tags-updates.ts";
import { moments } from "../timings.ts";

export interface DerivedRuleAttrs {
  readonly groupId: string;
  readonly isEgress: boolean;
}

const revocations = ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"];

/**
 * A rule by which one group of the cluster names another: neither of them could be deleted first. Both groups go, ours and those
 * that were made for the cluster.
 */
export const derivedSecurityGroupRule: DerivedKind<DerivedRuleAttrs, AwsContext> = {
  name: "ec2.derived-security-group-rule",
  title: "rule between security groups",
  deletedBefore: ["ec2.derived-security-group", "ec2.cluster-security-group", "ec2.security-group"],
  madeFor: "eks.cluster",
  timing: () => moments,
  actions: {
    list: [...lookingForHome, ...allow("ec2:DescribeSecurityGroupRules")],
    read: [...lookingForHome, ...allow("ec2:DescribeSecurityGroupRules")],
    delete: [
      ...allow(revocations, ours("security-group")),
      ...allowOnMade("securityGroup", revocations, every("security-group")),
    ],
  },

  async list(ctx) {
    const groups = await groupsThatGo(ctx);
    if (groups.size < 2) return [];
    const Filters = [{ Name: "group-id", Values: [...groups] }];
    return (await describe({ Filters }, groups, ctx)).filter(({ owner }) => owner === "derived");
  },
  async read(ref, ctx) {
    const groups = await groupsThatGo(ctx);
    const found = await absentAsNull(() => describe({ SecurityGroupRuleIds: [ref] }, groups, ctx));
    return found?.[0] ?? null;
  },
  async delete({ ref, attrs }, { clients }) {
    const request = { GroupId: attrs.groupId, SecurityGroupRuleIds: [ref] };
    await (attrs.isEgress
      ? clients.ec2.send(new RevokeSecurityGroupEgressCommand(request))
      : clients.ec2.send(new RevokeSecurityGroupIngressCommand(request)));
  },
};

async function groupsThatGo(ctx: AwsContext): Promise<ReadonlySet<string>> {
  const pages = paginateDescribeSecurityGroups({ client: ctx.clients.ec2 }, { Filters: ownedFilters(ctx) });
  const [ours, derived] = await Promise.all([
    collect(pages, (page) => page.SecurityGroups),
    derivedSecurityGroups(ctx),
  ]);
  return new Set([...ours.flatMap(({ GroupId }) => GroupId ?? []), ...derived.map(({ ref }) => ref)]);
}

async function describe(
  request: DescribeSecurityGroupRulesRequest,
  groups: ReadonlySet<string>,
  ctx: AwsContext,
): Promise<readonly Live<DerivedRuleAttrs>[]> {
  const pages = paginateDescribeSecurityGroupRules({ client: ctx.clients.ec2 }, request);
  return (await collect(pages, (page) => page.SecurityGroupRules)).map((rule) => toLive(rule, groups, ctx));
}

/** Rules that we made are a kind of their own. */
function toLive(rule: SecurityGroupRule, groups: ReadonlySet<string>, ctx: AwsContext): Live<DerivedRuleAttrs> {
  const { GroupId: groupId = "", ReferencedGroupInfo } = rule;
  const other = ReferencedGroupInfo?.GroupId ?? groupId;
  const isBetween = other !== groupId && groups.has(groupId) && groups.has(other);
  return {
    id: "",
    ref: rule.SecurityGroupRuleId ?? "",
    owner: isBetween && !owned(tagsOf(rule.Tags), ctx.owner) ? "derived" : "foreign",
    phase: "ready",
    attrs: { groupId, isEgress: rule.IsEgress ?? false },
    detail: `${groupId} names ${other}`,
  };
}
