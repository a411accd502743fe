import {
  DeleteTargetGroupCommand,
  DescribeTagsCommand,
  paginateDescribeTargetGroups,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { allow, allowWhen, targetGroups } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { DerivedKind, Live } from "../../engine/kind.ts";
import { isAtHome, lookingForHome } from "../home.ts";
import { lookingAmongLoadBalancers } from "../load-balancing.ts";
import { allowOnMade, derivedLive } from "../made-for-cluster.ts";
import { moments } from "../timings.ts";

export interface TargetGroupAttrs {
  readonly arn: string;
  readonly name: string;
  readonly tags: Tags;
}

export const targetGroup: DerivedKind<TargetGroupAttrs, AwsContext> = {
  name: "elb.target-group",
  title: "target group",
  // They tell, by our tags, whose it is.
  deletedBefore: ["ec2.security-group", "ec2.vpc"],
  madeFor: "eks.cluster",
  timing: () => moments,
  actions: {
    list: [
      ...lookingForHome,
      ...allow("elasticloadbalancing:DescribeTargetGroups"),
      ...allowWhen("a target group is in the cluster's VPC", "elasticloadbalancing:DescribeTags"),
    ],
    read: allow(["elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTags"]),
    delete: allowOnMade("targetGroup", "elasticloadbalancing:DeleteTargetGroup", targetGroups),
  },

  ...lookingAmongLoadBalancers({ describe, vpcOf: ({ VpcId }: TargetGroup) => VpcId, toLive }),
  async delete({ ref }, { clients }) {
    await clients.elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn: ref }));
  },
};

function describe(arn: string | undefined, { clients }: AwsContext) {
  const request = arn === undefined ? {} : { TargetGroupArns: [arn] };
  return collect(paginateDescribeTargetGroups({ client: clients.elbv2 }, request), (page) => page.TargetGroups);
}

async function toLive(one: TargetGroup, ctx: AwsContext): Promise<Live<TargetGroupAttrs>> {
  const { TargetGroupArn: arn = "", TargetGroupName: name = "", VpcId } = one;
  const { TagDescriptions } = await ctx.clients.elbv2.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
  const attrs = { arn, name, tags: tagsOf(TagDescriptions?.[0]?.Tags) };
  return derivedLive(ctx, "targetGroup", { ref: arn, attrs, isHere: await isAtHome(VpcId, ctx) });
}
