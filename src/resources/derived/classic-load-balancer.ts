import {
  DeleteLoadBalancerCommand,
  DescribeTagsCommand,
  type LoadBalancerDescription,
  paginateDescribeLoadBalancers,
} from "@aws-sdk/client-elastic-load-balancing";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { allow, loadBalancers } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { DerivedKind, Live } from "../../engine/kind.ts";
import { isAtHome } from "../home.ts";
import { listingLoadBalancers, lookingAmongLoadBalancers } from "../load-balancing.ts";
import { allowOnMade, derivedLive } from "../made-for-cluster.ts";
import { moments } from "../timings.ts";

export interface ClassicLoadBalancerAttrs {
  readonly name: string;
  readonly tags: Tags;
}

/** Of a Service of type LoadBalancer, made by the cloud controller. */
export const classicLoadBalancer: DerivedKind<ClassicLoadBalancerAttrs, AwsContext> = {
  name: "elb.classic-load-balancer",
  title: "classic load balancer",
  deletedBefore: [
    "ec2.derived-security-group-rule",
    "ec2.derived-security-group",
    "ec2.subnet",
    "ec2.internet-gateway",
  ],
  madeFor: "eks.cluster",
  timing: () => moments,
  actions: {
    list: listingLoadBalancers,
    read: allow(["elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags"]),
    delete: allowOnMade("classicLoadBalancer", "elasticloadbalancing:DeleteLoadBalancer", loadBalancers),
  },

  ...lookingAmongLoadBalancers({ describe, vpcOf: ({ VPCId }: LoadBalancerDescription) => VPCId, toLive }),
  async delete({ ref }, { clients }) {
    await clients.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerName: ref }));
  },
};

function describe(name: string | undefined, { clients }: AwsContext) {
  const request = name === undefined ? {} : { LoadBalancerNames: [name] };
  const pages = paginateDescribeLoadBalancers({ client: clients.elb }, request);
  return collect(pages, (page) => page.LoadBalancerDescriptions);
}

async function toLive(one: LoadBalancerDescription, ctx: AwsContext): Promise<Live<ClassicLoadBalancerAttrs>> {
  const { LoadBalancerName: name = "", VPCId, CreatedTime } = one;
  const { TagDescriptions } = await ctx.clients.elb.send(new DescribeTagsCommand({ LoadBalancerNames: [name] }));
  const attrs = { name, tags: tagsOf(TagDescriptions?.[0]?.Tags) };
  const isHere = await isAtHome(VPCId, ctx);
  return derivedLive(ctx, "classicLoadBalancer", { ref: name, uid: CreatedTime?.toISOString(), attrs, isHere });
}
