import {
  DeleteLoadBalancerCommand,
  DescribeTagsCommand,
  type LoadBalancerDescription,
  paginateDescribeLoadBalancers,
} from "@aws-sdk/client-elastic-load-balancing";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, allowWhen, loadBalancers } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { DerivedKind, Live } from "../../engine/kind.ts";
import { homeOf, isAtHome, lookingForHome } from "../home.ts";
import { allowOnMade, derivedAmong, derivedLive } from "../made-for-cluster.ts";
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
    list: [
      ...lookingForHome,
      ...allow("elasticloadbalancing:DescribeLoadBalancers"),
      ...allowWhen("a load balancer is in the cluster's VPC", "elasticloadbalancing:DescribeTags"),
    ],
    read: allow(["elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags"]),
    delete: allowOnMade("classicLoadBalancer", "elasticloadbalancing:DeleteLoadBalancer", loadBalancers),
  },

  async list(ctx) {
    const home = await homeOf(ctx);
    if (home.length === 0) return [];
    const found = await describe({}, ctx);
    return derivedAmong(
      await toLives(
        found.filter(({ VPCId = "" }) => home.includes(VPCId)),
        ctx,
      ),
    );
  },
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ LoadBalancerNames: [ref] }, ctx));
    return found ? absentAsNull(async () => (await toLives(found, ctx))[0] ?? null) : null;
  },
  async delete({ ref }, { clients }) {
    await clients.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerName: ref }));
  },
};

function describe(request: { LoadBalancerNames?: string[] }, { clients }: AwsContext) {
  const pages = paginateDescribeLoadBalancers({ client: clients.elb }, request);
  return collect(pages, (page) => page.LoadBalancerDescriptions);
}

async function toLives(
  found: readonly LoadBalancerDescription[],
  ctx: AwsContext,
): Promise<readonly Live<ClassicLoadBalancerAttrs>[]> {
  return Promise.all(
    found.map(async ({ LoadBalancerName: name = "", VPCId }) => {
      const request = new DescribeTagsCommand({ LoadBalancerNames: [name] });
      const { TagDescriptions } = await ctx.clients.elb.send(request);
      const attrs = { name, tags: tagsOf(TagDescriptions?.[0]?.Tags) };
      return derivedLive(ctx, "classicLoadBalancer", { ref: name, attrs, isHere: await isAtHome(VPCId, ctx) });
    }),
  );
}
