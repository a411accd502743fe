import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  type DescribeSecurityGroupRulesRequest,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  paginateDescribeSecurityGroupRules,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
  type SecurityGroupRuleRequest,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import type { Action, Kind, Live, Want } from "../../engine/kind.ts";
import { allow, every, making, ours, retagging, securityGroupOfEks } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";

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
  /** Its group is not ours: only who may change it needs to know. */
  readonly ofGivenGroup?: true;
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

type RuleWant = Want<SecurityGroupRuleSpec, SecurityGroupRuleDeps>;

export const securityGroupRule: Kind<
  SecurityGroupRuleSpec,
  SecurityGroupRuleDeps,
  SecurityGroupRuleAttrs,
  AwsContext,
  "rule" | "tags"
> = {
  name: "ec2.security-group-rule",
  title: "security group rule",
  // A rule of one group that names another keeps that other from being deleted, EKS's own group included.
  deletedBefore: ["ec2.security-group", "eks.cluster"],
  timing: () => moments,

  actions: {
    list: allow("ec2:DescribeSecurityGroupRules"),
    read: allow("ec2:DescribeSecurityGroupRules"),
    create: (rule) => [
      ...making(`AuthorizeSecurityGroup${direction(rule?.spec)}`, "security-group-rule"),
      ...onGroups(`ec2:AuthorizeSecurityGroup${direction(rule?.spec)}`, rule?.spec),
    ],
    delete: (rule) => onGroups(`ec2:RevokeSecurityGroup${direction(rule?.spec)}`, rule?.spec),
    rule: (rule) => [
      ...onGroups("ec2:ModifySecurityGroupRules", rule?.spec),
      ...allow("ec2:ModifySecurityGroupRules", ours("security-group-rule")),
    ],
    tags: retagging("security-group-rule"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ SecurityGroupRuleIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const request = {
      GroupId: want.deps.group.id,
      IpPermissions: [permission(want)],
      TagSpecifications: tagSpecifications("security-group-rule", want, ctx),
    };
    const { SecurityGroupRules } = await (want.spec.direction === "ingress"
      ? ctx.clients.ec2.send(new AuthorizeSecurityGroupIngressCommand(request))
      : ctx.clients.ec2.send(new AuthorizeSecurityGroupEgressCommand(request)));
    return created(SecurityGroupRules?.[0]?.SecurityGroupRuleId, "security group rule");
  },

  async delete({ ref, attrs }, { clients }) {
    const request = { GroupId: attrs.groupId, SecurityGroupRuleIds: [ref] };
    await (attrs.direction === "ingress"
      ? clients.ec2.send(new RevokeSecurityGroupIngressCommand(request))
      : clients.ec2.send(new RevokeSecurityGroupEgressCommand(request)));
  },

  aspects: {
    group: {
      want: (spec, deps) => ({ direction: spec.direction, groupId: deps.group.id }),
      have: ({ direction, groupId }) => ({ direction, groupId }),
      change: () => "replace",
    },
    traffic: {
      want: ({ protocol, fromPort, toPort }) => ({ protocol, fromPort, toPort }),
      have: ({ protocol, fromPort, toPort }) => ({ protocol, fromPort, toPort }),
      change: () => "rule",
    },
    peer: {
      want: (spec, deps) => deps.source[0]?.id ?? spec.cidrIpv4 ?? spec.cidrIpv6,
      have: (attrs) => attrs.sourceGroupId ?? attrs.cidrIpv4 ?? attrs.cidrIpv6,
      change: () => "rule",
    },
    description: {
      want: (spec) => spec.description,
      have: (attrs) => attrs.description,
      change: () => "rule",
    },
    tags: tagsAspect,
  },
  updates: {
    async rule(want, live, { clients }) {
      const SecurityGroupRules = [{ SecurityGroupRuleId: live.ref, SecurityGroupRule: wholeRule(want) }];
      await clients.ec2.send(new ModifySecurityGroupRulesCommand({ GroupId: live.attrs.groupId, SecurityGroupRules }));
      return undefined;
    },
    tags: updateTags,
  },
};

/** As the authorizing calls take it. */
function permission({ spec, deps }: RuleWant): IpPermission {
  const { protocol, fromPort, toPort, cidrIpv4, cidrIpv6, description } = spec;
  const [source] = deps.source;
  return {
    IpProtocol: protocol,
    FromPort: fromPort,
    ToPort: toPort,
    ...(source && { UserIdGroupPairs: [{ GroupId: source.id, Description: description }] }),
    ...(cidrIpv4 !== undefined && { IpRanges: [{ CidrIp: cidrIpv4, Description: description }] }),
    ...(cidrIpv6 !== undefined && { Ipv6Ranges: [{ CidrIpv6: cidrIpv6, Description: description }] }),
  };
}

/** Without a rule in mind: what lets out is EC2's own rule, and stays. */
function direction(spec: SecurityGroupRuleSpec | undefined): "Ingress" | "Egress" {
  return spec?.direction === "egress" ? "Egress" : "Ingress";
}

/** Rules are a matter of their group: one of ours, the one that EKS makes, or one that the file names. */
function onGroups(action: string, rule: SecurityGroupRuleSpec | undefined): readonly Action[] {
  if (rule?.ofGivenGroup) return allow(action, every("security-group"));
  return [...allow(action, ours("security-group")), ...allow(action, securityGroupOfEks)];
}

/** As ModifySecurityGroupRules takes it. */
function wholeRule({ spec, deps }: RuleWant): SecurityGroupRuleRequest {
  const [source] = deps.source;
  return {
    IpProtocol: spec.protocol,
    FromPort: spec.fromPort,
    ToPort: spec.toPort,
    CidrIpv4: spec.cidrIpv4,
    CidrIpv6: spec.cidrIpv6,
    ReferencedGroupId: source?.id,
    Description: spec.description,
  };
}

async function describe(
  request: DescribeSecurityGroupRulesRequest,
  ctx: AwsContext,
): Promise<readonly Live<SecurityGroupRuleAttrs>[]> {
  const pages = paginateDescribeSecurityGroupRules({ client: ctx.clients.ec2 }, request);
  return (await collect(pages, (page) => page.SecurityGroupRules)).map((one) => toLive(one, ctx));
}

function toLive(one: SecurityGroupRule, ctx: AwsContext): Live<SecurityGroupRuleAttrs> {
  const id = one.SecurityGroupRuleId ?? "";
  return taggedLive(ctx, id, "ready", {
    id,
    groupId: one.GroupId ?? "",
    direction: one.IsEgress ? "egress" : "ingress",
    protocol: one.IpProtocol ?? "",
    fromPort: one.FromPort ?? -1,
    toPort: one.ToPort ?? -1,
    cidrIpv4: one.CidrIpv4 ?? null,
    cidrIpv6: one.CidrIpv6 ?? null,
    sourceGroupId: one.ReferencedGroupInfo?.GroupId ?? null,
    description: one.Description ?? "",
    tags: tagsOf(one.Tags),
  });
}
