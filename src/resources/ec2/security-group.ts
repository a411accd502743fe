import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  type DescribeSecurityGroupsRequest,
  paginateDescribeSecurityGroups,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, every, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live } from "../../engine/kind.ts";
import { whatHoldsGroup } from "../holders.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { afterRelease, moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface SecurityGroupSpec {
  readonly description: string;
  /** Its VPC is not ours: only who may make it there needs to know. */
  readonly inGivenVpc?: true;
  readonly tags: Tags;
}
export interface SecurityGroupDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
}
export interface SecurityGroupAttrs {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly tags: Tags;
}

/** The group alone: its rules are a kind of their own, and the egress rule that EC2 makes with it stays. */
export const securityGroup: Kind<SecurityGroupSpec, SecurityGroupDeps, SecurityGroupAttrs, AwsContext, "tags"> = {
  name: "ec2.security-group",
  title: "security group",
  deletedBefore: ["ec2.vpc"],
  timing: (verb) => (verb === "delete" ? afterRelease : moments),

  actions: {
    list: allow("ec2:DescribeSecurityGroups"),
    read: allow("ec2:DescribeSecurityGroups"),
    create: (group) => [
      ...making("CreateSecurityGroup", "security-group"),
      ...allow("ec2:CreateSecurityGroup", group?.spec.inGivenVpc ? every("vpc") : ours("vpc")),
    ],
    delete: allow("ec2:DeleteSecurityGroup", ours("security-group")),
    tags: retagging("security-group"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ GroupIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { GroupId } = await ctx.clients.ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: want.name,
        Description: want.spec.description,
        VpcId: want.deps.vpc.id,
        TagSpecifications: tagSpecifications("security-group", want, ctx),
      }),
    );
    return created(GroupId, "security group");
  },

  async delete(live, ctx) {
    await ctx.clients.ec2.send(new DeleteSecurityGroupCommand({ GroupId: live.ref }));
  },

  holders: ({ ref }, ctx) => whatHoldsGroup(ref, ctx),

  aspects: {
    vpc: {
      want: (_spec, deps) => deps.vpc.id,
      have: (attrs) => attrs.vpcId,
      change: (from) => ({ refuse: `a security group cannot leave its VPC, ${String(from)}; delete it first` }),
    },
    tags: tagsAspect,
  },
  updates: { tags: updateTags },
};

async function describe(
  request: DescribeSecurityGroupsRequest,
  ctx: AwsContext,
): Promise<readonly Live<SecurityGroupAttrs>[]> {
  const pages = paginateDescribeSecurityGroups({ client: ctx.clients.ec2 }, request);
  return (await collect(pages, (page) => page.SecurityGroups)).map((one) => toLive(one, ctx));
}

function toLive(one: SecurityGroup, ctx: AwsContext): Live<SecurityGroupAttrs> {
  const id = one.GroupId ?? "";
  return taggedLive(ctx, id, "ready", {
    id,
    name: one.GroupName ?? "",
    description: one.Description ?? "",
    vpcId: one.VpcId ?? "",
    tags: tagsOf(one.Tags),
  });
}
